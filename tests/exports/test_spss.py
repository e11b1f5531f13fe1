"""The .sav file as SPSS has it, read by pyreadstat and by PSPP where that is installed."""

import shutil
import subprocess
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pyreadstat
import pytest

from aoj_survey.exports import spss
from aoj_survey.exports.spss import read_sav, write_sav
from aoj_survey.exports.variables import Code, Sheet, Variable
from tests.exports.sheets import LABEL, MISSING, SHEET, VARIABLES, YES_NO

DAY = datetime(2000, 1, 1)  # noqa: DTZ001 — the file knows no time zones


def write(folder: Path, sheet: Sheet = SHEET) -> Path:
    path = folder / "responses.sav"
    write_sav(path, sheet)
    return path


def load(path: Path, *, user_missing: bool = True) -> tuple[Any, Any]:
    return pyreadstat.read_sav(path, output_format="dict", user_missing=user_missing)


def test_labels_are_dutch_and_missing_codes_a_range(tmp_path: Path) -> None:
    _, found = load(write(tmp_path))
    assert found.column_names_to_labels["region"] == "regio"
    assert found.variable_value_labels["snel"] == {
        1.0: "ja",
        2.0: "nee",
        99.0: "weet ik niet",
        **{float(code.value): code.label["nl"] for code in MISSING},
    }
    assert found.missing_ranges == {
        name: [{"lo": -9.0, "hi": -4.0}]
        for name in ("snel", "jaren", "in_visie", "in_inkoop", "dag", "maand")
    }
    assert found.file_label == "aoj_proef_2026_v1"


def test_missing_codes_are_missing_to_who_reads_plainly(tmp_path: Path) -> None:
    columns, _ = load(write(tmp_path), user_missing=False)
    assert columns["snel"][:2] == [1.0, 99.0]
    assert all(cell is None or cell != cell for cell in columns["snel"][2:])  # noqa: PLR0124 — NaN


def test_whole_numbers_have_no_decimals_and_weights_six(tmp_path: Path) -> None:
    _, found = load(write(tmp_path))
    formats = found.original_variable_types
    assert {formats[item.name] for item in VARIABLES if item.is_integer} == {"F8.0"}
    assert formats["w_region"] == "F12.6"


def test_measures_follow_what_a_column_holds(tmp_path: Path) -> None:
    mark = Variable("cijfer", "code", LABEL, YES_NO[2:], MISSING, minimum=1, maximum=10)
    variables = (*VARIABLES, mark)
    _, found = load(write(tmp_path, Sheet("aoj", variables, [(*SHEET.rows[0], 7)])))
    measure = found.variable_measure
    assert (measure["snel"], measure["cijfer"], measure["w_region"]) == ("nominal", "scale", "scale")


def test_file_says_nothing_of_the_day_it_was_written(tmp_path: Path) -> None:
    _, found = load(write(tmp_path))
    assert found.creation_time == DAY


def test_twin_without_the_fixed_time_the_day_would_be_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spss, "WRITTEN", b"")
    _, found = load(write(tmp_path))
    assert found.creation_time > DAY


def test_labels_are_cut_at_their_bytes_and_reported(tmp_path: Path) -> None:
    label, code = {"nl": "é" * 129}, Code(1, {"nl": "ë" * 61})
    variables = (Variable("snel", "code", label, (code,)),)
    path = tmp_path / "responses.sav"
    cuts = write_sav(path, Sheet("aoj", variables, [(1,)]))
    assert [(cut.value, cut.limit) for cut in cuts] == [(None, 256), (1, 120)]
    _, found = load(path)
    assert found.column_labels == [cuts[0].kept]
    assert found.variable_value_labels == {"snel": {1.0: cuts[1].kept}}


@pytest.mark.parametrize(
    "change",
    [
        {"label": {"nl": "iets anders"}},
        {"values": (Code(1, {"nl": "iets anders"}),)},
        {"missing": ()},
        {"holds": "decimal"},
    ],
)
def test_file_that_describes_a_column_otherwise_is_noticed(change: dict[str, Any], tmp_path: Path) -> None:
    path = write(tmp_path)
    snel = replace(VARIABLES[3], **change)
    with pytest.raises(ValueError, match="describes its columns otherwise"):
        list(read_sav(path, (*VARIABLES[:3], snel, *VARIABLES[4:])))


@pytest.mark.parametrize(
    ("name", "value"), [("MISSING_RANGE", {"lo": -8.0, "hi": -4.0}), ("WIDTHS", (9, 20))]
)
def test_other_missing_codes_or_formats_alone_are_noticed(
    name: str, value: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(spss, name, value)
        path = write(tmp_path)
    with pytest.raises(ValueError, match="describes its columns otherwise"):
        list(read_sav(path, VARIABLES))


@pytest.mark.skipif(
    shutil.which("pspp") is None, reason="PSPP is not installed; pyreadstat alone read the file"
)
def test_pspp_counts_what_is_missing_and_knows_the_labels(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "look.sps").write_text(
        "GET FILE='responses.sav'.\nDISPLAY LABELS.\nFREQUENCIES snel /STATISTICS=NONE.\n", encoding="utf-8"
    )
    done = subprocess.run(
        [str(shutil.which("pspp")), "-O", "format=csv", "look.sps"],
        cwd=tmp_path,
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    assert "Valid,ja,1,25.0%" in done.stdout
    assert "Missing,ontbreekt -8,1,25.0%" in done.stdout
    assert "regio" in done.stdout
