"""Texts of questionnaires on pages: Markdown as HTML, HTML as text, each in its own language and direction."""

import re
from collections.abc import Callable, Mapping, Sequence
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from aoj_survey.questionnaire import Instrument, Text, list_texts, replace_texts
from aoj_survey.waves import ParticipationFacts, read_shown_instrument
from aoj_survey.web.texts import find_language, mark_language, write_block, write_line, write_plain
from tests.staging import Person
from tests.web.asking import STEPS, answer_until
from tests.web.browsing import Browser

HARM = "<script>alert(1)</script><img src=x onerror=alert(2)>"
PLACES = ["", *(f"p/{page}" for page, _ in STEPS), "check", "abbreviations"]


@pytest.fixture
def facts(facts_of_kinds: ParticipationFacts) -> ParticipationFacts:
    return facts_of_kinds


def show_all(browser: Browser, person: Person) -> dict[str, str]:
    """Every page of somebody who answered everything, with the errors and prompts of each question page."""
    browser.begin(person)
    shown = {f"prompt {page}": browser.answer(page).text for page, _ in STEPS}
    answer_until(browser, "check")
    shown |= {place: browser.get(place).text for place in PLACES}
    for page, sent in (
        ("samen", {"samen": ["beleid", "geen"]}),
        ("waar", {"waar": "anders", "waar_anders_tekst": "x" * 99}),
        ("factoren", {"factoren": ["visie", "visie"]}),
        ("jaren", {"jaren": "x"}),
        ("sinds", {"sinds": ["1", "1"]}),
    ):
        shown[f"error {page}"] = browser.answer(page, **sent).text
    return shown


# HTML in a definition is text


def put_harm_in(instrument: Instrument) -> Instrument:
    """The instrument with HTML at the start of every text there is."""
    places = list_texts(instrument)
    return replace_texts(
        instrument,
        {
            name: {language: f"{HARM}{part}" for language, part in text.items()}
            for name, text in places.items()
        },
    )


@pytest.fixture
def harmful(monkeypatch: pytest.MonkeyPatch) -> None:
    """Questionnaires come with HTML in every text."""
    made: dict[int, Instrument] = {}

    def read(*arguments: Any) -> Instrument:
        found = read_shown_instrument(*arguments)
        return made.setdefault(id(found), put_harm_in(found))

    monkeypatch.setattr("aoj_survey.web.visits.read_shown_instrument", read)


def find_live(pages: Mapping[str, str]) -> list[str]:
    return [place for place, page in pages.items() if "<script>alert" in page or "<img" in page]


@pytest.mark.usefixtures("harmful")
def test_html_in_a_questionnaire_is_shown_as_text_everywhere(
    browser: Browser, people: Sequence[Person]
) -> None:
    pages = show_all(browser, people[0])
    assert find_live(pages) == []
    assert [place for place in PLACES if "&lt;script&gt;alert(1)&lt;/script&gt;" not in pages[place]] == []
    question = pages["p/waar"]
    assert question.count("&lt;script&gt;") >= len(["title", "h1", "theme", "four choices"]) + 3


@pytest.mark.usefixtures("harmful")
@pytest.mark.parametrize("shown", ["show_inline", "show_block"])
def test_marked_safe_it_would_run(
    browser: Browser, people: Sequence[Person], monkeypatch: pytest.MonkeyPatch, shown: str
) -> None:
    monkeypatch.setattr(f"aoj_survey.web.texts.{shown}", Markup)
    assert "p/uitleg" in find_live(show_all(browser, people[0]))


def test_marks_are_html_where_html_can_stand_and_gone_elsewhere(
    browser: Browser, people: Sequence[Person]
) -> None:
    pages = show_all(browser, people[0])
    assert "<title>Alle soorten \u2013 " in pages[""]
    assert '<h1 class="heading">Alle <em>soorten</em></h1>' in pages[""]
    assert "<p>Tweede <strong>alinea</strong>.</p>" in pages[""]
    assert "Om te <em>beginnen</em>" in pages["p/waar"]
    assert "<span>op een <strong>school</strong></span>" in pages["p/waar"]
    assert "<title>Waar werkt u het meest? \u2013 " in pages["p/waar"]
    assert "<legend>Ik ken hun <em>taken</em>.</legend>" in pages["p/kennen"]
    assert 'Wijzig</span><span class="hidden">: Ik ken hun taken.</span>' in pages["check"]
    assert [place for place, page in pages.items() if re.search(r"\*(?!tijd)\w", page)] == []


def test_words_and_earlier_answers_are_filled_in(browser: Browser, people: Sequence[Person]) -> None:
    pages = show_all(browser, people[0])
    assert "Kent u het <em>wijkteam</em>?" in pages["p/kennen"]
    assert "<p>U koos ergens anders, namelijk.</p>" in pages["p/kennen"]
    assert "U gaf een 6. Wat moet er beter?" in pages["p/hoger"]
    assert [place for place, page in pages.items() if "{" in page] == []


# Languages and directions

ARABIC = re.compile("[\u0600-\u06ff]")
VOID = {"meta", "link", "input", "br", "img"}


class Reader(HTMLParser):
    """Reads every text of a page with the language and direction it is in by its nearest mark."""

    def __init__(self) -> None:
        super().__init__()
        self.marks = [("", "")]
        self.found: list[tuple[str, str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            language, direction = self.marks[-1]
            self.marks.append((dict(attrs).get("lang") or language, dict(attrs).get("dir") or direction))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self.marks.pop()

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.found.append((data.strip(), *self.marks[-1]))


def read_languages(page: str) -> list[tuple[str, str, str]]:
    reader = Reader()
    reader.feed(page[page.index("<body") :])
    return reader.found


def switch(browser: Browser, language: str) -> None:
    browser.get(f"language/{language}?next=")


def test_every_language_of_the_questionnaire_is_offered_by_its_own_name(
    browser: Browser, people: Sequence[Person]
) -> None:
    welcome = browser.open(people[0]).text
    names = re.findall(r'hreflang="(\w+)"[^>]*>([^<]+)</a>', welcome)
    assert names == [("nl", "Nederlands"), ("en", "English"), ("ar", "العربية")]


def test_a_page_in_arabic_runs_from_right_to_left(browser: Browser, people: Sequence[Person]) -> None:
    browser.open(people[0])
    switch(browser, "ar")
    browser.post("start")
    answer_until(browser, "check")
    for place in PLACES:
        assert '<html lang="ar" dir="rtl">' in browser.get(place).text, place
    switch(browser, "en")
    assert '<html lang="en" dir="ltr">' in browser.get("p/waar").text


def test_on_an_arabic_page_everything_in_dutch_says_so(browser: Browser, people: Sequence[Person]) -> None:
    browser.begin(people[0])
    answer_until(browser, "check")
    switch(browser, "ar")
    for place in PLACES:
        for text, language, direction in read_languages(browser.get(place).text):
            if ARABIC.search(text):
                assert language in {"", "ar"}, (place, text)
            elif re.search("[A-Za-z]{3,}", text) and direction != "auto":
                assert language in {"nl", "en"}, (place, text)


def test_a_text_that_is_missing_is_shown_in_dutch_with_its_own_language_and_direction(
    browser: Browser, people: Sequence[Person]
) -> None:
    browser.begin(people[0])
    switch(browser, "ar")
    page = browser.get("p/waar").text
    assert '<span><span lang="nl" dir="ltr">weet ik niet</span></span>' in page
    assert "<span>مكان آخر</span>" in page
    assert '<button class="button" name="step_" value="next" lang="nl" dir="ltr">Volgende</button>' in page
    assert 'dir="auto" autocomplete="off" id="waar_anders_tekst"' in page


def test_on_a_page_in_a_language_of_ours_nothing_needs_a_mark(
    browser: Browser, people: Sequence[Person]
) -> None:
    browser.begin(people[0])
    assert 'dir="ltr"' not in browser.get("p/waar").text.partition("<main")[2].partition("<footer")[0]


def test_a_language_the_questionnaire_has_not_is_not_spoken(
    browser: Browser, people: Sequence[Person]
) -> None:
    browser.open(people[0])
    switch(browser, "tr")
    assert '<html lang="nl" dir="ltr">' in browser.get("").text


def test_pages_without_a_questionnaire_are_in_our_language(
    browser: Browser, people: Sequence[Person]
) -> None:
    browser.begin(people[0])
    answer_until(browser, "check")
    switch(browser, "ar")
    browser.get("check")
    browser.post("send")
    assert '<html lang="nl" dir="ltr">' in browser.get("thanks").text


@given(
    text=st.dictionaries(st.sampled_from(["nl", "en", "ar", "he", "tr"]), st.text(min_size=1), min_size=1),
    page=st.sampled_from(["nl", "en", "ar"]),
)
def test_a_text_has_a_mark_exactly_when_it_is_in_another_language(text: Text, page: str) -> None:
    language = find_language(text, page)
    marks = mark_language(language, page)
    assert (language == page) == (page in text) == (not marks)
    writers: Sequence[Callable[[Text, str], Markup]] = (write_line, write_block)
    for write in writers:
        assert (str(marks) in write(text, page)) is (marks != "") or not marks
    assert f'lang="{language}"' not in write_plain({language: "x"}, page)
    assert ('dir="rtl"' in marks) is (language in {"ar", "he"} and language != page)
