"""The node of least loss against every node of the lattice, and k against a count by polars."""

import random
from collections.abc import Hashable, Sequence
from fractions import Fraction
from itertools import groupby, product

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aoj_survey.disclosure import lattice
from aoj_survey.disclosure.hierarchies import (
    HIDDEN,
    Hierarchy,
    keep_always,
    keep_or_drop,
    merge_by_sector,
    merge_roles,
)
from aoj_survey.disclosure.lattice import Node, apply_node, find_node
from aoj_survey.errors import DisclosureError

Row = tuple[Hashable, ...]

STRATUM = keep_always("stratum", ["x", "y"])
SWV = merge_by_sector("swv", {"p1": "po", "p2": "po", "v1": "vo"})
PLACE = keep_or_drop("municipality", ["A", "B", "C"])
AGE = Hierarchy(
    "age",
    (
        {age: age for age in range(20, 26)},
        {age: age // 2 * 2 for age in range(20, 26)},
        dict.fromkeys(range(20, 26), HIDDEN),
    ),
)
ALL = (STRATUM, SWV, PLACE, AGE)


def count_smallest(rows: Sequence[Row]) -> int:
    """k, by a program that knows nothing of ours."""
    frame = pl.DataFrame([[str(value) for value in row] for row in rows], orient="row")
    return int(frame.group_by(pl.all()).len().get_column("len").min())  # pyright: ignore[reportArgumentType]


# Every node of a small lattice, by sorting and from the definitions


def judge_node(
    rows: Sequence[Row], hierarchies: Sequence[Hierarchy], levels: Sequence[int], k: int
) -> tuple[Fraction, int] | None:
    """The loss of a node and the rows it suppresses, or None when it cannot do."""
    told = sorted(
        (
            (
                tuple(
                    item.levels[level][value]
                    for item, level, value in zip(hierarchies, levels, row, strict=True)
                ),
                row,
            )
            for row in rows
        ),
        key=repr,
    )
    classes = [[row for _, row in found] for _, found in groupby(told, key=lambda pair: pair[0])]
    general = [key for key, _ in groupby(told, key=lambda pair: pair[0])]
    suppressed: list[Row] = []
    kept: list[Row] = []
    fixed = [place for place, item in enumerate(hierarchies) if len(item.levels) == 1]
    for part in {tuple(key[place] for place in fixed) for key in general}:
        own = [
            members
            for key, members in zip(general, classes, strict=True)
            if tuple(key[place] for place in fixed) == part
        ]
        small = [row for members in own if len(members) < k for row in members]
        large = sorted((members for members in own if len(members) >= k), key=len)
        while 0 < len(small) < k:
            if not large:
                return None
            small += large.pop(0)
        suppressed += small
        kept += [row for members in large for row in members]
    loss = Fraction(0)
    for place, item in enumerate(hierarchies):
        level = item.levels[levels[place]]
        for row in kept if len(item.levels) > 1 else ():
            alike = sum(level[value] == level[row[place]] for value in level)
            loss += Fraction(alike - 1, len(level) - 1)
    movable = len(hierarchies) - len(fixed)
    return (loss + len(suppressed) * movable) / (len(rows) * movable), len(suppressed)


people = st.lists(
    st.tuples(
        st.sampled_from(["x", "y"]),
        st.sampled_from(["p1", "p2", "v1"]),
        st.sampled_from(["A", "A", "A", "B", "C"]),
        st.sampled_from([20, 20, 21, 22, 25]),
    ),
    min_size=1,
    max_size=30,
)
limits = st.sampled_from([Fraction(0), Fraction(1, 20), Fraction(1, 5), Fraction(1, 2)])


@given(people, st.integers(2, 5), limits)
def test_node_found_is_the_best_of_all(rows: list[Row], k: int, limit: Fraction) -> None:
    judged = {
        levels: judge_node(rows, ALL, levels, k)
        for levels in product(*(range(len(item.levels)) for item in ALL))
    }
    possible = {levels: found for levels, found in judged.items() if found and found[1] <= limit * len(rows)}
    if not possible:
        with pytest.raises(DisclosureError, match="stratum"):
            find_node(rows, ALL, k, limit)
        return
    node = find_node(rows, ALL, k, limit)
    least = min(loss for loss, _ in possible.values())
    assert node.loss == least
    assert node.levels == min(levels for levels, (loss, _) in possible.items() if loss == least)
    assert node.suppressed == possible[node.levels][1]


@given(people, st.integers(2, 5), limits)
def test_told_rows_are_k_alike_by_another_count(rows: list[Row], k: int, limit: Fraction) -> None:
    if min(sum(row[0] == part for row in rows) for part in {row[0] for row in rows}) < k:
        return
    node = find_node(rows, ALL, k, limit)
    told = apply_node(rows, ALL, node.levels, k, limit)
    assert count_smallest(told.rows) >= k
    assert len(told.suppressed) == node.suppressed <= limit * len(rows)
    assert [row[0] for row in told.rows] == [row[0] for row in rows]
    for number, (row, came) in enumerate(zip(told.rows, rows, strict=True)):
        for place, item in enumerate(ALL[1:], start=1):
            general = item.levels[node.levels[place]][came[place]]
            assert row[place] == (HIDDEN if number in told.suppressed else general)


@given(people, st.integers(2, 5), st.randoms(use_true_random=False))
def test_order_of_rows_makes_no_difference(rows: list[Row], k: int, source: random.Random) -> None:
    rows += [(part, "p1", "A", 20) for part in "xy" for _ in range(k)]
    other = list(rows)
    source.shuffle(other)
    node = find_node(rows, ALL, k)
    assert find_node(other, ALL, k) == node
    told = [apply_node(part, ALL, node.levels, k).rows for part in (rows, other)]
    assert sorted(map(repr, told[0])) == sorted(map(repr, told[1]))


# By hand


def write_rows(**times: int) -> list[Row]:
    return [(name[0], name[1]) for name, number in times.items() for _ in range(number)]


LETTERS = (keep_or_drop("first", "ab"), keep_or_drop("second", "cd"))


def test_rows_that_are_alike_already_stay_as_they_are() -> None:
    rows = write_rows(ac=5, bd=5)
    assert find_node(rows, LETTERS, 5) == Node((0, 0))
    assert apply_node(rows, LETTERS, (0, 0), 5).rows == tuple(rows)


def test_few_rows_are_suppressed_rather_than_a_column_dropped() -> None:
    rows = write_rows(ac=60, bd=60, ad=5, bc=1)
    assert find_node(rows, LETTERS, 5) == Node((0, 0), Fraction(6, 126), 6)
    told = apply_node(rows, LETTERS, (0, 0), 5)
    assert told.suppressed == frozenset(range(120, 126))
    assert set(told.rows[120:]) == {(HIDDEN, HIDDEN)}


def test_column_goes_when_more_than_a_twentieth_would_be_suppressed() -> None:
    rows = write_rows(ac=40, bd=40, ad=5, bc=1)
    assert find_node(rows, LETTERS, 5) == Node((0, 1), Fraction(1, 2))


def test_one_row_alone_is_never_suppressed_by_itself() -> None:
    rows = write_rows(ac=100, bd=1)
    with pytest.raises(DisclosureError, match="more than 5%"):
        apply_node(rows, LETTERS, (0, 0), 5)
    assert find_node(rows, LETTERS, 5).levels == (1, 1)


def test_twin_without_a_class_of_its_own_one_suppressed_row_stands_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def choose(sizes: dict[Row, int], _: object, k: int) -> frozenset[Row]:
        return frozenset(row for row, size in sizes.items() if size < k)

    rows = write_rows(ac=100, bd=1)
    monkeypatch.setattr(lattice, "_choose_hidden", choose)
    node = find_node(rows, LETTERS, 5)
    assert node.levels == (0, 0)
    assert count_smallest(apply_node(rows, LETTERS, node.levels, 5).rows) == 1


def test_twin_without_suppression_small_classes_would_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lattice, "_choose_hidden", lambda *_: frozenset())
    rows = write_rows(ac=100, bd=2)
    assert count_smallest(apply_node(rows, LETTERS, (0, 0), 5).rows) == 2


def test_node_of_one_wave_is_used_in_a_stack_and_refused_where_it_does_not_do() -> None:
    node = find_node(write_rows(ac=50, bd=50), LETTERS, 5)
    assert node.levels == (0, 0)
    with pytest.raises(DisclosureError, match="coarser node"):
        apply_node(write_rows(ac=20, bd=20, ad=4), LETTERS, node.levels, 5)


@pytest.mark.parametrize("levels", [(0,), (0, 2), (0, -1), (0, 0, 0)])
def test_node_of_other_columns_is_refused(levels: tuple[int, ...]) -> None:
    with pytest.raises(DisclosureError, match="does not fit"):
        apply_node(write_rows(ac=5), LETTERS, levels, 5)


def test_value_that_no_level_knows_is_refused() -> None:
    with pytest.raises(DisclosureError, match="'first'"):
        find_node([("z", "c")] * 9, LETTERS, 5)


def test_no_rows_lose_nothing() -> None:
    assert find_node([], LETTERS, 5) == Node((0, 0))
    assert apply_node([], LETTERS, (0, 0), 5).rows == ()


def test_fixed_class_under_k_cannot_be_helped() -> None:
    with pytest.raises(DisclosureError, match="Merge the classes that are fixed"):
        find_node([("x", "p1", "A", 20)] * 9 + [("y", "p1", "A", 20)] * 4, ALL, 5)


def test_region_of_roles_and_places_keeps_ten_alike() -> None:
    source = random.Random(2026)
    counts = {"ib": 300, "zoco": 80, "jeugdhulp": 12, "beleid_gem": 8, "swv": 3}
    roles = merge_roles("role", counts, 10)
    rows: list[Row] = [
        (role, source.choice(["p1", "p2", "v1"]), source.choice("AABC"))
        for role, number in counts.items()
        for _ in range(number)
    ]
    node = find_node(rows, (roles, SWV, PLACE), 10)
    assert count_smallest(apply_node(rows, (roles, SWV, PLACE), node.levels, 10).rows) >= 10
    assert node.suppressed <= len(rows) / 20
