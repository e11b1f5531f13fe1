"""The sheets of an XLSForm workbook as plain rows, and back.

A workbook from elsewhere is read within bounds: its size as a file and unpacked, its rows and its columns.
"""

import warnings
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font

from aoj_survey.errors import XlsformError

MAX_BYTES = 4 * 1024 * 1024
MAX_UNPACKED = 40 * 1024 * 1024
MAX_ROWS = 3000
MAX_COLUMNS = 200
LONGEST_CELL = 10_000

_READ = ("survey", "choices", "settings")
_ALIASES = {"relevance": "relevant", "value": "name", "caption": "label"}
"""Other names of columns that ODK's own reader (pyxform) takes too."""


@dataclass(frozen=True, slots=True)
class Remark:
    """What is not carried over as it was: where it stands (row 0 is the whole sheet), what, and what to do."""

    sheet: str
    row: int
    column: str
    what: str
    remedy: str = ""

    def __str__(self) -> str:
        row = f", row {self.row}" if self.row else ""
        column = f", column {self.column}" if self.column else ""
        return f"{self.sheet}{row}{column}: {self.what} {self.remedy}".rstrip()


@dataclass(frozen=True, slots=True)
class Row:
    """A row that is not empty: its number in the sheet (1 is the header) and its cells by column."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: the names of its columns in their order, and its rows."""

    columns: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()


def read_sheets(content: bytes) -> dict[str, Sheet]:
    """Return the sheets `survey`, `choices` and `settings` of an XLSX file by name, those that are there.

    Raises XlsformError when it is no XLSX file, is too large, or has no sheet `survey`.
    """
    _refuse_size(content)
    # Whatever is wrong inside: openpyxl has no one error for it, and reads what strangers made.
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(BytesIO(content), read_only=True, data_only=True)
            found = {sheet.title.strip().lower(): sheet for sheet in book.worksheets}
            sheets = {name: _read_sheet(name, found[name]) for name in _READ if name in found}
    except XlsformError:
        raise
    except Exception as error:
        raise _unreadable(type(error).__name__) from error
    if "survey" not in sheets:
        raise XlsformError(
            f"This workbook has no sheet survey; it has: {', '.join(found) or 'none'}."
            " An XLSForm has its questions in a sheet with that name."
        )
    return sheets


def _unreadable(reason: str) -> XlsformError:
    return XlsformError(
        f"This cannot be read as an XLSX file ({reason})."
        " Open it in a spreadsheet program, save it as .xlsx, and try again."
    )


def _refuse_size(content: bytes) -> None:
    """Refuse what would be too much to unpack; zipfile unpacks no more than a file says it holds."""
    if len(content) > MAX_BYTES:
        raise XlsformError(
            f"The file is {len(content)} bytes; at most {MAX_BYTES} are read. Leave out pictures and other sheets."
        )
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise _unreadable(type(error).__name__) from error
    if unpacked > MAX_UNPACKED:
        raise XlsformError(
            f"The file would be {unpacked} bytes unpacked; at most {MAX_UNPACKED} are read."
            " Keep only the sheets survey, choices and settings."
        )


def _read_sheet(name: str, sheet: Any) -> Sheet:
    # What a sheet says of its own size need not be true.
    sheet.reset_dimensions()
    rows: Iterable[tuple[Any, ...]] = sheet.iter_rows(
        max_row=MAX_ROWS + 1, max_col=MAX_COLUMNS, values_only=True
    )
    columns: tuple[str, ...] = ()
    kept: list[Row] = []
    for number, values in enumerate(rows, 1):
        texts = [_read_cell(value) for value in values]
        if not any(texts):
            continue
        if number > MAX_ROWS:
            raise XlsformError(f"The sheet {name} has more than {MAX_ROWS} rows. Split the questionnaire.")
        if not columns:
            columns = tuple(_read_header(text) for text in texts)
            continue
        cells = {column: text for column, text in zip(columns, texts, strict=False) if column and text}
        if cells:
            kept.append(Row(number, cells))
    return Sheet(tuple(column for column in columns if column), tuple(kept))


def _read_header(text: str) -> str:
    """A header as we write it, its language as it stands: `List Name`, `Label::Nederlands (nl)`, `relevance`."""
    name, sign, language = text.partition("::") if "::" in text else text.partition(":")
    name = name.strip().lower().replace(" ", "_")
    return _ALIASES.get(name, name) + ("::" + language.strip() if sign else "")


def _read_cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, datetime):
        value = value.date()
    text = value.isoformat() if isinstance(value, date) else str(value)
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()[:LONGEST_CELL]


def write_sheets(sheets: Mapping[str, Sequence[Mapping[str, str]]]) -> bytes:
    """Return an XLSX file with these sheets; columns stand in the order in which they first occur."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        columns = list(dict.fromkeys(column for row in rows for column in row))
        _write_row(sheet, 1, columns)
        for column in range(1, len(columns) + 1):
            sheet.cell(1, column).font = Font(bold=True)
        sheet.freeze_panes = "A2"
        for number, row in enumerate(rows, 2):
            _write_row(sheet, number, [row.get(column, "") for column in columns])
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _write_row(sheet: Any, number: int, texts: Sequence[str]) -> None:
    for column, text in enumerate(texts, 1):
        if text:
            cell = sheet.cell(number, column, text)
            # A question that begins with `=` is a text, not a formula.
            cell.data_type = "s"
            cell.alignment = Alignment(wrap_text="\n" in text, vertical="top")
