"""Every kind of question on the respondent's pages: asked, refused in words, kept, shown again and sent."""

import re
from collections.abc import Sequence
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from aoj_survey.db import db
from aoj_survey.invitations import find_invitation
from aoj_survey.keys import KeyDirectory
from aoj_survey.questionnaire import Value
from aoj_survey.responses import Ballot, DraftContent, open_ballot, read_draft
from aoj_survey.waves import ParticipationFacts
from tests.staging import Person
from tests.web.asking import STEPS, answer_until
from tests.web.browsing import Browser

TAGS = re.compile(r"<[^>]+>")
ANSWERS: dict[str, Value] = {
    "waar": "anders",
    "waar_anders_tekst": "thuis",
    "samen": ("beleid", "anders"),
    "samen_anders_tekst": "<b>eten</b>",
    "factoren": ("tijd", "visie"),
    "taken": "ja",
    "mensen": "weet_niet",
    "cijfer": 6,
    "hoger": "meer *tijd*",
    "jaren": 10,
    "laatste": "2026-05-03",
    "sinds": "1999-12",
}


@pytest.fixture
def facts(facts_of_kinds: ParticipationFacts) -> ParticipationFacts:
    return facts_of_kinds


def read_kept(person: Person, facts: ParticipationFacts) -> DraftContent:
    with db.read() as connection:
        found = read_draft(connection, person.token, facts.id)
    return found or DraftContent({})


def straighten(text: str) -> str:
    """A text with straight quotation marks, as these tests write them."""
    return text.replace("\u2018", "'").replace("\u2019", "'")


def read_words(response: TestResponse) -> str:
    """The page as read: without tags."""
    return " ".join(TAGS.sub(" ", straighten(response.text)).split())


def begin(browser: Browser, person: Person, page: str) -> None:
    browser.begin(person)
    answer_until(browser, page)


# The whole journey


def test_every_kind_is_answered_reviewed_and_sent(
    browser: Browser, people: Sequence[Person], facts: ParticipationFacts, keys: KeyDirectory
) -> None:
    assert browser.place(browser.begin(people[0])) == "p/uitleg"
    steps = [browser.place(browser.answer(page, **data)) for page, data in STEPS]
    assert steps == [*(f"p/{page}" for page, _ in STEPS[1:]), "check"]
    assert read_kept(people[0], facts).answers == ANSWERS
    browser.get("check")
    assert browser.place(browser.post("send")) == "thanks"
    with db.read() as connection:
        sealed = connection.execute(select(Ballot.ciphertext)).scalar_one()
        invitation = find_invitation(connection, people[0].token)
    assert invitation is not None
    assert invitation.status == "done"
    assert open_ballot(keys.box(facts.id), facts.id, sealed).answers == ANSWERS


def test_all_answers_are_shown_in_words_before_sending(browser: Browser, people: Sequence[Person]) -> None:
    begin(browser, people[0], "check")
    check = browser.get("check")
    read = read_words(check)
    for shown in (
        "Waar werkt u het meest ? ergens anders, namelijk: thuis Wijzig",
        "Wat doet u samen? beleid maken, anders, namelijk: &lt;b&gt;eten&lt;/b&gt; Wijzig",
        "Wat helpt het meest? genoeg tijd, een gedeelde visie Wijzig",
        "Kent u het wijkteam ?",
        "Ik ken de mensen. weet ik niet Wijzig",
        "U gaf een 6. Wat moet er beter? meer *tijd* Wijzig",
        "Hoeveel jaar doet u dit werk? 10 jaar Wijzig",
        "Wanneer was het laatste overleg? 3 mei 2026 Wijzig",
        "Sinds wanneer doet u dit werk? december 1999 Wijzig",
    ):
        assert shown in read
    assert "Over dit onderzoek" not in read
    assert "niet ingevuld" not in read


def test_statements_stand_together_under_their_heading_at_the_check(
    browser: Browser, people: Sequence[Person]
) -> None:
    begin(browser, people[0], "check")
    headings = re.findall(r"<(h[23])[^>]*>(.*?)</h[23]>", browser.get("check").text)
    assert [(level, TAGS.sub("", text)) for level, text in headings] == [
        ("h2", "Om te beginnen"),
        ("h2", "Uw weging"),
        ("h3", "Kent u het wijkteam?"),
        ("h2", "Tijd"),
    ]


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        ("waar", 'id="waar_anders_tekst" name="waar_anders_tekst" value="thuis"'),
        ("waar", 'value="anders" checked'),
        ("samen", 'value="&lt;b&gt;eten&lt;/b&gt;"'),
        ("factoren", '<option value="visie" selected>een gedeelde visie</option>'),
        ("cijfer", 'value="6" checked'),
        ("hoger", "\nmeer *tijd*</textarea>"),
        ("jaren", 'value="10"'),
        ("laatste", 'id="laatste-2" name="laatste" value="2026"'),
        ("sinds", 'id="sinds-0" name="sinds" value="12"'),
    ],
)
def test_an_answer_given_before_is_shown_again(
    browser: Browser, people: Sequence[Person], page: str, shown: str
) -> None:
    begin(browser, people[0], "check")
    assert shown in browser.get(f"p/{page}").text


# Errors in words

FAULTS: list[tuple[str, dict[str, Any], str, str]] = [
    ("samen", {"samen": ["beleid", "geen"]}, "samen-0",
     "Kies bij 'Wat doet u samen?' óf 'geen van deze', óf de andere antwoorden"),
    ("waar", {"waar": "anders", "waar_anders_tekst": "x" * 25}, "waar_anders_tekst",
     "Maak uw antwoord 5 tekens korter"),
    ("waar", {"waar": "thuis"}, "waar-0", "Kies bij 'Waar werkt u het meest?' een van de antwoorden die er staan"),
    ("factoren", {"factoren": ["visie", "visie"]}, "factoren-0",
     "Geef bij 'Wat helpt het meest?' elk antwoord maar één plaats"),
    ("factoren", {"factoren": ["", "visie"]}, "factoren-0",
     "Kies bij 'Wat helpt het meest?' ook een antwoord voor plaats 1, of laat de plaatsen daarna leeg"),
    ("factoren", {"factoren": ["macht"]}, "factoren-0",
     "Kies bij 'Wat helpt het meest?' een van de antwoorden die er staan"),
    ("cijfer", {"cijfer": "11"}, "cijfer-0", "Kies bij 'Welk cijfer geeft u?' een van de antwoorden die er staan"),
    ("hoger", {"hoger": "x" * 51}, "hoger", "Maak uw antwoord 1 teken korter"),
    ("jaren", {"jaren": "51"}, "jaren",
     "Vul bij 'Hoeveel jaar doet u dit werk?' een heel getal in van 0 tot en met 50"),
    ("laatste", {"laatste": ["31", "2", "2026"]}, "laatste-0",
     "Vul bij 'Wanneer was het laatste overleg?' een dag, maand en jaar in die bestaan"),
    ("laatste", {"laatste": ["31", "7", "2025"]}, "laatste-0",
     "Vul bij 'Wanneer was het laatste overleg?' 1 augustus 2025 of een latere dag in"),
    ("laatste", {"laatste": ["1", "8", "2026"]}, "laatste-0",
     "Vul bij 'Wanneer was het laatste overleg?' 31 juli 2026 of een eerdere dag in"),
    ("sinds", {"sinds": ["december", "1999"]}, "sinds-0",
     "Vul bij 'Sinds wanneer doet u dit werk?' een maand en een jaar in, in cijfers"),
    ("sinds", {"sinds": ["12", "1979"]}, "sinds-0",
     "Vul bij 'Sinds wanneer doet u dit werk?' januari 1980 of een latere maand in"),
    ("sinds", {"sinds": ["1", "2027"]}, "sinds-0",
     "Vul bij 'Sinds wanneer doet u dit werk?' december 2026 of een eerdere maand in"),
]  # fmt: skip


def test_what_is_wrong_is_told_twice_with_what_to_do_and_nothing_is_kept(
    browser: Browser, people: Sequence[Person], facts: ParticipationFacts
) -> None:
    browser.begin(people[0])
    for page, sent, control, sentence in FAULTS:
        refused = browser.answer(page, **sent)
        assert refused.status_code == 422, (page, sent)
        assert straighten(refused.text).count(sentence) == 2, (page, sent, read_words(refused))
        assert f'href="#{control}"' in refused.text
        assert f'id="{control}"' in refused.text
        assert "<title>Fout: " in refused.text
    assert read_kept(people[0], facts).answers == {}


def test_what_was_sent_stays_in_place_when_it_is_refused(browser: Browser, people: Sequence[Person]) -> None:
    browser.begin(people[0])
    ranking = browser.answer("factoren", factoren=["", "geld"]).text
    first, second = re.findall(r"<select.*?</select>", ranking)
    assert "selected" not in first
    assert '<option value="geld" selected>' in second
    date = browser.answer("laatste", laatste=["31", "<2>", "2026"]).text
    assert re.findall(r'name="laatste" value="([^"]*)"', date) == ["31", "&lt;2&gt;", "2026"]


# Each kind


def test_an_explanation_asks_nothing_and_is_not_skipped_unread(
    browser: Browser, people: Sequence[Person], facts: ParticipationFacts
) -> None:
    assert browser.place(browser.begin(people[0])) == "p/uitleg"
    page = browser.get("p/uitleg").text
    assert '<h1 class="heading">Over <em>dit</em> onderzoek</h1>' in page
    assert "<strong>samenwerken</strong>" in page
    assert "<li>scholing</li>" in page
    assert '<a href="https://www.example/afspraken" rel="noopener noreferrer">' in page
    assert len(re.findall("<(?:input|select|textarea)", page)) == 1  # the form's token
    assert browser.place(browser.answer("uitleg")) == "p/waar"
    assert read_kept(people[0], facts) == DraftContent({}, ("uitleg",))


def test_who_stops_at_an_explanation_comes_back_to_it(
    app: Flask, browser: Browser, people: Sequence[Person]
) -> None:
    browser.begin(people[0])
    browser.answer("waar", waar="school", step_="later")
    again = Browser(app)
    again.open(people[0])
    assert again.place(again.post("start")) == "p/uitleg?resumed=1"


def test_an_explanation_that_an_answer_opens_is_read_before_the_check(
    app: Flask, people: Sequence[Person]
) -> None:
    browser = Browser(app)
    zoco = next(person for person in people if person.role == "zoco")
    begin(browser, zoco, "check")
    assert browser.place(browser.get("check")) == "p/zorg"
    assert browser.place(browser.answer("zorg", zorg="ja")) == "p/zorg_uitleg"
    assert browser.place(browser.get("check")) == "p/zorg_uitleg"
    assert browser.place(browser.answer("zorg_uitleg")) == "check"


def test_a_text_beside_a_choice_stands_with_it_and_counts_only_with_it(
    browser: Browser, people: Sequence[Person], facts: ParticipationFacts
) -> None:
    browser.begin(people[0])
    page = browser.get("p/waar").text
    choice, beside = page.index('value="anders"'), page.index('name="waar_anders_tekst"')
    assert choice < beside < page.index('value="weet_niet"')
    assert '<label class="hidden" for="waar_anders_tekst">ergens anders, namelijk</label>' in page
    assert 'aria-describedby="waar_anders_tekst-hint"' in page
    assert "Schrijf geen namen op" in page[choice:beside], "own words are asked for without the hint"
    assert browser.place(browser.answer("waar", waar="school", waar_anders_tekst="x" * 25)) == "p/samen"
    assert read_kept(people[0], facts).answers == {"waar": "school"}


def test_what_was_written_without_a_choice_stays_on_the_page_that_asks_for_one(
    browser: Browser, people: Sequence[Person]
) -> None:
    browser.begin(people[0])
    prompt = straighten(browser.answer("waar", waar_anders_tekst="thuis").text)
    assert "U heeft nog niets gekozen" in prompt
    assert "kies dan 'weet ik niet'" in prompt
    assert 'name="waar_anders_tekst" value="thuis"' in prompt


def test_the_text_beside_a_choice_may_stay_empty(
    browser: Browser, people: Sequence[Person], facts: ParticipationFacts
) -> None:
    browser.begin(people[0])
    assert browser.place(browser.answer("waar", waar="anders", waar_anders_tekst="")) == "p/samen"
    assert read_kept(people[0], facts).answers == {"waar": "anders"}


def test_an_exclusive_choice_stands_apart_and_is_no_dont_know(
    browser: Browser, people: Sequence[Person]
) -> None:
    browser.begin(people[0])
    page = browser.get("p/samen").text
    assert re.search(r'<label class="option apart"><input[^>]*value="geen"[^>]* data-alone>', page)
    assert len(re.findall("data-alone", page)) == 1
    assert 'data-text="De andere antwoorden zijn weggehaald."' in page
    assert "U kunt meer dan één antwoord kiezen." in page
    assert "geen van deze'" not in straighten(browser.answer("samen").text)


def test_a_ranking_is_a_list_for_each_place(browser: Browser, people: Sequence[Person]) -> None:
    browser.begin(people[0])
    page = browser.get("p/factoren").text
    for place in (0, 1):
        assert f'<label for="factoren-{place}">Plaats {place + 1}</label>' in page
        assert f'<select id="factoren-{place}" name="factoren">' in page
    assert page.count("<select") == 2
    assert "een gedeelde visie</option>" in page
    assert "U heeft nog niets gekozen" in browser.answer("factoren", factoren=["", ""]).text


def test_only_the_first_place_may_be_given(
    browser: Browser, people: Sequence[Person], facts: ParticipationFacts
) -> None:
    browser.begin(people[0])
    browser.answer("factoren", factoren=["geld", ""])
    assert read_kept(people[0], facts).answers == {"factoren": ("geld",)}


@pytest.mark.parametrize(
    ("page", "labels", "bounds"),
    [
        ("laatste", ["Dag", "Maand", "Jaar"], "van 1 augustus 2025 tot en met 31 juli 2026."),
        ("sinds", ["Maand", "Jaar"], "van januari 1980 tot en met december 2026."),
    ],
)
def test_a_date_is_typed_in_parts_and_its_bounds_are_said_before(
    browser: Browser, people: Sequence[Person], page: str, labels: list[str], bounds: str
) -> None:
    browser.begin(people[0])
    shown = browser.get(f"p/{page}").text
    assert re.findall(rf'<label for="{page}-\d">(\w+)</label>', shown) == labels
    assert shown.count('inputmode="numeric"') == len(labels)
    assert 'type="date"' not in shown
    assert bounds in shown
    assert f'<fieldset class="question" aria-describedby="{page}-hint">' in shown


def test_a_number_says_its_bounds_before_and_its_unit_behind(
    browser: Browser, people: Sequence[Person]
) -> None:
    browser.begin(people[0])
    page = browser.get("p/jaren").text
    assert "Vul een heel getal in van 0 tot en met 50." in page
    assert '<span id="jaren-unit">jaar</span>' in page
    assert 'aria-describedby="jaren-hint jaren-unit"' in page
    assert 'type="number"' not in page


# What is counted


def test_the_welcome_page_counts_what_a_role_may_be_asked_at_most(
    app: Flask, people: Sequence[Person]
) -> None:
    ib, zoco = (next(person for person in people if person.role == role) for role in ("ib", "zoco"))
    assert "10, in 3 thema's" in read_words(Browser(app).open(ib))
    assert "11, in 4 thema's" in read_words(Browser(app).open(zoco))


def test_the_number_of_themes_is_the_same_on_every_page(browser: Browser, people: Sequence[Person]) -> None:
    browser.begin(people[0])
    found = [re.search(r"Thema (\d) van (\d)", browser.get(f"p/{page}").text) for page, _ in STEPS]
    assert [match[2] for match in found if match] == ["3"] * len(STEPS)
    assert [match[1] for match in found if match] == list("1112222333")


# Weight


def test_pages_of_every_kind_are_light(browser: Browser, people: Sequence[Person]) -> None:
    browser.begin(people[0])
    assert all(len(browser.get(f"p/{page}").data) < 25_000 for page, _ in STEPS)
