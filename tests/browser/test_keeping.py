"""In a real browser: what is filled in is kept at once, without a line it waits, and nothing stays behind."""

from playwright.sync_api import Browser, Page, Request, expect

from aoj_survey.db import db
from aoj_survey.responses import read_draft
from tests.staging import Person

from .looking import PHONE, open_window
from .states import answered, visit
from .theatre import Theatre

SOON = 10_000
"""Milliseconds: a machine may be busy."""

STORED = """async () => [
  localStorage.length, sessionStorage.length, (await indexedDB.databases()).length, (await caches.keys()).length,
]"""


def read_kept(theatre: Theatre, person: Person) -> dict[str, object]:
    with theatre.site.app.app_context(), db.read() as connection:
        draft = read_draft(connection, person.token, theatre.waves["open"].id)
    return dict(draft.answers) if draft else {}


def open_page(page: Page, theatre: Theatre, name: str, place: str) -> Person:
    visit(name, f"p/{place}")(page, theatre)
    return theatre.cast_person(name)


def test_a_choice_is_kept_at_once_and_a_text_when_typing_stops(phone: Page, theatre: Theatre) -> None:
    person = open_page(phone, theatre, "busy", "waar")
    expect(phone.locator("#kept")).to_be_empty()
    phone.locator("input[type=radio]").first.check()
    expect(phone.locator("#kept")).to_have_text("Bewaard", timeout=SOON)
    assert list(read_kept(theatre, person)) == ["waar"]
    phone.goto(phone.url.replace("p/waar", "p/jaren"))
    phone.get_by_role("textbox").first.press_sequentially("12")
    expect(phone.locator("#kept")).to_have_text("Nog niet bewaard")
    expect(phone.locator("#kept")).to_have_text("Bewaard", timeout=SOON)
    assert read_kept(theatre, person)["jaren"] == 12
    assert phone.evaluate(STORED) == [0, 0, 0, 0]


def test_what_cannot_be_right_is_not_called_kept(phone: Page, theatre: Theatre) -> None:
    person = open_page(phone, theatre, "unclear", "jaren")
    with phone.expect_response(lambda response: response.url.endswith("/keep")):
        phone.get_by_role("textbox").first.press_sequentially("veel")
    expect(phone.locator("#kept")).to_have_text("Nog niet bewaard")
    assert read_kept(theatre, person) == {}


def test_without_a_line_it_says_so_and_keeps_when_the_line_is_back(
    chromium: Browser, theatre: Theatre
) -> None:
    with open_window(chromium, PHONE) as (page, _watch):  # A lost line is a complaint of the browser.
        person = open_page(page, theatre, "travelling", "waar")
        page.context.set_offline(True)
        page.locator("input[type=radio]").first.check()
        expect(page.locator("#kept")).to_contain_text("geen verbinding", timeout=SOON)
        assert read_kept(theatre, person) == {}
        page.context.set_offline(False)
        expect(page.locator("#kept")).to_have_text("Bewaard", timeout=SOON)
        assert list(read_kept(theatre, person)) == ["waar"]


def test_leaving_by_a_link_keeps_what_was_typed_a_moment_before(phone: Page, theatre: Theatre) -> None:
    person = open_page(phone, theatre, "hasty", "jaren")
    phone.get_by_role("textbox").first.fill("7")
    phone.locator("a.back").click()
    # The request outlives its page, so no page can tell when it is done.
    for _ in range(50):
        if "jaren" in read_kept(theatre, person):
            break
        phone.wait_for_timeout(200)
    assert read_kept(theatre, person)["jaren"] == 7


def test_the_page_is_sent_after_what_is_under_way_and_once(phone: Page, theatre: Theatre) -> None:
    person = open_page(phone, theatre, "quick", "jaren")
    posts: list[str] = []

    def note(request: Request) -> None:
        if request.method == "POST":
            posts.append(request.url.rpartition("/")[2])

    phone.on("request", note)
    phone.get_by_role("textbox").first.fill("8")
    phone.get_by_role("button", name="Volgende").dblclick()
    phone.wait_for_url(lambda address: "/p/jaren" not in address)
    assert posts.count("jaren") == 1
    assert posts[-1] == "jaren"
    assert read_kept(theatre, person)["jaren"] == 8


def test_two_devices_the_page_wins_and_its_reader_is_told(
    phone: Page, chromium: Browser, theatre: Theatre
) -> None:
    person = open_page(phone, theatre, "both", "jaren")
    with open_window(chromium, PHONE) as (other, _watch):
        open_page(other, theatre, "both", "jaren")
        other.get_by_role("textbox").first.fill("3")
        expect(other.locator("#kept")).to_have_text("Bewaard", timeout=SOON)
    phone.get_by_role("textbox").first.fill("4")
    expect(phone.locator("#kept")).to_contain_text("Op een ander apparaat", timeout=SOON)
    assert read_kept(theatre, person)["jaren"] == 4


# After somebody has left


def read_cookies(page: Page) -> list[tuple[str, float]]:
    """The name and the end of each cookie in the browser; -1 is until it is closed."""
    return [(cookie.get("name", ""), cookie.get("expires", 0)) for cookie in page.context.cookies()]


def test_after_a_whole_visit_the_browser_holds_nothing_that_outlives_its_window(
    phone: Page, theatre: Theatre
) -> None:
    theatre.cast_person("leaving")
    visit("leaving", "check", before=answered("leaving"))(phone, theatre)
    phone.goto(phone.url.replace("check", "p/waar"))
    phone.locator("input[type=radio]").nth(1).check()
    expect(phone.locator("#kept")).to_have_text("Bewaard", timeout=SOON)
    phone.goto(phone.url.replace("p/waar", "check"))
    phone.get_by_role("button", name="Verstuur mijn antwoorden").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Bedankt")
    assert phone.evaluate(STORED) == [0, 0, 0, 0]
    assert {end for _, end in read_cookies(phone)} == {-1}


def test_who_goes_on_later_leaves_no_link_and_the_back_button_shows_no_answers(
    phone: Page, theatre: Theatre
) -> None:
    person = open_page(phone, theatre, "sharing", "jaren")
    phone.get_by_role("textbox").first.fill("9")
    phone.get_by_role("button", name="Later verdergaan").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("nog niet verstuurd")
    assert read_kept(theatre, person)["jaren"] == 9
    assert phone.evaluate(STORED) == [0, 0, 0, 0]
    assert "aoj" not in {name.removeprefix("__Secure-") for name, _ in read_cookies(phone)}
    phone.go_back()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Open de link")
    assert phone.get_by_role("textbox").count() == 0


def test_twin_what_a_page_would_store_is_seen(phone: Page, theatre: Theatre) -> None:
    open_page(phone, theatre, "storing", "waar")
    phone.evaluate("localStorage.setItem('waar', 'school')")
    phone.evaluate("document.cookie = 'waar=school; max-age=600'")
    assert phone.evaluate(STORED) != [0, 0, 0, 0]
    assert {end for _, end in read_cookies(phone)} != {-1}
