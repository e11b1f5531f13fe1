"""Languages: the switch, dates, and catalogues that miss nothing."""

import re
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from flask import Flask
from flask_babel import force_locale

from aoj_survey.config import ROOT
from aoj_survey.web.language import full_day, is_language, local_moment, name_language, short_day
from tests.staging import Person
from tests.web.browsing import Browser

TRANSLATIONS = ROOT / "aoj_survey" / "translations"
VARIABLE = re.compile(r"%\((\w+)\)s|%%")


# The switch


def test_the_welcome_page_offers_the_other_language_and_keeps_the_page(
    browser: Browser, people: Sequence[Person]
) -> None:
    welcome = browser.open(people[0])
    assert '<html lang="nl"' in welcome.text
    assert f'href="{browser.base}language/en?next=" lang="en" hreflang="en">English</a>' in welcome.text
    assert 'lang="nl" hreflang="nl" aria-current="true">Nederlands</a>' in welcome.text
    assert browser.place(browser.get("language/en?next=")) == ""
    english = browser.get("")
    assert '<html lang="en"' in english.text
    assert "All kinds of questions" in english.text
    assert "Start the questionnaire" in english.text
    assert "Friday 5 June" in english.text


def test_switching_on_a_question_keeps_page_and_answers(browser: Browser, people: Sequence[Person]) -> None:
    browser.begin(people[0])
    browser.answer("overleg", overleg="ja")
    page = browser.get("p/overleg?to=check")
    link = re.search(r'href="(/v/[^"]+/language/en[^"]*)"', page.text)
    assert link is not None
    assert browser.place(browser.get(link[1])) == "p/overleg?to=check"
    english = browser.get("p/overleg?to=check")
    assert "Do you meet with partners?" in english.text
    assert 'value="ja" checked' in english.text


@pytest.mark.parametrize("place", ["//elsewhere.example", "https://elsewhere.example", "p/../../..", "\\x"])
def test_the_way_back_stays_under_the_link(browser: Browser, people: Sequence[Person], place: str) -> None:
    browser.open(people[0])
    assert browser.get(f"language/en?next={place}").headers["Location"] == browser.base


def test_an_unknown_language_changes_nothing(browser: Browser, people: Sequence[Person]) -> None:
    browser.open(people[0])
    browser.get("language/xx")
    assert '<html lang="nl"' in browser.get("").text


def test_pages_without_a_link_speak_what_the_browser_asks(app: Flask) -> None:
    assert "We kennen deze link niet" in Browser(app, "nl").get("/l/x").text
    assert "We do not know this link" in Browser(app, "en-GB,en;q=0.8").get("/l/x").text
    assert "We kennen deze link niet" in Browser(app, "fr").get("/l/x").text


def test_a_language_is_called_by_its_own_name_or_by_its_code() -> None:
    assert [name_language(code) for code in ("nl", "ar", "tr", "xq")] == [
        "Nederlands",
        "\u0627\u0644\u0639\u0631\u0628\u064a\u0629",
        "T\u00fcrk\u00e7e",
        "xq",
    ]


@pytest.mark.parametrize(
    ("code", "could_be"),
    [("nl", True), ("ckb", True), ("x", False), ("NL", False), ("n.", False), ("", False)],
)
def test_a_language_in_a_cookie_is_a_code_or_nothing(code: str, could_be: bool) -> None:
    assert is_language(code) is could_be


# Dates


@pytest.mark.parametrize(
    ("language", "full", "short", "moment"),
    [
        ("nl", "vrijdag 5 juni 2026", "vrijdag 5 juni", "vrijdag 5 juni om 9.05 uur"),
        ("en", "Friday 5 June 2026", "Friday 5 June", "Friday 5 June at 9:05"),
    ],
)
def test_days_are_written_in_full(
    sqlite_app: Flask, language: str, full: str, short: str, moment: str
) -> None:
    day = date(2026, 6, 5)
    with sqlite_app.test_request_context(), force_locale(language):
        assert full_day(day) == full
        assert short_day(day) == short
        at = datetime(2026, 6, 5, 7, 5, tzinfo=UTC)
        assert local_moment(at, ZoneInfo("Europe/Amsterdam")) == moment


# Catalogues


def extract(tmp_path: Path) -> Catalog:
    """Every msgid of the sources."""
    target = tmp_path / "messages.pot"
    command = [
        str(Path(sys.executable).parent / "pybabel"),
        "-q",
        "extract",
        "-F",
        str(TRANSLATIONS / "babel.cfg"),
        "-o",
        str(target),
        str(ROOT / "aoj_survey"),
    ]
    subprocess.run(command, check=True, cwd=ROOT)
    with target.open("rb") as file:
        return read_po(file)


def read_catalogue(language: str, domain: str = "messages") -> Catalog:
    with (TRANSLATIONS / language / "LC_MESSAGES" / f"{domain}.po").open("rb") as file:
        return read_po(file, locale=language)


def list_texts(part: object) -> list[str]:
    return [str(text) for text in part] if isinstance(part, (tuple, list)) else [str(part)]


def test_every_sentence_has_a_dutch_translation_and_no_other_has(tmp_path: Path) -> None:
    needed = {str(message.id) for message in extract(tmp_path) if message.id}
    dutch = {str(message.id): message for message in read_catalogue("nl") if message.id}
    assert len(needed) > 150
    assert needed == set(dutch)
    assert not [key for key, message in dutch.items() if message.fuzzy or not all(list_texts(message.string))]


def test_translations_keep_the_variables_of_their_sentence() -> None:
    for message in read_catalogue("nl"):
        if message.id:
            wanted = set(VARIABLE.findall(list_texts(message.id)[-1]))
            for text in list_texts(message.string):
                assert set(VARIABLE.findall(text)) == wanted, message.id


FORMAL = re.compile(r"\b([Uu]w?|[Uu]zelf)\b")
NOT_FOR_YOUTH = re.compile(
    "/(authoring|cli|demo|preflight)/|/invitations/proofs[.]py|/web/(acts|areas|chart|coordinator|entries|mailbox|naming|next_step|person|respondents|posters|preview|trial|trouble|watching|youth)[.]py"
    "|/web/(adjustments|answers|downloads|figures|files|joins|opening|papers|planning|proving|readiness|rescheduling|rights|standing)[.]py"
    "|/web/templates/(answers|downloads|opening|planning)/"
    "|/web/(frame_[a-z]+|suppliers)[.]py|/web/templates/frame/"
    "|/web/templates/(coordinator|demo|preview)/|/web/templates/groups/(links|own_page|poster)[.]html"
)
"""Files with sentences for others than respondents."""


def lack_youth(sources: Catalog, dutch: Catalog, youth: Catalog) -> list[str]:
    """The sentences that call respondents *u* and have no other words for young people."""
    shown = {
        str(message.id)
        for message in sources
        if message.id and any(not NOT_FOR_YOUTH.search(f"/{file}") for file, _ in message.locations)
    }
    own = {str(message.id) for message in youth if message.id and all(list_texts(message.string))}
    return [
        str(message.id)
        for message in dutch
        if str(message.id) in shown - own and any(FORMAL.search(text) for text in list_texts(message.string))
    ]


def test_every_sentence_with_u_has_another_for_young_people(tmp_path: Path) -> None:
    sources, dutch, youth = extract(tmp_path), read_catalogue("nl"), read_catalogue("nl", "youth")
    assert lack_youth(sources, dutch, youth) == [], "add these to youth.po, or write Dutch without u"


def test_twin_a_sentence_young_people_lack_is_found(tmp_path: Path) -> None:
    sources, dutch, youth = extract(tmp_path), read_catalogue("nl"), read_catalogue("nl", "youth")
    youth.delete("Check your answers")
    assert lack_youth(sources, dutch, youth) == ["Check your answers"]


def test_what_young_people_read_keeps_the_variables_and_says_no_u() -> None:
    checked = 0
    for message in read_catalogue("nl", "youth"):
        if message.id:
            wanted = set(VARIABLE.findall(list_texts(message.id)[-1]))
            for text in list_texts(message.string):
                assert set(VARIABLE.findall(text)) == wanted, message.id
                assert not FORMAL.search(text), message.id
                checked += 1
    assert checked > 80


def test_the_monitor_has_one_name_in_each_language() -> None:
    names = {str(message.id): str(message.string) for message in read_catalogue("nl") if message.id}
    found = [name for name, dutch in names.items() if dutch.startswith("Monitor Aansluiting")]
    assert found == ["Monitor Education and Youth Care"]


def test_english_is_the_language_of_the_sources() -> None:
    assert not [message for message in read_catalogue("en") if message.id and any(list_texts(message.string))]
