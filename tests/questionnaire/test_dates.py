"""Days and months: numbers and texts are each other's inverse, and nothing else is a date."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aoj_survey.questionnaire import read_day, read_month
from aoj_survey.questionnaire.dates import write_day, write_month


@given(day=st.dates())
def test_a_day_written_reads_back(day: date) -> None:
    assert read_day(day.isoformat()) == day.toordinal()
    assert write_day(day.toordinal()) == day.isoformat()


@given(year=st.integers(1, 9999), month=st.integers(1, 12))
def test_a_month_written_reads_back_and_the_next_is_one_more(year: int, month: int) -> None:
    number = read_month(f"{year:04d}-{month:02d}")
    assert number is not None
    assert write_month(number) == f"{year:04d}-{month:02d}"
    if month < 12:
        assert read_month(f"{year:04d}-{month + 1:02d}") == number + 1


@given(one=st.dates(), other=st.dates())
def test_days_sort_as_their_texts(one: date, other: date) -> None:
    assert (one < other) is (one.isoformat() < other.isoformat())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-02-30",
        "2026-2-3",
        "26-02-03",
        "2026-02",
        "2026-W01-1",
        "20260203",
        " 2026-02-03",
        "0000-01-01",
    ],
)
def test_what_is_no_day_is_none(text: str) -> None:
    assert read_day(text) is None


@pytest.mark.parametrize(
    "text", ["", "2026-00", "2026-13", "2026-1", "2026-01-01", "0000-01", "2026\u201301"]
)
def test_what_is_no_month_is_none(text: str) -> None:
    assert read_month(text) is None
