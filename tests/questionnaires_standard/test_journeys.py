"""Every edition can be answered to the end, whatever one answers, in the form of the web pages."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from aoj_survey.interview import check_answers, fill_data, find_page, make_form, read_answers, summary, walk
from aoj_survey.questionnaire import Instrument, Page, Value, dump_answers, largest_answers
from tests.questionnaire.strategies import answers_to, values

from .catalogue import STANDARD, compile_edition

INSTRUMENTS = [compile_edition(*key) for key in STANDARD]


def send(page: Page, answers: dict[str, Value], language: str) -> dict[str, Value]:
    """What a page reads back when a browser sends these answers to it."""
    sent: list[tuple[str, str]] = []
    shown: dict[str, Any] = fill_data(page, answers)
    for code, data in shown.items():
        parts = data if isinstance(data, list) else [data]
        sent += [(code, str(part)) for part in parts]
    form = make_form(page, language)(MultiDict(sent))
    assert form.validate(), form.errors
    return read_answers(form, page)


@st.composite
def respondents(draw: st.DrawFn) -> tuple[Instrument, dict[str, Value]]:
    """Somebody who answers at random, but always where one must."""
    instrument = draw(st.sampled_from(INSTRUMENTS))
    required = {item.code: draw(values(item)) for item in instrument.items() if item.required}
    return instrument, {**draw(answers_to(instrument)), **required}


@given(pair=respondents(), language=st.sampled_from(["nl", "en"]))
@settings(max_examples=60, deadline=None)
def test_whatever_is_answered_comes_back_from_the_forms_and_fits_the_ballot(
    pair: tuple[Instrument, dict[str, Value]], language: str
) -> None:
    instrument, answers = pair
    kept = check_answers(instrument, answers)
    read: dict[str, Value] = {}
    for page in walk(instrument, kept).pages:
        read |= send(page, kept, language)
    assert read == kept
    assert len(dump_answers(read).encode()) <= largest_answers(instrument)


@pytest.mark.parametrize("instrument", INSTRUMENTS, ids=["@".join(key) for key in STANDARD])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_no_reference_is_left_open_on_a_page(instrument: Instrument, language: str) -> None:
    marks: dict[str, Value] = {item.code: 6 for item in instrument.items() if item.kind == "mark"}
    path = walk(instrument, marks)
    shown = [text[language] for page in path.pages for text in (page.text, page.hint) if text]
    shown += [item.text[language] for page in path.pages for item in page.items]
    shown += [line.item.text[language] for theme in summary(path, marks, language) for line in theme.lines]
    assert not [text for text in shown if "{" in text or "…" in text]


@pytest.mark.parametrize(("language", "sentence"), [("nl", "U gaf een 6."), ("en", "You gave the mark 6.")])
def test_the_mark_is_quoted_in_what_would_raise_it(language: str, sentence: str) -> None:
    page = find_page(walk(compile_edition("aoj-professionals", "2021"), {"cijfer": 6}), "eenhoger")
    assert page is not None
    assert page.items[0].text[language].startswith(sentence)


@pytest.mark.parametrize("answers", [{}, {"cijfer": 10}, {"cijfer": "weet_niet"}])
def test_nothing_is_above_ten_and_without_a_mark_nothing_is_quoted(answers: dict[str, Value]) -> None:
    path = walk(compile_edition("aoj-professionals", "2021"), answers)
    assert find_page(path, "eenhoger") is None
    assert find_page(path, "trots") is not None


def test_the_pact_on_children_out_of_school_is_called_by_its_name() -> None:
    page = find_page(walk(compile_edition("aoj-beleid", "2021"), {}), "thuiszitterspact")
    assert page is not None
    assert page.items[0].text == {
        "nl": "Is er een thuiszitterspact gesloten?",
        "en": "Has a pact on children out of school been agreed?",
    }
