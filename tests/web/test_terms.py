"""Abbreviations and the region's own words, from the foot of a respondent's page."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from aoj_survey.questionnaire import Instrument, Word
from aoj_survey.waves import ParticipationFacts, read_shown_instrument
from tests.staging import Person
from tests.web.browsing import Browser

OWN_WORDS = (
    Word("wijkteam", {"nl": "buurtteam *Zuid*", "en": "local team"}),
    Word("zorg_team", {"nl": "zorg team"}),
)
OWN_LABELS = (Word("ib", {"nl": "kwaliteitscoördinator"}), Word("jgz", {"nl": "jeugdverpleegkundige"}))


@pytest.fixture
def facts(facts_of_kinds: ParticipationFacts, monkeypatch: pytest.MonkeyPatch) -> ParticipationFacts:
    def read(*arguments: Any) -> Instrument:
        found = read_shown_instrument(*arguments)
        return replace(found, words=OWN_WORDS, role_labels=OWN_LABELS)

    monkeypatch.setattr("aoj_survey.web.visits.read_shown_instrument", read)
    return facts_of_kinds


def test_a_page_of_the_questionnaire_leads_to_the_words_of_the_region(
    browser: Browser, people: Sequence[Person]
) -> None:
    welcome = browser.open(people[0]).text
    assert f'href="{browser.base}abbreviations"' in welcome
    page = browser.get("abbreviations").text
    assert "<strong>ZAT</strong>" in page
    own = re.findall("<dt><strong>(.*?)</strong></dt><dd>(.*?)</dd>", page.partition("<h2")[2])
    assert own == [
        ("wijkteam", "buurtteam <em>Zuid</em>"),
        ("intern begeleider", "kwaliteitscoördinator"),
    ]


def test_they_come_in_the_language_of_the_reader(browser: Browser, people: Sequence[Person]) -> None:
    browser.open(people[0])
    assert browser.place(browser.get("language/en?next=abbreviations")) == "abbreviations"
    page = browser.get("abbreviations").text
    assert "<dd>local team</dd>" in page
    assert '<span lang="nl" dir="ltr">kwaliteitscoördinator</span>' in page


def test_without_a_link_there_are_abbreviations_only(browser: Browser) -> None:
    page = browser.get("/abbreviations").text
    assert "<strong>ZAT</strong>" in page
    assert "buurtteam" not in page


def test_pages_without_a_questionnaire_lead_to_the_page_for_everybody(
    browser: Browser, people: Sequence[Person]
) -> None:
    browser.begin(people[0])
    assert 'href="/abbreviations?lang=nl"' in browser.get("saved").text
