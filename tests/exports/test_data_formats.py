"""What holds for every format of the data: what is read back is what was written, in the same bytes each time."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings

from aoj_survey.exports.formats import FORMATS, Format
from aoj_survey.exports.parquet import write_parquet
from aoj_survey.exports.variables import Code, Cut, Row, Sheet, Variable
from tests.exports.sheets import EMPTY, ROWS, SHEET, VARIABLES, fresh, labelled, rows

BY_NAME = {Path(form.path).suffix[1:]: form for form in FORMATS}
each_format = pytest.mark.parametrize("name", BY_NAME)
many = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(name="form")
def find_format(name: str) -> Format:
    return BY_NAME[name]


def write(form: Format, folder: Path, sheet: Sheet) -> tuple[Path, list[Cut]]:
    path = fresh(folder, Path(form.path).name)
    return path, form.write(path, sheet)


@each_format
def test_every_missing_code_date_and_weight_is_read_back(form: Format, tmp_path: Path) -> None:
    path, cuts = write(form, tmp_path, SHEET)
    assert tuple(form.read(path, VARIABLES)) == ROWS
    assert cuts == []


@each_format
def test_empty_dataset_is_read_back_as_no_rows(form: Format, tmp_path: Path) -> None:
    path, _ = write(form, tmp_path, EMPTY)
    assert list(form.read(path, VARIABLES)) == []


@each_format
@many
@given(written=rows)
def test_any_rows_are_read_back_as_they_were(form: Format, tmp_path: Path, written: list[Row]) -> None:
    path, _ = write(form, tmp_path, replace(SHEET, rows=written))
    assert list(form.read(path, VARIABLES)) == written


@each_format
@many
@given(variables=labelled())
def test_odd_and_long_labels_change_no_cell_and_are_read_back(
    form: Format, tmp_path: Path, variables: tuple[Variable, ...]
) -> None:
    path, _ = write(form, tmp_path, replace(SHEET, variables=variables))
    assert tuple(form.read(path, variables)) == ROWS


@each_format
def test_whole_numbers_are_read_back_as_whole_numbers(form: Format, tmp_path: Path) -> None:
    path, _ = write(form, tmp_path, SHEET)
    (row, *_) = form.read(path, VARIABLES)
    assert all(
        cell == int(cell) for cell, item in zip(row, VARIABLES, strict=True) if item.is_integer and cell
    )


@each_format
def test_same_rows_give_the_same_bytes(form: Format, tmp_path: Path) -> None:
    first, _ = write(form, tmp_path, SHEET)
    content = first.read_bytes()
    second, _ = write(form, tmp_path, SHEET)
    assert second.read_bytes() == content


@each_format
def test_one_changed_cell_is_noticed(form: Format, tmp_path: Path) -> None:
    changed = (*ROWS[:-1], (*ROWS[-1][:4], -8, *ROWS[-1][5:]))
    path, _ = write(form, tmp_path, replace(SHEET, rows=changed))
    assert tuple(form.read(path, VARIABLES)) != ROWS


@each_format
@pytest.mark.parametrize("others", [VARIABLES[:-1], (*VARIABLES[1:], VARIABLES[0])])
def test_file_of_other_columns_is_refused(form: Format, tmp_path: Path, others: Sequence[Variable]) -> None:
    path, _ = write(form, tmp_path, SHEET)
    with pytest.raises(ValueError, match=r"column|shorter|codebook"):
        list(form.read(path, tuple(others)))


@each_format
def test_number_too_large_for_32_bits_is_kept(form: Format, tmp_path: Path) -> None:
    wide = replace(VARIABLES[4], maximum=2**40)
    variables = (*VARIABLES[:4], wide, *VARIABLES[5:])
    large = tuple(
        (*row[:4], number, *row[5:]) for row, number in zip(ROWS, (2**40, 2**31, -7, 0), strict=True)
    )
    path, _ = write(form, tmp_path, Sheet("aoj", variables, large))
    assert tuple(form.read(path, variables)) == large


def test_parquet_takes_64_bits_only_where_a_number_may_be_that_large(tmp_path: Path) -> None:
    variables = (*VARIABLES[:4], replace(VARIABLES[4], maximum=2**40), *VARIABLES[5:])
    write_parquet(tmp_path / "responses.parquet", Sheet("aoj", variables, ROWS))
    types = pl.read_parquet_schema(tmp_path / "responses.parquet")
    assert [name for name, kind in types.items() if kind == pl.Int64] == ["jaren"]


@each_format
def test_names_of_32_letters_and_many_columns_are_kept(form: Format, tmp_path: Path) -> None:
    codes = (Code(1, {"nl": "ja", "en": "yes"}),)
    variables = tuple(
        Variable(f"vraag_{number:03d}_".ljust(32, "x"), "code", {"nl": "kolom"}, codes)
        for number in range(150)
    )
    path, _ = write(form, tmp_path, Sheet("aoj", variables, [(1,) * 150]))
    assert list(form.read(path, variables)) == [(1,) * 150]
