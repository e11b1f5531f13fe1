"""The same answers from CSV, XLSX and SPSS; what cannot be read is refused with what to do."""

import csv
from pathlib import Path
from typing import Any

import polars as pl
import pyreadstat
import pytest
import xlsxwriter

from aoj_survey.errors import HistoryError
from aoj_survey.history import import_wave
from aoj_survey.history.sources import read_source_table

from .places import DATA, EARLIER, MAPPING, copy_wave


def read_rows() -> list[list[str]]:
    with (EARLIER / DATA).open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, delimiter=";"))


def as_number(cell: str) -> float | str:
    return float(cell) if cell.isdecimal() else cell


def write_xlsx(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("uitleg").write_row(0, 0, ["Verzonnen"])
        sheet = book.add_worksheet("antwoorden")
        for number, row in enumerate(read_rows()):
            sheet.write_row(number, 0, [as_number(cell) for cell in row])


def write_sav(path: Path) -> None:
    """Columns that hold numbers alone are numeric, with an empty cell as system-missing."""
    header, *rows = read_rows()
    columns: dict[str, list[float | str | None]] = {}
    for name, cells in zip(header, zip(*rows, strict=True), strict=True):
        numeric = all(not cell or cell.isdecimal() for cell in cells)
        columns[name] = [(float(cell) if cell else None) if numeric else cell for cell in cells]
    frame: Any = pl.DataFrame(columns)  # pyreadstat's annotations know no polars
    pyreadstat.write_sav(frame, path)


def test_the_same_wave_comes_from_csv_xlsx_and_sav(tmp_path: Path) -> None:
    expected = import_wave(EARLIER / MAPPING)
    for name, write in (("eerder.xlsx", write_xlsx), ("eerder.sav", write_sav)):
        data = "{file: eerder.xlsx, sheet: antwoorden}" if name.endswith("xlsx") else f"{{file: {name}}}"
        mapping = copy_wave(tmp_path / name, MAPPING, "{file: rijnmeer-2020.csv}", data)
        write(mapping.parent / name)
        found = import_wave(mapping)
        assert found.dataset.rows == expected.dataset.rows
        assert found.printed == expected.printed


def test_line_of_a_fault_in_sav_is_the_case(tmp_path: Path) -> None:
    mapping = copy_wave(tmp_path, MAPPING, "{file: rijnmeer-2020.csv}", "{file: eerder.sav}")
    write_sav(tmp_path / "eerder.sav")
    mapping.write_text(
        mapping.read_text(encoding="utf-8").replace("zoco: [2, 3]", "zoco: [3]"), encoding="utf-8"
    )
    with pytest.raises(HistoryError) as refused:
        import_wave(mapping)
    assert [(fault.line, fault.column) for fault in refused.value.problems] == [(17, 2)]


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("a.ods", b"", "Only .sav, .csv and .xlsx"),
        ("a.csv", b"", "is empty"),
        ("a.csv", b"a,b\n\xff\n", "not UTF-8"),
        ("a.csv", b"a,a\n1,2\n", "there twice"),
        ("a.csv", b"a,\n1,2\n", "no name"),
        ("a.csv", b"a,b\n1,2,3\n", "more cells"),
        ("a.csv", b'a,b\n"1,2\n', "not CSV"),
        ("a.xlsx", b"PK\x03\x04", "cannot be read"),
        ("a.sav", b"no", "no file of SPSS"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_file(
    tmp_path: Path, name: str, content: bytes, what: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(HistoryError, match=what) as refused:
        read_source_table(tmp_path / name)
    assert refused.value.problems[0].file == str(tmp_path / name)


def test_file_or_sheet_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(HistoryError, match="no such file"):
        read_source_table(tmp_path / "a.csv")
    write_xlsx(tmp_path / "a.xlsx")
    with pytest.raises(HistoryError, match="uitleg, antwoorden"):
        read_source_table(tmp_path / "a.xlsx", "gegevens")


def test_short_rows_are_filled_and_quoted_line_ends_are_kept(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b'\xef\xbb\xbfa,b\r\n1\r\n"x\ny",2\r\n')
    table = read_source_table(tmp_path / "a.csv")
    assert (table.columns, table.rows, table.first) == (("a", "b"), (("1", ""), ("x\ny", "2")), 2)
