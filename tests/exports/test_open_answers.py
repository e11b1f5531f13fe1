"""Released open answers in a file of their own: asked for, shuffled, guarded, and never for everybody."""

import json
from pathlib import Path

import polars as pl
import pytest
from flask import Flask
from python_calamine import CalamineWorkbook

from aoj_survey.datasets import OPENBAAR, OpenAnswers, read_open_answers
from aoj_survey.db import db
from aoj_survey.errors import BundleError
from aoj_survey.exports import verify_bundle, write_bundle
from aoj_survey.reviewing import Place, ReleasedAnswer
from tests.datasets.builders import ROW, make_small
from tests.factories import make_open_answer, make_open_item, make_participation

from .test_bundle import dataset, files_of, table

GIVEN = OpenAnswers(
    (ReleasedAnswer("beter", "", '=HYPERLINK("x")'), ReleasedAnswer("beter", "ib", "meer\ntijd, graag")),
    {"beter": {"nl": "Wat moet er beter?"}},
    {"released": 1, "redacted": 1, "dropped": 2, "waiting": 3, "unkept": 0},
)


def test_the_file_holds_what_was_released_and_no_id(tmp_path: Path) -> None:
    written = write_bundle(dataset(), table(), tmp_path, given=GIVEN).folder
    found = {name for name in files_of(written) if "open_answers" in name}
    assert found == {f"data/open_answers.{kind}" for kind in ("csv", "parquet", "xlsx")}
    lines = (written / "data/open_answers.csv").read_bytes()
    assert lines == (
        b"wave,region,item,level,text\r\n"
        b'2015,proef,beter,,"\'=HYPERLINK(""x"")"\r\n'
        b'2015,proef,beter,ib,"meer\ntijd, graag"\r\n'
    )
    rows = [("2015", "proef", answer.item, answer.level, answer.text) for answer in GIVEN.answers]
    assert pl.read_parquet(written / "data/open_answers.parquet").rows() == rows
    sheet = CalamineWorkbook.from_path(written / "data/open_answers.xlsx").get_sheet_by_name("responses")
    assert [tuple(row) for row in sheet.to_python()[1:]] == rows
    assert verify_bundle(written)


def test_codebook_package_readme_and_privacy_report_tell_of_it(tmp_path: Path) -> None:
    written = write_bundle(dataset(), table(), tmp_path, given=GIVEN).folder
    codebook = json.loads((written / "metadata/codebook.json").read_text())
    assert codebook["open_answers"]["items"] == [{"item": "beter", "label": {"nl": "Wat moet er beter?"}}]
    package = json.loads((written / "datapackage.json").read_text())
    assert "open_answers-csv" in {resource["name"] for resource in package["resources"]}
    assert json.loads((written / "reports/privacy.json").read_text())["open_text"] == dict(GIVEN.counts)
    assert "2 vrijgegeven, waarvan 1 ingekort" in (written / "reports/privacy.html").read_text()
    assert "data/open_answers.*" in (written / "README.md").read_text()


def test_the_same_answers_give_the_same_bytes(tmp_path: Path) -> None:
    first, second = (write_bundle(dataset(), table(), tmp_path / name, given=GIVEN) for name in "ab")
    assert first.digest == second.digest


def test_without_asking_there_is_no_file(tmp_path: Path) -> None:
    written = write_bundle(dataset(), table(), tmp_path).folder
    assert not [name for name in files_of(written) if "open_answers" in name]
    assert "Open answers are not in this folder" in (written / "README.md").read_text()


def test_data_for_everybody_hold_none(tmp_path: Path) -> None:
    everybody = make_small([ROW] * 12, policy=OPENBAAR)
    with pytest.raises(BundleError, match="for everybody"):
        write_bundle(everybody, table(12), tmp_path, given=GIVEN)
    assert list(tmp_path.iterdir()) == []


def test_only_what_two_people_released_is_read(sqlite_app: Flask) -> None:
    with db.write() as connection:
        place = make_participation(connection)
        make_open_item(connection, place, kept=4, unkept=1)
        make_open_answer(connection, place, text="mag", outcome="release")
        make_open_answer(connection, place, text="wacht", proposal="release", proposed_text="wacht")
        make_open_answer(connection, place, text="nieuw")
        found = read_open_answers(connection, Place(place), (place,), dataset())
    assert [answer.text for answer in found.answers] == ["mag"]
    assert found.counts == {"released": 1, "redacted": 0, "dropped": 1, "waiting": 2, "unkept": 1}
