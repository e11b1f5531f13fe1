"""Every page in every state, in a real window: rules of accessibility, fit, and height of controls."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from aoj_survey.config import make_settings
from tests.conftest import make_app

from .answer_states import ANSWER_STATES
from .area_states import AREA_STATES
from .axe import find_violations
from .busy_states import BUSY_STATES
from .fitting import NARROWEST, ZOOMED, find_low_controls, find_overflow, set_width
from .frame_states import FRAME_STATES
from .group_states import GROUP_STATES
from .looking import LAPTOP, PHONE, open_window, take_screenshot
from .release_states import RELEASE_STATES
from .states import STATES, WITHOUT_PAGE, State, find_forgotten, log_in, visit
from .theatre import Theatre

ALL = STATES + BUSY_STATES + GROUP_STATES + FRAME_STATES + RELEASE_STATES + ANSWER_STATES + AREA_STATES


def find_route(app: Flask, address: str) -> str:
    """The route of an address in a window; some answer only a form."""
    routes, path = app.url_map.bind(""), urlsplit(address).path
    method = "GET" if routes.test(path, "GET") else "POST"
    endpoint, _ = routes.match(path, method=method)
    return str(endpoint)


def list_faults(page: Page, name: str) -> list[str]:
    """What is wrong with a page at the widths it must serve; a screenshot of each is kept."""
    faults: list[str] = []
    for width in (LAPTOP, PHONE):
        set_width(page, width)
        take_screenshot(page, name, width)
        faults += [f"{width}: {fault}" for fault in (*find_violations(page), *find_low_controls(page))]
    for width in (LAPTOP, ZOOMED, NARROWEST):
        faults += find_overflow(page, width)
    return faults + find_overflow(page, PHONE, spaced=True)


@pytest.mark.parametrize("state", ALL, ids=lambda state: state.name)
def test_a_page_is_accessible_and_fits(chromium: Browser, theatre: Theatre, state: State) -> None:
    with open_window(chromium, LAPTOP) as (page, watch):
        state.open(page, theatre)
        assert find_route(theatre.site.app, page.url) == state.route
        expect(page.locator("body")).to_contain_text(state.says)
        assert list_faults(page, state.name) + watch.complaints == []


def list_endpoints(folder: Path) -> set[str]:
    app = make_app(make_settings(folder, {"demo_mailbox": str(folder)}))
    return {rule.endpoint for rule in app.url_map.iter_rules()}


def test_no_route_is_forgotten(tmp_path: Path) -> None:
    endpoints = list_endpoints(tmp_path)
    assert find_forgotten(endpoints, ALL) == set()
    assert set(WITHOUT_PAGE) <= endpoints


def test_a_route_without_a_state_is_found(tmp_path: Path) -> None:
    rest = tuple(state for state in ALL if state.route != "respondent.show_check")
    assert find_forgotten(list_endpoints(tmp_path), rest) == {"respondent.show_check"}


# What is wrong must be found

BAD = """() => {
  document.querySelector("label[for=jaren]").removeAttribute("for");
  document.querySelector("#jaren").style = "height: 20px; min-height: 0";
  document.querySelector("h1").style = "width: 400px";
}"""


def test_a_field_without_its_label_too_low_and_too_wide_is_found(chromium: Browser, theatre: Theatre) -> None:
    with open_window(chromium, PHONE) as (page, _watch):
        visit("fresh", "p/jaren")(page, theatre)
        page.evaluate(BAD)
        assert any(fault.startswith("axe label: #jaren") for fault in find_violations(page))
        assert any(fault.startswith("low: input jaren: ") for fault in find_low_controls(page))
        assert any("px wide in 320" in fault for fault in find_overflow(page, NARROWEST))
        assert find_overflow(page, ZOOMED) == []


def test_a_page_wider_than_a_laptop_is_found(chromium: Browser, theatre: Theatre) -> None:
    with open_window(chromium, LAPTOP) as (page, _watch):
        log_in("2026/rijnmeer")(page, theatre)
        assert find_overflow(page, LAPTOP) == []
        page.evaluate("document.querySelector('main *').style = 'width: 1300px'")
        assert any("px wide in 1280" in fault for fault in find_overflow(page, LAPTOP))


def test_text_that_does_not_fit_with_wide_spacing_is_found(chromium: Browser, theatre: Theatre) -> None:
    with open_window(chromium, PHONE) as (page, _watch):
        page.goto(f"{theatre.site.base}/privacy")
        page.evaluate("document.querySelector('h1').style.whiteSpace = 'nowrap'")
        page.evaluate("document.querySelector('h1').style.fontSize = '32px'")
        page.evaluate("document.querySelector('h1').textContent = 'Hoe wij dat doen met'")
        assert find_overflow(page, PHONE) == []
        assert find_overflow(page, PHONE, spaced=True) != []
