"""The programs in a bundle, run where the language is there: Python always, PSPP and R when installed."""

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from aoj_survey.exports.syntax import (
    PYTHON_READER,
    write_r_syntax,
    write_spss_syntax,
    write_stata_syntax,
)
from aoj_survey.exports.tables import write_csv
from aoj_survey.exports.variables import Code, Sheet, Variable
from tests.exports.sheets import LABEL, SHEET, VARIABLES

PSPP, RSCRIPT = shutil.which("pspp"), shutil.which("Rscript")
with_pspp = pytest.mark.skipif(PSPP is None, reason="PSPP is not installed; read.sps was not run")
with_r = pytest.mark.skipif(RSCRIPT is None, reason="R is not installed; read.R was not run")

HOSTILE = "'; HOST COMMAND=['id']. \"); q(); c(\" `=1+1' ${HOME} \\ /* */ * é😀"


def hostile_sheet() -> Sheet:
    variables = tuple(
        replace(
            item,
            label={"nl": HOSTILE, "en": HOSTILE},
            values=tuple(Code(code.value, {"nl": HOSTILE}) for code in item.values),
        )
        for item in VARIABLES
    )
    return replace(SHEET, variables=variables)


def lay_out(folder: Path, sheet: Sheet = SHEET) -> Path:
    """Write the CSV and the programs as they lie in a bundle, and return the folder of the programs."""
    for part in ("data", "syntax", "metadata"):
        (folder / part).mkdir()
    write_csv(folder / "data/responses.csv", sheet)
    syntax = folder / "syntax"
    (syntax / "read.R").write_bytes(write_r_syntax(sheet))
    (syntax / "read.sps").write_bytes(write_spss_syntax(sheet))
    (syntax / "read.do").write_bytes(write_stata_syntax(sheet))
    (syntax / "read.py").write_bytes(PYTHON_READER.read_bytes())
    columns = [describe(item) for item in sheet.variables]
    (folder / "metadata/codebook.json").write_text(json.dumps({"columns": columns}), encoding="utf-8")
    return syntax


def describe(item: Variable) -> dict[str, Any]:
    described: dict[str, Any] = {"name": item.name, "holds": item.holds, "label": item.label}
    if item.values:
        described["values"] = [{"value": code.value, "label": code.label} for code in item.values]
    if item.missing:
        described["missing"] = [{"value": code.value, "label": code.label} for code in item.missing]
    return described


def run(folder: Path, *command: str) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False, encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


# Python


def ask_python(folder: Path, question: str) -> Any:
    program = f"import json, read\nprint(json.dumps({question}, default=lambda day: day.isoformat()))"
    return json.loads(run(folder, sys.executable, "-B", "-c", program))


def test_python_gives_values_dates_and_none_for_what_is_missing(tmp_path: Path) -> None:
    rows = ask_python(lay_out(tmp_path), "read.read_responses()")
    assert rows[0] == {
        "region": "proef",
        "stratum": 1,
        "w_region": 2.338983,
        "snel": 1,
        "jaren": 12,
        "in_visie": 1,
        "in_inkoop": 0,
        "dag": "2026-05-31",
        "maand": "2026-05-01",
    }
    assert [row["snel"] for row in rows] == [1, 99, None, None]
    assert rows[1]["dag"] is None


def test_python_keeps_missing_codes_when_asked(tmp_path: Path) -> None:
    rows = ask_python(lay_out(tmp_path), "read.read_responses(keep_codes=True)")
    assert [row["snel"] for row in rows] == [1, 99, -8, -6]
    assert rows[1]["dag"] == -7


def test_python_tells_labels_in_both_languages(tmp_path: Path) -> None:
    found = ask_python(lay_out(tmp_path), '[read.label("region", "en"), read.labels("snel", "en")]')
    assert found[0] == "region"
    assert found[1]["99"] == "I don't know"
    assert found[1]["-8"] == "missing -8"


def test_python_tells_a_label_that_is_in_another_language_alone(tmp_path: Path) -> None:
    frisian = replace(VARIABLES[3], label={"fy": "fluch"}, values=(Code(1, {"fy": "ja, seker"}),))
    folder = lay_out(tmp_path, replace(SHEET, variables=(*VARIABLES[:3], frisian, *VARIABLES[4:])))
    assert ask_python(folder, '[read.label("snel"), read.labels("snel", "en")[1]]') == [
        "fluch",
        "ja, seker",
    ]


def test_python_as_a_program_says_what_is_in_each_column(tmp_path: Path) -> None:
    said = run(lay_out(tmp_path), sys.executable, "read.py")
    assert "snel: kolom (2 of 4)" in said


def test_python_as_a_program_prints_labels_where_the_screen_lacks_their_letters(tmp_path: Path) -> None:
    folder = lay_out(tmp_path, hostile_sheet())
    command = ["/usr/bin/env", "PYTHONIOENCODING=ascii", sys.executable, "read.py"]
    assert "snel: '; HOST COMMAND" in run(folder, *command)


# SPSS


def test_spss_reads_every_column_by_its_kind() -> None:
    text = write_spss_syntax(SHEET).decode()
    assert "\n  region A10\n" in text
    assert "\n  snel F8.0\n" in text
    assert "\n  w_region F12.6\n" in text
    assert "MISSING VALUES snel (-9 THRU -4).\n" in text
    assert "MISSING VALUES stratum" not in text


def test_spss_gets_a_set_for_a_question_with_several_answers() -> None:
    text = write_spss_syntax(SHEET).decode()
    assert "MRSETS /MDGROUP NAME=$in CATEGORYLABELS=VARLABELS VARIABLES=in_visie in_inkoop VALUE=1.\n" in text


def test_one_column_is_no_set() -> None:
    assert b"MRSETS" not in write_spss_syntax(replace(SHEET, variables=VARIABLES[:6], rows=()))


def run_pspp(folder: Path, more: str) -> str:
    (folder / "look.sps").write_text(f"INSERT FILE='read.sps'.\n{more}", encoding="utf-8")
    return run(folder, str(PSPP), "-O", "format=csv", "look.sps")


@with_pspp
def test_pspp_runs_it_and_counts_values_and_missing_codes(tmp_path: Path) -> None:
    said = run_pspp(lay_out(tmp_path), "FREQUENCIES snel /STATISTICS=NONE.\nMRSETS /DISPLAY NAME=ALL.\n")
    assert "error" not in said.lower()
    assert "Valid,ja,1,25.0%" in said
    assert "Missing,ontbreekt -8,1,25.0%" in said
    assert '$in,Dichotomies,1,"in_visie' in said


@with_pspp
def test_pspp_makes_numbers_of_days_and_months_with_missing_codes_among_them(tmp_path: Path) -> None:
    said = run_pspp(lay_out(tmp_path), "LIST VARIABLES=dag maand.\n")
    rows = [line.split(",") for line in said.splitlines() if line.count(",") == 1]
    assert rows[-4:] == [["20260531", "202605"], ["-7", "-8"], ["10000101", "100001"], ["-4", "-9"]]


@with_pspp
def test_pspp_takes_hostile_labels_for_text(tmp_path: Path) -> None:
    said = run_pspp(lay_out(tmp_path, hostile_sheet()), "DISPLAY LABELS.\n")
    assert "error" not in said.lower()
    assert HOSTILE.replace('"', '""') in said


# R


def ask_r(folder: Path, question: str) -> str:
    return run(folder, str(RSCRIPT), "-e", f'source("read.R"); {question}')


@with_r
def test_r_runs_it_and_gives_na_for_missing_codes(tmp_path: Path) -> None:
    said = ask_r(lay_out(tmp_path), "cat(responses$snel, responses$jaren, sum(is.na(responses$dag)))")
    assert said.split() == ["1", "99", "NA", "NA", "12", "0", "NA", "NA", "2"]


@with_r
def test_r_makes_dates_and_keeps_labels(tmp_path: Path) -> None:
    question = (
        'cat(format(responses$dag[1]), format(responses$maand[1]), class(responses$wave), "|", '
        'attr(responses$snel, "label"), names(attr(responses$snel, "labels")), sep = "|")'
    )
    said = ask_r(lay_out(tmp_path), question).split("|")
    assert said[:2] == ["2026-05-31", "2026-05-01"]
    assert said[-4:] == ["kolom", "ja", "nee", "weet ik niet"]


@with_r
def test_r_takes_hostile_labels_for_text(tmp_path: Path) -> None:
    said = ask_r(
        lay_out(tmp_path, hostile_sheet()),
        'writeLines(enc2utf8(attr(responses$snel, "label")), useBytes = TRUE)',
    )
    assert said == f"{HOSTILE}\n"


# Stata: there is none to run it with, so its text alone is looked at


def test_stata_gives_letters_to_missing_codes() -> None:
    text = write_stata_syntax(SHEET).decode()
    assert r"mv(-4=.a \ -5=.b \ -6=.c \ -7=.d \ -8=.e \ -9=.f)" in text
    assert 'label define snel .e `"ontbreekt -8"\', add\n' in text
    assert "label values snel snel\n" in text


def test_stata_reads_text_and_dates_as_text_first() -> None:
    assert "stringcols(1 8 9)" in write_stata_syntax(SHEET).decode()


def test_hostile_labels_stay_within_the_quotes_of_stata() -> None:
    lines = write_stata_syntax(hostile_sheet()).decode().splitlines()
    labels = [line for line in lines if line.startswith("label variable")]
    assert len(labels) == len(VARIABLES)
    assert all(line.count("`") == 1 and "$" not in line and "\\" not in line for line in labels)
    assert not any(comment in line for line in labels for comment in ("/*", "*/", " //"))


def test_comments_of_stata_hold_no_sign_its_macros_act_on() -> None:
    comments = [line for line in write_stata_syntax(SHEET).decode().splitlines() if line.startswith("*")]
    assert comments
    assert not any(set("`$\\") & set(line) for line in comments)


def test_same_sheet_gives_the_same_programs() -> None:
    for write in (write_r_syntax, write_spss_syntax, write_stata_syntax):
        assert write(SHEET) == write(SHEET)


def test_column_without_labels_is_described_by_its_own() -> None:
    sheet = Sheet("aoj", (Variable("pop_n", "integer", LABEL),), [(1,)])
    assert b"VALUE LABELS" not in write_spss_syntax(sheet)
    assert b"label define" not in write_stata_syntax(sheet)
