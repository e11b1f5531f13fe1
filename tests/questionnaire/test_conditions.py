"""The language of `ask_if`: its grammar, its three truth values, and CEL as the oracle for its meaning."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any

import pytest
from cel_expr_python import cel
from hypothesis import given, settings
from hypothesis import strategies as st

from aoj_survey.questionnaire import (
    NOBODY,
    Answers,
    Choice,
    Context,
    Item,
    Value,
    find_context,
    holds,
    list_names,
)
from aoj_survey.questionnaire.conditions import Scope, parse_condition


def make_item(code: str, kind: str, *choices: str, minimum: int = 0, maximum: int = 0) -> Item:
    found = tuple(Choice(choice, value, {"nl": choice}) for value, choice in enumerate(choices, start=1))
    return Item(code, kind, {"nl": code}, choices=found, minimum=minimum, maximum=maximum, max_length=10)


ITEMS = {
    item.code: item
    for item in (
        make_item("doelen", "choice", "ja", "nee"),
        make_item("contact", "choice", "ja", "nee", "weet_niet"),
        make_item("sturing", "multiple", "visie", "inkoop", "anders"),
        make_item("cijfer", "mark", "weet_niet", minimum=1, maximum=10),
        make_item("jaren", "number", minimum=0, maximum=50),
        make_item("volgorde", "ranking", "visie", "inkoop", "anders"),
        replace(make_item("dag", "date"), earliest="2026-01-01", latest="2026-12-31"),
        replace(make_item("maand", "month"), earliest="2025-01", latest="2026-12"),
        make_item("tip", "open"),
        make_item("uitleg", "explanation"),
    )
}
CONTEXT: dict[str, frozenset[str] | None] = {
    "role": frozenset({"ib", "zoco"}),
    "group": frozenset({"professionals"}),
    "sector": frozenset({"po", "vo"}),
    "region": None,
}
SCOPE = Scope(ITEMS, CONTEXT)
CEL = cel.NewEnv(
    variables={
        "doelen": cel.Type.STRING,
        "contact": cel.Type.STRING,
        "sturing": cel.Type.List(cel.Type.STRING),
        "cijfer": cel.Type.INT,
        "jaren": cel.Type.INT,
        "volgorde": cel.Type.List(cel.Type.STRING),
        "dag": cel.Type.STRING,
        "maand": cel.Type.STRING,
        "role": cel.Type.STRING,
        "group": cel.Type.STRING,
        "sector": cel.Type.STRING,
        "region": cel.Type.STRING,
    }
)


def ask(source: str, answers: Answers) -> bool:
    expression, faults = parse_condition(source, SCOPE)
    assert faults == ()
    return holds(expression, answers)


def find_faults(source: str) -> list[tuple[str, int]]:
    expression, faults = parse_condition(source, SCOPE)
    assert (expression is None) == bool(faults)
    return [(fault.code, fault.offset) for fault in faults]


@pytest.mark.parametrize(
    ("source", "expression"),
    [
        ('doelen == "ja"', ("==", ("item", "doelen"), "ja")),
        ("'ja' != doelen", ("!=", "ja", ("item", "doelen"))),
        ("cijfer >= -5", (">=", ("number", "cijfer"), -5)),
        ('doelen in ["ja", "nee"]', ("in", ("item", "doelen"), ("list", "ja", "nee"))),
        ('"visie" in sturing', ("in", "visie", ("item", "sturing"))),
        ('role == "ib"', ("==", ("context", "role"), "ib")),
        ("size(sturing) > 1", (">", ("size", "sturing"), 1)),
        ("has(tip)", ("has", "tip")),
        ('dag < "2026-02-01"', ("<", ("item", "dag"), "2026-02-01")),
        ('!(doelen == "ja")', ("!", ("==", ("item", "doelen"), "ja"))),
        (
            'doelen=="ja"||jaren<1&&jaren>2',
            (
                "||",
                ("==", ("item", "doelen"), "ja"),
                ("&&", ("<", ("number", "jaren"), 1), (">", ("number", "jaren"), 2)),
            ),
        ),
    ],
)
def test_a_condition_becomes_nested_tuples(source: str, expression: object) -> None:
    assert parse_condition(source, SCOPE) == (expression, ())


def test_a_long_row_of_parts_stays_flat() -> None:
    source = " || ".join(f"jaren == {number}" for number in range(60))
    expression, _ = parse_condition(source, SCOPE)
    assert expression is not None
    assert len(expression) == 61
    assert ask(source, {"jaren": 59})


@pytest.mark.parametrize(
    ("source", "faults"),
    [
        ("", [("condition-syntax", 0)]),
        ('doelen = "ja"', [("condition-syntax", 7)]),
        ('doelen == "ja" en', [("condition-syntax", 15)]),
        ("doelen == ja", [("condition-unknown-name", 10)]),
        ('doelen == "misschien"', [("condition-unknown-choice", 10)]),
        (
            'doelen in ["ja", "soms", "nooit"]',
            [("condition-unknown-choice", 17), ("condition-unknown-choice", 25)],
        ),
        ('"plan" in sturing', [("condition-unknown-choice", 0)]),
        ("doelen == 1", [("condition-type", 10)]),
        ('sturing == "visie"', [("condition-type", 0)]),
        ('cijfer > "5"', [("condition-type", 9)]),
        ('tip == "goed"', [("condition-type", 0)]),
        ("doelen", [("condition-type", 0)]),
        ('role == "swv"', [("condition-unknown-choice", 8)]),
        ("role > 1", [("condition-type", 0)]),
        ("size(doelen) > 1", [("condition-type", 5)]),
        ("size(sturing)", [("condition-type", 0)]),
        ("has(uitleg)", [("condition-type", 4)]),
        ("has(role)", [("condition-syntax", 4)]),
        ("has()", [("condition-syntax", 4)]),
        ("has(doelen", [("condition-syntax", 10)]),
        ("size(eeuwig) > 2", [("condition-unknown-name", 5)]),
        ('dag == "2026-02-30"', [("condition-type", 7)]),
        ('maand >= "2026"', [("condition-type", 9)]),
        ("dag == maand", [("condition-type", 7)]),
        ('dag in ["2026-01-01"]', [("condition-type", 0)]),
        ("true", [("condition-constant", 0)]),
        (
            'onbekend == "ja" || doelen == "soms"',
            [("condition-unknown-name", 0), ("condition-unknown-choice", 30)],
        ),
    ],
)
def test_faults_are_told_at_their_place(source: str, faults: list[tuple[str, int]]) -> None:
    assert find_faults(source) == faults


def test_a_misspelt_name_gets_the_nearest_as_a_suggestion() -> None:
    _, (fault,) = parse_condition('doeln == "ja"', SCOPE)
    assert fault.values["suggestion"] == "Did you mean `doelen`?"


def test_names_out_of_reach_say_why() -> None:
    scope = Scope(ITEMS, page=frozenset({"hier"}), later=frozenset({"straks"}), broken=frozenset({"stuk"}))
    _, faults = parse_condition('hier == "ja" || straks == 1 || stuk == "x" || doelen == "ja"', scope)
    assert [fault.code for fault in faults] == ["condition-same-page", "condition-forward"]


# Three truth values

TRUTHS: dict[str, Answers] = {
    "true": {"doelen": "ja"},
    "false": {"doelen": "nee"},
    "unknown": {},
}


@pytest.mark.parametrize(
    ("source", "answers", "asked"),
    [
        ('doelen == "ja"', {}, False),
        ('doelen != "ja"', {}, False),
        ('!(doelen == "ja")', {}, False),
        ('doelen == "ja" || jaren > 1', {"jaren": 2}, True),
        ('doelen == "ja" && jaren > 1', {"jaren": 0}, False),
        ('!(doelen == "ja" && jaren > 1)', {"jaren": 0}, True),
        ('"visie" in sturing', {}, False),
        ('!("visie" in sturing)', {"sturing": ("inkoop",)}, True),
        ("cijfer < 6", {"cijfer": "weet_niet"}, False),
        ("!(cijfer < 6)", {"cijfer": "weet_niet"}, False),
        ("cijfer in [1, 2]", {"cijfer": "weet_niet"}, False),
        ("cijfer == jaren", {"cijfer": "weet_niet", "jaren": 3}, False),
    ],
)
def test_an_unanswered_item_is_neither_true_nor_false(source: str, answers: Answers, asked: bool) -> None:
    assert ask(source, answers) is asked


@pytest.mark.parametrize(
    ("source", "context", "asked"),
    [
        ('role == "ib"', find_context("ib", "almere"), True),
        ('role == "ib"', NOBODY, False),
        ('role != "ib"', NOBODY, False),
        ('sector in ["po", "vo"] && region == "almere"', find_context("zoco", "almere"), True),
        ('group == "professionals"', find_context("zoco", "almere"), True),
        ('sector != "po"', find_context("ouder", "almere"), False),
        ('region != "almere"', find_context("onbekend", "gooi"), True),
    ],
)
def test_what_is_known_of_the_respondent_counts(source: str, context: Context, asked: bool) -> None:
    expression, faults = parse_condition(source, SCOPE)
    assert faults == ()
    assert holds(expression, {}, context) is asked


@pytest.mark.parametrize(
    ("source", "answers", "asked"),
    [
        ("has(cijfer)", {"cijfer": "weet_niet"}, True),
        ("has(cijfer)", {}, False),
        ("!has(tip)", {}, True),
        ("!has(tip)", {"tip": "Ja."}, False),
        ("size(sturing) == 2", {"sturing": ("visie", "anders")}, True),
        ("size(sturing) == 0", {}, False),
        ("!(size(sturing) > 1)", {}, False),
        ('"visie" in volgorde', {"volgorde": ("anders", "visie")}, True),
        ('dag >= "2026-02-01"', {"dag": "2026-02-01"}, True),
        ('dag < "2026-02-01"', {"dag": "2026-11-01"}, False),
        ('maand == "2026-02"', {"maand": "2026-02"}, True),
    ],
)
def test_functions_and_dates(source: str, answers: Answers, asked: bool) -> None:
    assert ask(source, answers) is asked


def test_names_are_told_apart_from_items() -> None:
    expression, _ = parse_condition(
        'role == "ib" && has(tip) && size(sturing) > jaren && cijfer in [1]', SCOPE
    )
    assert list_names(expression) == ({"tip", "sturing", "jaren", "cijfer"}, {"role"})
    assert list_names(None) == (frozenset(), frozenset())


def kleene(sign: str, left: bool | None, right: bool | None) -> bool | None:
    """The tables of strong three-valued logic (Kleene 1952, § 64), written out by counting."""
    if sign == "&&":
        return False if False in (left, right) else (None if None in (left, right) else True)
    return True if True in (left, right) else (None if None in (left, right) else False)


@pytest.mark.parametrize("sign", ["&&", "||"])
def test_and_and_or_follow_kleenes_tables(sign: str) -> None:
    words: dict[bool | None, str] = {True: "ja", False: "nee", None: ""}
    for left, right in product((True, False, None), repeat=2):
        answers: dict[str, Value] = {}
        for code, value in (("doelen", left), ("contact", right)):
            if value is not None:
                answers[code] = words[value]
        source = f'doelen == "ja" {sign} contact == "ja"'
        expected = kleene(sign, left, right)
        assert ask(source, answers) is (expected is True)
        assert ask(f"!({source})", answers) is (expected is False)


# CEL as the oracle

codes = st.sampled_from(["doelen", "contact"])
numbers = st.sampled_from(["cijfer", "jaren"])
small = st.integers(-3, 12).map(str)
signs = st.sampled_from(["==", "!="])
orders = st.sampled_from(["<", "<=", ">", ">=", "==", "!="])


def quote(value: str) -> str:
    return f'"{value}"'


yes_no = st.sampled_from(['"ja"', "'nee'"])
comparisons = st.one_of(
    st.builds("{} {} {}".format, codes, signs, yes_no),
    st.builds("{} {} {}".format, yes_no, signs, codes),
    st.builds("doelen {} contact".format, signs),
    st.builds(
        "{} {} {}".format, numbers, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), small | numbers
    ),
    st.builds("{} in [{}]".format, numbers, st.lists(small, min_size=1, max_size=3).map(", ".join)),
    st.builds("{} in [{}]".format, codes, st.lists(yes_no, min_size=1, max_size=2).map(",".join)),
    st.builds("{} in sturing".format, st.sampled_from(["visie", "inkoop"]).map(quote)),
    st.builds("contact in sturing".format),
    st.builds("size({}) {} {}".format, st.sampled_from(["sturing", "volgorde"]), signs, small),
    st.builds('dag {} "{}"'.format, orders, st.dates(date(2025, 12, 1), date(2027, 1, 9))),
    st.builds('maand {} "2026-0{}"'.format, orders, st.integers(1, 9)),
    st.builds('role {} "{}"'.format, signs, st.sampled_from(["ib", "zoco"])),
    st.just('sector in ["po", "vo"]'),
    st.builds('region {} "{}"'.format, signs, st.sampled_from(["almere", "gooi"])),
)


def combine(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    joined: Callable[..., str] = "{} {} {}".format
    return st.one_of(
        st.builds(joined, inner, st.sampled_from(["&&", "||"]), inner),
        st.builds("({})".format, inner),
        st.builds("!({})".format, inner),
        st.builds("({}) == ({})".format, inner, inner),
        st.builds("({}) != true".format, inner),
    )


conditions = st.recursive(comparisons, combine, max_leaves=8)
full_answers = st.fixed_dictionaries(
    {
        "doelen": st.sampled_from(["ja", "nee"]),
        "contact": st.sampled_from(["ja", "nee", "weet_niet"]),
        "sturing": st.sets(st.sampled_from(["visie", "inkoop", "anders"]), min_size=1).map(sorted).map(tuple),
        "cijfer": st.integers(1, 10),
        "jaren": st.integers(0, 50),
        "volgorde": st.permutations(["visie", "inkoop", "anders"]).map(lambda order: tuple(order[:2])),
        "dag": st.dates(date(2026, 1, 1), date(2026, 12, 31)).map(str),
        "maand": st.integers(1, 12).map("2026-{:02d}".format),
    }
)
contexts = st.sampled_from(
    [find_context(role, region) for role in ("ib", "zoco") for region in ("almere", "gooi")]
)


def ask_cel(source: str, answers: dict[str, Any], context: Context = NOBODY) -> bool:
    data: dict[str, Any] = {
        code: list(value) if isinstance(value, tuple) else value
        for code, value in (answers | context.names()).items()
    }
    return CEL.compile(source).eval(data=data).value()


@settings(deadline=None, max_examples=300)
@given(source=conditions, answers=full_answers, context=contexts)
def test_a_condition_means_what_it_means_in_cel_when_all_is_answered(
    source: str, answers: dict[str, Any], context: Context
) -> None:
    expression, faults = parse_condition(source, SCOPE)
    if any(fault.code == "condition-syntax" for fault in faults):
        assert "nested" in str(faults[0].values["reason"])
    else:
        assert faults == ()
        assert holds(expression, answers, context) is ask_cel(source, answers, context)


def test_the_oracle_can_disagree() -> None:
    answers = {"doelen": "ja", "contact": "nee", "sturing": ("visie",), "cijfer": 5, "jaren": 3}
    assert ask("cijfer > 4", answers) is not ask_cel("cijfer < 4", answers)


@settings(deadline=None)
@given(source=conditions, answers=full_answers, dropped=st.sets(st.sampled_from(list(ITEMS))))
def test_an_answer_more_never_undoes_what_was_certain(
    source: str, answers: dict[str, Value], dropped: set[str]
) -> None:
    """Kleene's logic is monotone: what is true with some answers unknown is true whatever they are."""
    expression, faults = parse_condition(source, SCOPE)
    partial = {code: value for code, value in answers.items() if code not in dropped}
    if not faults and holds(expression, partial):
        assert holds(expression, answers)


@settings(max_examples=300)
@given(
    source=st.text(max_size=40)
    | st.lists(
        st.sampled_from(['"a"', "1", "doelen", "in", "(", ")", "[", "]", ",", "!", "-", "==", "&&", "<"])
    ).map(" ".join)
)
def test_no_text_raises_and_no_fault_lies_outside_it(source: str) -> None:
    _, faults = parse_condition(source, SCOPE)
    assert all(0 <= fault.offset <= len(source) for fault in faults)
