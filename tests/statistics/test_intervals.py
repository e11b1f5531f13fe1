"""Intervals of shares against the reference cases made with R."""

import json
from pathlib import Path
from typing import Any

import pytest

from aoj_survey.statistics import share_interval
from aoj_survey.statistics.intervals import exact_interval, wilson_interval

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "reference.json").read_text())["cases"]


@pytest.mark.parametrize(
    "case", [case for case in CASES if case["id"].startswith(("WF-", "H-"))], ids=lambda case: case["id"]
)
def test_intervals_are_those_of_the_reference(case: dict[str, Any]) -> None:
    find = wilson_interval if case["id"].startswith("WF-") else exact_interval
    given = case["inputs"]
    low, high = find(given["x"], given["n"], given["N"])
    assert low == pytest.approx(case["expected"]["ci_lo"], abs=case["tolerance"])
    assert high == pytest.approx(case["expected"]["ci_hi"], abs=case["tolerance"])


def test_few_answers_have_the_exact_interval_and_all_invited_none() -> None:
    assert share_interval(6, 13, 17) == exact_interval(6, 13, 17)
    assert share_interval(26, 78, 176) == wilson_interval(26, 78, 176)
    assert share_interval(9, 9, 9) is None


@pytest.mark.parametrize("numbers", [(5, 4, 9), (-1, 4, 9), (0, 0, 9), (3, 9, 8)])
def test_numbers_that_cannot_be_are_refused(numbers: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="is no share"):
        share_interval(*numbers)


def test_few_answers_of_very_many_invited_have_an_interval_too() -> None:
    # Close to that of an endless population: Clopper and Pearson's for 6 of 13.
    assert exact_interval(6, 13, 200_000) == pytest.approx((0.192232, 0.748655), abs=1e-4)
