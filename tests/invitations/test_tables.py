"""Reading files into rows: every kind, and what strangers put into them."""

import contextlib
import io
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aoj_survey.errors import FrameError
from aoj_survey.invitations import opendocument, tables
from aoj_survey.invitations.tables import MAX_FILE, MAX_ROWS, Table, read_table
from tests.invitations.files import make_cell, make_ods, make_raw_ods, make_raw_xlsx, make_xlsx, make_zip

ROWS = [["e-mail", "functie"], ["een@vuurtoren.example", "ib"], ["twee@haven.example", "zoco"]]
TABLE = Table(
    ("e-mail", "functie"), ((2, ("een@vuurtoren.example", "ib")), (3, ("twee@haven.example", "zoco")))
)
TOO_MUCH = 150 * 1024 * 1024
"""Bytes: what a read of a hostile file of a few kilobytes may take at most."""


def join(separator: str) -> str:
    return "\n".join(separator.join(row) for row in ROWS)


def refused(content: bytes) -> str:
    with pytest.raises(FrameError) as caught:
        read_table(content)
    [fault] = caught.value.faults
    assert fault.what
    return fault.code


@pytest.mark.parametrize(
    "content",
    [
        join(";").encode(),
        join(",").encode(),
        join("\t").encode(),
        join("\t").encode("utf-16"),
        ("\n" + join(";")).encode("utf-8-sig"),
        make_xlsx(ROWS),
        make_xlsx(ROWS, ("Leeg", "Blad2")),
        make_ods(ROWS),
        make_raw_ods(
            "<table:table/>"
            "<table:table><table:table-row table:number-rows-repeated='3'><table:table-cell/></table:table-row>"
            + "".join(f"<table:table-row>{''.join(map(make_cell, row))}</table:table-row>" for row in ROWS)
            + "</table:table><table:table><table:table-row>"
            + make_cell("another sheet")
            + "</table:table-row></table:table>"
        ),
    ],
)
def test_every_kind_of_file_gives_the_same_table(content: bytes) -> None:
    found = read_table(content)
    assert found.header == TABLE.header
    assert [cells for _, cells in found.rows] == [cells for _, cells in TABLE.rows]


def test_rows_keep_the_number_that_a_spreadsheet_shows() -> None:
    rows = [["e-mail"], [], ["een@vuurtoren.example"], [None], ["twee@haven.example"]]
    gap = "".join(
        f"<table:table-row>{make_cell(str(row[0])) if row and row[0] else ''}</table:table-row>"
        for row in rows
    )
    for content in (
        b"e-mail\n\neen@vuurtoren.example\n\ntwee@haven.example",
        make_xlsx(rows),
        make_raw_ods(f"<table:table>{gap}</table:table>"),
    ):
        assert [number for number, _ in read_table(content).rows] == [3, 5]


def test_numbers_and_dates_of_a_sheet_are_texts() -> None:
    table = read_table(make_xlsx([["a", "b", "c", "d"], [12.0, 1.5, date(2026, 5, 4), None]]))
    assert table.rows == ((2, ("12", "1.5", "2026-05-04")),)


def test_a_list_without_a_header_calls_columns_as_a_spreadsheet_does() -> None:
    found = read_table(b"een@vuurtoren.example;ib\ntwee@haven.example;zoco\n")
    assert (found.header, [number for number, _ in found.rows]) == (("A", "B"), [1, 2])


def test_cells_of_opendocument_are_read_as_they_are_shown() -> None:
    inside = (
        "<table:table-cell><office:annotation><text:p>a note aside</text:p></office:annotation>"
        "<text:p>De <text:span>Vuur</text:span><text:s text:c='2'/>toren</text:p><text:p>twee</text:p>"
        "</table:table-cell><table:covered-table-cell/>"
        + make_cell("x", "table:number-columns-repeated='2'")
        + "<table:table-cell table:number-columns-repeated='16000'/>"
    )
    table = read_table(
        make_raw_ods(
            "<table:table><table:table-row>"
            + make_cell("kop")
            + f"</table:table-row><table:table-row>{inside}</table:table-row></table:table>"
        )
    )
    assert table.rows == ((2, ("De Vuur  toren\ntwee", "", "x", "x")),)


def test_old_windows_text_is_read_when_somebody_says_so() -> None:
    content = "e-mail;school\na@b.example;De Zeeën\n".encode("cp1252")
    assert refused(content) == "encoding"
    found = read_table(content, windows=True)
    assert (found.encoding, found.rows[0][1][1]) == ("windows-1252", "De Zeeën")
    assert read_table("e-mail;school\na@b.example;De Zeeën\n".encode(), windows=True).encoding == ""
    with pytest.raises(FrameError):
        read_table(b"e-mail;\x81\n", windows=True)


# What strangers make


def far_cell(place: str, row: int) -> str:
    head = '<row r="1"><c r="A1" t="inlineStr"><is><t>e-mail</t></is></c></row>'
    return head + f'<row r="{row}"><c r="{place}{row}" t="inlineStr"><is><t>ver weg</t></is></c></row>'


_LONG = f'<c t="inlineStr"><is><t>{"x" * 400}</t></is></c>'

HOSTILE: dict[str, tuple[Callable[[], bytes], str | None]] = {
    "a bomb of spaces": (lambda: make_raw_xlsx(" " * 70_000_000), "too_large"),
    "a bomb beside the list": (
        lambda: make_zip({"xl/workbook.xml": "x", "y": b"0" * 70_000_000}),
        "too_large",
    ),
    "one cell far away": (lambda: make_raw_xlsx(far_cell("XFD", 1_048_576)), None),
    "one cell beyond any sheet": (lambda: make_raw_xlsx(far_cell("A", 999_999_999_999)), None),
    "too many rows": (lambda: make_xlsx([["x"]] * (MAX_ROWS + 2)), "too_many"),
    "a full row repeated": (
        lambda: make_raw_ods(
            "<table:table><table:table-row table:number-rows-repeated='999999999'>"
            + make_cell("x", "table:number-columns-repeated='999999999'")
            + "</table:table-row></table:table>"
        ),
        "too_many",
    ),
    "an empty row repeated": (
        lambda: make_raw_ods(
            "<table:table><table:table-row>"
            + make_cell("kop")
            + "</table:table-row><table:table-row table:number-rows-repeated='999999999'><table:table-cell"
            " table:number-columns-repeated='999999999'/></table:table-row><table:table-row>"
            + make_cell("ver weg")
            + "</table:table-row></table:table>"
        ),
        None,
    ),
    "a long text again and again": (
        lambda: make_raw_xlsx(f"<row>{_LONG * 60}</row>" * 400),
        "too_large",
    ),
    "entities": (
        lambda: make_raw_ods(
            "<table:table/>", '<!DOCTYPE a [<!ENTITY b "lol"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;">]>'
        ),
        "broken",
    ),
    "no xml": (lambda: make_raw_xlsx("<row"), "broken"),
    "half a zip": (lambda: make_xlsx([["x"]])[:200], "broken"),
    "a zip of something else": (lambda: make_zip({"brief.txt": "x"}), "no_sheet"),
    "an old Excel file": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old_excel"),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "encoding"),
    "zeros": (lambda: b"\0" * 100, "no_text"),
    "too many bytes": (lambda: b"x" * (MAX_FILE + 1), "too_large"),
    "nothing": (lambda: b"", "empty"),
    "an empty sheet": (lambda: make_xlsx([]), "empty"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_file_takes_the_machine_down(name: str) -> None:
    make, code = HOSTILE[name]
    content = make()
    tracemalloc.start()
    try:
        if code is None:
            assert read_table(content).header
        else:
            assert refused(content) == code
        taken = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert taken < TOO_MUCH


def test_the_ending_of_a_name_is_not_asked() -> None:
    """A file is known by its content: what is called .csv and holds a workbook is read all the same."""
    assert read_table(make_xlsx(ROWS)) == read_table(join(";").encode()) == TABLE


def test_twin_without_its_bounds_a_repeated_row_is_read_as_often_as_it_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tables, "MAX_ROWS", 60_000)
    row = "<table:table-row table:number-rows-repeated='50000'>" + make_cell("x") + "</table:table-row>"
    content = make_raw_ods(f"<table:table>{row}</table:table>")
    assert len(read_table(content).rows) == 49_999


def test_twin_without_the_bound_on_what_is_unpacked_a_bomb_is_unpacked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make, _ = HOSTILE["a bomb beside the list"]
    content = make()
    monkeypatch.setattr(tables, "MAX_UNPACKED", 10**12)
    assert refused(content) == "broken"


def test_declared_entities_are_refused_before_they_grow() -> None:
    with zipfile.ZipFile(io.BytesIO(HOSTILE["entities"][0]())) as archive:
        content = archive.read("content.xml")
    with pytest.raises(ValueError, match="entities"):
        opendocument.read_opendocument(content, 10, 10, 10)


@given(st.binary(max_size=200), st.sampled_from([b"", b"PK\x03\x04", b"\xff\xfe", b"a;b\n"]))
def test_no_bytes_make_it_stumble(content: bytes, start: bytes) -> None:
    with contextlib.suppress(FrameError):
        assert read_table(start + content, windows=True).header


CELL = st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=12)


@given(st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=2, max_size=8))
def test_a_workbook_and_an_opendocument_say_what_was_typed(rows: list[list[str]]) -> None:
    escaped = [[cell.replace("&", "&amp;").replace("<", "&lt;") for cell in row] for row in rows]
    first, second = (
        read_table(make_xlsx([["k", "l", "m"], *rows])),
        read_table(make_ods([["k", "l", "m"], *escaped])),
    )
    assert first == second
    assert [list(cells) for _, cells in first.rows] == rows
