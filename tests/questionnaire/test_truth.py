"""Expressions as stored: what they say of given answers, without the parser between."""

import json

import pytest

from aoj_survey.questionnaire import Answers, Expression, dump_instrument, find_item, holds, load_instrument

from .strategies import WIDTHS

YES: Expression = ("==", ("item", "a"), "ja")
LOW: Expression = ("<", ("number", "n"), 6)


@pytest.mark.parametrize(
    ("expression", "answers", "held"),
    [
        (None, {}, True),
        (YES, {"a": "ja"}, True),
        (YES, {"a": "nee"}, False),
        (YES, {}, False),
        (("!=", ("item", "a"), "ja"), {"a": "nee"}, True),
        (("in", ("item", "a"), ("list", "ja", "nee")), {"a": "nee"}, True),
        (("in", ("item", "a"), ("list", "ja")), {"a": "nee"}, False),
        (("in", "x", ("item", "m")), {"m": ("y", "x")}, True),
        (("in", "x", ("item", "m")), {"m": ("y",)}, False),
        (LOW, {"n": 5}, True),
        (LOW, {"n": 6}, False),
        (LOW, {"n": "weet_niet"}, False),
        (("<=", ("number", "n"), 6), {"n": 6}, True),
        ((">", ("number", "n"), 6), {"n": 7}, True),
        ((">=", ("number", "n"), 6), {"n": 6}, True),
        (("==", ("number", "n"), 0), {"n": 0}, True),
        (("!", YES), {"a": "nee"}, True),
        (("!", YES), {}, False),
        (("&&", YES, LOW, YES), {"a": "ja", "n": 1}, True),
        (("&&", YES, LOW), {"a": "ja"}, False),
        (("||", LOW, YES), {"a": "ja"}, True),
        (("||", LOW, YES), {"a": "nee"}, False),
        (("==", YES, LOW), {"a": "nee", "n": 9}, True),
        (("==", YES, LOW), {"a": "nee"}, False),
        (("==", YES, True), {"a": "ja"}, True),
    ],
)
def test_an_expression_holds_or_not(expression: Expression | None, answers: Answers, held: bool) -> None:
    assert holds(expression, answers) is held


def test_answers_to_other_items_change_nothing() -> None:
    assert holds(YES, {"a": "ja", "b": "nee", "n": 3})
    assert not holds(YES, {"b": "ja"})


@pytest.mark.parametrize("code", ["afspraken", "sturing", "visie_hoe", "beter"])
def test_a_stored_condition_is_plain_json_and_says_the_same_after_reading_back(code: str) -> None:
    written = find_item(WIDTHS, code).ask_if
    read = find_item(load_instrument(dump_instrument(WIDTHS)), code).ask_if
    assert read == written
    assert json.loads(json.dumps(written)) is not None
    answers: Answers = {"overleg": "ja", "sturing": ("visie",), "cijfer": 3}
    assert holds(read, answers)
    assert not holds(read, {})
