"""Light pages: what the browser fetches, counted on the line, and a questionnaire over a slow one."""

import pytest
from playwright.sync_api import Browser, Page

from tests.staging import list_people

from .looking import PHONE, open_window
from .person import answer_all, begin, send_all
from .stage import Site, read_state, start_standard
from .states import visit
from .theatre import Theatre
from .wire import SLOW_LINE, Wire

FIRST_VIEW, PAGE = 100_000, 25_000
LIMITS = {".css": 30_000, ".js": 6_000, ".woff2": 30_000}
"""Bytes, as the design allows them."""


def find_heavy(wire: Wire) -> list[str]:
    """Files over their limit, and a whole view over its."""
    heavy = [
        f"{path}: {size} bytes"
        for path, size in wire.bytes.items()
        if size > next((limit for end, limit in LIMITS.items() if path.endswith(end)), PAGE)
    ]
    return heavy if wire.total < FIRST_VIEW else [*heavy, f"together: {wire.total} bytes"]


@pytest.mark.parametrize("place", ["", "p/waar", "p/samen", "p/kennen", "p/cijfer", "p/factoren"])
def test_the_first_view_of_a_page_is_light(chromium: Browser, theatre: Theatre, place: str) -> None:
    # A fresh window has nothing kept: what it fetches is what a first visitor fetches.
    with open_window(chromium, PHONE) as (page, watch):
        wire = Wire(page)
        visit("fresh", place)(page, theatre)
        page.evaluate("document.fonts.ready.then(() => 0)")
        assert {path.rpartition(".")[2] for path in wire.bytes} >= {"css", "js", "woff2"}
        assert find_heavy(wire) + watch.complaints == []


def test_pages_of_one_visit_share_style_script_and_font(chromium: Browser, theatre: Theatre) -> None:
    with open_window(chromium, PHONE) as (page, _watch):
        visit("fresh")(page, theatre)
        page.evaluate("document.fonts.ready.then(() => 0)")
        wire = Wire(page)
        page.goto(f"{page.url}p/waar")
        page.evaluate("document.fonts.ready.then(() => 0)")
        assert wire.total < PAGE


def test_a_heavy_page_is_found(phone: Page, site: Site) -> None:
    site.app.add_url_rule("/heavy", view_func=lambda: "x" * 120_000)
    wire = Wire(phone)
    phone.goto(f"{site.base}/heavy")
    assert [fault.partition(":")[0] for fault in find_heavy(wire)] == ["/heavy", "together"]


def test_a_questionnaire_works_over_a_line_of_400_kbit(phone: Page, site: Site) -> None:
    facts = start_standard(site, ("aoj-beleid", "2015"), "beleid_gem")
    person = list_people(site.installation.keys, facts)[0]
    # A slow line on a busy machine: what is tried is that nothing is lost, not how long it takes.
    phone.set_default_timeout(120_000)
    Wire(phone).slow_down(SLOW_LINE, latency=150)
    begin(phone, site.link(person))
    answer_all(phone)
    send_all(phone)
    assert read_state(person) == ("done", 1, 0)
