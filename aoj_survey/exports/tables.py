"""CSV as RFC 4180 has it, safe to open in a spreadsheet: UTF-8, CRLF, no cell that starts a formula.

Days and months are written by ISO 8601 (`2026-05-31`, `2026-05`), which R, SPSS, Stata and spreadsheets read as
dates; missing codes stay whole numbers below zero among them, and no date looks like that. Rows are written and
read one by one, so a large file takes no more memory than a small one.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, TypeAlias

from aoj_survey.datasets import Cell

from .variables import Cut, Row, Sheet, Variable

Spelling: TypeAlias = Callable[[Cell], Cell]

DECIMALS = 6
ISO_LENGTHS = {"date": 8, "month": 6}
"""How many digits a day and a month have in a dataset, by what the column holds."""

# A cell begins with the text, and where a spreadsheet divides cells by semicolons (as in Dutch) or tabs also behind one of
# those, and behind a line end, since quotes do not hold a text together there. Wide signs count as the narrow ones.
_SIGN = re.compile(r"[=+\-@\uff0b\uff0d\uff1d\uff20\t\r\n]")
_FORMULA = r"""['"\s]*[=+\-@\uff0b\uff0d\uff1d\uff20]"""
_BEFORE_FORMULA = re.compile(rf"(^|[;\t\r\n])(?={_FORMULA})|^(?='*[\t\r\n])")
_GUARD = re.compile(rf"(^|[;\t\r\n])'(?={_FORMULA})|^'(?='*[\t\r\n])")


def guard_text(text: str) -> str:
    """Return the text with a quote wherever a spreadsheet could take what follows for a formula."""
    # Most texts are the name of a region, a million times.
    return _BEFORE_FORMULA.sub(r"\1'", text) if _SIGN.search(text) else text


def release_text(text: str) -> str:
    """Return the text as it was before `guard_text`."""
    return _GUARD.sub(r"\1", text) if "'" in text else text


def write_table(file: IO[str], header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write a CSV table. Text is guarded, whole numbers stand as they are."""
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([guard_text(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)


def write_csv(path: Path, sheet: Sheet) -> list[Cut]:
    """Write the rows as CSV: text guarded, weights with six decimals, days and months by ISO 8601."""
    spellings = _find_spellings(sheet.variables)
    with path.open("x", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow([variable.name for variable in sheet.variables])
        writer.writerows(_spell(row, spellings) for row in sheet.rows)
    return []


def read_csv(path: Path, variables: Sequence[Variable]) -> Iterator[Row]:
    """Return the rows of a file with these columns.

    Raises:
        ValueError: other columns than these, or a cell that is not of its column's kind.
    """
    readings = [_find_reading(variable) for variable in variables]
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file, strict=True)
        if next(reader, None) != [variable.name for variable in variables]:
            raise ValueError(f"The header of {path.name} does not name the columns of the dataset.")
        for row in reader:
            yield tuple(read(text) for read, text in zip(readings, row, strict=True))


def find_dates(variables: Sequence[Variable]) -> dict[int, Spelling]:
    """Return how days and months are spelled, by the place of the column."""
    return {
        place: _spell_day if variable.holds == "date" else _spell_month
        for place, variable in enumerate(variables)
        if variable.holds in ISO_LENGTHS
    }


def _find_spellings(variables: Sequence[Variable]) -> Mapping[int, Spelling]:
    """How cells are spelled, where that differs from how they stand in the dataset."""
    other: dict[str, Spelling] = {"text": lambda cell: guard_text(str(cell)), "decimal": _spell_decimal}
    return find_dates(variables) | {
        place: other[variable.holds] for place, variable in enumerate(variables) if variable.holds in other
    }


def _spell(row: Row, spellings: Mapping[int, Spelling]) -> list[Cell]:
    cells = list(row)
    for place, spelling in spellings.items():
        cells[place] = spelling(cells[place])
    return cells


def _spell_decimal(cell: Cell) -> Cell:
    return f"{cell:.{DECIMALS}f}"


def _spell_day(cell: Cell) -> Cell:
    return _spell_date(cell, ISO_LENGTHS["date"])


def _spell_month(cell: Cell) -> Cell:
    return _spell_date(cell, ISO_LENGTHS["month"])


def _spell_date(cell: Cell, length: int) -> Cell:
    """20260531 as 2026-05-31 and 202605 as 2026-05; a missing code stays as it is."""
    if not isinstance(cell, int) or cell < 0:
        return cell
    digits = f"{cell:0{length}d}"
    return "-".join(part for part in (digits[:4], digits[4:6], digits[6:]) if part)


def read_date(text: str) -> int:
    """Return a day or month spelled by ISO 8601, or a missing code, as the number in the dataset."""
    return int(text if text.startswith("-") else text.replace("-", ""))


def _find_reading(variable: Variable) -> Callable[[str], Cell]:
    if variable.holds in ISO_LENGTHS:
        return read_date
    return {"text": release_text, "decimal": float}.get(variable.holds, int)
