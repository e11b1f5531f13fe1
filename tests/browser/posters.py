"""Posters as people meet them: one sheet of paper, its codes before the camera of a phone."""

import re
from dataclasses import replace
from io import BytesIO

import zxingcpp
from PIL import Image
from playwright.sync_api import Locator, Page

from aoj_survey.invitations import GroupFacts, derive_group_tokens

from .stage import Site

SHEET = {"width": 794, "height": 1123}
"""A4 in CSS pixels."""


def publish(site: Site) -> None:
    """Let the website be reached where it is served, so that the addresses on its posters are real."""
    installed = site.installation
    settings = replace(installed.settings, public_url=site.base)
    site.app.extensions["aoj"] = replace(installed, settings=settings)


def print_poster(page: Page, site: Site, group: GroupFacts) -> None:
    """Open the poster of a link as it comes out of a printer."""
    tokens = derive_group_tokens(site.installation.keys.contact(group.participation.id), group.id)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": SHEET["width"], "height": SHEET["height"]})
    page.goto(f"{site.base}/k/{tokens.page}/poster")


def scan(seen: Page | Locator) -> list[str]:
    """Return what the QR codes say that a camera sees."""
    picture = Image.open(BytesIO(seen.screenshot()))
    return [code.text for code in zxingcpp.read_barcodes(picture)]


def count_sheets(page: Page) -> int:
    """Return on how many sheets of A4 a page is printed."""
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True)))


def list_wrong_codes(page: Page, group: GroupFacts) -> list[str]:
    """Return what is wrong with the codes of an opened poster: each must open its link in its language."""
    wrong: list[str] = []
    for line in page.locator("section").all():
        language, codes = line.get_attribute("lang"), scan(line)
        if len(codes) != 1:
            wrong.append(f"{language}: {len(codes)} codes")
            continue
        wrong += [f"{language}: {fault}" for fault in _follow(page, codes[0], language, group)]
    return wrong


def _follow(page: Page, address: str, language: str | None, group: GroupFacts) -> list[str]:
    """Open a decoded address in a window of its own; return what is wrong with what it shows."""
    with page.context.expect_page() as opened:
        page.evaluate("address => { open(address); }", address)
    other = opened.value
    other.wait_for_load_state()
    found = other.locator("html").get_attribute("lang")
    starts = other.locator("form[action$='/start']").count()
    region = other.get_by_text(group.participation.region_name).count()
    other.close()
    faults = {f"opens in {found}": found != language, "is no link to start by": not (starts and region)}
    return [fault for fault, is_there in faults.items() if is_there]
