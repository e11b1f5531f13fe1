"""The checks on what was sent, as WTForms wants them, and dates and rankings as they were sent."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from wtforms.fields.core import Field
from wtforms.form import BaseForm
from wtforms.validators import ValidationError

from aoj_survey.questionnaire import Item, count_ranks, read_day, read_month

_WHOLE_NUMBER = re.compile(r"[0-9]{1,12}")
DAY_WIDTHS, MONTH_WIDTHS = (2, 2, 4), (2, 4)
"""Figures in each part of a day (day, month, year) and of a month."""


@dataclass(frozen=True, slots=True)
class FieldFault:
    """What a field keeps as its error, in place of a sentence: see `FormError`."""

    code: str
    values: dict[str, int]


def fail(code: str, **values: int) -> ValidationError:
    """Return the error to raise in a field."""
    # WTForms passes on whatever is given; only its stubs say it is a text.
    return ValidationError(FieldFault(code, values))  # pyright: ignore[reportArgumentType]


Check: TypeAlias = Callable[[BaseForm, Field], None]
"""WTForms calls a check with the form and the field."""


def require_choice(item: Item) -> Check:
    """Return the check that a required question was answered."""

    def check(form: BaseForm, field: Field) -> None:
        del form
        if item.required and not field.data:
            raise fail("choose")

    return check


def check_alone(item: Item) -> Check:
    """Return the check that an answer which goes alone was not given with another."""
    alone = {choice.code for choice in item.choices if choice.alone}

    def check(form: BaseForm, field: Field) -> None:
        del form
        chosen = set(field.data or ())
        if len(chosen) > 1 and chosen & alone:
            raise fail("exclusive")

    return check


def check_ranking(item: Item) -> Check:
    """Return the check of a ranking: no gaps, no answer twice, none that was not offered."""
    codes = {choice.code for choice in item.choices}

    def check(form: BaseForm, field: Field) -> None:
        del form
        ranked = drop_empty_end(field.data)
        if item.required and not ranked:
            raise fail("choose")
        if "" in ranked:
            raise fail("rank_missing", rank=ranked.index("") + 1)
        if not codes.issuperset(ranked) or len(ranked) > count_ranks(item):
            raise fail("forged")
        if len(set(ranked)) < len(ranked):
            raise fail("ranked_twice")

    return check


def check_number(item: Item) -> Check:
    """Return the check of a whole number between its bounds."""
    minimum, maximum = item.minimum or 0, item.maximum or 0

    def check(form: BaseForm, field: Field) -> None:
        del form
        typed = str(field.data or "").strip()
        if not typed and not item.required:
            return
        if not _WHOLE_NUMBER.fullmatch(typed) or not minimum <= int(typed) <= maximum:
            raise fail("number", minimum=minimum, maximum=maximum)

    return check


def check_date(item: Item) -> Check:
    """Return the check of a day or a month between its bounds."""
    read = read_day if item.kind == "date" else read_month

    def check(form: BaseForm, field: Field) -> None:
        del form
        if not any(field.data or ()) and not item.required:
            return
        written = write_date(item, field.data)
        if written is None or read(written) is None:
            raise fail("date")
        if written < (item.earliest or ""):
            raise fail("too_early")
        if written > (item.latest or ""):
            raise fail("too_late")

    return check


def check_open(item: Item) -> Check:
    """Return the check of an open answer: not too long."""

    def check(form: BaseForm, field: Field) -> None:
        del form
        surplus = len(str(field.data)) - (item.max_length or 0)
        if surplus > 0:
            raise fail("too_long", surplus=surplus)
        if item.required and not field.data:
            raise fail("choose")

    return check


def write_date(item: Item, data: Any) -> str | None:
    """Return day, month and year (or month and year) as they are stored; None when something else was sent."""
    parts = [str(part) for part in data or ()]
    widths = DAY_WIDTHS if item.kind == "date" else MONTH_WIDTHS
    fits = len(parts) == len(widths) and all(
        re.fullmatch(f"[0-9]{{1,{width}}}", part) for part, width in zip(parts, widths, strict=True)
    )
    if not fits:
        return None
    year, *rest = reversed(parts)
    return "-".join((year, *(part.zfill(2) for part in rest)))


def drop_empty_end(data: Any) -> list[str]:
    """Return what was chosen for each rank, without the ranks that were left open at the end."""
    ranked = [str(part) for part in data or ()]
    while ranked and not ranked[-1]:
        ranked.pop()
    return ranked
