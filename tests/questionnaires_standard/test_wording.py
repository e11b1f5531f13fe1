"""How the questions of the standard set are put: short, skippable, in every language, in the right form."""

import re
from collections.abc import Iterator

import pytest

from aoj_survey.questionnaire import (
    Choice,
    Instrument,
    Item,
    Text,
    check_questionnaire,
    compile_questionnaire,
    find_item,
    find_quotes,
    list_names,
)

from .catalogue import STANDARD, compile_edition, questions, read_yaml

EDITIONS = pytest.mark.parametrize(("name", "edition"), STANDARD, ids=["@".join(key) for key in STANDARD])
FAMILY = pytest.mark.parametrize("name", ["aoj-ouders", "aoj-jongeren"])
PARENTS = ("nl", "en", "tr", "pl", "uk", "ar")

MOST_WORDS = 20
NO_NAMES = {"nl": "Schrijf geen namen op", "en": "Do not write down names"}
FORMAL = re.compile(r"\b(u|uw)\b", re.IGNORECASE)
INFORMAL = re.compile(r"\b(je|jij|jou|jouw|jezelf)\b", re.IGNORECASE)
SCRIPTS = {"uk": re.compile("[\u0400-\u04ff]"), "ar": re.compile("[\u0621-\u064a]")}


def item_texts(item: Item) -> Iterator[Text]:
    yield item.text
    yield from (text for text in (item.hint, item.unit) if text)
    yield from (choice.text for choice in item.choices)


def all_texts(instrument: Instrument) -> Iterator[Text]:
    """Every text a respondent sees."""
    yield instrument.title
    yield instrument.purpose
    yield from (word.text for word in instrument.words)
    yield from (theme.title for theme in instrument.themes)
    yield from (text for page in instrument.pages for text in (page.text, page.hint) if text)
    for item in instrument.items():
        yield from item_texts(item)


def find_long_sentences(instrument: Instrument) -> list[str]:
    sentences = [
        sentence
        for text in all_texts(instrument)
        for part in text.values()
        for sentence in re.split(r"(?<=[.?!:])\s", part)
    ]
    return [sentence for sentence in sentences if len(sentence.split()) > MOST_WORDS]


def find_unanswerable(instrument: Instrument) -> set[str]:
    """The questions about what one may not know that offer no "don't know"."""
    kinds = ("choice", "mark")
    return {
        item.code
        for item in questions(instrument)
        if item.kind in kinds and not any(choice.dont_know for choice in item.choices)
    }


def is_last(item: Item) -> bool:
    """Whether "don't know" and "none of these" stand below all other answers."""
    apart: list[Choice] = [choice for choice in item.choices if choice.alone]
    return list(item.choices[len(item.choices) - len(apart) :]) == apart


@EDITIONS
def test_no_sentence_is_longer_than_twenty_words(name: str, edition: str) -> None:
    assert find_long_sentences(compile_edition(name, edition, unchecked=True)) == []


def test_a_long_sentence_would_be_found() -> None:
    text = read_yaml("aoj-jongeren", "2021").replace(
        "Wat gaat goed?", "Wat gaat er" + " heel" * 20 + " goed?"
    )
    assert len(find_long_sentences(compile_questionnaire(text, "long.yaml", "proef"))) == 1


# What was published without "don't know" keeps to that.
WITHOUT = {
    ("aoj-professionals", "2015"): {"doelen", "doelen_richting"},
    ("aoj-kinderopvang", "2015"): {"doelen", "doelen_richting"},
    ("landelijke-inventarisatie", "2018"): {"fase", "vorm", "knelpunten", "pilots", "tevreden"},
}


@EDITIONS
@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_only_advice_is_on_what_was_published_without_dont_know(
    name: str, edition: str, language: str
) -> None:
    file = f"{name}/{edition}.yaml"
    found = check_questionnaire(read_yaml(name, edition), file, "proef", language=language)
    assert {problem.code for problem in found} <= ({"no-dont-know"} if (name, edition) in WITHOUT else set())


def test_advice_would_be_given() -> None:
    text = read_yaml("aoj-jongeren", "2021").replace(
        "Wat gaat goed?", "Wat gaat goed en wat gaat er echter niet goed?"
    )
    found = check_questionnaire(text, "worse.yaml", "proef")
    assert {"difficult-word", "two-questions"} & {problem.code for problem in found}


@EDITIONS
def test_dont_know_is_there_unless_the_indicator_was_published_without(name: str, edition: str) -> None:
    assert find_unanswerable(compile_edition(name, edition)) == WITHOUT.get((name, edition), set[str]())


@EDITIONS
def test_dont_know_and_none_of_these_come_last(name: str, edition: str) -> None:
    assert all(is_last(item) for item in compile_edition(name, edition).items())


def test_a_dont_know_that_is_not_last_would_be_found() -> None:
    text = read_yaml("aoj-jongeren", "2021")
    last: str = re.findall(r".*code: weet_niet.*\n", text)[0]
    moved = text.replace("scales:\n  mate:\n", f"scales:\n  mate:\n{last}", 1)
    moved = moved.replace(f"{last}  tevreden5:", "  tevreden5:")
    assert not is_last(find_item(compile_questionnaire(moved, "moved.yaml", "proef"), "jongere_past"))


@EDITIONS
def test_statements_are_at_most_seven_and_share_a_scale(name: str, edition: str) -> None:
    for page in compile_edition(name, edition).pages:
        statements = [item for item in page.items if item.beside is None]
        assert len(statements) <= 7
        assert len({item.scale for item in statements}) == 1


@EDITIONS
def test_short_themes_come_first_and_the_judgement_last(name: str, edition: str) -> None:
    instrument = compile_edition(name, edition)
    *sizes, _ = [
        sum(item.beside is None for page in theme.pages for item in page.items) for theme in instrument.themes
    ]
    assert sizes == sorted(sizes)
    last = instrument.themes[-1]
    assert (last.code, last.locked) == ("oordeel", True)


@EDITIONS
def test_what_decides_the_next_questions_is_required_but_for_the_mark(name: str, edition: str) -> None:
    """Nobody is forced to give a mark; without one, only the question what would raise it falls away."""
    instrument = compile_edition(name, edition)
    deciding = frozenset[str]().union(*(list_names(item.ask_if)[0] for item in instrument.items()))
    required = {item.code for item in instrument.items() if item.required}
    assert required == deciding - {"cijfer"}


@EDITIONS
def test_open_questions_have_a_limit_and_ask_for_no_names(name: str, edition: str) -> None:
    for item in questions(compile_edition(name, edition)):
        if item.kind == "open":
            assert item.max_length == 500
            assert item.hint is not None
            assert all(NO_NAMES[language] in item.hint[language] for language in NO_NAMES)


@EDITIONS
def test_where_something_else_can_be_written_the_hint_asks_for_no_names(name: str, edition: str) -> None:
    for item in questions(compile_edition(name, edition)):
        if any(choice.other for choice in item.choices):
            assert item.hint is not None
            assert all(NO_NAMES[language] in item.hint[language] for language in NO_NAMES)


@EDITIONS
def test_more_answers_possible_is_said(name: str, edition: str) -> None:
    for item in questions(compile_edition(name, edition)):
        if item.kind == "multiple":
            assert item.hint is not None
            assert item.hint["nl"].startswith("U kunt meer dan één antwoord kiezen.")


@EDITIONS
def test_it_can_be_filled_in_between_two_meetings(name: str, edition: str) -> None:
    assert sum(item.seconds for item in compile_edition(name, edition).items()) <= 8 * 60


@EDITIONS
def test_young_people_are_addressed_with_je_and_all_others_with_u(name: str, edition: str) -> None:
    wrong = FORMAL if name == "aoj-jongeren" else INFORMAL
    found = [text["nl"] for text in all_texts(compile_edition(name, edition)) if wrong.search(text["nl"])]
    assert found == []


def test_the_form_of_address_would_be_found() -> None:
    shown = [text["nl"] for text in all_texts(compile_edition("aoj-ouders", "2021"))]
    assert any(FORMAL.search(text) for text in shown)
    shown = [text["nl"] for text in all_texts(compile_edition("aoj-jongeren", "2021"))]
    assert any(INFORMAL.search(text) for text in shown)


@FAMILY
@pytest.mark.parametrize("word", ["intern begeleider", "samenwerkingsverband", "arrangement", "casus", "swv"])
def test_families_meet_no_jargon(name: str, word: str) -> None:
    assert all(word not in text["nl"].lower() for text in all_texts(compile_edition(name, "2021")))


# Languages


@EDITIONS
def test_every_text_is_there_in_every_language(name: str, edition: str) -> None:
    instrument = compile_edition(name, edition, unchecked=True)
    assert {tuple(text) for text in all_texts(instrument)} == {instrument.languages}


@EDITIONS
def test_every_translation_quotes_the_same(name: str, edition: str) -> None:
    for text in all_texts(compile_edition(name, edition, unchecked=True)):
        assert len({find_quotes({language: part}) for language, part in text.items()}) == 1


def test_translations_for_parents_are_not_shown_until_a_speaker_has_checked_them() -> None:
    assert compile_edition("aoj-ouders", "2021").languages == ("nl", "en")
    assert compile_edition("aoj-ouders", "2021", unchecked=True).languages == PARENTS


def test_a_checked_translation_is_shown() -> None:
    text = read_yaml("aoj-ouders", "2021").replace("{code: tr, unchecked: true}", "tr")
    assert compile_questionnaire(text, "checked.yaml", "proef").languages == ("nl", "en", "tr")


@pytest.mark.parametrize("language", ["uk", "ar"])
def test_a_translation_is_written_in_its_own_script(language: str) -> None:
    for text in all_texts(compile_edition("aoj-ouders", "2021", unchecked=True)):
        assert SCRIPTS[language].search(text[language])
        assert not SCRIPTS[language].search(text["nl"])


def test_no_translation_for_parents_was_left_in_another_language() -> None:
    for text in all_texts(compile_edition("aoj-ouders", "2021", unchecked=True)):
        copied = {part for part in text.values() if list(text.values()).count(part) > 1}
        assert copied <= {"nie"}, "only Polish may share a word by accident"


# What a region calls otherwise


@pytest.mark.parametrize(
    ("name", "code", "word"),
    [
        ("aoj-beleid", "thuiszitterspact", "word:thuiszitterspact"),
        ("aoj-professionals", "wijkteam", "word:wijkteam"),
        ("aoj-professionals", "prev_afstem", "word:wijkteams"),
    ],
)
def test_a_region_can_use_its_own_word(name: str, code: str, word: str) -> None:
    instrument = compile_edition(name, "2021")
    assert find_item(instrument, code).quotes == (word,)
    assert word.removeprefix("word:") in {known.code for known in instrument.words}


def test_who_gave_a_mark_reads_it_back_in_the_next_question() -> None:
    assert find_item(compile_edition("aoj-professionals", "2021"), "eenhoger").quotes == ("cijfer",)
