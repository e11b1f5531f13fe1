import random
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aoj_survey.datasets import ONDERZOEK, OPENBAAR, Policy, strictest
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


def test_of_no_policies_the_strictest_is_that_of_the_core() -> None:
    assert strictest() == ONDERZOEK


def test_profile_for_everybody_wins_with_its_k() -> None:
    assert strictest(Policy(7), OPENBAAR) == OPENBAAR
    assert strictest(OPENBAAR, Policy(12, limit=Fraction(0))) == replace(OPENBAAR, k=12, limit=Fraction(0))


policies = st.builds(
    Policy,
    st.integers(10, 30),
    st.sampled_from(["onderzoek", "openbaar"]),
    limit=st.fractions(0, Fraction(1, 20)),
) | st.builds(Policy, st.integers(5, 30), open_text=st.booleans())


@given(st.lists(policies, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_strictest_is_as_strict_as_each_in_any_order(every: list[Policy], source: random.Random) -> None:
    found = strictest(*every)
    assert found.k == max(policy.k for policy in every)
    assert found.limit == min(policy.limit for policy in every)
    assert found.open_text is all(policy.open_text for policy in every)
    assert found.profile == (
        "openbaar" if any(policy.profile == "openbaar" for policy in every) else "onderzoek"
    )
    source.shuffle(every)
    assert strictest(*every) == found
    assert strictest(found, *every) == found
