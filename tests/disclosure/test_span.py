"""Elimination without fractions and the search for zero sums, each against trying everything."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aoj_survey.disclosure import span
from aoj_survey.disclosure.span import find_zero_sums, pack_columns, reduce_row, reduce_rows
from aoj_survey.errors import DisclosureError

WIDTH = 5
matrices = st.lists(
    st.lists(st.integers(-3, 3), min_size=WIDTH, max_size=WIDTH).map(tuple[int, ...]), max_size=6
)


def is_combination(row: Sequence[int], basis: Sequence[Sequence[int]]) -> bool:
    """Solve for the factors by fractions, column by column."""
    rest = [Fraction(value) for value in row]
    rows = [[Fraction(value) for value in other] for other in basis]
    while rows:
        pivot = rows.pop()
        lead = next((column for column, value in enumerate(pivot) if value), None)
        if lead is None:
            continue
        for other in (*rows, rest):
            factor = other[lead] / pivot[lead]
            other[:] = [a - factor * b for a, b in zip(other, pivot, strict=True)]
    return not any(rest)


@given(matrices)
def test_reduced_rows_have_leads_of_their_own_and_span_the_same(rows: list[tuple[int, ...]]) -> None:
    found = reduce_rows(rows, WIDTH)
    for lead, row in found.rows.items():
        assert not any(row[:lead])
        assert all(other[lead] == 0 for place, other in found.rows.items() if place != lead)
        assert is_combination(row, rows)
    assert all(is_combination(row, list(found.rows.values())) for row in rows)
    assert len(found.sources) == len(found.rows)
    chosen = [rows[number] for number in found.sources]
    assert all(is_combination(row, chosen) for row in rows)


@given(matrices, st.lists(st.integers(-4, 4), min_size=WIDTH, max_size=WIDTH))
def test_row_of_the_span_leaves_nothing_and_no_other(rows: list[tuple[int, ...]], row: list[int]) -> None:
    left = reduce_row(row, reduce_rows(rows, WIDTH).rows)
    assert any(left) is not is_combination(row, rows)


def test_numbers_grow_past_what_a_machine_word_holds() -> None:
    rows = [tuple(10**20 * (row == column) + (row + 1) ** column for column in range(4)) for row in range(3)]
    basis = reduce_rows(rows, 4).rows
    assert max(abs(value) for row in basis.values() for value in row) > 2**64
    total = [sum(column) for column in zip(*rows, strict=True)]
    assert not any(reduce_row(total, basis))
    assert any(reduce_row([*total[:3], total[3] + 1], basis))


@given(matrices)
def test_packed_columns_add_up_to_zero_for_rows_of_the_span_alone(rows: list[tuple[int, ...]]) -> None:
    basis = reduce_rows(rows, WIDTH).rows
    values = pack_columns(basis, range(WIDTH))
    for union in product((0, 1), repeat=WIDTH):
        total = sum(value for value, chosen in zip(values, union, strict=True) if chosen)
        assert (total == 0) is is_combination(union, rows)


@given(st.lists(st.tuples(st.integers(-4, 4), st.integers(1, 5)), max_size=9), st.integers(1, 10))
def test_zero_sums_are_all_and_each_once(columns: list[tuple[int, int]], limit: int) -> None:
    columns.sort(key=lambda column: column[1])
    values, weights = [value for value, _ in columns], [weight for _, weight in columns]
    found = list(find_zero_sums(values, weights, limit))
    everything = [
        places for size in range(1, len(columns) + 1) for places in combinations(range(len(columns)), size)
    ]
    assert sorted(found) == sorted(
        places
        for places in everything
        if not sum(values[place] for place in places) and sum(weights[place] for place in places) < limit
    )
    assert [len(places) for places in found] == sorted(len(places) for places in found)


def test_search_that_would_not_end_is_refused_before_it_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    values, weights = [1] * 12, [1] * 12
    monkeypatch.setattr(span, "MOST_PARTS", 1585)
    with pytest.raises(DisclosureError, match="1,586 combinations"):
        list(find_zero_sums(values, weights, 10))
    monkeypatch.setattr(span, "MOST_PARTS", 1586)
    assert list(find_zero_sums(values, weights, 10)) == []
