"""One's own answers on paper: all of them, and nothing that only works on a screen."""

from playwright.sync_api import Page

from .looking import LAPTOP, take_screenshot
from .states import answered, visit
from .theatre import Theatre

ON_SCREEN_ONLY = (
    "body > header",
    "body > footer",
    "button",
    "a",
    "main >> text=Wijzig",
    "main >> text=Print dan eerst deze pagina",
)


def open_check(page: Page, theatre: Theatre) -> None:
    visit("printer", "check", before=answered("printer"))(page, theatre)
    page.set_viewport_size({"width": LAPTOP, "height": 900})


def list_seen(page: Page) -> list[str]:
    """What of `ON_SCREEN_ONLY` can be seen as the page is shown now."""
    return [
        place for place in ON_SCREEN_ONLY if any(found.is_visible() for found in page.locator(place).all())
    ]


def read_answers(page: Page) -> list[str]:
    """Every question with its answer that can be seen."""
    return [
        row.inner_text() for row in page.locator(".answers dt, .answers dt + dd").all() if row.is_visible()
    ]


def test_paper_shows_all_answers_and_nothing_to_press(phone: Page, theatre: Theatre) -> None:
    open_check(phone, theatre)
    on_screen = read_answers(phone)
    phone.emulate_media(media="print")
    take_screenshot(phone, "check-paper", LAPTOP)
    assert list_seen(phone) == []
    assert read_answers(phone) == on_screen
    assert len(on_screen) >= 20
    assert phone.get_by_role("heading", level=1).is_visible()


def test_twin_a_screen_shows_all_that_paper_leaves_out(phone: Page, theatre: Theatre) -> None:
    open_check(phone, theatre)
    assert list_seen(phone) == list(ON_SCREEN_ONLY)
