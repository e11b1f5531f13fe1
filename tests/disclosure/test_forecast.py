"""The privacy forecast: what a list of invited people lets figures show, if 45 percent answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aoj_survey.disclosure import CaptureClass, RoleForecast, expect, forecast_roles, freeze_classes
from aoj_survey.questionnaire import ROLES

REGION_OF_2015 = {"ib": 138, "zoco": 29, "jeugdhulp": 9, "beleid_gem": 8, "swv": 9}


def forecast(invited: dict[str, int]) -> dict[str, RoleForecast]:
    return {item.role: item for item in forecast_roles(freeze_classes(invited), invited)}


@pytest.mark.parametrize(("invited", "expected"), [(138, 62), (29, 13), (9, 4), (10, 5), (0, 0)])
def test_45_percent_are_expected(invited: int, expected: int) -> None:
    assert expect(invited) == expected


def test_large_roles_stand_apart_and_small_ones_join_their_group() -> None:
    found = forecast({"ib": 138, "zoco": 29, "jeugdhulp": 24, "beleid_gem": 16, "swv": 13})
    assert [(item.role, item.invited, item.expected, item.fate) for item in found.values()] == [
        ("ib", 138, 62, "apart"),
        ("zoco", 29, 13, "apart"),
        ("jeugdhulp", 24, 11, "apart"),
        ("beleid_gem", 16, 7, "group"),
        ("swv", 13, 6, "group"),
    ]
    assert found["swv"].group == "beleid"


def test_a_small_role_is_shown_with_another_of_its_group() -> None:
    found = forecast(REGION_OF_2015 | {"beleid_gem": 16, "swv": 13})
    assert found["ib"].fate == "apart"
    assert (found["jeugdhulp"].fate, found["jeugdhulp"].together) == ("joined", ("zoco",))
    assert (found["zoco"].fate, found["zoco"].together) == ("joined", ("jeugdhulp",))


def test_few_people_are_probably_too_few() -> None:
    found = forecast({"ib": 12, "zoco": 6})
    assert {item.fate for item in found.values()} == {"too_small"}
    assert {item.fate for item in forecast({"ib": 15, "swv": 9}).values()} == {"total"}


def test_roles_in_which_nobody_was_invited_are_not_shown_with_others() -> None:
    whole = CaptureClass("professionals", ("ib", "zoco", "jeugdhulp"), 60)
    (found,) = forecast_roles((whole,), {"ib": 60, "zoco": 0})
    assert (found.fate, found.together) == ("apart", ())


def test_nobody_on_the_list_has_no_forecast() -> None:
    assert forecast_roles((), {}) == ()
    assert forecast({"ib": 0}) == {}


@given(st.dictionaries(st.sampled_from(list(ROLES)[:7]), st.integers(0, 60)))
def test_what_is_shown_apart_or_together_is_large_enough(invited: dict[str, int]) -> None:
    for item in forecast(invited).values():
        together = sum(expect(invited[role]) for role in (item.role, *item.together))
        assert item.fate == "too_small" or together >= 10
        assert item.role not in item.together
