"""Levels: no group is told, or known by elimination, that gave fewer than ten answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aoj_survey.open_answers import choose_levels, levels

GIVEN = st.dictionaries(st.sampled_from("abcdef"), st.integers(min_value=1, max_value=30), max_size=6)


def check_nothing_small_is_told(given_answers: dict[str, int]) -> None:
    told = choose_levels(given_answers)
    rest = {group: answers for group, answers in given_answers.items() if group not in told}
    assert all(given_answers[group] >= 10 for group in told), "a small group is told"
    if told:
        assert sum(rest.values()) == 0 or sum(rest.values()) >= 10, "a small group is known by elimination"


@given(GIVEN)
def test_no_group_under_ten_is_told_or_left_over(given_answers: dict[str, int]) -> None:
    check_nothing_small_is_told(given_answers)


def test_a_small_rest_takes_the_smallest_group_along() -> None:
    assert choose_levels({"ib": 30, "zoco": 12, "jeugdhulp": 4}) == {"ib"}
    assert choose_levels({"ib": 30, "zoco": 12}) == {"ib", "zoco"}
    assert choose_levels({"ib": 30, "zoco": 9}) == frozenset()


def test_twin_without_the_minimum_small_groups_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(levels, "LEAST", 1)
    with pytest.raises(AssertionError, match="small group is told"):
        check_nothing_small_is_told({"ib": 30, "zoco": 4})
