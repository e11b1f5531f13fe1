"""Quasi-identifiers, and answers a whole class gave: hidden, with what their routes would tell."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aoj_survey.datasets import OpenedResponse, Policy, PrivacyReport, WaveDataset, make_dataset
from aoj_survey.datasets.suppression import choose_levels
from aoj_survey.disclosure import CaptureClass
from aoj_survey.errors import DisclosureError
from aoj_survey.questionnaire import Answers

from .builders import CIJFER, SNEL, ZICHT, column_of, compile_items

LEEFTIJD = """      - code: leeftijd
        kind: number
        min: 18
        max: 70
        quasi_identifier: true
        text: {nl: Hoe oud bent u?, en: How old are you?}
"""
SCHOOL = SNEL.replace("snel", "school").replace("kind: choice", "kind: choice, quasi_identifier: true")
JONG = ZICHT.replace("zicht", "jong").replace("kind: choice", "kind: choice, ask_if: 'leeftijd < 30'")
JONGER = ZICHT.replace("zicht", "jonger").replace("kind: choice", "kind: choice, ask_if: 'jong == \"ja\"'")
LAAG = ZICHT.replace("zicht", "laag").replace("kind: choice", "kind: choice, ask_if: 'cijfer < 6'")
INSTRUMENT = compile_items("een", "ib, zoco", [LEEFTIJD, SCHOOL, SNEL, JONG, JONGER, CIJFER, LAAG])
MARKS = [4, 5, 6, 7, 8, 9]


LIMIT = Fraction(1, 20)


def make(*strata: Sequence[Answers], k: int = 5, former: PrivacyReport | None = None) -> WaveDataset:
    """Each stratum with its answers, in the order ib, zoco."""
    roles = ("ib", "zoco")[: len(strata)]
    classes = [
        CaptureClass(role, (role,), 200, len(answers)) for role, answers in zip(roles, strata, strict=True)
    ]
    responses = [
        OpenedResponse(role, ("d",), answers)
        for role, part in zip(roles, strata, strict=True)
        for answers in part
    ]
    return make_dataset(
        "2026",
        "proef",
        classes,
        responses,
        {"d": INSTRUMENT},
        dict.fromkeys(roles, "d"),
        Policy(k),
        former=former,
    )


def people(*ages: int, **more: Any) -> list[Answers]:
    """People of these ages who differ in their marks."""
    return [
        {"leeftijd": age, "cijfer": MARKS[number % len(MARKS)], **more} for number, age in enumerate(ages)
    ]


def smallest_class(dataset: WaveDataset) -> int:
    """k by itself, from the rows alone."""
    names = [column.name for column in dataset.columns]
    places = [names.index(name) for name in ("stratum", "leeftijd", "school")]
    return min(Counter(tuple(row[place] for place in places) for row in dataset.rows).values())


def test_quasi_identifier_of_large_classes_is_kept() -> None:
    dataset = make(people(*[30] * 6, *[40] * 6))
    assert Counter(column_of(dataset, "leeftijd")) == {30: 6, 40: 6}
    assert dataset.privacy.quasi_identifiers == ()
    assert (dataset.privacy.smallest, dataset.privacy.largest_risk) == (6, 0.166667)
    assert dataset.privacy.average_risk == 0.166667


def test_quasi_identifier_that_points_to_somebody_goes_for_the_whole_stratum() -> None:
    dataset = make(people(*[30] * 6, *[40] * 6, 67), people(*[30] * 6))
    assert column_of(dataset, "leeftijd") == [-6] * 13 + [30] * 6
    assert dataset.privacy.quasi_identifiers == (("leeftijd", "ib"),)
    assert dataset.privacy.smallest == smallest_class(dataset) == 6


def test_twin_without_the_check_one_person_stands_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def keep_all(_: object, known: Sequence[str], *__: object) -> tuple[dict[str, int], frozenset[int]]:
        return dict.fromkeys(known, 0), frozenset()

    monkeypatch.setattr("aoj_survey.datasets.suppression.choose_levels", keep_all)
    dataset = make(people(*[30] * 6, 67))
    assert smallest_class(dataset) == 1


def test_stricter_k_is_used() -> None:
    answers = people(*[30] * 6, *[40] * 6)
    assert set(column_of(make(answers, k=6), "leeftijd")) == {30, 40}
    assert set(column_of(make(answers, k=7), "leeftijd")) == {-6}


def test_leaving_a_quasi_identifier_open_points_to_somebody_too() -> None:
    dataset = make([*people(*[30] * 6), {"cijfer": 6}])
    assert set(column_of(dataset, "leeftijd")) == {-6}


def test_what_is_asked_because_of_a_hidden_quasi_identifier_is_hidden_with_it() -> None:
    answers = [*people(*[30] * 6), *people(22, jong="ja", jonger="nee")]
    dataset = make(answers)
    for name in ("leeftijd", "jong", "jonger"):
        assert set(column_of(dataset, name)) == {-6}
    assert dataset.privacy.dependent == (("jong", "ib"), ("jonger", "ib"))
    assert set(column_of(dataset, "snel")) == {-8}


def test_twin_without_that_the_route_tells_the_age(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aoj_survey.datasets.suppression.find_dependent", lambda _, code: frozenset({code}))
    dataset = make([*people(*[30] * 6), *people(22, jong="ja")])
    assert Counter(column_of(dataset, "jong")) == {-7: 6, 1: 1}


def test_the_one_that_points_goes_and_the_other_stays() -> None:
    answers = [*people(*[30] * 6, school="ja"), *people(*range(31, 37), school="nee")]
    dataset = make(answers)
    assert set(column_of(dataset, "leeftijd")) == {-6}
    assert Counter(column_of(dataset, "school")) == {1: 6, 2: 6}
    assert dataset.privacy.quasi_identifiers == (("leeftijd", "ib"),)


def test_both_may_be_kept_apart_and_not_together() -> None:
    rows = [(one, other) for one, other in ((1, 1), (1, 2), (2, 1), (2, 2)) for _ in range(3)]
    places = {"one": frozenset({0}), "other": frozenset({1})}
    nothing = frozenset[int]()
    assert choose_levels(rows, ["one"], places, 5, LIMIT) == ({"one": 0}, nothing)
    assert choose_levels(rows, ["other"], places, 5, LIMIT) == ({"other": 0}, nothing)
    assert choose_levels(rows, ["one", "other"], places, 5, LIMIT) == ({"one": 0, "other": 1}, nothing)


# Local suppression, in strata of a hundred and more


FEW = people(*[30] * 50, *[40] * 50, 61, 62, 63, 64, 65, school="ja")


def test_few_who_stand_out_lose_what_points_to_them_and_the_others_keep_it() -> None:
    dataset = make(FEW)
    assert Counter(column_of(dataset, "leeftijd")) == {30: 50, 40: 50, -6: 5}
    assert Counter(column_of(dataset, "school")) == {1: 100, -6: 5}
    assert dataset.privacy.suppressed == {"ib": 5}
    assert dataset.privacy.quasi_identifiers == ()
    assert dataset.privacy.node == {"ib": {"leeftijd": 0, "school": 0}}
    assert dataset.privacy.smallest == smallest_class(dataset) == 5


def test_rows_suppressed_are_a_class_of_their_own() -> None:
    # Four stand out: the smallest class goes with them, and ten of 114 are too many. The column goes instead.
    dataset = make(people(*[30] * 52, *[40] * 52, *[50] * 6, 61, 62, 63, 64))
    assert set(column_of(dataset, "leeftijd")) == {-6}
    assert dataset.privacy.suppressed == {}


def test_more_than_a_twentieth_is_not_suppressed() -> None:
    dataset = make(people(*[30] * 50, *[40] * 44, 61, 62, 63, 64, 65))
    assert set(column_of(dataset, "leeftijd")) == {-6}


def test_what_is_asked_because_of_it_goes_with_it_in_suppressed_rows() -> None:
    dataset = make([*people(*[30] * 50, *[40] * 50), *people(21, 22, 23, 24, 25, jong="ja", jonger="nee")])
    assert Counter(column_of(dataset, "jong")) == {-7: 100, -6: 5}
    assert Counter(column_of(dataset, "jonger")) == {-7: 100, -6: 5}


def test_twin_without_that_the_route_tells_who_is_young(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aoj_survey.datasets.suppression.find_dependent", lambda _, code: frozenset({code}))
    dataset = make([*people(*[30] * 50, *[40] * 50), *people(21, 22, 23, 24, 65, jong="ja")])
    assert Counter(column_of(dataset, "jong"))[1] >= 4


def test_mark_that_all_suppressed_rows_share_is_hidden_too() -> None:
    same: list[Answers] = [{"leeftijd": age, "cijfer": 4} for age in range(61, 66)]
    dataset = make([*people(*[30] * 50, *[40] * 50), *same])
    names = [column.name for column in dataset.columns]
    marks = {row[names.index("cijfer")] for row in dataset.rows if row[names.index("leeftijd")] == -6}
    assert marks == {-6}


def test_node_of_one_file_is_used_for_the_next() -> None:
    rich = people(*[30] * 6, *[40] * 6)
    assert set(column_of(make(rich), "leeftijd")) == {30, 40}
    poor = make(people(*[30] * 6, *range(40, 46)))
    assert poor.privacy.node == {"ib": {"leeftijd": 1, "school": 0}}
    assert set(column_of(make(rich, former=poor.privacy), "leeftijd")) == {-6}
    # What a former file did not have, it did not keep.
    for node in ({"ib": {}}, {}):
        former = replace(poor.privacy, node=node)
        assert set(column_of(make(rich, former=former), "leeftijd")) == {-6}


def test_node_that_would_leave_small_classes_is_refused() -> None:
    kept = make(people(*[30] * 6, *[40] * 6)).privacy
    with pytest.raises(DisclosureError, match="coarser node"):
        make(people(*[30] * 6, 67), former=kept)


crowd = st.tuples(
    st.lists(st.sampled_from([30, 40]), min_size=100, max_size=120),
    st.lists(st.integers(20, 29), max_size=8),
)


@given(crowd, st.sampled_from([5, 6]))
def test_large_strata_keep_k_alike_too(ages: tuple[list[int], list[int]], k: int) -> None:
    answers = [*people(*ages[0], school="nee"), *people(*ages[1], jong="ja")]
    dataset = make(answers, k=k)
    assert smallest_class(dataset) == dataset.privacy.smallest >= k
    hidden = dataset.privacy.suppressed.get("ib", 0)
    assert hidden == 0 or k <= hidden <= len(answers) / 20
    names = [column.name for column in dataset.columns]
    for row in dataset.rows:
        if row[names.index("leeftijd")] == -6:
            assert row[names.index("jong")] == -6


def test_mark_a_whole_class_gave_is_hidden_in_that_class_alone() -> None:
    same = [{"leeftijd": 30, "cijfer": 4, "laag": "ja"}] * 5
    dataset = make([*same, *people(*[40] * 6)])
    names = [column.name for column in dataset.columns]
    found = {
        (row[names.index("leeftijd")], row[names.index("cijfer")], row[names.index("laag")])
        for row in dataset.rows
    }
    assert {row for row in found if row[0] == 30} == {(30, -6, -6)}
    assert {row[1] for row in found if row[0] == 40} == set(MARKS)
    assert dataset.privacy.homogeneous == (("cijfer", "ib"),)
    assert dataset.privacy.dependent == (("laag", "ib"),)


def test_twin_of_a_class_with_two_marks_is_kept() -> None:
    same: list[Answers] = [*[{"leeftijd": 30, "cijfer": 4}] * 4, {"leeftijd": 30, "cijfer": 5}]
    dataset = make([*same, *people(*[40] * 6)])
    assert dataset.privacy.homogeneous == ()


quasi = st.fixed_dictionaries(
    {},
    optional={
        "leeftijd": st.sampled_from([25, 30, 35]),
        "school": st.sampled_from(["ja", "nee"]),
        "jong": st.sampled_from(["ja", "nee"]),
        "jonger": st.just("ja"),
        "cijfer": st.integers(4, 7),
        "laag": st.just("nee"),
    },
)


@given(st.lists(st.lists(quasi, min_size=5, max_size=30), min_size=1, max_size=2))
def test_no_class_is_under_k_and_none_shares_one_mark(strata: list[list[Answers]]) -> None:
    dataset = make(*strata)
    assert smallest_class(dataset) >= 5
    assert dataset.privacy.smallest == smallest_class(dataset)
    names = [column.name for column in dataset.columns]
    classes: dict[tuple[object, ...], list[tuple[Any, ...]]] = {}
    for row in dataset.rows:
        key = tuple(row[names.index(name)] for name in ("stratum", "leeftijd", "school"))
        classes.setdefault(key, []).append(row)
    for (_, age, _), rows in classes.items():
        marks = {row[names.index("cijfer")] for row in rows}
        assert len({mark for mark in marks if mark >= 0}) != 1
        if marks == {-6}:
            assert {row[names.index("laag")] for row in rows} == {-6}
        if age == -6:
            assert {row[names.index(name)] for name in ("jong", "jonger") for row in rows} == {-6}
