"""The frame of every page, over the route table: title, skip link, footer, and the region's help line."""

import re
from collections.abc import Sequence

from flask import Flask

from aoj_survey.keys import KeyDirectory
from aoj_survey.waves import ParticipationFacts
from tests.staging import Person
from tests.web.browsing import Browser, log_in
from tests.web.conftest import PASSWORD
from tests.web.places import Values, find_values, list_places

DASH = "\u2013"
NAME = "Monitor Aansluiting"
FOOTER = ("Privacy", "Toegankelijkheid", "Afkortingen uitgelegd")
HELP = re.compile(r"<p[^>]*>Vragen\? Mail of bel het projectteam van regio Rijnmeer: ")
OTHERS = re.compile(r"/(static/|healthz|demo/|coordinator/.*[.]csv|.*poster|.*/schedule/mail/)")
"""What is no page of ours, or is made to be printed without a frame."""


def collect(browser: Browser, app: Flask, values: Values) -> dict[str, str]:
    """Every page with a frame that this browser can open."""
    pages: dict[str, str] = {}
    for place in list_places(app, values):
        response = browser.get(place)
        if response.mimetype == "text/html" and "<body" in response.text:
            pages[place] = response.text
    return {place: page for place, page in pages.items() if not OTHERS.match(place)}


def find_faults(page: str) -> list[str]:
    """What a frame lacks."""
    footer = page.partition("<footer>")[2]
    faults = [word for word in FOOTER if f">{word}</a>" not in footer]
    if not re.search(rf"<title>[^<]+ {DASH} {NAME}", page):
        faults.append("title")
    if '<a class="skip" href="#main"' not in page or '<main id="main"' not in page:
        faults.append("skip link")
    if page.count("<h1") != 1:
        faults.append("one heading")
    return faults


def test_every_page_has_the_whole_frame(
    app: Flask, keys: KeyDirectory, facts: ParticipationFacts, people: Sequence[Person]
) -> None:
    values = find_values(keys, facts, people[0])
    browser = log_in(app, PASSWORD)
    browser.open(people[0])
    pages = collect(browser, app, values)
    for place in ("", "p/overleg", "role", "abbreviations"):
        pages[place] = browser.get(place).text
    assert len(pages) > 15
    assert {place: find_faults(page) for place, page in pages.items() if find_faults(page)} == {}


def test_twin_each_part_that_is_gone_is_found(sqlite_app: Flask) -> None:
    page = Browser(sqlite_app).get("/accessibility").text
    assert find_faults(page) == []
    for gone, fault in (
        ("Privacy", "Privacy"),
        ("Toegankelijkheid</a>", "Toegankelijkheid"),
        (f" {DASH} ", "title"),
        ('class="skip"', "skip link"),
        ("<h1", "one heading"),
    ):
        assert find_faults(page.replace(gone, "")) == [fault]


def test_every_page_of_a_link_says_where_to_ask(browser: Browser, people: Sequence[Person]) -> None:
    browser.begin(people[0])
    browser.answer_all()
    places = ["", "p/overleg", "check", "role", "abbreviations", "saved"]
    lacking = [place for place in places if not HELP.search(browser.get(place).text)]
    assert lacking == []
    browser.open(people[0])
    browser.get("check")
    browser.post("send")
    for place in ("thanks", ""):
        page = browser.get(place).text
        assert HELP.search(page), place
        assert '<a href="mailto:monitor@rijnmeer.example">' in page.partition("<footer>")[2]
        assert '<a href="tel:0850000000">085 000 00 00</a>' in page.partition("<footer>")[2]
