"""Days on which no mail is planned: ours by area and year, files in place of ours, and their faults by line."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aoj_survey.errors import CalendarError
from aoj_survey.regions import SCHOOL_AREAS
from aoj_survey.waves import Calendar, find_day_off, is_known, load_calendar, propose_day, read_calendar
from aoj_survey.waves.calendar import BUILT_IN

OURS = load_calendar()
SMALL = """format: 1
public_holidays:
  source: invented
  first: 2026-01-01
  last: 2026-12-31
  days:
    - {day: 2026-05-25, nl: Tweede Pinksterdag, en: Whit Monday}
school_holidays:
  source: invented
  first: 2026-01-01
  last: 2026-12-31
  periods:
    - {first: 2026-05-26, last: 2026-05-29, areas: noord zuid, nl: Lentevakantie, en: lent}
"""


def count_easter(year: int) -> date:
    """Easter by another way than the file's: Gauss, as corrected by Lichtenberg."""
    century = year // 100
    moon = (15 + (3 * century + 3) // 4 - (8 * century + 13) // 25 + 19 * (year % 19)) % 30
    moon -= (moon + year % 19 // 11) // 29
    border = 21 + moon
    sunday = 7 - (year + year // 4 + 2 - (3 * century + 3) // 4) % 7
    return date(year, 3, 1) + timedelta(days=border + 7 - (border - sunday) % 7 - 1)


def list_public(year: int) -> set[date]:
    """Dutch public holidays by rule, to hold against the file."""
    easter = count_easter(year)
    king = date(year, 4, 27)
    fixed = {date(year, *day) for day in ((1, 1), (5, 5), (12, 25), (12, 26))}
    counted = {easter + timedelta(days=days) for days in (-2, 0, 1, 39, 49, 50)}
    return fixed | counted | {king - timedelta(days=king.weekday() == 6)}


@pytest.mark.parametrize("year", range(2025, 2031))
def test_the_public_holidays_are_those_of_the_rule(year: int) -> None:
    assert {day for day in OURS.public_holidays if day.year == year} == list_public(year)


@pytest.mark.parametrize(
    ("day", "area", "reason", "name"),
    [
        ("2026-05-25", "zuid", "public_holiday", "Tweede Pinksterdag"),
        ("2027-04-27", "", "public_holiday", "Koningsdag"),
        ("2026-05-09", "noord", "weekend", ""),
        # The three areas of 2027-2028 and 2028-2029, as the Rijksoverheid's pages have them.
        ("2027-10-18", "noord", "school_holiday", "Herfstvakantie"),
        ("2027-10-25", "zuid", "school_holiday", "Herfstvakantie"),
        ("2028-02-28", "midden", "school_holiday", "Voorjaarsvakantie"),
        ("2028-07-10", "midden", "school_holiday", "Zomervakantie"),
        ("2028-08-31", "zuid", "school_holiday", "Zomervakantie"),
        ("2029-02-12", "zuid", "school_holiday", "Voorjaarsvakantie"),
        ("2029-08-31", "noord", "school_holiday", "Zomervakantie"),
        ("2029-05-04", "midden", "school_holiday", "Meivakantie"),
        ("2026-10-12", "noord", "school_holiday", "Herfstvakantie"),
        ("2027-02-15", "zuid", "school_holiday", "Voorjaarsvakantie"),
        ("2027-09-03", "zuid", "school_holiday", "Zomervakantie"),
        ("2030-02-18", "noord", "school_holiday", "Voorjaarsvakantie"),
        ("2030-08-30", "noord", "school_holiday", "Zomervakantie"),
    ],
)
def test_a_day_off_has_a_reason_and_a_name(day: str, area: str, reason: str, name: str) -> None:
    off = find_day_off(OURS, date.fromisoformat(day), area)
    assert off is not None
    assert (off.reason, off.names.get("nl", "")) == (reason, name)


@pytest.mark.parametrize(
    ("day", "area"),
    [
        ("2026-05-26", "zuid"),
        ("2027-10-18", "zuid"),
        ("2027-10-25", "noord"),
        ("2028-02-28", "noord"),
        ("2028-07-10", "noord"),
        ("2028-07-10", ""),
        ("2029-02-12", "midden"),
        ("2027-02-15", "midden"),
        ("2030-02-18", "zuid"),
    ],
)
def test_other_days_are_free_for_mail(day: str, area: str) -> None:
    assert find_day_off(OURS, date.fromisoformat(day), area) is None


def test_every_area_has_five_holidays_in_every_whole_school_year() -> None:
    for area in SCHOOL_AREAS:
        for year in range(2025, 2030):
            names = [
                holiday.names["nl"]
                for holiday in OURS.school_holidays
                if area in holiday.areas and date(year, 9, 15) <= holiday.first < date(year + 1, 9, 1)
            ]
            assert names == [
                "Herfstvakantie",
                "Kerstvakantie",
                "Voorjaarsvakantie",
                "Meivakantie",
                "Zomervakantie",
            ], (area, year)


def test_school_holidays_run_from_saturday_to_sunday_and_never_overlap() -> None:
    for area in SCHOOL_AREAS:
        spans = sorted(
            (holiday.first, holiday.last) for holiday in OURS.school_holidays if area in holiday.areas
        )
        assert all((first.weekday(), last.weekday()) == (5, 6) for first, last in spans)
        assert all(before[1] < after[0] for before, after in pairwise(spans))
        assert spans[-1][1] <= OURS.school_known[1]


def test_the_three_summers_differ_and_the_other_fixed_holidays_do_not() -> None:
    for year in range(2025, 2031):
        summers = {
            holiday.areas: holiday.first
            for holiday in OURS.school_holidays
            if holiday.names["nl"] == "Zomervakantie" and holiday.first.year == year
        }
        assert len(summers) == len(set(summers.values())) == 3
        may = [
            holiday.areas
            for holiday in OURS.school_holidays
            if holiday.names["nl"] == "Meivakantie" and holiday.first.year == year
        ]
        assert may == [SCHOOL_AREAS]


days = st.dates(date(2025, 1, 1), date(2029, 12, 31))


@given(day=days, area=st.sampled_from(["", *SCHOOL_AREAS]))
def test_the_proposed_day_is_the_first_free_one(day: date, area: str) -> None:
    proposed = propose_day(OURS, day, area)
    assert proposed is not None
    assert proposed >= day
    assert find_day_off(OURS, proposed, area) is None
    assert all(find_day_off(OURS, one, area) for one in each_day(day, proposed))


def each_day(first: date, end: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range((end - first).days))


def test_a_day_past_the_known_years_is_not_known() -> None:
    assert is_known(OURS, date(2029, 12, 1), "zuid")
    assert is_known(OURS, date(2030, 2, 1), "zuid")
    assert not is_known(OURS, date(2030, 10, 1), "zuid")
    assert is_known(OURS, date(2030, 10, 1), "")
    assert not is_known(OURS, date(2031, 2, 1), "")
    assert not is_known(OURS, date(2024, 12, 31), "")


def test_no_day_is_proposed_where_none_comes_soon() -> None:
    endless = read_calendar(SMALL.replace("last: 2026-05-29", "last: 2027-05-29"), "small.yaml")
    assert propose_day(endless, date(2026, 5, 26), "noord") is None
    assert propose_day(endless, date(2026, 5, 26), "midden") == date(2026, 5, 26)


# Files in place of ours


def test_a_file_takes_the_place_of_ours(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(SMALL, encoding="utf-8")
    own = load_calendar(str(file))
    assert propose_day(own, date(2026, 5, 25), "zuid") == date(2026, 6, 1)
    assert propose_day(own, date(2026, 5, 25), "midden") == date(2026, 5, 26)
    assert own.sources == ("invented", "invented")


def test_our_own_file_is_an_example_to_change(tmp_path: Path) -> None:
    file = tmp_path / "copy.yaml"
    file.write_bytes(BUILT_IN.read_bytes())
    assert load_calendar(str(file)) == OURS


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("format: 1", "format: 2", ":1: this format is not known"),
        ("day: 2026-05-25", "day: 25 mei", ":7: '25 mei' is no day; write it like 2026-05-25"),
        ("first: 2026-05-26", "first: 2026-06-26", ":13: it ends (2026-05-29) before it begins (2026-06-26)"),
        ("noord zuid", "oost", ":13: areas are noord, midden, zuid"),
        ("en: lent", "de: Lenz", ":13: write here exactly the keys first, last, areas, nl, en"),
        ("nl: Tweede Pinksterdag", "nl: ''", ":7: write a word or a day here"),
        (
            "  source: invented\n  first",
            "  sources: invented\n  first",
            ":3: write here exactly the keys source",
        ),
        ("format: 1", "format: [", "line"),
    ],
)
def test_a_fault_in_a_file_is_told_with_its_line(old: str, new: str, fault: str) -> None:
    with pytest.raises(CalendarError) as caught:
        read_calendar(SMALL.replace(old, new, 1), "own.yaml")
    told = str(caught.value)
    assert told.startswith("own.yaml:")
    assert fault in told or fault == "line"


def test_all_faults_of_a_file_are_told_at_once() -> None:
    broken = SMALL.replace("day: 2026-05-25", "day: x").replace("areas: noord zuid", "areas: oost")
    with pytest.raises(CalendarError) as caught:
        read_calendar(broken, "own.yaml")
    assert len(str(caught.value).splitlines()) == 2


@pytest.mark.parametrize("text", ["", "[]", "just words", "format: 1", "- 1", "\x00"])
def test_what_is_no_calendar_is_refused(text: str) -> None:
    with pytest.raises(CalendarError, match=r"own\.yaml"):
        read_calendar(text, "own.yaml")


def test_a_file_that_is_not_there_or_no_text_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(
        CalendarError, match=r"none\.yaml: this calendar cannot be read \(FileNotFoundError\)"
    ):
        load_calendar(str(tmp_path / "none.yaml"))
    (tmp_path / "bytes.yaml").write_bytes(b"\xff\xfe")
    with pytest.raises(CalendarError, match="UnicodeDecodeError"):
        load_calendar(str(tmp_path / "bytes.yaml"))
    (tmp_path / "large.yaml").write_text("#" * 300_000, encoding="utf-8")
    with pytest.raises(CalendarError, match="is larger than"):
        load_calendar(str(tmp_path / "large.yaml"))


@given(st.text(max_size=200))
def test_no_text_makes_the_reader_fail_otherwise(text: str) -> None:
    try:
        made: Calendar | None = read_calendar(text, "own.yaml")
    except CalendarError:
        made = None
    assert made is None
