"""Data files of earlier waves: SPSS, CSV or XLSX, read into rows of texts."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from importlib.util import find_spec
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from aoj_survey.errors import HistoryError, Problem

SEPARATORS = ";,\t"


@dataclass(frozen=True, slots=True)
class SourceTable:
    """A data file: names of columns, and rows of as many texts; `first` is the line its first row stands on."""

    file: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    first: int


def read_source_table(path: Path, sheet: str = "") -> SourceTable:
    """Return the rows of a data file; its name says what it is. Numbers are whole where they can be, dates ISO 8601.

    Raises:
        HistoryError: it cannot be read, is of no kind we read, or has a column without a name or one twice.
    """
    readers = {".csv": _read_csv, ".sav": _read_sav}
    if not path.is_file():
        raise refuse(
            path, 1, "There is no such file.", "Put it beside the mapping file, or mend `data: file`."
        )
    if path.suffix.lower() == ".xlsx":
        rows = _read_xlsx(path, sheet)
    elif path.suffix.lower() in readers:
        rows = readers[path.suffix.lower()](path)
    else:
        raise refuse(path, 1, "Only .sav, .csv and .xlsx files are read.", "Save it as one of these.")
    header, *body = [tuple(_spell(cell) for cell in row) for row in rows] or [()]
    _refuse_bad_header(path, header)
    first = 1 if path.suffix.lower() == ".sav" else 2
    kept = [(first + number, row) for number, row in enumerate(body)]
    for line, row in kept:
        if len(row) > len(header) and any(row[len(header) :]):
            raise refuse(path, line, "This row has more cells than the header has names.", "Mend the row.")
    return SourceTable(
        str(path), header, tuple((row + ("",) * len(header))[: len(header)] for _, row in kept), first
    )


def refuse(path: Path, line: int, what: str, remedy: str, column: int = 1) -> HistoryError:
    """Return the error for a data file that cannot be read at all."""
    return HistoryError([Problem("data-file", str(path), line, column, what, remedy)])


def _refuse_bad_header(path: Path, header: Sequence[str]) -> None:
    for place, name in enumerate(header, 1):
        if not name:
            raise refuse(path, 1, "This column has no name.", "Name it in the first row.", place)
        if header.index(name) < place - 1:
            raise refuse(path, 1, f"The column {name!r} is there twice.", "Give each its own name.", place)
    if not header:
        raise refuse(path, 1, "The file is empty.", "Name the file that holds the answers.")


def _spell(cell: object) -> str:
    if cell is None or cell != cell:  # noqa: PLR0124 — only "not a number" differs from itself
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        cell = cell.date()
    return cell.isoformat() if isinstance(cell, date) else str(cell).strip()


def _read_csv(path: Path) -> Iterator[Sequence[object]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes().count(b"\n", 0, error.start) + 1
        raise refuse(path, line, "The file is not UTF-8 text.", "Save it again as: CSV UTF-8.") from None
    first = text.partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
    reader = csv.reader(text.splitlines(keepends=True), delimiter=separator, strict=True)
    try:
        yield from reader
    except csv.Error as error:
        raise refuse(
            path, reader.line_num, f"From here on it is not CSV ({error}).", "Check its quotes."
        ) from None


def _read_xlsx(path: Path, sheet: str) -> Iterable[Sequence[object]]:
    try:
        book = CalamineWorkbook.from_path(path)
        named = sheet or book.sheet_names[0]
        if named not in book.sheet_names:
            known = ", ".join(book.sheet_names)
            raise refuse(path, 1, f"There is no sheet {named!r}.", f"Write one of these as `sheet`: {known}.")
        return book.get_sheet_by_name(named).to_python(skip_empty_area=False)
    except CalamineError as error:
        raise refuse(path, 1, f"It cannot be read ({error}).", "Save it again as .xlsx.") from None


def _read_sav(path: Path) -> Iterable[Sequence[object]]:
    if find_spec("pyreadstat") is None:
        remedy = "Run: pip install 'aoj-survey[export]', or save it as CSV."
        raise refuse(path, 1, "Files of SPSS need pyreadstat, which is not installed.", remedy)
    import pyreadstat  # optional: the extra "export"

    try:
        columns, _ = pyreadstat.read_sav(path, output_format="dict", user_missing=True)
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError) as error:
        raise refuse(path, 1, f"It is no file of SPSS ({error}).", "Save it again as .sav.") from None
    return [list(columns), *zip(*columns.values(), strict=True)]
