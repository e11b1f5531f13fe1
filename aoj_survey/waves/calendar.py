"""The calendar: days on which no mail is planned, read from a file with its source.

Those are Saturday and Sunday, Dutch public holidays, and the school holidays of a region's area.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias, TypeVar

import yaml

from aoj_survey.errors import CalendarError
from aoj_survey.regions import SCHOOL_AREAS

BUILT_IN = Path(__file__).with_name("calendar.yaml")
MAX_BYTES = 256 * 1024
LANGUAGES = ("nl", "en")
SATURDAY = 5
SEARCHED = timedelta(days=120)
"""How far ahead a better day is looked for: longer than any holiday."""

Names: TypeAlias = Mapping[str, str]
"""What a holiday is called, by language."""

Reason: TypeAlias = Literal["weekend", "public_holiday", "school_holiday"]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class DayOff:
    """Why no mail is planned on a day; `names` is empty for a weekend."""

    day: date
    reason: Reason
    names: Names


@dataclass(frozen=True, slots=True)
class SchoolHoliday:
    """A school holiday, both days included, of the areas named."""

    first: date
    last: date
    areas: tuple[str, ...]
    names: Names


@dataclass(frozen=True, slots=True)
class Calendar:
    """Public holidays by day, and school holidays; each known between two days, both included."""

    public_holidays: Mapping[date, Names]
    public_known: tuple[date, date]
    school_holidays: tuple[SchoolHoliday, ...]
    school_known: tuple[date, date]
    sources: tuple[str, str]


def find_day_off(calendar: Calendar, day: date, area: str) -> DayOff | None:
    """Return why no mail is planned on a day in an area, or None; without an area schools are left aside."""
    if names := calendar.public_holidays.get(day):
        return DayOff(day, "public_holiday", names)
    if day.weekday() >= SATURDAY:
        return DayOff(day, "weekend", {})
    for holiday in calendar.school_holidays:
        if area in holiday.areas and holiday.first <= day <= holiday.last:
            return DayOff(day, "school_holiday", holiday.names)
    return None


def propose_day(calendar: Calendar, day: date, area: str) -> date | None:
    """Return the first day from this one on which mail may be planned; None when none comes soon."""
    later = (day + timedelta(days=number) for number in range(SEARCHED.days))
    return next((one for one in later if find_day_off(calendar, one, area) is None), None)


def is_known(calendar: Calendar, day: date, area: str) -> bool:
    """Return whether the calendar knows the holidays around a day: public ones, and those of schools of an area."""
    spans = [calendar.public_known, *([calendar.school_known] if area else [])]
    return all(first <= day <= last for first, last in spans)


def load_calendar(file: str = "") -> Calendar:
    """Return the calendar of a file (the setting `calendar_file`), or ours where none is named.

    Raises:
        CalendarError: it cannot be read, or is not what a calendar looks like; the message names every line.
    """
    if not file:
        return _load_built_in()
    try:
        text = Path(file).read_bytes()[: MAX_BYTES + 1].decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CalendarError(f"{file}: this calendar cannot be read ({type(error).__name__}).") from None
    return read_calendar(text, file)


@cache
def _load_built_in() -> Calendar:
    return read_calendar(BUILT_IN.read_text(encoding="utf-8"), BUILT_IN.name)


def read_calendar(text: str, file: str) -> Calendar:
    """Return the calendar written in a YAML text; `file` is named in faults.

    Raises:
        CalendarError: holds every fault, one a line, each with its line in the file.
    """
    if len(text) > MAX_BYTES:
        raise CalendarError(f"{file}: this calendar is larger than {MAX_BYTES} bytes.")
    reader = _Reader(file)
    try:
        top = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise CalendarError(f"{file}:{mark.line + 1 if mark else 1}: {error.problem}.") from None
    except yaml.YAMLError:
        raise CalendarError(f"{file}: this calendar holds a character that cannot be in it.") from None
    calendar = reader.read(top)
    if reader.faults or calendar is None:
        raise CalendarError("\n".join(reader.faults))
    return calendar


class _Reader:
    """Reads nodes and keeps what is wrong with them, by line; what is wrong comes back as None."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[str] = []

    def blame(self, node: yaml.Node | None, what: str) -> None:
        line = node.start_mark.line + 1 if node else 1
        self.faults.append(f"{self.file}:{line}: {what}.")

    def read(self, top: yaml.Node | None) -> Calendar | None:
        parts = self.keys(top, "format", "public_holidays", "school_holidays")
        if not parts:
            return None
        if self.word(parts["format"]) != "1":
            self.blame(parts["format"], "this format is not known; write `format: 1`")
        public = self.keys(parts["public_holidays"], "source", "first", "last", "days")
        school = self.keys(parts["school_holidays"], "source", "first", "last", "periods")
        if not (public and school):
            return None
        known, taught = self.span(public), self.span(school)
        days = dict(self.items(public["days"], self.holiday))
        periods = tuple(self.items(school["periods"], self.period))
        sources = (self.word(public["source"]), self.word(school["source"]))
        if known is None or taught is None:
            return None
        return Calendar(days, known, periods, taught, sources)

    def keys(self, node: yaml.Node | None, *names: str) -> dict[str, yaml.Node]:
        """The values under exactly these keys; nothing when they are other ones."""
        pairs = node.value if isinstance(node, yaml.MappingNode) else []
        found = {key.value: value for key, value in pairs if isinstance(key, yaml.ScalarNode)}
        if len(pairs) != len(names) or set(found) != set(names):
            self.blame(node, f"write here exactly the keys {', '.join(names)}")
            return {}
        return found

    def items(self, node: yaml.Node, read: Callable[[yaml.Node], T | None]) -> Iterator[T]:
        if not isinstance(node, yaml.SequenceNode):
            self.blame(node, "write a list here")
            return
        for item in node.value:
            if (value := read(item)) is not None:
                yield value

    def holiday(self, node: yaml.Node) -> tuple[date, Names] | None:
        parts = self.keys(node, "day", *LANGUAGES)
        day = self.day(parts["day"]) if parts else None
        return (day, self.names(parts)) if day else None

    def period(self, node: yaml.Node) -> SchoolHoliday | None:
        parts = self.keys(node, "first", "last", "areas", *LANGUAGES)
        span = self.span(parts) if parts else None
        if span is None:
            return None
        areas = tuple(self.word(parts["areas"]).split())
        if not areas or set(areas) - set(SCHOOL_AREAS):
            self.blame(parts["areas"], f"areas are {', '.join(SCHOOL_AREAS)}, with spaces between")
        return SchoolHoliday(*span, areas, self.names(parts))

    def names(self, parts: Mapping[str, yaml.Node]) -> Names:
        return {language: self.word(parts[language]) for language in LANGUAGES}

    def span(self, parts: Mapping[str, yaml.Node]) -> tuple[date, date] | None:
        first, last = self.day(parts["first"]), self.day(parts["last"])
        if first is None or last is None:
            return None
        if last < first:
            self.blame(parts["last"], f"it ends ({last}) before it begins ({first})")
        return first, last

    def day(self, node: yaml.Node) -> date | None:
        text = self.word(node)
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            self.blame(node, f"{text!r} is no day; write it like 2026-05-25")
            return None

    def word(self, node: yaml.Node) -> str:
        if isinstance(node, yaml.ScalarNode) and node.value.strip():
            return node.value
        self.blame(node, "write a word or a day here")
        return ""
