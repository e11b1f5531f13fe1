"""Cells of each kind of question, of modules too, and what is refused of a module."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from aoj_survey.datasets.cells import encode_answers
from aoj_survey.datasets.columns import Column, plan_questions
from aoj_survey.disclosure import CaptureClass
from aoj_survey.disclosure.routing import find_asked
from aoj_survey.errors import DisclosureError
from aoj_survey.questionnaire import (
    KINDS,
    Choice,
    ColumnPlan,
    Instrument,
    ItemKind,
    Page,
    Theme,
    Value,
    compile_questionnaire,
)
from tests.questionnaire.module_kind import KINDS_WITH_SLIDER, SLIDER

from .builders import HEAD, JAREN, compile_items

RANGORDE = """      - code: volgorde
        kind: ranking
        first: 2
        text: {nl: Welke eerst?, en: Which first?}
        choices:
          - {code: x, value: 1, text: {nl: x, en: x}}
          - {code: y, value: 2, text: {nl: y, en: y}}
          - {code: z, value: 3, text: {nl: z, en: z}}
"""
WELKE = """      - code: welke
        kind: multiple
        text: {nl: Welke?, en: Which?}
        choices:
          - {code: a, value: 1, text: {nl: a, en: a}, other: true}
          - {code: geen, value: 2, text: {nl: geen, en: none}, exclusive: true}
"""
DAG = "      - {code: dag, kind: date, earliest: '2026-01-01', latest: '2026-12-31', text: {nl: Dag?, en: Day?}}\n"
MAAND = "      - {code: maand, kind: month, earliest: '2026-01', latest: '2026-12', text: {nl: Maand?, en: Month?}}\n"
UITLEG = "      - {code: uitleg, kind: explanation, text: {nl: Lees., en: Read.}}\n"
SCHUIF = "      - {code: schuif, kind: slider, min: 0, max: 10, step: 5, text: {nl: Schuif?, en: Slide?}}\n"
STRATUM = CaptureClass("ib", ("ib",), 20, 5)


def plan(instrument: Instrument, kinds: dict[str, ItemKind] = KINDS) -> list[Column]:
    questions = plan_questions({"d": instrument}, {"ib": "d"}, kinds)
    return [column for question in questions for column in question.columns]


def encode(
    instrument: Instrument, answers: dict[str, Value], kinds: dict[str, ItemKind] = KINDS
) -> tuple[int, ...]:
    questions = plan_questions({"d": instrument}, {"ib": "d"}, kinds)
    return encode_answers(questions, find_asked(STRATUM, {"ib": "d"}, {"d": instrument}), answers, kinds)


def compile_one(item: str) -> Instrument:
    return compile_items("een", "ib", [item])


@pytest.mark.parametrize(
    ("item", "value", "cells", "holds"),
    [
        (RANGORDE, ("z", "x"), (2, 0, 1), "rank"),
        (RANGORDE, ("y",), (0, 1, 0), "rank"),
        (WELKE, ("a",), (1, 0), "chosen"),
        (WELKE, ("geen",), (0, 1), "chosen"),
        (DAG, "2026-05-31", (20260531,), "date"),
        (MAAND, "2026-05", (202605,), "month"),
        (JAREN, 12, (12,), "number"),
    ],
)
def test_answers_become_the_cells_of_their_kind(
    item: str, value: Value, cells: tuple[int, ...], holds: str
) -> None:
    instrument = compile_one(item)
    code = next(item.code for item in instrument.items())
    assert encode(instrument, {code: value}) == cells
    assert {column.holds for column in plan(instrument)} == {holds}
    assert encode(instrument, {}) == (-8,) * len(cells)


def test_explanations_and_texts_beside_choices_have_no_column() -> None:
    instrument = compile_items("een", "ib", [UITLEG, WELKE])
    assert [column.name for column in plan(instrument)] == ["welke_a", "welke_geen"]
    beside = next(item.code for item in instrument.items() if item.beside)
    assert encode(instrument, {"welke": ("a",), beside: "een geheim"}) == (1, 0)


def test_what_was_not_ranked_is_told_by_the_codebook() -> None:
    assert {choice.value for column in plan(compile_one(RANGORDE)) for choice in column.values} == {0}


def test_dont_know_of_a_number_is_no_number() -> None:
    instrument = compile_one(JAREN)
    [theme] = instrument.themes
    [page] = theme.pages
    dont_know = Choice("weet_niet", 99, {"nl": "weet ik niet", "en": "I don't know"}, dont_know=True)
    item = replace(page.items[0], choices=(dont_know,))
    themes = (Theme(theme.code, theme.title, (Page(page.code, (item,)),)),)
    instrument = replace(instrument, themes=themes)
    assert encode(instrument, {"jaren": "weet_niet"}) == (-4,)
    assert (plan(instrument)[0].missing or {})[-4] == dont_know.text


# Modules


def compile_slider() -> Instrument:
    text = HEAD.format(name="een", roles="ib") + SCHUIF
    return compile_questionnaire(text, "een.yaml", "proef", kinds=KINDS_WITH_SLIDER)


def test_kind_of_a_module_fills_its_columns() -> None:
    assert encode(compile_slider(), {"schuif": 5}, KINDS_WITH_SLIDER) == (5,)
    assert plan(compile_slider(), KINDS_WITH_SLIDER)[0].kind == "slider"


def test_kind_that_is_not_known_is_named_with_its_module() -> None:
    instrument = replace(compile_slider(), modules=("own 1.0",))
    with pytest.raises(DisclosureError, match=r"'schuif' is of the kind 'slider'.*own 1\.0"):
        plan(instrument)


@pytest.mark.parametrize("name", ["Schuif", "1a", "a b", ""])
def test_column_that_no_program_can_read_is_refused(name: str) -> None:
    kinds = KINDS | {"slider": replace(SLIDER, columns=lambda _: (ColumnPlan(name, "number"),))}
    with pytest.raises(DisclosureError, match="small letters"):
        plan(compile_slider(), kinds)


def fail(*_: Any) -> tuple[int, ...]:
    message = "secret 5"
    raise RuntimeError(message)


@pytest.mark.parametrize(
    "cells",
    [fail, lambda *_: (), lambda *_: (1, 2), lambda *_: (-7,), lambda *_: (True,), lambda *_: ("5",)],
)
def test_module_that_gives_unusable_cells_is_refused_without_the_answer(cells: Callable[..., Any]) -> None:
    kinds = KINDS | {"slider": replace(SLIDER, cells=cells)}
    with pytest.raises(DisclosureError, match="'slider'") as caught:
        encode(compile_slider(), {"schuif": 5}, kinds)
    assert "secret" not in str(caught.value)
    assert caught.value.__suppress_context__
