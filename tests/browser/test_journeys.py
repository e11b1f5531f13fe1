"""Each questionnaire of the standard set, answered from the link in the mail to the sealed ballot box."""

from collections.abc import Mapping

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from aoj_survey.db import db
from aoj_survey.questionnaire import Answers
from aoj_survey.responses import Ballot, open_ballot
from aoj_survey.waves import ParticipationFacts
from tests.staging import list_people

from .looking import LAPTOP, PHONE, open_window, take_screenshot
from .person import answer_all, begin, choose_first, choose_last, send_all
from .stage import STANDARD, Site, read_state, start_standard

MADE_FOR: Mapping[tuple[str, str], str] = {
    ("aoj-beleid", "2015"): "beleid_gem",
    ("aoj-beleid", "2021"): "swv",
    ("aoj-jongeren", "2021"): "jongere",
    ("aoj-kinderopvang", "2015"): "kinderopvang",
    ("aoj-ouders", "2021"): "ouder",
    ("aoj-professionals", "2015"): "ib",
    ("aoj-professionals", "2021"): "jeugdhulp",
    ("landelijke-inventarisatie", "2018"): "swv",
}
"""Each edition with a role it is made for."""

each_edition = pytest.mark.parametrize("edition", MADE_FOR, ids="@".join)


def read_ballot(site: Site, facts: ParticipationFacts) -> Answers:
    """What lies in the box; only a test can look before the opening."""
    with db.read() as connection:
        ballot = connection.execute(select(Ballot.ciphertext)).scalar_one()
    return open_ballot(site.installation.keys.box(facts.id), facts.id, ballot).answers


def travel(page: Page, site: Site, edition: tuple[str, str], *, hurried: bool = False) -> int:
    """Answer an edition from link to thanks and hold the box against it; return the number of questions."""
    facts = start_standard(site, edition, MADE_FOR[edition])
    person = list_people(site.installation.keys, facts)[0]
    begin(page, site.link(person))
    answered = answer_all(page, choose_last if hurried else choose_first)
    assert page.get_by_text("niet ingevuld").count() == 0
    send_all(page)
    assert read_state(person) == ("done", 1, 0)
    assert len(read_ballot(site, facts)) == answered
    return answered


def test_every_edition_has_its_journey() -> None:
    shipped = {(path.parent.name, path.stem) for path in STANDARD.glob("*/*.yaml")}
    assert shipped == set(MADE_FOR)


@each_edition
def test_an_edition_is_answered_on_a_phone(phone: Page, site: Site, edition: tuple[str, str]) -> None:
    assert travel(phone, site, edition) >= 4
    take_screenshot(phone, "-".join(("thanks", *edition)), PHONE)


@pytest.mark.long
@pytest.mark.parametrize("hurried", [False, True], ids=["first", "last"])
@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
@pytest.mark.parametrize("width", [PHONE, LAPTOP])
@each_edition
def test_an_edition_is_answered_anywhere(
    chromium: Browser, site: Site, edition: tuple[str, str], width: int, script: bool, hurried: bool
) -> None:
    with open_window(chromium, width, script=script) as (page, watch):
        travel(page, site, edition, hurried=hurried)
        assert watch.complaints == []
