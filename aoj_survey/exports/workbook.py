"""XLSX for spreadsheets: a sheet with the data and one with the codebook. Text is text, never a formula."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from python_calamine import CalamineWorkbook

from aoj_survey.datasets import Cell

from .tables import ISO_LENGTHS, find_dates, read_date
from .variables import LANGUAGES, Cut, Row, Sheet, Variable, cut_characters, say

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

MOST_ROWS = 100_000
LONGEST_CELL = 32_767
"""Characters in one cell, by Excel's limits."""

CODES = "codebook"
HEADER = ("column", "holds", "label_nl", "label_en", "value", "meaning_nl", "meaning_en")
CREATED = datetime(2000, 1, 1)  # noqa: DTZ001 — XLSX knows no time zones; always this day, so the same bytes


def write_xlsx(path: Path, sheet: Sheet) -> list[Cut]:
    """Write the workbook and return what had no room in a cell. Days and months are texts by ISO 8601.

    The sheet with the data has the name of the file.
    """
    import xlsxwriter  # optional: the extra "export"

    dates = find_dates(sheet.variables)
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(path, options) as book:
        book.set_properties({"created": CREATED, "title": sheet.name})
        rows = (
            [dates[place](cell) if place in dates else cell for place, cell in enumerate(row)]
            for row in sheet.rows
        )
        _fill(book.add_worksheet(path.stem), [variable.name for variable in sheet.variables], rows)
        _fill(book.add_worksheet(CODES), HEADER, list_codes(sheet.variables))
    return list_cuts(path.name, sheet.variables)


def read_xlsx(path: Path, variables: Sequence[Variable]) -> Iterator[Row]:
    """Return the rows of the data sheet.

    Raises:
        ValueError: other columns than these, or a codebook that says something else.
    """
    book = CalamineWorkbook.from_path(path)
    codes = [tuple(row) for row in book.get_sheet_by_name(CODES).to_python()]
    if codes != [HEADER, *list_codes(variables)]:
        raise ValueError(f"The codebook in {path.name} is not that of the dataset.")
    rows = book.get_sheet_by_name(path.stem).iter_rows()
    if next(rows, None) != [variable.name for variable in variables]:
        raise ValueError(f"{path.name} has other columns than the dataset.")
    for row in rows:
        yield tuple(_read_cell(cell, variable) for cell, variable in zip(row, variables, strict=True))


def list_codes(variables: Iterable[Variable]) -> list[tuple[Cell, ...]]:
    """Return the codebook as rows: each column, and below it each of its codes."""
    rows: list[tuple[Cell, ...]] = []
    for variable in variables:
        labels = [_fit(say(variable.label, language)) for language in LANGUAGES]
        rows.append((variable.name, variable.holds, *labels, "", "", ""))
        for code in variable.codes:
            meaning = [_fit(say(code.label, language)) for language in LANGUAGES]
            rows.append((variable.name, "", "", "", code.value, *meaning))
    return rows


def list_cuts(file: str, variables: Iterable[Variable]) -> list[Cut]:
    """Return the labels that are longer than a cell."""
    return [
        Cut(file, variable.name, value, LONGEST_CELL, "characters", _fit(say(text, language)))
        for variable in variables
        for value, text in ((None, variable.label), *((code.value, code.label) for code in variable.codes))
        for language in LANGUAGES
        if len(say(text, language)) > LONGEST_CELL
    ]


def _fill(sheet: "Worksheet", header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    sheet.freeze_panes(1, 0)
    for number, row in enumerate((header, *rows)):
        for place, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(number, place, cell)
            else:
                sheet.write_number(number, place, cell)


def _fit(text: str) -> str:
    return cut_characters(text, LONGEST_CELL)


def _read_cell(cell: object, variable: Variable) -> Cell:
    if isinstance(cell, str):
        return read_date(cell) if variable.holds in ISO_LENGTHS else cell
    if not isinstance(cell, float):
        raise ValueError(f"{variable.name} has a cell that is no text and no number.")  # noqa: TRY004 — the file's fault
    return cell if variable.holds == "decimal" else int(cell)
