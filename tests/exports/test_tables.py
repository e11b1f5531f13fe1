import csv
import io
import tracemalloc
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aoj_survey.datasets import Cell
from aoj_survey.exports.tables import guard_text, read_csv, release_text, write_csv, write_table
from aoj_survey.exports.variables import Row, Sheet, Variable, are_same
from tests.exports.sheets import LABEL, fresh, texts

VARIABLES = (
    Variable("region", "text", LABEL),
    Variable("pop_n", "integer", LABEL),
    Variable("w_region", "decimal", LABEL),
)
DATES = (Variable("dag", "date", LABEL), Variable("maand", "month", LABEL))
on_disk = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def table(header: Sequence[str], *rows: Sequence[Cell]) -> str:
    file = io.StringIO(newline="")
    write_table(file, header, rows)
    return file.getvalue()


def written(folder: Path, variables: tuple[Variable, ...], rows: Sequence[Row]) -> Path:
    path = fresh(folder, "responses.csv")
    write_csv(path, Sheet("aoj", variables, rows))
    return path


def test_file_is_utf8_with_crlf_and_six_decimals(tmp_path: Path) -> None:
    path = written(tmp_path, VARIABLES, [("zorgcoördinator", -8, 2.338983), ("b", 3, 2.0)])
    assert path.read_bytes() == (
        "region,pop_n,w_region\r\nzorgcoördinator,-8,2.338983\r\nb,3,2.000000\r\n".encode()
    )


def test_commas_quotes_and_line_ends_are_quoted() -> None:
    assert table(["a"], ('een, "twee"\r\ndrie',)) == 'a\r\n"een, ""twee""\r\ndrie"\r\n'


@pytest.mark.parametrize(
    "text", ["=1+1", "+31", "-2", "@SUM(A1)", "\tx", "\rx", '=HYPERLINK("http://x.example")']
)
def test_text_that_would_be_a_formula_is_guarded(text: str) -> None:
    (_, (cell,)) = csv.reader(io.StringIO(table(["a"], (text,)), newline=""))
    assert cell == f"'{text}"


SIGNS = "=+-@\uff0b\uff0d\uff1d\uff20"
"""What begins a formula; a spreadsheet with other letters takes the wide ones for the same."""


def find_formulas(text: str) -> list[str]:
    """Cells that a spreadsheet could take for formulas, by whatever sign it divides cells: Dutch ones by a semicolon."""
    cells = [
        cell
        for delimiter in (",", ";", "\t")
        for row in csv.reader(
            io.StringIO(table(["a", "b"], ("rijnmeer", text)), newline=""), delimiter=delimiter
        )
        for cell in row
    ]
    return [cell for cell in cells if cell.lstrip().startswith(tuple(SIGNS))]


@pytest.mark.parametrize(
    "text",
    [
        *("=1+1", "x;=1+1", "x\t=1+1", "x\n=1+1\ny", 'x";"=1+1;', "x; =1+1", "; \t@SUM(A1)", "x;;-2"),
        *("\uff1d1+1", "'=1+1;=2", "=1+1;=2;=3"),
    ],
)
def test_no_text_has_a_formula_by_any_sign_between_cells(text: str) -> None:
    assert find_formulas(text) == []
    assert release_text(guard_text(text)) == text


@given(st.text(f"{SIGNS};,\t\r\n '\"x1", max_size=12))
def test_no_text_at_all_has_a_formula_and_each_is_read_back(text: str) -> None:
    assert find_formulas(text) == []
    assert release_text(guard_text(text)) == text


def test_twin_a_quote_at_the_begin_alone_leaves_formulas_to_dutch_spreadsheets(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("aoj_survey.exports.tables.guard_text", lambda text: f"'{text}")
    assert find_formulas("x;=1+1") == ["=1+1"]


@pytest.mark.parametrize(
    "text", ["'s avonds; 's ochtends", 'hij zei: "ja"', "a;b", "twee\n\nregels", "50% = de helft"]
)
def test_text_without_a_formula_stays_as_it_is(text: str) -> None:
    assert guard_text(text) == text


def test_text_among_the_responses_is_guarded_too(tmp_path: Path) -> None:
    path = written(tmp_path, VARIABLES, [("=1+1", 1, 1.0)])
    assert path.read_bytes().endswith(b"\r\n'=1+1,1,1.000000\r\n")


def test_twin_unguarded_text_would_start_a_formula(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aoj_survey.exports.tables.guard_text", str)
    assert table(["a"], ("=1+1",)) == "a\r\n=1+1\r\n"
    assert b"\n=1+1," in written(tmp_path, VARIABLES, [("=1+1", 1, 1.0)]).read_bytes()


def test_negative_code_is_a_number_and_is_not_guarded() -> None:
    assert table(["a"], (-7,)) == "a\r\n-7\r\n"


@given(texts)
def test_guard_is_undone_exactly(text: str) -> None:
    assert release_text(guard_text(text)) == text


@on_disk
@given(st.lists(st.tuples(texts.filter(bool), st.integers(), st.integers(1, 10**6).map(lambda n: n / 1000))))
def test_rows_are_read_back_as_they_were_written(tmp_path: Path, rows: list[tuple[str, int, float]]) -> None:
    assert list(read_csv(written(tmp_path, VARIABLES, rows), VARIABLES)) == rows


def test_days_and_months_are_written_by_iso_8601_and_missing_codes_as_numbers(tmp_path: Path) -> None:
    path = written(tmp_path, DATES, [(20260531, 202605), (-8, -7), (-6, 99912), (9990104, -5)])
    assert path.read_bytes() == b"dag,maand\r\n2026-05-31,2026-05\r\n-8,-7\r\n-6,0999-12\r\n0999-01-04,-5\r\n"


@on_disk
@given(
    st.lists(
        st.tuples(
            st.dates().map(lambda day: int(f"{day:%Y%m%d}".zfill(8))) | st.integers(-9, -4),
            st.dates().map(lambda day: day.year * 100 + day.month) | st.integers(-9, -4),
        )
    )
)
def test_dates_and_missing_codes_are_read_back_as_they_were(
    tmp_path: Path, rows: list[tuple[int, int]]
) -> None:
    assert list(read_csv(written(tmp_path, DATES, rows), DATES)) == rows


def test_rows_are_read_one_by_one(tmp_path: Path) -> None:
    path = tmp_path / "responses.csv"
    path.write_bytes(b"region,pop_n,w_region\r\na,1,1.0\r\nb,broken,1.0\r\n")
    rows = read_csv(path, VARIABLES)
    assert next(rows) == ("a", 1, 1.0)
    with pytest.raises(ValueError, match="invalid"):
        next(rows)


def test_writing_and_reading_many_rows_takes_little_memory(tmp_path: Path) -> None:
    rows: list[Row] = [("proef", number % 9, 1.5) for number in range(60_000)]
    tracemalloc.start()
    try:
        path = written(tmp_path, VARIABLES, rows)
        assert are_same(read_csv(path, VARIABLES), rows)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < path.stat().st_size / 2


@pytest.mark.parametrize(
    "content",
    [b"", b"other\r\n", b"region,pop_n,w_region\r\na,1\r\n", b"region,pop_n,w_region\r\na,x,1.0\r\n"],
)
def test_other_file_than_that_of_the_columns_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "responses.csv"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"header|shorter|longer|invalid"):
        list(read_csv(path, VARIABLES))
