"""Two versions laid beside each other, by the rows themselves and by what is allowed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aoj_survey.datasets import OpenedResponse, Policy, WaveDataset, make_dataset
from aoj_survey.disclosure import Area, CaptureClass
from aoj_survey.questionnaire import Answers
from aoj_survey.releases import beside
from aoj_survey.releases.beside import Protection, may_lie_beside
from tests.datasets.builders import CIJFER, JAREN, SNEL, compile_items

SCHOOL = SNEL.replace("snel", "school").replace("kind: choice", "kind: choice, quasi_identifier: true")
INSTRUMENT = compile_items("een", "ib, zoco, jgz", [SCHOOL, JAREN, CIJFER])
OPENBAAR = Policy(10, "openbaar")


def answer(school: str, years: int) -> Answers:
    return {"school": school, "jaren": years, "cijfer": 5 + years % 3}


IB = [answer("ja" if year < 3 else "nee", year) for year in range(7)]
ZOCO = [answer("ja" if year < 20 else "nee", year) for year in range(10, 27)]


def make(policy: Policy | None = None, **roles: Sequence[Answers]) -> WaveDataset:
    strata: Mapping[str, Sequence[Answers]] = roles or {"ib": IB, "zoco": ZOCO}
    return make_dataset(
        "2026",
        "proef",
        [CaptureClass(role, (role,), 40, len(answers)) for role, answers in strata.items()],
        [OpenedResponse(role, ("d",), given) for role, answers in strata.items() for given in answers],
        {"d": INSTRUMENT},
        dict.fromkeys(strata, "d"),
        policy,
    )


def protection(dataset: WaveDataset) -> Protection:
    privacy = dataset.privacy
    return Protection(
        privacy.k, privacy.merged, privacy.node, privacy.suppressed, frozenset(privacy.homogeneous)
    )


def join(one: WaveDataset, other: WaveDataset) -> int:
    """The fewest people alike in stratum and school, for who has both files and joins rows by the years."""
    names = [column.name for column in one.columns]
    place = {name: names.index(name) for name in ("stratum", "school", "jaren")}
    school = {row[place["jaren"]]: row[place["school"]] for row in other.rows}
    rows = [(row[place["stratum"]], school[row[place["jaren"]]]) for row in one.rows]
    return min(Counter(rows).values())


def test_finer_strata_beside_a_version_that_keeps_schools_tell_of_three_people() -> None:
    analysts, everybody = make(), make(OPENBAAR)
    assert analysts.privacy.smallest >= 5
    assert everybody.privacy.smallest >= 10
    assert join(analysts, everybody) == 3
    assert not may_lie_beside(protection(analysts), protection(everybody))
    assert not may_lie_beside(protection(everybody), protection(analysts))


KEEPS = {"ib": {"school": 0}}
DROPS = {"ib": {"school": 1}}
MERGED = {"ib": "professionals", "zoco": "professionals"}


def describe(
    node: Mapping[str, Any],
    merged: Mapping[str, str] | None = None,
    *homogeneous: tuple[str, str],
    k: int = 5,
) -> Protection:
    return Protection(k, merged or {}, node, {}, frozenset(homogeneous))


@pytest.mark.parametrize(
    ("one", "other", "may"),
    [
        (describe(KEEPS), describe(KEEPS), True),
        (describe(KEEPS), describe(KEEPS, k=6), False),
        (describe(DROPS), describe({}, MERGED, k=10), True),
        (describe(KEEPS), describe(DROPS), True),
        (describe(KEEPS), describe({}, MERGED, k=10), True),
        (describe({"professionals": {"school": 0}}, MERGED, k=10), describe(DROPS), False),
        (describe({"professionals": {"school": 0}}, MERGED), describe({}, MERGED), True),
        (describe(KEEPS, None, ("cijfer", "ib")), describe(DROPS), False),
        (describe(KEEPS, None, ("cijfer", "ib")), describe(DROPS, None, ("cijfer", "ib")), True),
        (
            describe(KEEPS, None, ("cijfer", "ib")),
            describe({}, MERGED, ("cijfer", "professionals"), k=10),
            True,
        ),
    ],
)
def test_versions_go_together_where_rows_of_both_tell_no_more_than_each_may(
    one: Protection, other: Protection, may: bool
) -> None:
    assert may_lie_beside(one, other) is may
    assert may_lie_beside(other, one) is may


def learn(*files: WaveDataset) -> dict[tuple[Any, ...], list[set[int]]]:
    """All that follows of each person, who is known by the years, from rows of several files laid together.

    The people alike in the strata of all files and in school, and of each the marks that a file tells.
    """
    names = [column.name for column in files[0].columns]
    known: dict[Any, dict[str, list[Any]]] = {}
    for file in files:
        for row in file.rows:
            cells = dict(zip(names, row, strict=True))
            person = known.setdefault(cells["jaren"], {"class": [], "school": [], "mark": []})
            person["class"].append(cells["stratum"])
            person["school"] += [cells["school"]] if cells["school"] != -6 else []
            person["mark"] += [cells["cijfer"]] if int(cells["cijfer"]) >= 0 else []
    found: dict[tuple[Any, ...], list[set[int]]] = {}
    for person in known.values():
        key = (*person["class"], *sorted(set(person["school"])))
        found.setdefault(key, []).append(set(person["mark"]))
    return found


people = st.tuples(st.sampled_from(["ja", "nee"]), st.sampled_from([6, 7]))


@given(st.lists(st.lists(people, min_size=5, max_size=14), min_size=2, max_size=3))
def test_versions_that_may_be_released_tell_together_of_no_fewer_than_five_and_no_mark_of_a_class(
    strata: list[list[tuple[str, int]]],
) -> None:
    number = iter(range(50))
    roles: dict[str, list[Answers]] = {
        role: [{"school": school, "cijfer": mark, "jaren": next(number)} for school, mark in answers]
        for role, answers in zip(("ib", "zoco", "jgz"), strata, strict=False)
    }
    analysts, everybody = make(None, **roles), make(OPENBAAR, **roles)
    if may_lie_beside(protection(analysts), protection(everybody)):
        for marks in learn(analysts, everybody).values():
            assert len(marks) >= 5
            assert len(set[int]().union(*marks)) != 1


# Strata that two versions join otherwise


AREAS = [
    Area(f"a{number}", ((municipality, swv),), 20)
    for number, (municipality, swv) in enumerate(
        product(("Duin", "Zand"), ("swv PO Rijnmeer", "swv VO Rijnmeer")), start=1
    )
]
BY_MUNICIPALITY = {"ib@a1": "ib@a1+a2", "ib@a2": "ib@a1+a2", "ib@a3": "ib@a3+a4", "ib@a4": "ib@a3+a4"}
BY_SWV = {"ib@a1": "ib@a1+a3", "ib@a3": "ib@a1+a3", "ib@a2": "ib@a2+a4", "ib@a4": "ib@a2+a4"}
ALL: dict[str, str] = dict.fromkeys(BY_SWV, "ib")


def make_by_place(municipality: int, swv: int) -> WaveDataset:
    """Seven answers in each of four places, for everybody, with places told by these levels."""
    strata = [CaptureClass(f"ib@{area.code}", ("ib",), 20, 7) for area in AREAS]
    responses = [
        OpenedResponse(stratum.code, ("d",), {"jaren": 7 * place + number, "cijfer": 5 + number % 3})
        for place, stratum in enumerate(strata)
        for number in range(7)
    ]
    levels = {"ib": {"municipality": municipality, "swv": swv}}
    return make_dataset(
        *("2026", "proef", strata, responses, {"d": INSTRUMENT}, {"ib": "d"}, OPENBAAR),
        former=replace(make().privacy, places=levels),
        areas=AREAS,
    )


@pytest.mark.parametrize(
    ("one", "other", "may"),
    [
        (BY_MUNICIPALITY, BY_SWV, False),
        (BY_MUNICIPALITY, BY_MUNICIPALITY, True),
        (BY_MUNICIPALITY, ALL, True),
        ({}, BY_SWV, True),
        ({}, {}, True),
        ({"zoco": "professionals", "ib": "professionals"}, BY_SWV, True),
    ],
)
def test_what_two_versions_join_lies_in_each_other(
    one: Mapping[str, str], other: Mapping[str, str], may: bool
) -> None:
    assert may_lie_beside(describe({}, one), describe({}, other, k=12)) is may
    assert may_lie_beside(describe({}, other, k=12), describe({}, one)) is may


def test_rows_by_municipality_beside_rows_by_swv_tell_of_seven_people() -> None:
    one, other = make_by_place(0, 2), make_by_place(1, 0)
    assert (one.privacy.merged, other.privacy.merged) == (BY_MUNICIPALITY, BY_SWV)
    assert min(one.privacy.smallest, other.privacy.smallest) == 14
    assert {len(marks) for marks in learn(one, other).values()} == {7}
    assert not may_lie_beside(protection(one), protection(other))


def test_twin_without_that_rule_both_are_released(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "_cross", lambda *_: False)
    assert may_lie_beside(protection(make_by_place(0, 2)), protection(make_by_place(1, 0)))
