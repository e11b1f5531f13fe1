"""Conditions to XLSForm and back: they hold for the same answers."""

from contextlib import suppress
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aoj_survey.authoring.conditions import write_condition
from aoj_survey.authoring.xlsform_relevant import Asked, RelevantError, read_relevant
from aoj_survey.authoring.xlsform_xpath import write_relevant
from aoj_survey.questionnaire import KINDS, Expression, Instrument, Item, compile_questionnaire, holds
from tests.questionnaire.strategies import answers_to, instruments

from .xpath import evaluate

SCALE = {"1": "een", "2": "twee", "3": "drie"}
ASKED = {
    "Q1": Asked("q1", "code", {"ja": "ja", "nee": "nee"}),
    "Q2": Asked("q2", "codes", {"a": "a", "b": "b"}),
    "Q3": Asked("q3", "number"),
    "Q4": Asked("q4", "date"),
    "Q5": Asked("q5", "month"),
    "Q6": Asked("q6", "open"),
    "Q7": Asked("q7", "code", SCALE),
}


def ask(item: Item) -> Asked:
    return Asked(item.code, KINDS[item.kind].type, {choice.code: choice.code for choice in item.choices})


@pytest.mark.parametrize(
    ("relevant", "condition"),
    [
        ("${Q1} = 'ja'", 'q1 == "ja"'),
        ("'ja'=${ Q1 }", 'q1 == "ja"'),
        ("selected(${Q1}, 'ja')", 'q1 == "ja"'),
        ("selected(${Q2}, 'b')", '"b" in q2'),
        ("not(selected(${Q2}, 'b'))", '!("b" in q2)'),
        ("${Q2} = 'a'", '"a" in q2 && size(q2) == 1'),
        ("${Q3} >= 18 and ${Q3} < 65", "q3 >= 18 && q3 < 65"),
        ("${Q3} = '5'", "q3 == 5"),
        ("10 > ${Q3}", "q3 < 10"),
        ("${Q1} = 'ja' or (${Q3} > 3 and ${Q6} != '')", 'q1 == "ja" || (q3 > 3 && has(q6))'),
        ("${Q1} = 'ja' and (${Q3} > 3 or ${Q3} < 1)", 'q1 == "ja" && (q3 > 3 || q3 < 1)'),
        ("${Q6} = ''", "!(has(q6))"),
        ("string-length(${Q6}) > 0", "has(q6)"),
        ("${Q4} <= date('2026-05-31')", 'q4 <= "2026-05-31"'),
        ("${Q5} > date('2026-05-01')", 'q5 > "2026-05"'),
        ("count-selected(${Q2}) >= 2", "size(q2) >= 2"),
        ("${Q7} = 2", 'q7 == "twee"'),
        ("${Q7} <= 2", 'q7 in ["een", "twee"]'),
        ("${Q1} != '' and ${Q1} != 'ja'", 'q1 != "ja"'),
    ],
)
def test_what_forms_mostly_say_is_carried(relevant: str, condition: str) -> None:
    expression, differs = read_relevant(relevant, ASKED)
    assert (write_condition(expression), differs) == (condition, relevant == "not(selected(${Q2}, 'b'))")


@pytest.mark.parametrize(
    ("relevant", "differs"),
    [
        ("${Q1} != 'ja'", True),
        ("${Q1} != '' and ${Q1} != 'ja'", False),
        ("${Q3} > 1 or ${Q1} != 'ja'", True),
        ("${Q3} != '' and ${Q1} != 'ja'", True),
        ("not(${Q6} = '')", False),
        ("count-selected(${Q2}) < 2", True),
    ],
)
def test_where_an_open_question_makes_a_difference_that_is_told(relevant: str, differs: bool) -> None:
    assert read_relevant(relevant, ASKED)[1] is differs


@pytest.mark.parametrize(
    ("relevant", "reason"),
    [
        ("${Q9} = 'ja'", "`Q9` is no question before this one"),
        ("${Q1} = 'misschien'", "`misschien` is no answer to `q1`"),
        ("${Q3} > 1.5", "is no whole number"),
        ("${Q6} = 'x'", "only know whether it was filled in"),
        ("string-length(${Q6}) > 5", "only know whether"),
        ("if(${Q1} = 'ja', 1, 0)", "`if` has no counterpart"),
        ("${Q1} = ", "something is missing"),
        ("${Q1} = 'ja' ${Q3} = 1", "`${Q3}`|`Q3` is not expected"),
        ("${Q1} = 'ja' ]", "cannot be read"),
        ("1 = 1", "two fixed values"),
        ("${Q1} < 3", "by size"),
        ("(" * 50 + "${Q1} = 'ja'" + ")" * 50, "nested"),
        ("${Q1} = 'ja' or " * 200 + "${Q1} = 'ja'", "longer than"),
        ("selected(${Q1}, ${Q3})", "takes the name of an answer"),
        ("date(${Q4}) = 1", "not used like this"),
    ],
)
def test_what_cannot_be_carried_says_why(relevant: str, reason: str) -> None:
    with pytest.raises(RelevantError, match=reason.replace("(", r"\(").replace("$", r"\$")):
        read_relevant(relevant, ASKED)


@given(
    text=st.text(st.sampled_from("${}Q1234567'= <>!()orandtselec,\"-"), max_size=40) | st.text(max_size=30)
)
def test_no_condition_raises_anything_else(text: str) -> None:
    with suppress(RelevantError):
        write_condition(read_relevant(text, ASKED)[0])


def conditions(instrument: Instrument) -> list[Item]:
    return [item for item in instrument.items() if item.ask_if]


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None)
@given(data=st.data())
def test_a_condition_holds_for_the_same_answers_in_xpath_and_back(data: st.DataObject) -> None:
    instrument = data.draw(instruments())
    items = {item.code: item for item in instrument.items()}
    answers = data.draw(answers_to(instrument))
    for item in conditions(instrument):
        assert item.ask_if is not None
        try:
            written = write_relevant(item.ask_if, items)
        except RelevantError:
            continue
        assert evaluate(written, answers) is holds(item.ask_if, answers), written
        back, differs = read_relevant(written, {code: ask(known) for code, known in items.items()})
        assert holds(back, answers) is holds(item.ask_if, answers), written
        assert not differs


EDITION = """
format: 1
questionnaire: proef
edition: "1"
languages: [nl]
title: Proef
purpose: Om te proberen.
roles: [ib, zoco]
scales:
  jn: [{{code: ja, value: 1, text: ja}}, {{code: nee, value: 2, text: nee}}]
themes:
  - code: alles
    title: Alles
    items:
      - {{code: keuze, kind: choice, scale: jn, text: Kiest u?}}
      - {{code: ook, kind: choice, scale: jn, text: Kiest u weer?}}
      - {{code: meer, kind: multiple, scale: jn, text: Kiest u meer?}}
      - {{code: getal, kind: number, min: 0, max: 9, text: Hoeveel?}}
      - {{code: cijfer, kind: mark, text: Welk cijfer?, dont_know: geen}}
      - {{code: maand, kind: month, earliest: 2020-01, latest: 2026-12, text: Sinds wanneer?}}
      - {{code: tekst, kind: open, text: Waarom?}}
      - {{code: slot, kind: open, text: Nog iets?, ask_if: '{condition}'}}
"""

WRITTEN = [
    'keuze == "ja"',
    'keuze != "ja"',
    "keuze != ook",
    "keuze == ook",
    '!(keuze == "ja" && getal > 3)',
    '!(keuze == "ja" || has(tekst)) && size(meer) > 0',
    'keuze in ["ja", "nee"]',
    '!(keuze in ["ja"])',
    '!(keuze in ["ja", "nee"]) || getal == 1',
    "cijfer != 6",
    "cijfer == getal",
    "cijfer in [1, 2]",
    "!(cijfer in [1, 2])",
    "size(meer) != 1",
    "size(meer) == getal",
    "size(meer) != getal",
    '"ja" in meer || !("nee" in meer)',
    'maand < "2022-05" || maand != "2023-01"',
    '!(maand >= "2022-05")',
    "!has(tekst) && has(keuze)",
]
VALUES = {
    "keuze": ["ja", "nee"],
    "ook": ["ja", "nee"],
    "meer": [("ja",), ("ja", "nee")],
    "getal": [0, 1, 5],
    "cijfer": [1, 6, "weet_niet"],
    "maand": ["2021-01", "2022-05", "2023-01"],
    "tekst": ["Om 5 uur."],
}


@pytest.mark.parametrize("condition", WRITTEN)
@settings(max_examples=40)
@given(data=st.data())
def test_every_sign_holds_for_the_same_answers_and_compiles_again(
    condition: str, data: st.DataObject
) -> None:
    item, items = compile_condition(condition)
    written = write_relevant(item, items)
    asked = {code: ask(known) for code, known in items.items()}
    back, differs = read_relevant(written, asked)
    assert not differs
    again, _ = compile_condition(write_condition(back))
    answers = {
        code: data.draw(st.sampled_from(values))
        for code, values in VALUES.items()
        if data.draw(st.booleans())
    }
    expected = holds(item, answers)
    assert (evaluate(written, answers), holds(again, answers)) == (expected, expected), written


@cache
def compile_condition(condition: str) -> tuple[Expression, dict[str, Item]]:
    instrument = compile_questionnaire(EDITION.format(condition=condition), "proef.yaml", "")
    items = {item.code: item for item in instrument.items()}
    assert items["slot"].ask_if is not None
    return items["slot"].ask_if, items


def test_twin_without_the_guard_an_open_question_would_be_asked_more_than_it_is_here() -> None:
    item, items = compile_condition('keuze != "ja"')
    written = write_relevant(item, items)
    assert not evaluate(written, {})
    assert evaluate(written.replace("${keuze} != '' and ", ""), {})


@pytest.mark.parametrize(
    "condition", ['role == "ib"', 'region == "x" || keuze == "ja"', "has(keuze) == true"]
)
def test_what_a_form_does_not_know_is_refused(condition: str) -> None:
    item, items = compile_condition(condition)
    with pytest.raises(RelevantError):
        write_relevant(item, items)
