"""A whole questionnaire without a mouse, and a focus that can always be seen."""

from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.staging import list_people
from tests.web.asking import FOLDER, STEPS

from .keyboard import FOCUSED, fill_by_keys, press_tab
from .looking import PHONE, open_window
from .stage import Site, read_state, start_standard

DATES = {"laatste": ("3", "5", "2026"), "sinds": ("12", "1999")}


def find_heading(page: Page) -> str:
    return page.get_by_role("heading", level=1).inner_text()


def travel(page: Page, site: Site) -> list[str]:
    """Answer every kind of question by keys alone and send; return what had the focus unseen."""
    facts = start_standard(site, ("kinds", "1"), "ib", FOLDER)
    person = list_people(site.installation.keys, facts)[0]
    page.goto(site.link(person))
    unseen = fill_by_keys(page, "Start de vragenlijst", {})
    for _ in STEPS:
        heading = find_heading(page)
        unseen += fill_by_keys(page, "Volgende", DATES)
        expect(page.get_by_role("heading", level=1)).not_to_have_text(heading)
    unseen += fill_by_keys(page, "Verstuur mijn antwoorden", {})
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bedankt")
    assert read_state(person) == ("done", 1, 0)
    return unseen


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_every_kind_of_question_is_answered_by_keyboard_with_the_focus_in_sight(
    chromium: Browser, site: Site, script: bool
) -> None:
    with open_window(chromium, PHONE, script=script) as (page, watch):
        assert travel(page, site) + watch.complaints == []


def leave_unstyled(route: Route) -> None:
    """Answer for the website: an empty style sheet, anything else as it is."""
    if route.request.resource_type == "stylesheet":
        route.fulfill(body="", content_type="text/css")
    else:
        route.continue_()


def test_every_kind_of_question_is_answered_by_keyboard_without_style_or_script(
    chromium: Browser, site: Site
) -> None:
    with open_window(chromium, PHONE, script=False) as (page, watch):
        page.route("**/*", leave_unstyled)
        travel(page, site)
        assert page.evaluate("[...document.styleSheets].map(sheet => sheet.cssRules.length)") == [0]
        assert watch.complaints == []


def test_a_focus_without_a_ring_is_found(phone: Page, site: Site) -> None:
    phone.goto(f"{site.base}/privacy")
    assert press_tab(phone).seen
    phone.evaluate("document.activeElement.style.setProperty('outline', 'none', 'important')")
    assert not phone.evaluate(FOCUSED)["seen"]


# Forced colours


RING = """input => {
  const style = getComputedStyle(input.closest("label"));
  return [style.outlineStyle, style.outlineWidth, style.outlineOffset, style.boxShadow].join(" ");
}"""


def read_ring(page: Page, value: str) -> str:
    """How the answer with this value is outlined."""
    return str(page.locator(f"input[value={value}]").evaluate(RING))


@pytest.mark.parametrize("colours", ["active", "none"])
def test_chosen_and_focused_answers_stand_out_also_in_colours_of_the_reader(
    chromium: Browser, site: Site, colours: Literal["active", "none"]
) -> None:
    facts = start_standard(site, ("kinds", "1"), "ib", FOLDER)
    person = list_people(site.installation.keys, facts)[0]
    with open_window(chromium, PHONE, colours=colours) as (page, _watch):
        page.goto(site.link(person))
        page.get_by_role("button", name="Start de vragenlijst").click()
        page.get_by_role("button", name="Volgende").click()
        plain = read_ring(page, "school")
        page.locator("input[value=school]").focus()
        page.keyboard.press("Space")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowUp")
        both = read_ring(page, "school")
        page.get_by_role("button", name="Volgende").focus()
        chosen = read_ring(page, "school")
        assert page.get_by_role("radio").first.is_checked()
        assert len({plain, both, chosen}) == 3, (plain, both, chosen)
