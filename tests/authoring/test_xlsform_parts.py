"""The small parts of reading an XLSForm, one by one: constraints, languages, texts, and codes made from words."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aoj_survey.authoring.codes import LONGEST, make_code, shorten_words, spell
from aoj_survey.authoring.xlsform_constraints import Bounds, read_constraint, write_alone, write_constraint
from aoj_survey.authoring.xlsform_texts import (
    find_language,
    find_languages,
    find_unknown,
    has_html,
    name_column,
    read_text,
    write_texts,
)
from aoj_survey.questionnaire import RESERVED, compile_questionnaire
from tests.cli.authors import GOOD

INSTRUMENT = compile_questionnaire(GOOD, "1.yaml", "")
NAMES = st.from_regex("[a-z][a-z0-9_]{0,8}", fullmatch=True)


# Constraints


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("", Bounds()),
        (". >= 1 and . <= 9", Bounds(minimum=1, maximum=9)),
        (".>0 and .<10", Bounds(minimum=1, maximum=9)),
        ("string-length(.) <= 80", Bounds(length=80)),
        ("string-length( . ) < 80", Bounds(length=79)),
        (
            ". >= date('2025-08-01') and . <= date(\"2026-07-31\")",
            Bounds(earliest="2025-08-01", latest="2026-07-31"),
        ),
        ("not(selected(., 'geen') and count-selected(.) > 1)", Bounds(alone=("geen",))),
        ("regex(., '^a')", Bounds(rest="regex(., '^a')")),
        (". >= 1 and regex(., '^a')", Bounds(minimum=1, rest="regex(., '^a')")),
        (". >= 1 or . <= 9", Bounds(rest=". >= 1 or . <= 9")),
        (". >= ${andere}", Bounds(rest=". >= ${andere}")),
    ],
)
def test_bounds_are_read_and_what_is_no_bound_is_left_to_be_told(text: str, bounds: Bounds) -> None:
    assert read_constraint(text) == bounds


@given(codes=st.lists(NAMES, unique=True, max_size=3))
def test_answers_that_go_with_no_other_come_back_as_they_were_written(codes: list[str]) -> None:
    assert read_constraint(write_alone(codes)) == Bounds(alone=tuple(codes))


def test_what_is_written_of_a_question_is_read_as_its_own_bounds() -> None:
    items = {item.code: item for item in INSTRUMENT.items()}
    assert read_constraint(write_constraint(items["hoe_vaak"])) == Bounds(minimum=1, maximum=20)
    assert write_constraint(items["overleg"]) == ""


@given(text=st.text(max_size=60))
def test_no_constraint_is_too_strange_to_read(text: str) -> None:
    read_constraint(text)


# Languages


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("", "nl"),
        ("Nederlands (nl)", "nl"),
        ("English (en-GB)", "en"),
        ("Українська", "uk"),
        ("Pools", "pl"),
        ("DUTCH", "nl"),
        ("en", "en"),
        ("Klingon", None),
    ],
)
def test_a_language_is_told_by_its_code_or_its_name(written: str, code: str | None) -> None:
    assert find_language(written, "nl") == code


@pytest.mark.parametrize("code", ["nl", "en", "tr", "pl", "uk", "ar", "de", "fr", "fy"])
def test_a_header_we_write_is_read_as_its_language(code: str) -> None:
    assert find_language(name_column("label", code).partition("::")[2], "xx") == code


def test_the_default_language_comes_first_and_other_columns_say_nothing() -> None:
    columns = [
        "type",
        "label::English (en)",
        "label::Nederlands (nl)",
        "hint::Pools",
        "image::Frans",
        "label::?",
    ]
    assert find_languages(columns, "nl") == {"Nederlands (nl)": "nl", "English (en)": "en", "Pools": "pl"}


# Texts


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("Hoe vaak?", "Hoe vaak?"),
        ("U gaf ${mark}.", "U gaf {cijfer}."),
        ("U gaf ${ mark }.", "U gaf {cijfer}."),
        ("U gaf ${weg}.", "U gaf …."),
        ("Vul {iets} in", r"Vul \{iets\} in"),
    ],
)
def test_a_reference_becomes_a_quote_and_braces_stay_braces(label: str, text: str) -> None:
    assert read_text(label, {"mark": "cijfer"}) == text


def test_a_reference_to_nothing_is_named() -> None:
    assert find_unknown("${a} ${b} ${c}", {"b": "b"}) == ("a", "c")


@given(label=st.text(alphabet="a {}", max_size=20))
def test_a_label_comes_back_as_it_was(label: str) -> None:
    assert write_texts(INSTRUMENT, {"nl": read_text(label, {})}, ["nl"]) == {"nl": label}


def test_a_quote_is_written_as_a_reference_in_the_languages_asked_for() -> None:
    text = {"nl": "U gaf {cijfer|geen cijfer}.", "en": "You gave {cijfer}.", "tr": "…"}
    written = write_texts(INSTRUMENT, text, ["nl", "en", "pl"])
    assert written == {"nl": "U gaf ${cijfer}.", "en": "You gave ${cijfer}."}


@pytest.mark.parametrize(
    ("label", "html"), [("<b>x</b>", True), ("a < b > c", False), ("</p>", True), ("<3", False)]
)
def test_html_in_a_label_is_recognised(label: str, html: bool) -> None:
    assert has_html(label) is html


# Codes


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Café & théâtre!", "cafe_theatre"),
        ("2e jaar", "v_2e_jaar"),
        ("كيف", "vraag"),
        ("😀", "vraag"),
        ("", "vraag"),
        ("___", "vraag"),
    ],
)
def test_a_code_is_spelt_in_small_letters_whatever_the_words(words: str, code: str) -> None:
    assert make_code(words, ()) == code


@given(words=st.text(max_size=60), taken=st.integers(0, 12), longest=st.integers(12, LONGEST))
def test_each_code_can_be_used_and_is_no_other(words: str, taken: int, longest: int) -> None:
    codes: list[str] = []
    for _ in range(taken + 1):
        codes.append(make_code(words, codes, longest=longest))
    assert len(set(codes)) == len(codes)
    for code in codes:
        assert re.fullmatch("[a-z]([a-z0-9_]*[a-z0-9])?", code)
        assert len(code) <= longest
        assert code not in RESERVED


def test_a_reserved_word_may_be_an_answer_and_no_question() -> None:
    word = min(RESERVED & {"role", "region", "if", "then"})
    assert make_code(word, ()) != word
    assert make_code(word, (), reserved=False) == word


def test_words_that_say_nothing_are_left_out_unless_there_are_no_others() -> None:
    assert shorten_words("Wat vindt u van de leertafel in onze regio?") == "vindt leertafel regio"
    assert shorten_words("Hoe is het?") == "hoe is het"
    assert spell("Wat? Niets.") == "wat_niets"
