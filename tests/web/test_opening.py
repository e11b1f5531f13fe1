"""The page of the opening: two different people approve, after the close; it tells no more than counts."""

from collections.abc import Sequence

import pytest
from flask import Flask

from aoj_survey.accounts import add_account
from aoj_survey.db import db
from aoj_survey.keys import KeyDirectory
from aoj_survey.responses import list_approvals
from aoj_survey.waves import ParticipationFacts, list_acts
from aoj_survey.web import opening
from tests.conftest import FixedClock
from tests.responses.boxes import close, fill_box, open_now
from tests.staging import start_wave
from tests.web.browsing import Browser, log_in
from tests.web.conftest import PASSWORD

PAGE = "/coordinator/2026/rijnmeer/opening"
BUTTON = "Geef akkoord om te openen"


def officer(app: Flask, name: str = "Verzonnen Functionaris", right: str = "approve") -> Browser:
    with db.write() as connection:
        token = add_account(connection, name, [right])[1]
    return log_in(app, token)


def approved(facts: ParticipationFacts) -> Sequence[str]:
    with db.read() as connection:
        return list_approvals(connection, facts.id)


def test_two_people_approve_after_the_close_and_then_it_can_be_opened(
    app: Flask, keys: KeyDirectory, facts: ParticipationFacts, clock: FixedClock
) -> None:
    fill_box(keys, facts, clock(), 12)
    closed = close(facts, clock())
    first, second = log_in(app, PASSWORD), officer(app)
    assert "<dd>12</dd>" in first.get(PAGE).text
    assert "dat klopt" in first.get(PAGE).text
    for _ in range(2):
        assert first.post(PAGE).status_code == 303
    assert approved(facts) == ("coordinator",)
    page = first.get(PAGE).text
    assert "U heeft akkoord gegeven" in page
    assert BUTTON not in page
    assert second.get("/coordinator/").headers["Location"] == PAGE
    assert BUTTON in second.get(PAGE).text
    second.post(PAGE)
    assert "aoj responses open" in second.get(PAGE).text
    with db.read() as connection:
        acts = [act.made_by for act in list_acts(connection, facts.id) if act.code == "opening_approved"]
    assert sorted(acts) == ["Verzonnen Functionaris", "coordinator"]
    assert open_now(keys, closed, clock()) == 12
    assert "De aantallen klopten" in first.get(PAGE).text


def approve_too_early(app: Flask, facts: ParticipationFacts) -> None:
    browser = officer(app)
    page = browser.get(PAGE).text
    assert BUTTON not in page
    assert "na de sluiting vergeleken" in page
    browser.post(PAGE)
    assert approved(facts) == (), "approved before the close"


def test_nobody_approves_before_the_close(app: Flask, facts: ParticipationFacts) -> None:
    approve_too_early(app, facts)


def test_twin_an_approval_at_any_time_is_noticed(
    app: Flask, facts: ParticipationFacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = officer(app, "Verzonnen Vroeg")
    browser.get(PAGE)
    monkeypatch.setattr(opening, "may_be_approved", lambda _facts: True)
    with pytest.raises(AssertionError):
        approve_too_early(app, facts)


@pytest.mark.parametrize("right", ["download", "review"])
def test_who_may_not_approve_sees_no_page_and_changes_nothing(
    app: Flask, facts: ParticipationFacts, clock: FixedClock, right: str
) -> None:
    close(facts, clock())
    browser = officer(app, right=right)
    assert browser.get(PAGE).status_code == 403
    browser.get("/coordinator/login")
    assert browser.post(PAGE).status_code == 403
    assert approved(facts) == ()


def test_with_a_delay_nobody_is_asked(app: Flask, keys: KeyDirectory, clock: FixedClock) -> None:
    close(start_wave(keys, clock(), {"ib": 12}, approval="delay"), clock())
    page = log_in(app, PASSWORD).get(PAGE).text
    assert "Die zijn voorbij op donderdag 7 mei om 9.30 uur" in page
    assert BUTTON not in page


def test_a_box_too_small_to_tell_of_shows_no_numbers(
    app: Flask, keys: KeyDirectory, facts: ParticipationFacts, clock: FixedClock
) -> None:
    fill_box(keys, facts, clock(), 1)
    close(facts, clock())
    page = log_in(app, PASSWORD).get(PAGE).text
    assert (
        "Er is niets te zien: de groep is te klein" in page or "<dl class=" not in page.partition("2. Wat")[0]
    )
