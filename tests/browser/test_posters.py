"""The poster on paper: one sheet, and codes that a phone can read and that open what they should."""

import pytest
from markupsafe import Markup
from playwright.sync_api import Page

from aoj_survey.db import db
from aoj_survey.fieldwork import start_participation
from aoj_survey.invitations import GroupFacts
from aoj_survey.waves import read_participation
from aoj_survey.web import posters
from tests.invitations.groups import make_group
from tests.staging import make_plan, plan_wave
from tests.web.asking import FOLDER

from .looking import take_screenshot
from .posters import SHEET, count_sheets, list_wrong_codes, print_poster, publish, scan
from .stage import Site


@pytest.fixture
def group(site: Site) -> GroupFacts:
    """A link to a questionnaire in Dutch, English and Arabic."""
    publish(site)
    now, keys = site.installation.now(), site.installation.keys
    plan = make_plan(now, {"ib": 12}, questionnaire=("kinds", "1"))
    with db.write() as connection:
        planned = plan_wave(connection, keys, plan, {"ib": 12})
        start_participation(connection, planned, FOLDER, now)
        facts = read_participation(connection, planned.id)
    return make_group(keys, facts, {"ib": 30})


def test_each_code_opens_the_link_in_its_language(phone: Page, site: Site, group: GroupFacts) -> None:
    print_poster(phone, site, group)
    take_screenshot(phone, "poster-paper", SHEET["width"])
    assert len(scan(phone)) == 3
    assert list_wrong_codes(phone, group) == []


LONG = "Hoe werken scholen, gemeenten en jeugdhulp bij u in de regio samen?"
GROW = """([lines, title]) => {
  const first = document.querySelector("section");
  document.querySelectorAll("section ~ section").forEach((section) => section.remove());
  first.firstElementChild.textContent = title;
  for (let line = 1; line < lines; line++) first.after(first.cloneNode(true));
}"""
"""Gives a poster so many lines with this title."""


@pytest.mark.parametrize("lines", [1, 2, 3, 4, 6])
def test_a_poster_in_many_languages_with_a_long_title_is_one_sheet_and_can_be_read(
    phone: Page, site: Site, group: GroupFacts, lines: int
) -> None:
    print_poster(phone, site, group)
    phone.evaluate(GROW, [lines, LONG])
    take_screenshot(phone, f"poster-{lines}-lines", SHEET["width"])
    assert count_sheets(phone) == 1
    assert len(scan(phone)) == lines


def test_twin_a_second_sheet_is_found(phone: Page, site: Site, group: GroupFacts) -> None:
    print_poster(phone, site, group)
    phone.evaluate("document.querySelector('header').style.blockSize = '250mm'")
    assert count_sheets(phone) == 2


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [("lang=en", "lang=nl", "en: opens in nl"), ("/g/", "/k/", "nl: is no link to start by")],
)
def test_twin_a_poster_with_a_wrong_address_is_found(
    phone: Page,
    site: Site,
    group: GroupFacts,
    monkeypatch: pytest.MonkeyPatch,
    right: str,
    wrong: str,
    fault: str,
) -> None:
    draw = posters.draw_code

    def draw_wrong(address: str) -> Markup:
        return draw(address.replace(right, wrong))

    monkeypatch.setattr(posters, "draw_code", draw_wrong)
    print_poster(phone, site, group)
    assert fault in list_wrong_codes(phone, group)


def test_twin_a_code_that_cannot_be_read_is_found(phone: Page, site: Site, group: GroupFacts) -> None:
    print_poster(phone, site, group)
    phone.evaluate("document.querySelector('section[lang=en] .qr').style.filter = 'blur(8px)'")
    assert list_wrong_codes(phone, group) == ["en: 0 codes"]
