"""A whole journey by a group link on a phone: from the poster to one ballot, with the cookie lost on the way."""

import re

from playwright.sync_api import Browser, Page, expect
from sqlalchemy import func, select

from aoj_survey.db import db
from aoj_survey.invitations import Invitation
from aoj_survey.responses import Ballot, Draft
from tests.invitations.groups import make_group
from tests.staging import start_wave

from .looking import PHONE, open_window
from .person import answer_all, fill_page, press_next, send_all
from .posters import print_poster, publish, scan
from .stage import Site

CODE = re.compile("[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}")


def count_all() -> tuple[list[str], int, int]:
    """The states of those who started by a link, and how many ballots and drafts there are."""
    with db.read() as connection:
        started = select(Invitation.status).where(Invitation.group_id.is_not(None))
        states = [row.status for row in connection.execute(started)]
        ballots = connection.execute(select(func.count()).select_from(Ballot)).scalar_one()
        drafts = connection.execute(select(func.count()).select_from(Draft)).scalar_one()
    return states, ballots, drafts


def press(page: Page, name: str) -> None:
    """Press a button of the page."""
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def read_poster(chromium: Browser, site: Site) -> str:
    """Return what the Dutch code on the poster of a school says."""
    facts = start_wave(site.installation.keys, site.installation.now(), {"ib": 12})
    group = make_group(site.installation.keys, facts, {"ib": 30})
    with open_window(chromium, PHONE) as (paper, _watch):
        print_poster(paper, site, group)
        (address,) = scan(paper.locator("section[lang=nl]"))
    return address


def start(page: Page, address: str) -> str:
    """Open the link, start, answer a page; return the code."""
    page.goto(address)
    press(page, "Start de vragenlijst")
    code = page.locator(".code").inner_text()
    assert CODE.fullmatch(code)
    press(page, "Naar de vragen")
    fill_page(page)
    press_next(page)
    return code


def test_somebody_starts_by_a_poster_loses_the_cookie_and_comes_back_by_code(
    chromium: Browser, phone: Page, site: Site
) -> None:
    publish(site)
    code = start(phone, read_poster(chromium, site))
    heading, place = phone.get_by_role("heading", level=1).inner_text(), phone.url.partition("?")[0]
    assert count_all() == (["open"], 0, 1)
    with open_window(chromium, PHONE) as (page, watch):
        page.goto(phone.url)
        expect(page.get_by_role("heading", level=1)).not_to_have_text(heading)
        page.goto(f"{site.base}/code")
        page.get_by_role("textbox", name="De code").fill(code.lower().replace("-", ""))
        press(page, "Ga verder met de vragenlijst")
        press(page, "Ga verder met de vragenlijst")
        assert page.url.partition("?")[0] == place
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        answer_all(page)
        send_all(page)
        assert watch.complaints == []
    assert count_all() == (["done"], 1, 0)
    phone.reload()
    expect(phone.get_by_role("main")).to_contain_text("al ingevuld")
