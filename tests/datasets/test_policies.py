from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aoj_survey.datasets import ONDERZOEK, OPENBAAR, Policy, tighten
from aoj_survey.disclosure import DisclosureRule
from aoj_survey.errors import DisclosureError


def test_profiles_have_the_k_of_the_design() -> None:
    assert (ONDERZOEK.k, OPENBAAR.k) == (5, 10)
    assert (ONDERZOEK.profile, OPENBAAR.profile) == ("onderzoek", "openbaar")
    assert Policy() == ONDERZOEK
    assert not OPENBAAR.open_text


def test_data_for_everybody_hold_no_open_text() -> None:
    assert Policy(open_text=True).open_text
    with pytest.raises(DisclosureError, match="no open text"):
        Policy(10, "openbaar", open_text=True)


@pytest.mark.parametrize(("k", "profile"), [(4, "onderzoek"), (9, "openbaar")])
def test_smaller_classes_than_the_profile_has_are_refused(k: int, profile: str) -> None:
    with pytest.raises(DisclosureError, match="never loosen"):
        Policy(k, profile)


@pytest.mark.parametrize("limit", [Fraction(6, 100), Fraction(-1, 100)])
def test_more_suppression_than_a_twentieth_is_refused(limit: Fraction) -> None:
    with pytest.raises(DisclosureError, match="At most 5%"):
        Policy(limit=limit)


def test_unknown_profile_is_refused() -> None:
    with pytest.raises(DisclosureError, match="onderzoek, openbaar"):
        Policy(profile="intern")


def test_a_threshold_under_that_of_the_core_is_refused() -> None:
    with pytest.raises(DisclosureError, match="tighten the threshold of 10"):
        Policy(threshold=9)


def test_the_profile_keeps_its_own_k_where_the_region_asks_less() -> None:
    assert tighten(OPENBAAR, DisclosureRule(k=8)) == OPENBAAR
    assert tighten(ONDERZOEK, DisclosureRule(8, 15, Fraction(0))) == Policy(
        8, limit=Fraction(0), threshold=15
    )


policies = st.builds(
    Policy, st.integers(10, 30), st.sampled_from(["onderzoek", "openbaar"]), threshold=st.integers(10, 30)
)
rules = st.builds(DisclosureRule, st.integers(5, 30), st.integers(10, 30), st.fractions(0, Fraction(1, 20)))


@given(policies, rules)
def test_a_tightened_policy_is_as_strict_as_both(policy: Policy, rule: DisclosureRule) -> None:
    found = tighten(policy, rule)
    assert found.k == max(policy.k, rule.k)
    assert found.threshold == max(policy.threshold, rule.threshold)
    assert found.limit == min(policy.limit, rule.limit)
    assert (found.profile, found.open_text) == (policy.profile, policy.open_text)
    assert tighten(found, rule) == found
