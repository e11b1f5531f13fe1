"""Lists as people make them: CSV, XLSX or ODS, read into rows of cells with the numbers a spreadsheet shows.

Files come from strangers. What one would be unpacked, its rows and its columns are bounded before it is read:
a single cell in the last row and column of a sheet must not ask for the whole sheet in memory.
"""

import csv
import io
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from aoj_survey.errors import Fault, FrameError

from .cells import looks_like_address
from .opendocument import OPENDOCUMENT, read_opendocument

MAX_FILE = 5 * 1024 * 1024
MAX_UNPACKED = 64 * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 60
MAX_CELL = 400
MAX_TEXT = 8_000_000
"""Characters in all; a file may say a long text again and again."""

LAST_ROW = 1_048_576
"""Of any spreadsheet program."""

WINDOWS = "windows-1252"
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
ZIP = b"PK\x03\x04"
SEPARATORS = ";,\t"


@dataclass(frozen=True, slots=True)
class Table:
    """A list as it was read: the names of its columns, and its rows that are not empty, by number.

    `encoding` is that of the file where it was not UTF-8: then letters like é may have been misread.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    encoding: str = ""


def refuse_file(code: str, what: str, row: int = 1, value: str = "") -> FrameError:
    """Return the error for a file that cannot be read at all."""
    return FrameError([Fault(row, "", value, what, code)])


def read_table(content: bytes, *, windows: bool = False) -> Table:
    """Return the first sheet of a file that holds anything; what it is follows from its content, not its name.

    With `windows`, text that is not UTF-8 is read as Windows-1252.

    Raises:
        FrameError: it is too large, or no list; one fault says why, and where.
    """
    if len(content) > MAX_FILE:
        raise refuse_file("too_large", f"The file is larger than {MAX_FILE // 1024 // 1024} MiB. Split it.")
    if content.startswith(OLD_EXCEL):
        what = "This is a file of an old Excel (.xls). Open it and save it as .xlsx."
        raise refuse_file("old_excel", what)
    if content.startswith(ZIP):
        return _name_columns(_read_sheets(content))
    text, encoding = _decode(content, windows=windows)
    return _name_columns(_split(text), encoding)


def _name_columns(table: Iterable[tuple[int, tuple[str, ...]]], encoding: str = "") -> Table:
    rows = _take(table)
    if not rows:
        raise refuse_file("empty", "The file holds no people. Put one on each row below the header.")
    first = rows[0][1]
    if any(looks_like_address(cell) for cell in first):
        # A list without a header: its columns are called as a spreadsheet does.
        return Table(
            tuple(get_column_letter(place) for place in range(1, len(first) + 1)), tuple(rows), encoding
        )
    return Table(first, tuple(rows[1:]), encoding)


def _take(table: Iterable[tuple[int, tuple[str, ...]]]) -> list[tuple[int, tuple[str, ...]]]:
    """The rows that are not empty, no more than may be."""
    rows: list[tuple[int, tuple[str, ...]]] = []
    length = 0
    for number, cells in table:
        if not any(cell and not cell.isspace() for cell in cells):
            continue
        rows.append((number, cells))
        length += sum(map(len, cells))
        if len(rows) > MAX_ROWS + 1:
            raise refuse_file("too_many", f"There are more than {MAX_ROWS} rows. Split the list.", number)
        if length > MAX_TEXT:
            raise refuse_file("too_large", "The file holds too much text for a list of people.", number)
    return rows


# Text


def _decode(content: bytes, *, windows: bool) -> tuple[str, str]:
    try:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            text, encoding = content.decode("utf-16"), ""
        else:
            text, encoding = content.decode("utf-8-sig"), ""
    except UnicodeDecodeError as error:
        if windows and (found := _decode_windows(content)):
            text, encoding = found, WINDOWS
        else:
            line = content.count(b"\n", 0, error.start)
            shown = (
                content.splitlines()[line].decode("cp1252", "replace")[:80] if content.splitlines() else ""
            )
            what = "The file is not UTF-8; it looks like Windows-1252. Save it again as: CSV UTF-8."
            raise refuse_file("encoding", what, line + 1, shown) from None
    if "\0" in text:
        raise refuse_file("no_text", "The file is not a CSV text file. Save the list as: CSV UTF-8.")
    return text, encoding


def _decode_windows(content: bytes) -> str:
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError:
        return ""


def _split(text: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The rows of a text, as a spreadsheet counts them."""
    first = next((line for line in text.split("\n") if line.strip()), "")
    separator = max(SEPARATORS, key=first.count)
    number = 0
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        for number, cells in enumerate(reader, 1):
            yield number, tuple(cells)
    except csv.Error as error:
        what = f"From this row on the file is not CSV ({error}). Check its quotes."
        raise refuse_file("quotes", what, number + 1) from None


# Sheets


def _read_sheets(content: bytes) -> list[tuple[int, tuple[str, ...]]]:
    # Whatever is wrong inside: the libraries have no one error for it, and read what strangers made.
    try:
        return _read_archive(content)
    except FrameError:
        raise
    except Exception as error:
        what = (
            f"The file cannot be read ({type(error).__name__})."
            " Open it and save it again as .xlsx or CSV UTF-8."
        )
        raise refuse_file("broken", what) from error


def _read_archive(content: bytes) -> list[tuple[int, tuple[str, ...]]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = set(archive.namelist())
        # zipfile unpacks no more of a part than the file says it holds.
        unpacked = sum(part.file_size for part in archive.infolist())
        if unpacked > MAX_UNPACKED:
            what = f"The file would be {unpacked // 1024 // 1024} MiB unpacked. Keep only the list in it."
            raise refuse_file("too_large", what)
        if "mimetype" in names and archive.read("mimetype").strip() == OPENDOCUMENT:
            return read_opendocument(archive.read("content.xml"), MAX_ROWS + 2, MAX_COLUMNS, MAX_CELL)
    if "xl/workbook.xml" in names:
        return _read_xlsx(content)
    raise refuse_file("no_sheet", "This file is no spreadsheet. Save the list as .xlsx, .ods or CSV UTF-8.")


def _read_xlsx(content: bytes) -> list[tuple[int, tuple[str, ...]]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        for sheet in book.worksheets:
            # What a sheet says of its own size need not be true.
            sheet.reset_dimensions()
            bounded = sheet.iter_rows(max_row=LAST_ROW, max_col=MAX_COLUMNS, values_only=True)
            full = (
                (number, _read_row(values))
                for number, values in enumerate(bounded, 1)
                if values.count(None) < len(values)
            )
            if rows := _take(full):
                return rows
    return []


def _read_row(values: Iterable[Any]) -> tuple[str, ...]:
    return trim([_read_cell(value) for value in values])


def trim(cells: list[str]) -> tuple[str, ...]:
    """Return the cells of a row up to the last that is not empty."""
    while cells and not cells[-1]:
        cells.pop()
    return tuple(cells)


def _read_cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, datetime):
        value = value.date()
    text = value.isoformat() if isinstance(value, date) else str(value)
    return text[:MAX_CELL].strip()
