"""The workbook as a spreadsheet has it, read with another library than that which wrote it."""

import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest

from aoj_survey.exports.variables import Code, Sheet, Variable
from aoj_survey.exports.workbook import LONGEST_CELL, read_xlsx, write_xlsx
from tests.exports.sheets import LABEL, SHEET, VARIABLES

FORMULAS = ["=1+1", "+31", "-2", "@SUM(A1)", '=HYPERLINK("http://x.example")', "{=1}", "http://x.example"]


def write(folder: Path, sheet: Sheet = SHEET) -> Path:
    path = folder / "responses.xlsx"
    write_xlsx(path, sheet)
    return path


def load(path: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return openpyxl.load_workbook(path)


def test_first_sheet_holds_the_data_and_the_second_the_codebook(tmp_path: Path) -> None:
    book = load(write(tmp_path))
    assert book.sheetnames == ["responses", "codebook"]
    header, first, second, *_ = book["responses"].iter_rows(values_only=True)
    assert header == tuple(item.name for item in VARIABLES)
    assert first == ("proef", 1, 2.338983, 1, 12, 1, 0, "2026-05-31", "2026-05")
    assert second[-2:] == (-7, -8)


def test_codebook_tells_each_column_and_code_in_dutch_and_english(tmp_path: Path) -> None:
    rows = list(load(write(tmp_path))["codebook"].iter_rows(values_only=True))
    assert rows[0] == ("column", "holds", "label_nl", "label_en", "value", "meaning_nl", "meaning_en")
    assert ("snel", "code", "kolom", "column", "", "", "") in rows
    assert ("snel", "", "", "", 99, "weet ik niet", "I don't know") in rows
    assert ("snel", "", "", "", -8, "ontbreekt -8", "missing -8") in rows


@pytest.mark.parametrize("text", FORMULAS)
def test_text_is_never_a_formula_or_a_link(text: str, tmp_path: Path) -> None:
    variables = (Variable("region", "text", {"nl": text, "en": text}),)
    book = load(write(tmp_path, Sheet("aoj", variables, [(text,)])))
    for cell in (book["responses"]["A2"], book["codebook"]["C2"]):
        assert (cell.data_type, cell.value, cell.hyperlink) == ("s", text, None)


def test_twin_written_as_anything_the_text_would_be_a_formula(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xlsxwriter.worksheet.Worksheet.write_string", _write_as_formula)
    variables = (Variable("region", "text", LABEL),)
    cell = load(write(tmp_path, Sheet("aoj", variables, [("=1+1",)])))["responses"]["A2"]
    assert cell.data_type == "f"


def _write_as_formula(sheet: Any, row: int, column: int, text: str) -> None:
    sheet.write_formula(row, column, text if text.startswith("=") else f'="{text}"')


def test_file_says_nothing_of_the_day_it_was_written(tmp_path: Path) -> None:
    with ZipFile(write(tmp_path)) as archive:
        assert {item.date_time for item in archive.infolist()} == {(1980, 1, 31, 0, 0, 0)}
        core = archive.read("docProps/core.xml").decode()
    assert core.count("2000-01-01T00:00:00Z") == 2


def test_label_longer_than_a_cell_is_cut_and_reported(tmp_path: Path) -> None:
    long = replace(VARIABLES[0], label={"nl": "é" * 40_000, "en": "short"})
    variables = (long, *VARIABLES[1:])
    path = tmp_path / "responses.xlsx"
    (cut,) = write_xlsx(path, replace(SHEET, variables=variables))
    assert (cut.column, cut.value, cut.limit, len(cut.kept)) == ("region", None, LONGEST_CELL, LONGEST_CELL)
    assert list(read_xlsx(path, variables)) == list(SHEET.rows)


def test_other_meaning_of_a_code_is_noticed(tmp_path: Path) -> None:
    path = write(tmp_path)
    snel = replace(VARIABLES[3], values=(Code(1, {"nl": "nee", "en": "no"}), *VARIABLES[3].values[1:]))
    with pytest.raises(ValueError, match="codebook"):
        list(read_xlsx(path, (*VARIABLES[:3], snel, *VARIABLES[4:])))
