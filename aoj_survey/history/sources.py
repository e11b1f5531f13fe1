"""Data files of earlier waves: SPSS, CSV or XLSX, read into rows of texts."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from importlib.util import find_spec
from io import StringIO
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from aoj_survey.errors import HistoryError, Problem

from .workbooks import find_lost_cells

SEPARATORS = ";,\t"


@dataclass(frozen=True, slots=True)
class SourceTable:
    """A data file: names of columns, and rows of as many texts; `lines` say where each row stands."""

    file: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]


def read_source_table(path: Path, sheet: str = "", encoding: str = "") -> SourceTable:
    """Return the rows of a data file; its name says what it is. Numbers are whole where they can be, dates ISO 8601.

    Rows in which nothing stands are left out.

    Raises:
        HistoryError: it cannot be read, is of no kind we read, has columns without a name or twice, rows that
            are too long, or cells whose value the file does not hold; all of them are named.
    """
    if not path.is_file():
        raise refuse(
            path, 1, "There is no such file.", "Put it beside the mapping file, or mend `data: file`."
        )
    kind = path.suffix.lower()
    if kind == ".xlsx":
        rows = _read_xlsx(path, sheet)
    elif kind == ".csv":
        rows = _read_csv(path, encoding or "utf-8")
    elif kind == ".sav":
        rows = _read_sav(path, encoding)
    else:
        raise refuse(path, 1, "Only .sav, .csv and .xlsx files are read.", "Save it as one of these.")
    header, *body = [tuple(_spell(cell) for cell in row) for row in rows] or [()]
    first = 1 if kind == ".sav" else 2
    kept = [(line, row) for line, row in enumerate(body, first) if any(row)]
    problems = [*_list_header_faults(path, header), *_list_long_rows(path, len(header), kept)]
    if kind == ".xlsx":
        problems += [tell(path, *fault) for fault in find_lost_cells(path, sheet)]
    if problems:
        raise HistoryError(problems)
    filled = tuple((row + ("",) * len(header))[: len(header)] for _, row in kept)
    return SourceTable(str(path), header, filled, tuple(line for line, _ in kept))


def refuse(path: Path, line: int, what: str, remedy: str) -> HistoryError:
    """Return the error for a data file that cannot be read at all."""
    return HistoryError([tell(path, line, 1, what, remedy)])


def tell(path: Path, line: int, column: int, what: str, remedy: str) -> Problem:
    """Return a fault at a place in a data file."""
    return Problem("data-file", str(path), line, column, what, remedy)


def _list_header_faults(path: Path, header: Sequence[str]) -> list[Problem]:
    if not header:
        return [tell(path, 1, 1, "The file is empty.", "Name the file that holds the answers.")]
    nameless = [place for place, name in enumerate(header, 1) if not name]
    twice = [place for place, name in enumerate(header, 1) if name and header.index(name) < place - 1]
    remedy = "Name it in the first row; a heading over several columns takes a row of its own, which must go."
    return [
        *(tell(path, 1, place, "This column has no name.", remedy) for place in nameless),
        *(
            tell(
                path, 1, place, f"The column {header[place - 1]!r} is there twice.", "Give each its own name."
            )
            for place in twice
        ),
    ]


def _list_long_rows(path: Path, width: int, rows: Iterable[tuple[int, Sequence[str]]]) -> list[Problem]:
    what = "This row has more cells than the header has names."
    return [tell(path, line, width + 1, what, "Mend the row.") for line, row in rows if any(row[width:])]


def _spell(cell: object) -> str:
    if cell is None or cell != cell:  # noqa: PLR0124 — only "not a number" differs from itself
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        cell = cell.date()
    return cell.isoformat() if isinstance(cell, date) else str(cell).strip()


def _read_csv(path: Path, encoding: str) -> Iterator[Sequence[object]]:
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        remedy = "Save it again as CSV UTF-8, or name its `encoding` under `data`: windows-1252 or utf-16."
        raise refuse(path, line, f"The file is not {encoding.upper()} text.", remedy) from None
    first = text.partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
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


def _read_sav(path: Path, encoding: str) -> Iterable[Sequence[object]]:
    if find_spec("pyreadstat") is None:
        remedy = "Run: pip install 'aoj-survey[export]', or save it as CSV."
        raise refuse(path, 1, "Files of SPSS need pyreadstat, which is not installed.", remedy)
    import pyreadstat  # optional: the extra "export"

    try:
        columns, _ = pyreadstat.read_sav(
            path, output_format="dict", user_missing=True, encoding=encoding or None
        )
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError) as error:
        remedy = "Save it again as .sav, or name its `encoding` under `data`."
        raise refuse(path, 1, f"It is no file of SPSS, or damaged ({error}).", remedy) from None
    return [list(columns), *zip(*columns.values(), strict=True)]
