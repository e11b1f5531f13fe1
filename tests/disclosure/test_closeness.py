from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aoj_survey.disclosure.closeness import measure_closeness, measure_ordered_closeness

SALARIES = list(range(3, 12))
"""In thousands, as in example 3 of Li, Li and Venkatasubramanian (2007)."""


def test_distances_are_those_of_the_article() -> None:
    assert measure_ordered_closeness([3, 4, 5], SALARIES) == Fraction(375, 1000)
    assert round(float(measure_ordered_closeness([6, 8, 11], SALARIES)), 3) == 0.167


def test_the_order_counts_where_there_is_one() -> None:
    assert measure_ordered_closeness([1], [1, 2, 3]) == Fraction(1, 2)
    assert measure_ordered_closeness([2], [1, 2, 3]) == Fraction(1, 3)
    assert measure_closeness([1], [1, 2, 3]) == measure_closeness([2], [1, 2, 3]) == Fraction(2, 3)


def test_nobody_is_at_no_distance() -> None:
    for measure in (measure_closeness, measure_ordered_closeness):
        assert measure([], [1]) == measure([1], []) == measure([], []) == 0


def carry(part: Sequence[int], whole: Sequence[int], ordered: bool) -> Fraction:
    """The earth mover's distance by moving: each unit from the first answer with too much to the first with too little."""
    values = sorted(set(part) | set(whole))
    times = len(part) * len(whole)
    load = [
        Counter(part)[value] * times // len(part) - Counter(whole)[value] * times // len(whole)
        for value in values
    ]
    moved = Fraction(0)
    while any(load):
        source = next(place for place, left in enumerate(load) if left > 0)
        target = next(place for place, left in enumerate(load) if left < 0)
        load[source] -= 1
        load[target] += 1
        moved += Fraction(abs(source - target), len(values) - 1) if ordered else 1
    return moved / times


answers = st.lists(st.integers(1, 6), min_size=1, max_size=8)


@given(answers, answers)
def test_distances_are_those_of_moving_unit_by_unit(part: list[int], whole: list[int]) -> None:
    assert measure_closeness(part, whole) == carry(part, whole, ordered=False)
    assert measure_ordered_closeness(part, whole) == carry(part, whole, ordered=True)


@pytest.mark.parametrize("measure", [measure_closeness, measure_ordered_closeness])
@given(answers, answers)
def test_distance_is_symmetric_nothing_to_itself_and_one_at_most(
    measure: Callable[[Sequence[int], Sequence[int]], Fraction], part: list[int], whole: list[int]
) -> None:
    assert measure(part, part * 3) == 0
    assert 0 <= measure(part, whole) == measure(whole, part) <= 1
    assert (measure(part, whole) == 0) is (
        {value: Fraction(number, len(part)) for value, number in Counter(part).items()}
        == {value: Fraction(number, len(whole)) for value, number in Counter(whole).items()}
    )
