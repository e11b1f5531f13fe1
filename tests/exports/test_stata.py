"""The .dta file as Stata has it, read by pyreadstat and by R's haven where that is installed."""

import shutil
import subprocess
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pyreadstat
import pytest

from aoj_survey.exports import stata
from aoj_survey.exports.spss import write_sav
from aoj_survey.exports.stata import LETTERS, read_dta, write_dta
from aoj_survey.exports.variables import Code, Sheet, Variable
from tests.exports.sheets import SHEET, VARIABLES

DAY = datetime(2000, 1, 1)  # noqa: DTZ001 — the file knows no time zones
RSCRIPT = shutil.which("Rscript")


def write(folder: Path, sheet: Sheet = SHEET) -> Path:
    path = folder / "responses.dta"
    write_dta(path, sheet)
    return path


def load(path: Path) -> tuple[Any, Any]:
    return pyreadstat.read_dta(path, output_format="dict", user_missing=True)


def has_haven() -> bool:
    if RSCRIPT is None:
        return False
    asked = [RSCRIPT, "-e", 'quit(status = !requireNamespace("haven", quietly = TRUE))']
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


def test_missing_codes_become_letters_and_keep_their_labels(tmp_path: Path) -> None:
    columns, found = load(write(tmp_path))
    assert columns["snel"] == [1, 99, "e", "c"]
    assert columns["jaren"] == [12, 0, "a", "f"]
    assert found.variable_value_labels["snel"] == {
        1: "ja",
        2: "nee",
        99: "weet ik niet",
        **{letter: f"ontbreekt {code}" for code, letter in LETTERS.items()},
    }


def test_each_missing_code_has_a_letter_of_its_own() -> None:
    assert [LETTERS[code] for code in range(-4, -10, -1)] == list("abcdef")


def test_whole_numbers_are_kept_as_such(tmp_path: Path) -> None:
    _, found = load(write(tmp_path))
    assert found.readstat_variable_types["dag"] == "int32"
    assert found.readstat_variable_types["w_region"] == "double"


def test_format_is_that_of_stata_14(tmp_path: Path) -> None:
    assert b"<release>118</release>" in write(tmp_path).read_bytes()[:200]


def test_file_says_nothing_of_the_day_it_was_written(tmp_path: Path) -> None:
    _, found = load(write(tmp_path))
    assert found.creation_time == DAY


def test_twin_without_the_fixed_time_the_day_would_be_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stata, "WRITTEN", b"")
    _, found = load(write(tmp_path))
    assert found.creation_time > DAY


def test_label_of_a_column_is_cut_at_80_characters_and_reported(tmp_path: Path) -> None:
    variables = (Variable("snel", "code", {"nl": "é" * 81}, (Code(1, {"nl": "x" * 200}),)),)
    path = tmp_path / "responses.dta"
    (cut,) = write_dta(path, Sheet("aoj", variables, [(1,)]))
    assert (cut.value, cut.limit, cut.unit) == (None, 80, "characters")
    _, found = load(path)
    assert found.column_labels == [cut.kept]
    assert found.variable_value_labels["snel"] == {1: "x" * 200}


@pytest.mark.parametrize("change", [{"label": {"nl": "anders"}}, {"values": ()}, {"name": "anders"}])
def test_file_that_describes_a_column_otherwise_is_noticed(change: dict[str, Any], tmp_path: Path) -> None:
    path = write(tmp_path)
    snel = replace(VARIABLES[3], **change)
    with pytest.raises(ValueError, match="describes its columns otherwise"):
        list(read_dta(path, (*VARIABLES[:3], snel, *VARIABLES[4:])))


@pytest.mark.skipif(not has_haven(), reason="R with haven is not installed; pyreadstat alone read the files")
def test_haven_reads_missing_codes_and_labels_of_stata_and_spss(tmp_path: Path) -> None:
    write(tmp_path)
    write_sav(tmp_path / "responses.sav", SHEET)
    script = """
x <- haven::read_dta("responses.dta"); y <- haven::read_sav("responses.sav", user_na = TRUE)
cat(haven::na_tag(x$snel), attr(x$snel, "label"), names(attr(x$snel, "labels"))[1], "\\n")
cat(as.numeric(y$snel), attr(y$snel, "na_range"), is.na(y$snel), "\\n")
"""
    done = subprocess.run(
        [str(RSCRIPT), "-e", script], cwd=tmp_path, capture_output=True, check=True, encoding="utf-8"
    )
    first, second = done.stdout.splitlines()
    assert first.split()[:4] == ["NA", "NA", "e", "c"]
    assert "kolom" in first
    assert second.split() == ["1", "99", "-8", "-6", "-9", "-4", "FALSE", "FALSE", "TRUE", "TRUE"]
