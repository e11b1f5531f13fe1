"""Whether a condition can hold: against brute force over every answer, and within its budget."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aoj_survey.questionnaire import (
    KINDS,
    Budget,
    Choice,
    Expression,
    Item,
    Value,
    can_hold,
    find_context,
    holds,
)
from aoj_survey.questionnaire.conditions import Scope, parse_condition
from aoj_survey.questionnaire.dates import read_day, read_month, write_day, write_month

ROLES = ("ib", "zoco", "beleid_gem")
CHOICES = tuple(Choice(code, value, {"nl": code}) for value, code in enumerate("abc", start=1))
NONE = Choice("geen", 4, {"nl": "geen"}, exclusive=True)
SMALL = [
    Item("keuze", "choice", {"nl": "x"}, choices=CHOICES),
    Item("andere", "choice", {"nl": "x"}, choices=CHOICES[1:]),
    Item("meer", "multiple", {"nl": "x"}, choices=(*CHOICES, NONE)),
    Item("volgorde", "ranking", {"nl": "x"}, choices=CHOICES, first=2),
    Item("getal", "number", {"nl": "x"}, minimum=0, maximum=6),
    Item("cijfer", "mark", {"nl": "x"}, choices=(Choice("weet_niet", 99, {}, dont_know=True),), minimum=3, maximum=5),
    Item("dag", "date", {"nl": "x"}, earliest="2026-02-27", latest="2026-03-02"),
    Item("maand", "month", {"nl": "x"}, earliest="2025-11", latest="2026-02"),
    Item("tekst", "open", {"nl": "x"}, max_length=3),
]  # fmt: skip

names = st.sampled_from(["keuze", "andere"])
numbers = st.sampled_from(["getal", "cijfer", "size(meer)", "size(volgorde)"])
signs = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
atoms = st.one_of(
    st.builds('{} {} "{}"'.format, names, st.sampled_from(["==", "!="]), st.sampled_from("bc")),
    st.just("keuze == andere"),
    st.builds('"{}" in {}'.format, st.sampled_from(["a", "b"]), st.sampled_from(["meer", "volgorde"])),
    st.just('"geen" in meer'),
    st.just("andere in meer"),
    st.builds("{} {} {}".format, numbers, signs, st.integers(-1, 8).map(str) | numbers),
    st.builds("getal in [{}, {}]".format, st.integers(0, 8), st.integers(0, 8)),
    st.builds('dag {} "2026-0{}"'.format, signs, st.sampled_from(["2-28", "3-01", "3-09"])),
    st.builds('maand {} "202{}"'.format, signs, st.sampled_from(["5-12", "6-02", "1-01"])),
    st.builds("has({})".format, st.sampled_from(["tekst", "cijfer", "meer", "keuze"])),
    st.builds('role == "{}"'.format, st.sampled_from(ROLES)),
    st.builds('{} != "{}"'.format, st.just("group"), st.sampled_from(["beleid", "professionals"])),
    st.builds('sector == "{}"'.format, st.sampled_from(["po", "vo", "gemeente"])),
    st.builds('region {} "{}"'.format, st.sampled_from(["==", "!="]), st.sampled_from(["almere", "gooi"])),
)


def combine(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds("({}) {} ({})".format, inner, st.sampled_from(["&&", "||"]), inner) | st.builds(
        "!({})".format, inner
    )


sources = st.recursive(atoms, combine, max_leaves=3)


def parse(source: str, items: dict[str, Item]) -> Expression:
    context = {
        "role": frozenset(ROLES),
        "group": frozenset({"beleid", "professionals"}),
        "sector": frozenset({"po", "vo", "gemeente"}),
        "region": None,
    }
    expression, faults = parse_condition(source, Scope(items, context))
    assert faults == ()
    assert expression is not None
    return expression


def list_values(item: Item) -> Iterator[Value]:
    codes = [choice.code for choice in item.choices]
    if item.kind == "choice":
        yield from codes
    elif item.kind == "multiple":
        every = (chosen for size in range(1, 5) for chosen in combinations(codes, size))
        yield from (chosen for chosen in every if KINDS["multiple"].accepts(item, chosen))
    elif item.kind == "ranking":
        yield from (ranked for size in (1, 2) for ranked in permutations(codes, size))
    elif item.kind in ("number", "mark"):
        yield from (*range(item.minimum or 0, (item.maximum or 0) + 1), *codes)
    elif item.kind == "open":
        yield "x"
    else:
        read, write = (read_day, write_day) if item.kind == "date" else (read_month, write_month)
        low, high = read(item.earliest or ""), read(item.latest or "")
        assert low is not None
        assert high is not None
        yield from map(write, range(low, high + 1))


def find_by_brute_force(condition: Expression, items: list[Item]) -> bool:
    """Try every answer to every item, everybody and a few regions."""

    def answers(left: list[Item], known: dict[str, Value], context: Any) -> Iterator[dict[str, Value]]:
        if not left:
            yield known
            return
        item, *rest = left
        yield from answers(rest, known, context)
        if holds(item.ask_if, known, context):
            for value in list_values(item):
                yield from answers(rest, {**known, item.code: value}, context)

    contexts = [find_context(role, region) for role in ROLES for region in ("almere", "gooi", "elders")]
    return any(
        holds(condition, given, context) for context in contexts for given in answers(items, {}, context)
    )


@settings(deadline=None, max_examples=150)
@given(data=st.data())
def test_trying_what_matters_finds_what_brute_force_finds(data: st.DataObject) -> None:
    chosen = data.draw(
        st.lists(st.sampled_from(SMALL), min_size=2, max_size=3, unique_by=lambda item: item.code)
    )
    items: dict[str, Item] = {}
    for item in chosen:
        asked = data.draw(st.none() | sources.filter(lambda source: uses_only(source, items)))
        condition = parse(asked, items) if asked else None
        items[item.code] = replace(item, ask_if=condition)
    expression = parse(data.draw(sources.filter(lambda source: uses_only(source, items))), items)
    assert can_hold(expression, items, ROLES, KINDS, Budget()) is find_by_brute_force(
        expression, list(items.values())
    )


def uses_only(source: str, items: dict[str, Item]) -> bool:
    return not any(item.code in source for item in SMALL if item.code not in items)


@pytest.mark.parametrize(
    ("source", "possible"),
    [
        ('keuze == "a" && keuze == "b"', False),
        ('keuze == "a" || keuze == "b"', True),
        ("keuze != keuze", False),
        ("keuze == andere", True),
        ("getal > 6", False),
        ("getal == cijfer && getal > 4", True),
        ("getal == cijfer && getal > 5", False),
        ("size(volgorde) == 3", False),
        ('"geen" in meer && "a" in meer', False),
        ('role == "ib" && sector == "vo"', False),
        ('role == "ib" && region == "gooi"', True),
        ("!has(keuze) && has(keuze)", False),
        ("!has(keuze)", True),
        ('dag < "2026-02-27"', False),
        ('maand > "2026-01"', True),
    ],
)
def test_a_condition_is_possible_or_not(source: str, possible: bool) -> None:
    items = {item.code: item for item in SMALL}
    assert can_hold(parse(source, items), items, ROLES, KINDS, Budget()) is possible


def test_the_condition_of_an_item_that_is_named_counts_too() -> None:
    first, second = SMALL[0], SMALL[1]
    items = {"keuze": first}
    closed = parse('keuze == "a"', items)
    items["andere"] = Item("andere", "choice", {}, choices=second.choices, ask_if=closed)
    assert not can_hold(parse('keuze == "b" && andere == "b"', items), items, ROLES, KINDS, Budget())
    assert can_hold(parse('keuze == "a" && andere == "b"', items), items, ROLES, KINDS, Budget())


def test_without_following_conditions_an_impossible_one_would_pass() -> None:
    items = {item.code: item for item in SMALL}
    assert can_hold(parse('keuze == "b" && andere == "b"', items), items, ROLES, KINDS, Budget())


def test_numbers_far_apart_need_few_trials() -> None:
    wide = [Item(f"getal_{n}", "number", {}, minimum=0, maximum=999_999_999) for n in range(3)]
    items = {item.code: item for item in wide}
    budget = Budget()
    source = "getal_0 < getal_1 && getal_1 < getal_2 && getal_0 > 5000 && getal_2 < 5003"
    assert can_hold(parse(source, items), items, ROLES, KINDS, budget) is False
    assert can_hold(parse(source.replace("5003", "5004"), items), items, ROLES, KINDS, budget) is True
    assert budget.trials > 50_000


def test_when_the_budget_is_used_up_nothing_is_called_impossible() -> None:
    items = {item.code: item for item in SMALL}
    impossible = parse("getal > 6", items)
    assert can_hold(impossible, items, ROLES, KINDS, Budget(0))
    assert not can_hold(impossible, items, ROLES, KINDS, Budget())
