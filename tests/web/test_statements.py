"""How often a page asks the database: at most four times to be shown, at most six times to be sent."""

from collections.abc import Sequence

import pytest

from tests.staging import Person
from tests.web.browsing import SEND_ALL, Browser
from tests.web.test_weight import count_statements

SHOWN, SENT = 4, 6


def check(found: list[str], most: int) -> None:
    assert 0 < len(found) <= most, "\n".join([str(len(found)), *found])


def test_every_page_is_shown_with_four_statements_at_most(browser: Browser, people: Sequence[Person]) -> None:
    browser.begin(people[0])
    browser.answer_all()
    pages = [f"p/{page}" for page, _ in SEND_ALL]
    places = [
        "",
        *pages,
        "check",
        "role",
        "stop",
        "erased",
        "abbreviations",
        "thanks",
        f"/l/{people[0].token}",
    ]
    for place in [*places, "saved"]:
        with count_statements() as found:
            assert browser.get(place).status_code in {200, 303}, place
        check(found, SHOWN)


def test_every_form_is_sent_with_six_statements_at_most(browser: Browser, people: Sequence[Person]) -> None:
    browser.begin(people[0])
    for page, data in SEND_ALL:
        for place in (f"p/{page}/keep", f"p/{page}"):
            with count_statements() as found:
                assert browser.post(place, **data).status_code in {200, 303}
            check(found, SENT)
    for place, data in (
        ("start", {}),
        ("role", {"role": "ib"}),
        ("role", {"role": "other"}),
        ("check", {}),
        ("send", {}),
    ):
        with count_statements() as found:
            assert browser.post(place, **data).status_code in {200, 303}, place
        check(found, SENT)


def test_erasing_takes_six_statements_at_most(browser: Browser, people: Sequence[Person]) -> None:
    browser.begin(people[0])
    browser.answer("overleg", overleg="ja")
    with count_statements() as found:
        assert browser.place(browser.post("stop")) == "erased"
    check(found, SENT)


def test_twin_one_statement_more_is_noticed(browser: Browser, people: Sequence[Person]) -> None:
    browser.begin(people[0])
    with count_statements() as found:
        browser.get("p/overleg")
        browser.get("p/overleg")
    with pytest.raises(AssertionError):
        check(found, SHOWN)
