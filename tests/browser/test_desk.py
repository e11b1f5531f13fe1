"""The review desk without a mouse, with and without script: one person proposes by keys, another decides by keys."""

import pytest
from playwright.sync_api import Browser, Page, expect

from aoj_survey.accounts import add_account
from aoj_survey.db import db
from aoj_survey.open_answers import Mark, dump_marks
from aoj_survey.reviewing import Place, read_released
from tests.factories import make_open_answer, make_open_item, make_opening, make_participation

from .keyboard import MAX_TABS, Focus, press_tab
from .looking import PHONE, open_window
from .stage import Site

DESK = "/coordinator/2023/woudstreek/answers/beter"
TEXT = "Bel 0612345678 voor overleg"


def set_desk() -> tuple[Place, dict[str, str]]:
    """An opened place with one answer that holds a number, and the codes of two people."""
    with db.write() as connection:
        place = make_participation(connection, wave_code="2023", region_code="woudstreek", status="opened")
        make_opening(connection, place, tables_rewritten=True)
        make_open_item(connection, place)
        make_open_answer(connection, place, text=TEXT, marks=dump_marks([Mark(4, 14, "phone")]))
        people = {"Verzonnen Een": "review", "Verzonnen Twee": "approve"}
        return Place(place), {
            name: add_account(connection, name, [right])[1] for name, right in people.items()
        }


def tab_to(page: Page, tag: str, kind: str = "") -> Focus:
    """Press Tab until such a control has the focus; each on the way can be seen."""
    for _ in range(MAX_TABS):
        focus = press_tab(page)
        assert focus.seen, f"{page.url}: {focus.tag} {focus.text}"
        if focus.tag == tag and kind in ("", focus.kind):
            return focus
    raise AssertionError(f"{page.url}: Tab never reached {tag} {kind}")


def log_in(page: Page, site: Site, code: str) -> None:
    page.goto(f"{site.base}/coordinator/login")
    page.locator("input[type=password]").focus()
    page.keyboard.type(code)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def press_button(page: Page, words: str) -> None:
    while tab_to(page, "button").text != words:
        continue
    page.keyboard.press("Enter")


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_two_people_shorten_an_answer_by_keys(chromium: Browser, site: Site, script: bool) -> None:
    place, codes = set_desk()
    with open_window(chromium, PHONE, script=script) as (page, watch):
        log_in(page, site, codes["Verzonnen Een"])
        page.goto(site.base + DESK)
        tab_to(page, "input", "radio")
        for _ in range(2):
            page.keyboard.press("ArrowUp")
        expect(page.get_by_label("Vrijgeven zonder sommige woorden")).to_be_checked()
        tab_to(page, "summary")
        page.keyboard.press("Enter")
        tab_to(page, "textarea")
        expect(page.locator("textarea")).to_have_value("Bel […] voor overleg")
        press_button(page, "Stel voor en ga verder")
        expect(page.locator("body")).to_contain_text("Wacht op een beslissing: 1")
        assert watch.complaints == []
    with open_window(chromium, PHONE, script=script) as (page, watch):
        log_in(page, site, codes["Verzonnen Twee"])
        page.goto(f"{site.base}{DESK}/decide")
        tab_to(page, "input", "radio")
        page.keyboard.press("ArrowDown")
        expect(page.get_by_label("Ik ga akkoord")).to_be_checked()
        press_button(page, "Bewaar en ga verder")
        expect(page.locator("body")).to_contain_text("Beslist: 1 van 1 antwoorden.")
        assert watch.complaints == []
    with db.read() as connection:
        assert [answer.text for answer in read_released(connection, place)] == ["Bel […] voor overleg"]


def test_the_desk_speaks_english_to_who_reads_that(chromium: Browser, site: Site) -> None:
    _, codes = set_desk()
    with chromium.new_context(viewport={"width": PHONE, "height": 844}, locale="en-GB") as context:
        page = context.new_page()
        log_in(page, site, codes["Verzonnen Een"])
        page.goto(site.base + DESK)
        expect(page.locator("html")).to_have_attribute("lang", "en")
        expect(page.locator("main")).to_contain_text("looks like: phone number")
        expect(page.locator("main")).to_contain_text("Nothing is released yet. Another person decides.")
