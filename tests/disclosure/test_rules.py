"""How much stricter than the core a region may be, and that nothing is ever looser."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aoj_survey.disclosure import CORE_RULE, DisclosureRule, strictest_rule
from aoj_survey.errors import DisclosureError

rules = st.builds(DisclosureRule, st.integers(5, 40), st.integers(10, 40), st.fractions(0, Fraction(1, 20)))


def test_the_core_asks_the_numbers_of_the_design() -> None:
    assert (CORE_RULE.k, CORE_RULE.threshold, CORE_RULE.limit) == (5, 10, Fraction(1, 20))
    assert strictest_rule() == CORE_RULE


@pytest.mark.parametrize(
    ("looser", "words"),
    [
        ({"k": 4}, "tighten k = 5, never loosen it; 4 was asked"),
        ({"threshold": 9}, "tighten threshold = 10, never loosen it; 9 was asked"),
        ({"limit": Fraction(6, 100)}, "at most 5% of the rows; 6% was asked"),
        ({"limit": Fraction(-1)}, "at most 5%"),
    ],
)
def test_a_number_looser_than_the_core_is_refused(looser: dict[str, Any], words: str) -> None:
    with pytest.raises(DisclosureError, match=words):
        DisclosureRule(**looser)


@given(st.lists(rules, max_size=3))
def test_the_strictest_is_as_strict_as_each_in_any_order(every: list[DisclosureRule]) -> None:
    found = strictest_rule(*every)
    for rule in every:
        assert found.k >= rule.k
        assert found.threshold >= rule.threshold
        assert found.limit <= rule.limit
    assert found.k in {5, *(rule.k for rule in every)}
    assert found.threshold in {10, *(rule.threshold for rule in every)}
    assert found.limit in {CORE_RULE.limit, *(rule.limit for rule in every)}
    assert strictest_rule(*reversed(every)) == found
