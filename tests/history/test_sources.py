"""The same answers from CSV, XLSX and SPSS; what cannot be read is refused with what to do."""

import csv
import zipfile
from datetime import date, datetime
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
        ("a.csv", b"a,b\n\xff\n", "not UTF-8 text.*windows-1252"),
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
    assert (table.columns, table.rows, table.lines) == (("a", "b"), (("1", ""), ("x\ny", "2")), (2, 3))


def test_empty_rows_are_left_out_and_the_others_keep_their_line(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"a;b\n1;2\n;\n\n3;4\n\n")
    table = read_source_table(tmp_path / "a.csv")
    assert (table.rows, table.lines) == ((("1", "2"), ("3", "4")), (2, 5))


@pytest.mark.parametrize("sign", ["\u2028", "\x85", "\x0b", "\x0c", "\x1e"])
def test_only_line_ends_of_csv_end_a_row(tmp_path: Path, sign: str) -> None:
    (tmp_path / "a.csv").write_text(f"a;b\nx{sign}y;2\n", encoding="utf-8")
    assert read_source_table(tmp_path / "a.csv").rows == ((f"x{sign}y", "2"),)


@pytest.mark.parametrize(("named", "codec"), [("windows-1252", "cp1252"), ("utf-16", "utf-16")])
def test_text_of_a_named_encoding_is_read(tmp_path: Path, named: str, codec: str) -> None:
    (tmp_path / "a.csv").write_bytes("a;b\nPatiënt;€\n".encode(codec))
    assert read_source_table(tmp_path / "a.csv", encoding=named).rows == (("Patiënt", "€"),)


# What old files hold


def write_old_sav(path: Path) -> None:
    """Long names, labels, values declared missing, a weight, dates, and letters with accents."""
    frame: Any = pl.DataFrame(
        {
            "een_lange_naam_van_een_vraag_uit_2015": [1.0, 9.0, None],
            "toelichting": ["Patiënt", "", "x" * 300],
            "dag": [date(2015, 4, 1), None, date(2015, 5, 1)],
            "weging": [0.5, 1.25, 1.0],
        }
    )
    name = "een_lange_naam_van_een_vraag_uit_2015"
    pyreadstat.write_sav(
        frame, path, variable_value_labels={name: {1: "ja", 9: "weigert"}}, missing_ranges={name: [9]}
    )


def test_old_files_of_spss_lose_nothing(tmp_path: Path) -> None:
    write_old_sav(tmp_path / "a.sav")
    table = read_source_table(tmp_path / "a.sav")
    assert table.columns == ("een_lange_naam_van_een_vraag_uit_2015", "toelichting", "dag", "weging")
    assert table.rows == (
        ("1", "Patiënt", "2015-04-01", "0.5"),
        ("9", "", "", "1.25"),
        ("", "x" * 300, "2015-05-01", "1"),
    )


def test_sav_whose_letters_are_of_another_encoding_than_it_says_is_read_by_the_one_named(
    tmp_path: Path,
) -> None:
    write_old_sav(tmp_path / "a.sav")
    # Two bytes for one letter, as that file would have held them.
    content = (tmp_path / "a.sav").read_bytes().replace("Patiënt".encode(), "Pati\xeb\xebnt".encode("cp1252"))
    (tmp_path / "a.sav").write_bytes(content)
    with pytest.raises(HistoryError, match="or name its `encoding`"):
        read_source_table(tmp_path / "a.sav")
    assert read_source_table(tmp_path / "a.sav", encoding="windows-1252").rows[0][1] == "Patiëënt"


def write_sheet(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        # What a formula came to may be text; the annotations know numbers only.
        other: Any = book.add_worksheet("eerst")
        other.write_formula(0, 0, "=NA()", None, "#N/A")
        sheet: Any = book.add_worksheet("antwoorden")
        sheet.write_row(0, 0, ["a", "b"])
        sheet.write_formula(1, 0, "=1+1", None, 2)
        sheet.write_formula(1, 1, '=""', None, "")
        sheet.write_string(2, 0, " 5\u00a0")
        day = datetime(2015, 4, 1)  # noqa: DTZ001 — sheets know no time zones
        sheet.write_datetime(2, 1, day, book.add_format({"num_format": "yyyy-mm-dd"}))


def change_sheet(path: Path, before: bytes, after: bytes) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert before in parts["xl/worksheets/sheet2.xml"]
    parts["xl/worksheets/sheet2.xml"] = parts["xl/worksheets/sheet2.xml"].replace(before, after, 1)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def test_formulas_texts_and_dates_of_a_sheet_are_read(tmp_path: Path) -> None:
    write_sheet(tmp_path / "a.xlsx")
    assert read_source_table(tmp_path / "a.xlsx", "antwoorden").rows == (("2", ""), ("5", "2015-04-01"))


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        (b"<v>2</v>", b"", "never worked out"),
        (b'<c r="A2"><f>1+1</f><v>2</v>', b'<c r="A2" t="e"><f>1/0</f><v>#DIV/0!</v>', "error: #DIV/0!"),
    ],
)
def test_cells_whose_value_is_not_in_the_file_are_faults_and_no_empty_cells(
    tmp_path: Path, before: bytes, after: bytes, what: str
) -> None:
    write_sheet(tmp_path / "a.xlsx")
    change_sheet(tmp_path / "a.xlsx", before, after)
    with pytest.raises(HistoryError, match=what) as refused:
        read_source_table(tmp_path / "a.xlsx", "antwoorden")
    assert [(fault.line, fault.column) for fault in refused.value.problems] == [(2, 1)]


def test_a_heading_over_several_columns_is_told_for_each(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 0, 2, "Vraag 1")
        sheet.write_row(1, 0, ["a", "b", "c"])
    with pytest.raises(HistoryError, match="takes a row of its own") as refused:
        read_source_table(tmp_path / "a.xlsx")
    assert [fault.column for fault in refused.value.problems] == [2, 3]
