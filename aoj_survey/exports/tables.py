"""CSV as RFC 4180 has it, safe to open in a spreadsheet: UTF-8, CRLF, no cell that starts a formula.

Days and months are written by ISO 8601 (`2026-05-31`, `2026-05`), which R, SPSS, Stata and spreadsheets read as
dates; missing codes stay whole numbers below zero among them, and no date looks like that.
"""

import csv
import io
from collections.abc import Iterable, Sequence

from aoj_survey.datasets import Cell, Column
from aoj_survey.disclosure import class_code, class_label
from aoj_survey.statistics import ResponseRow, ResponseTable

DECIMALS = 6
ISO_LENGTHS = {"date": 8, "month": 6}
"""How many digits a day and a month have in a dataset, by what the column holds."""

# A spreadsheet reads these as a formula; the quote itself is guarded too, so that reading back is exact.
_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "'")


def guard_text(text: str) -> str:
    """Return the text with a quote before it when a spreadsheet could take it for a formula."""
    return f"'{text}" if text.startswith(_RISKY) else text


def release_text(text: str) -> str:
    """Return the text as it was before `guard_text`."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_RISKY) else text


def write_table(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return a CSV file. Text is guarded, decimals have six places, whole numbers stand as they are."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([_write_cell(cell) for cell in row] for row in rows)
    return file.getvalue().encode()


def write_responses(columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return the CSV file of a dataset: as `write_table`, with days and months by ISO 8601."""
    dates = {
        place: ISO_LENGTHS[column.holds]
        for place, column in enumerate(columns)
        if column.holds in ISO_LENGTHS
    }
    written = (
        [_write_date(cell, dates[place]) if place in dates else cell for place, cell in enumerate(row)]
        for row in rows
    )
    return write_table([column.name for column in columns], written)


def read_responses(content: bytes, columns: Sequence[Column]) -> tuple[tuple[Cell, ...], ...]:
    """Return the rows of a file of responses, by the kinds of its columns.

    Raises:
        ValueError: other columns than these, or a cell that is not of its column's kind.
    """
    reader = csv.reader(io.StringIO(content.decode(), newline=""), strict=True)
    if next(reader, None) != [column.name for column in columns]:
        raise ValueError("The header does not name the columns of the dataset.")
    return tuple(
        tuple(_read_cell(text, column) for text, column in zip(row, columns, strict=True)) for row in reader
    )


def response_rows(table: ResponseTable) -> list[dict[str, Cell]]:
    """Return the response table as rows to write, the total last. A rate is RR1 in whole percents.

    It is `estimated` (1) where people of group links are among the invited: their number was declared.
    """
    present = set(table.total.roles)
    named = [(class_code(row.roles, present), row) for row in table.rows]
    return [_response_row(code, row) for code, row in (*named, ("total", table.total))]


def _response_row(code: str, row: ResponseRow) -> dict[str, Cell]:
    label = {"nl": "totaal", "en": "total"} if code == "total" else class_label(code, row.roles)
    return {
        "code": code,
        "roles": " ".join(row.roles),
        "label_nl": label["nl"],
        "label_en": label["en"],
        "invited": row.invited,
        "delivered": row.delivered,
        "done": row.done,
        "rate": "" if row.rate is None else row.rate,
        "estimated": int(row.estimated),
    }


def _write_date(cell: Cell, length: int) -> Cell:
    """20260531 as 2026-05-31 and 202605 as 2026-05; a missing code stays as it is."""
    if not isinstance(cell, int) or cell < 0:
        return cell
    digits = f"{cell:0{length}d}"
    return "-".join(part for part in (digits[:4], digits[4:6], digits[6:]) if part)


def _write_cell(cell: Cell) -> str:
    if isinstance(cell, float):
        return f"{cell:.{DECIMALS}f}"
    return guard_text(cell) if isinstance(cell, str) else str(cell)


def _read_cell(text: str, column: Column) -> Cell:
    if column.holds == "text":
        return release_text(text)
    if column.holds in ISO_LENGTHS and not text.startswith("-"):
        return int(text.replace("-", ""))
    return float(text) if column.holds == "decimal" else int(text)
