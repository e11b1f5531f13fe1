import json
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aoj_survey.statistics import mean, response_rate, round_half_away, share, weight

REFERENCE = json.loads((Path(__file__).parent / "reference.json").read_text(encoding="utf-8"))


def case(identity: str) -> tuple[dict[str, Any], dict[str, Any], float]:
    found = next(entry for entry in REFERENCE["cases"] if entry["id"] == identity)
    return found["inputs"], found["expected"], found["tolerance"]


# Reference cases: those parts that the functions of today cover


@pytest.mark.parametrize("identity", ["P1"])
def test_share_is_that_of_the_reference(identity: str) -> None:
    inputs, expected, tolerance = case(identity)
    assert float(share(inputs["x"], inputs["n"])) == pytest.approx(expected["p"], abs=tolerance)


def test_weights_are_those_of_the_reference() -> None:
    inputs, expected, tolerance = case("P2")
    for role, stratum in inputs["strata"].items():
        answered = sum(stratum[answer] for answer in ("ja", "nee", "weet_niet"))
        assert float(weight(stratum["N"], answered)) == pytest.approx(
            expected["weights"][role], abs=tolerance
        )


def test_means_per_role_are_those_of_the_reference() -> None:
    inputs, expected, tolerance = case("M1")
    marks = {role: stratum["marks"] for role, stratum in inputs.items()}
    spread = {
        role: [int(mark) for mark in found for _ in range(found[mark])] for role, found in marks.items()
    }
    for role, value in expected["by_role_mean"].items():
        assert float(mean(spread[role])) == pytest.approx(value, abs=tolerance)
    everybody = [mark for found in spread.values() for mark in found]
    assert float(mean(everybody)) == pytest.approx(expected["unweighted_mean"], abs=tolerance)


def test_response_rates_are_those_of_the_reference() -> None:
    inputs, expected, _ = case("AAPOR")
    invited = sum(inputs.values())
    reached = invited - inputs["UO_unknown_eligibility_bounced"]
    assert float(response_rate(inputs["I_complete"], invited)) == pytest.approx(expected["RR1"], abs=1e-6)
    assert float(response_rate(inputs["I_complete"], reached)) == pytest.approx(expected["RR5"], abs=1e-6)


def test_rates_of_2015_are_those_of_the_reference() -> None:
    inputs, expected, _ = case("S1")
    assert sum(inputs["invited"].values()) == expected["sum_invited"] != inputs["printed_total"]
    for role, rate in expected["role_rates"].items():
        found = response_rate(inputs["respondents"][role], inputs["invited"][role])
        assert float(found) == pytest.approx(rate, abs=1e-6)


# Rounding


@pytest.mark.parametrize(
    ("value", "digits", "rounded"),
    [
        (Fraction(1, 2), 0, "1"),
        (Fraction(-1, 2), 0, "-1"),
        (Fraction(5, 2), 0, "3"),
        (Fraction(249, 100), 0, "2"),
        (Fraction(29, 4), 1, "7.3"),
        (Fraction(2675, 1000), 2, "2.68"),
        (Fraction(-105, 100), 1, "-1.1"),
        (Fraction(1, 3), 6, "0.333333"),
        (Decimal("0.05"), 1, "0.1"),
        (7, 1, "7.0"),
        (0, 0, "0"),
        (Fraction(10**60, 3), 0, "3" * 60),
    ],
)
def test_halves_are_rounded_away_from_zero(
    value: Fraction | Decimal | int, digits: int, rounded: str
) -> None:
    assert str(round_half_away(value, digits)) == rounded


def test_twin_floats_and_half_even_would_round_otherwise() -> None:
    assert round(7.25, 1) == 7.2
    assert round(2.675, 2) == 2.67


@given(st.decimals(-1000, 1000, places=6), st.integers(0, 6))
def test_rounding_agrees_with_the_decimal_module(value: Decimal, digits: int) -> None:
    expected = value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    assert round_half_away(Fraction(value), digits) == expected


@given(st.fractions(), st.integers(0, 4))
def test_rounded_value_is_within_half_a_step(value: Fraction, digits: int) -> None:
    assert abs(Fraction(round_half_away(value, digits)) - value) * 2 * 10**digits <= 1


# What cannot be


@pytest.mark.parametrize(("count", "base"), [(1, 0), (-1, 5), (6, 5)])
def test_impossible_share_is_refused(count: int, base: int) -> None:
    with pytest.raises(ValueError, match="is not a share"):
        share(count, base)


@pytest.mark.parametrize(("invited", "answered"), [(5, 0), (5, 6), (0, 0)])
def test_stratum_without_weight_is_an_error_never_a_zero(invited: int, answered: int) -> None:
    with pytest.raises(ValueError, match="gives no weight"):
        weight(invited, answered)


def test_mean_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="no mean"):
        mean([])


@pytest.mark.parametrize(("done", "asked"), [(0, 0), (3, 2), (-1, 2)])
def test_impossible_response_rate_is_refused(done: int, asked: int) -> None:
    with pytest.raises(ValueError, match="is not a response rate"):
        response_rate(done, asked)
