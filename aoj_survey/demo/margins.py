"""The figures of 2015 as published, and what we invented beside them, from `margins.json`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from aoj_survey.questionnaire import Text

SOURCE = Path(__file__).with_name("margins.json")


@dataclass(frozen=True, slots=True)
class AnswerMargin:
    """The share of one answer; `invented` when the source does not print this number."""

    answer: str
    percent: int
    invented: bool = False
    words: Text | None = None


@dataclass(frozen=True, slots=True)
class ItemMargin:
    """How a group of roles answered an item. `answered` is set when not everybody did."""

    item: str
    group: str
    answers: tuple[AnswerMargin, ...]
    answered: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class MarkMargin:
    """Marks a role gave: the published mean, None where it cannot be read, and our counts per mark."""

    item: str
    role: str
    mean: Decimal | None
    counts: Mapping[int, int]
    words: Text | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Margins:
    """All margins of a wave and how many people answered per role."""

    response: Mapping[str, int]
    items: tuple[ItemMargin, ...]
    marks: tuple[MarkMargin, ...] = ()

    def find_item(self, item: str, group: str) -> ItemMargin | None:
        """Return the margin of an item in a group, or None when there is none."""
        return next((found for found in self.items if (found.item, found.group) == (item, group)), None)

    def find_marks(self, item: str, role: str) -> MarkMargin | None:
        """Return the marks a role gave, or None when there are none."""
        return next((found for found in self.marks if (found.item, found.role) == (item, role)), None)


@cache
def load_margins() -> Margins:
    """Return the margins of 2015."""
    stored: dict[str, Any] = json.loads(SOURCE.read_text(encoding="utf-8"))
    return Margins(
        stored["response"],
        tuple(_read_item(entry) for entry in stored["items"]),
        tuple(_read_marks(entry) for entry in stored["marks"]),
    )


def _read_item(entry: Mapping[str, Any]) -> ItemMargin:
    answers = tuple(AnswerMargin(**answer) for answer in entry["answers"])
    return ItemMargin(entry["item"], entry["group"], answers, entry.get("answered"), entry.get("note", ""))


def _read_marks(entry: Mapping[str, Any]) -> MarkMargin:
    return MarkMargin(
        entry["item"],
        entry["role"],
        None if entry["mean"] is None else Decimal(entry["mean"]),
        {int(mark): count for mark, count in entry["counts"].items()},
        entry.get("words"),
        entry.get("note", ""),
    )
