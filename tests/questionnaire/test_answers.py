"""Stored answers: an exact inverse, and a bound on their size that nothing clean exceeds."""

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aoj_survey.errors import AnswersError
from aoj_survey.questionnaire import (
    KINDS,
    Answers,
    Instrument,
    Item,
    Page,
    clean_text,
    dump_answers,
    find_direction,
    find_item,
    largest_answers,
    load_answers,
    say,
)

from .strategies import WIDTHS, answered, answers_to

CALM = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


def make_instrument(*items: Item) -> Instrument:
    pages = tuple(Page(item.code, (item,)) for item in items)
    return replace(WIDTHS, themes=(replace(WIDTHS.themes[0], pages=pages),))


@CALM
@given(pair=answered())
def test_no_clean_answers_exceed_the_largest(pair: tuple[Instrument, Answers]) -> None:
    instrument, answers = pair
    items = {item.code: item for item in instrument.items()}
    assert all(KINDS[items[code].kind].accepts(items[code], value) for code, value in answers.items())
    assert len(dump_answers(answers).encode()) <= largest_answers(instrument)


def test_the_bound_is_reached_so_it_is_not_merely_generous() -> None:
    tip = replace(find_item(WIDTHS, "beter"), ask_if=None)
    sturing = replace(find_item(WIDTHS, "sturing"), ask_if=None)
    answers: Answers = {
        "beter": "\U0001f642" * (tip.max_length or 0),
        "sturing": ("visie", "inkoop", "anders"),
        "cijfer": "weet_niet",
        "jaren": 50,
    }
    instrument = make_instrument(tip, sturing, find_item(WIDTHS, "cijfer"), find_item(WIDTHS, "jaren"))
    assert len(dump_answers(answers).encode()) == largest_answers(instrument)


def test_one_character_more_would_break_the_bound() -> None:
    tip = replace(find_item(WIDTHS, "beter"), ask_if=None)
    too_long = {"beter": "\U0001f642" * ((tip.max_length or 0) + 1)}
    assert not KINDS["open"].accepts(tip, too_long["beter"])
    assert len(dump_answers(too_long).encode()) > largest_answers(make_instrument(tip))


@CALM
@given(answers=answers_to(WIDTHS))
def test_answers_read_back_the_same(answers: Answers) -> None:
    assert load_answers(dump_answers(answers)) == answers


def test_no_answers_take_two_bytes() -> None:
    assert dump_answers({}) == "{}"
    assert largest_answers(make_instrument()) == 2


@pytest.mark.parametrize(
    "text", ["", "[]", "1", '{"a":null}', '{"a":true}', '{"a":[1]}', '{"a":{}}', '{"a":1.5}']
)
def test_a_text_that_holds_no_answers_is_refused(text: str) -> None:
    with pytest.raises(AnswersError):
        load_answers(text)


@pytest.mark.parametrize(
    ("code", "value", "accepted"),
    [
        ("overleg", "ja", True),
        ("overleg", "weet_niet", False),
        ("overleg", 1, False),
        ("jaren", 0, True),
        ("jaren", 50, True),
        ("jaren", 51, False),
        ("jaren", -1, False),
        ("jaren", True, False),
        ("jaren", "12", False),
        ("cijfer", 10, True),
        ("cijfer", "weet_niet", True),
        ("cijfer", 99, False),
        ("cijfer", 0, False),
        ("sturing", ("visie", "anders"), True),
        ("sturing", ("anders", "visie"), False),
        ("sturing", ("visie", "visie"), False),
        ("sturing", (), False),
        ("sturing", ["visie"], False),
        ("sturing", ("vals",), False),
        ("beter", "Meer tijd", True),
        ("beter", "", False),
        ("beter", " Meer tijd", False),
        ("beter", "x" * 41, False),
        ("beter", "a\x00b", False),
        ("beter", "e\u0301", False),
    ],
)
def test_a_value_is_an_answer_or_not(code: str, value: object, accepted: bool) -> None:
    item = find_item(WIDTHS, code)
    assert KINDS[item.kind].accepts(item, value) is accepted


@given(typed=st.text(st.characters()))
def test_cleaning_twice_is_cleaning_once(typed: str) -> None:
    once = clean_text(typed)
    assert clean_text(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert once == once.strip()
    once.encode()
    assert all(sign == "\n" or unicodedata.category(sign) != "Cc" for sign in once)


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("  een\r\ntwee\rdrie  ", "een\ntwee\ndrie"),
        ("een\ttwee", "een twee"),
        ("e\u0301\x00\x1b\ud800n", "\u00e9n"),
        ("\n \n", ""),
        ("👩\u200d👧", "👩\u200d👧"),
    ],
)
def test_typed_text_is_cleaned(typed: str, clean: str) -> None:
    assert clean_text(typed) == clean


@pytest.mark.parametrize(
    ("language", "direction"), [("nl", "ltr"), ("ar", "rtl"), ("uk", "ltr"), ("he", "rtl")]
)
def test_a_language_has_a_direction(language: str, direction: str) -> None:
    assert find_direction(language) == direction


def test_a_text_falls_back_to_the_first_language() -> None:
    assert say({"nl": "ja", "en": "yes"}, "en") == "yes"
    assert say({"nl": "ja", "en": "yes"}, "tr") == "ja"
