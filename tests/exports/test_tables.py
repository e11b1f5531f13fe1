import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aoj_survey.datasets import Column
from aoj_survey.exports.tables import (
    guard_text,
    read_responses,
    release_text,
    response_rows,
    write_responses,
    write_table,
)
from aoj_survey.statistics import ResponseRow, ResponseTable, RoleCount, response_table

LABEL = {"nl": "kolom", "en": "column"}
COLUMNS = (
    Column("region", "text", LABEL),
    Column("pop_n", "integer", LABEL),
    Column("w_region", "decimal", LABEL),
)
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


def test_file_is_utf8_with_crlf_and_six_decimals() -> None:
    assert write_table(["a", "b", "c"], [("zorgcoördinator", -8, 2.338983)]) == (
        "a,b,c\r\nzorgcoördinator,-8,2.338983\r\n".encode()
    )


def test_commas_quotes_and_line_ends_are_quoted() -> None:
    content = write_table(["a"], [('een, "twee"\r\ndrie',)])
    assert content == b'a\r\n"een, ""twee""\r\ndrie"\r\n'


@pytest.mark.parametrize(
    "text", ["=1+1", "+31", "-2", "@SUM(A1)", "\tx", "\rx", '=HYPERLINK("http://x.example")']
)
def test_text_that_would_be_a_formula_is_guarded(text: str) -> None:
    (_, (cell,)) = csv.reader(io.StringIO(write_table(["a"], [(text,)]).decode(), newline=""))
    assert cell == f"'{text}"


def test_twin_unguarded_text_would_start_a_formula(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aoj_survey.exports.tables._RISKY", ())
    assert write_table(["a"], [("=1+1",)]) == b"a\r\n=1+1\r\n"


def test_negative_code_is_a_number_and_is_not_guarded() -> None:
    assert write_table(["a"], [(-7,)]) == b"a\r\n-7\r\n"


@given(texts)
def test_guard_is_undone_exactly(text: str) -> None:
    assert release_text(guard_text(text)) == text


@given(st.lists(st.tuples(texts.filter(bool), st.integers(), st.integers(1, 10**6).map(lambda n: n / 1000))))
def test_rows_are_read_back_as_they_were_written(rows: list[tuple[str, int, float]]) -> None:
    content = write_table([column.name for column in COLUMNS], rows)
    assert read_responses(content, COLUMNS) == tuple(rows)


DATES = (Column("dag", "date", LABEL), Column("maand", "month", LABEL))


def test_days_and_months_are_written_by_iso_8601_and_missing_codes_as_numbers() -> None:
    content = write_responses(DATES, [(20260531, 202605), (-8, -7), (-6, 99912), (9990104, -5)])
    assert content == b"dag,maand\r\n2026-05-31,2026-05\r\n-8,-7\r\n-6,0999-12\r\n0999-01-04,-5\r\n"


@given(
    st.lists(
        st.tuples(
            st.dates().map(lambda day: int(f"{day:%Y%m%d}".zfill(8))) | st.integers(-9, -4),
            st.dates().map(lambda day: day.year * 100 + day.month) | st.integers(-9, -4),
        )
    )
)
def test_dates_and_missing_codes_are_read_back_as_they_were(rows: list[tuple[int, int]]) -> None:
    assert read_responses(write_responses(DATES, rows), DATES) == tuple(rows)


@pytest.mark.parametrize(
    "content",
    [b"", b"other\r\n", b"region,pop_n,w_region\r\na,1\r\n", b"region,pop_n,w_region\r\na,x,1.0\r\n"],
)
def test_other_file_than_that_of_the_columns_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"header|shorter|longer|invalid"):
        read_responses(content, COLUMNS)


def test_response_rows_name_roles_in_both_languages_and_end_with_their_sum() -> None:
    table = response_table([RoleCount("ib", 138, 135, 70, 59), RoleCount("swv", 9, 9, 9, 9)])
    (first, second, total) = response_rows(table)
    assert (first["code"], first["label_nl"], first["rate"]) == ("ib", "intern begeleiders", 43)
    assert second["label_en"] == "directors and coordinators of school partnerships"
    assert (total["code"], total["invited"], total["done"], total["rate"]) == ("total", 147, 68, 46)
    assert "started" not in total


def test_response_rows_of_nobody_have_no_rate() -> None:
    assert response_rows(response_table([]))[-1]["rate"] == ""


def test_a_rate_with_people_of_group_links_is_marked_as_estimated_and_so_is_the_total() -> None:
    table = ResponseTable(
        (ResponseRow(("ib",), 42, 12, 20, 18, estimated=True), ResponseRow(("zoco",), 12, 12, 9, 8))
    )
    assert [(row["code"], row["estimated"]) for row in response_rows(table)] == [
        ("ib", 1),
        ("zoco", 0),
        ("total", 1),
    ]
