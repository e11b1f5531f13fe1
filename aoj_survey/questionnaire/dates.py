"""Days and months as they are stored: `2026-05-31` and `2026-05` (ISO 8601)."""

import re
from datetime import date

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
_MONTHS = 12


def read_day(text: str) -> int | None:
    """Return the number of a day, counted from the year 1, or None when the text is no day."""
    if not _DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text).toordinal()
    except ValueError:
        return None


def read_month(text: str) -> int | None:
    """Return the number of a month, counted from the year 0, or None when the text is no month."""
    if not _MONTH.fullmatch(text):
        return None
    year, month = int(text[:4]), int(text[5:])
    return year * _MONTHS + month - 1 if year and 1 <= month <= _MONTHS else None


def write_day(number: int) -> str:
    """Return the day with this number; the inverse of `read_day`."""
    return date.fromordinal(number).isoformat()


def write_month(number: int) -> str:
    """Return the month with this number; the inverse of `read_month`."""
    return f"{number // _MONTHS:04d}-{number % _MONTHS + 1:02d}"
