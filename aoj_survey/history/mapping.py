"""The mapping file of an earlier wave: which column of its data file holds what, in the words of a questionnaire.

Its keys are explained in `docs/history.md`.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from aoj_survey.errors import HistoryError, Problem
from aoj_survey.questionnaire import Document, read_marked, read_source

Place: TypeAlias = tuple[str | int, ...]
Code: TypeAlias = int | str
Codes: TypeAlias = Code | list[Code]
"""What stands in the data file for one answer: one code, or several that are joined."""

Base: TypeAlias = Literal["answered", "known", "all"]
"""Of whom a share is: who answered, who answered something else than don't know, or everybody who took part."""


class Shape(BaseModel):
    """A mapping of the file; other keys than these are faults."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class DataFile(Shape):
    """The data file, beside the mapping file; `sheet` names one of an XLSX file, else it is the first.

    `encoding` is that of a CSV file, UTF-8 when it is not told, or of a `.sav` that does not tell its own.
    """

    file: str
    sheet: str = ""
    encoding: Literal["", "utf-8", "utf-16", "windows-1252"] = ""


class Roles(Shape):
    """The column that holds the role, and the codes of each role in it."""

    column: str
    codes: dict[str, Codes]


class Partials(Shape):
    """The column that tells who stopped halfway, and its codes for that."""

    column: str
    codes: Codes


class ItemColumns(Shape):
    """Where an item stands: one `column`, or `columns` by choice where each choice has its own.

    `answers` are the codes of each choice, `chosen` and `not_chosen` those of a column by choice.
    """

    column: str = ""
    columns: dict[str, str] = Field(default_factory=dict)
    answers: dict[str, Codes] = Field(default_factory=dict)
    chosen: Codes = 1
    not_chosen: Codes = 0
    skipped: Codes = ""


class PrintedFigure(Shape):
    """A printed share or number of an answer, or mean of an item, over roles; over all of them when none are named."""

    item: str
    answer: str = ""
    roles: list[str] = Field(default_factory=list)
    percent: Decimal | None = None
    count: int | None = None
    mean: Decimal | None = None
    base: Base = "answered"


class Printed(Shape):
    """What was printed of the wave: counts and response in percents by role or `all`, and figures."""

    invited: dict[str, int] = Field(default_factory=dict)
    answered: dict[str, int] = Field(default_factory=dict)
    rate: dict[str, Decimal] = Field(default_factory=dict)
    figures: list[PrintedFigure] = Field(default_factory=list[PrintedFigure])


class WaveMapping(Shape):
    """A mapping file as it stands, before it is held against its questionnaires and data."""

    format: Literal[1]
    wave: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")
    region: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")
    source: str = ""
    data: DataFile
    questionnaires: list[str] = Field(min_length=1)
    role: Roles
    invited: dict[str, int]
    estimated: bool = False
    partial: Partials | None = None
    skipped: Codes = ""
    items: dict[str, ItemColumns]
    left_out: list[str] = Field(default_factory=list)
    printed: Printed = Field(default_factory=Printed)


DECIMALS = {"percent", "mean"}
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")

_WHAT = {
    "missing": ("The key `{key}` is missing.", "Add it; docs/history.md shows an example."),
    "extra_forbidden": ("The key `{key}` is not known here.", "Remove it, or look for a misspelling."),
    "too_short": ("`{key}` is empty.", "Name at least one."),
    "string_pattern_mismatch": (
        "`{key}` becomes part of a file name.",
        "Use letters, digits, - and _, starting with a letter or digit.",
    ),
    "literal_error": ("`{key}` is not right: {message}.", "Write it as it is said there."),
    "is_instance_of": ("`{key}` is no number.", "Write a number, with a point before its decimals."),
}
_OTHER = ("`{key}` is not right: {message}.", "Mend it; docs/history.md shows an example.")


@dataclass(slots=True)
class Findings:
    """The faults found so far in the mapping file; places in it are paths of keys."""

    document: Document
    file: str
    problems: list[Problem]

    def add(self, code: str, place: Place, what: str, remedy: str, *, key: bool = False) -> None:
        """Add a fault at the value, or the key, at a place; one of a code at each place."""
        mark = self.document.find_key_mark(place) if key else self.document.find_mark(place)
        found = Problem(code, self.file, mark.line, mark.column, what, remedy)
        if not any(
            (other.line, other.column, other.code) == (mark.line, mark.column, code)
            for other in self.problems
        ):
            self.problems.append(found)


def read_wave_mapping(path: Path) -> tuple[WaveMapping, Findings]:
    """Return a mapping file, and where to put the faults that are found in it later.

    Raises:
        NotFoundError: it cannot be opened.
        QuestionnaireError: it is no YAML as we read it.
        HistoryError: a key is missing, unknown, or holds something else than it should.
    """
    document = read_marked(read_source(path), str(path))
    findings = Findings(document, str(path), [])
    try:
        return WaveMapping.model_validate(_keep_decimals(document)), findings
    except ValidationError as error:
        for details in error.errors():
            _add(findings, details)
        raise HistoryError(sort_problems(findings.problems)) from None


def _keep_decimals(document: Document) -> Any:
    """The value of the document, with printed numbers as they are written: 6.80 was rounded elsewhere than 6.8."""
    printed = document.value.get("printed")
    return (
        document.value
        if printed is None
        else {**document.value, "printed": _take(document, ("printed",), printed)}
    )


def _take(document: Document, place: Place, value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _take(document, (*place, key), part) for key, part in value.items()}
    if isinstance(value, list):
        return [_take(document, (*place, number), part) for number, part in enumerate(value)]
    if place[-1] in DECIMALS or place[:-1] == ("printed", "rate"):
        written = document.find_text(place)
        return Decimal(written) if NUMBER.fullmatch(written) else value
    return value


def sort_problems(problems: list[Problem]) -> list[Problem]:
    """Return faults by file and place."""
    return sorted(problems, key=lambda found: (found.file, found.line, found.column, found.code))


def list_codes(codes: Codes) -> list[str]:
    """Return codes of the data file as texts, as cells are read."""
    return [str(code).strip() for code in (codes if isinstance(codes, list) else [codes])]


def _add(findings: Findings, details: ErrorDetails) -> None:
    place = details["loc"]
    what, remedy = _WHAT.get(details["type"], _OTHER)
    values = {"key": str(place[-1]) if place else "file", "message": details["msg"].rstrip(".").lower()}
    is_key = details["type"] == "extra_forbidden"
    findings.add("mapping", place, what.format(**values), remedy.format(**values), key=is_key)
