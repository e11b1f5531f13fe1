"""Released open answers in a file of their own: asked for, shuffled, guarded, and never for everybody."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import polars as pl
import pytest
from flask import Flask
from python_calamine import CalamineWorkbook

from aoj_survey.datasets import OPENBAAR, OpenAnswers, read_open_answers
from aoj_survey.db import db
from aoj_survey.errors import BundleError
from aoj_survey.exports import formats, open_answers, verify_bundle, write_bundle
from aoj_survey.exports.open_answers import report_open_answers
from aoj_survey.exports.variables import Cut, Sheet
from aoj_survey.reviewing import People, Place, ReleasedAnswer
from tests.datasets.builders import ROW, make_small
from tests.factories import make_open_answer, make_open_item, make_participation

from .test_bundle import dataset, files_of, table
from .test_ddi import faults as ddi_faults
from .test_ddi import find
from .test_pages import Outline

GIVEN = OpenAnswers(
    (ReleasedAnswer("beter", "", '=HYPERLINK("x")'), ReleasedAnswer("beter", "ib", "meer\ntijd, graag")),
    {"beter": {"nl": "Wat moet er beter?"}},
    {"released": 1, "redacted": 1, "dropped": 2, "waiting": 3, "unkept": 0},
    People(2, 1),
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
    sheet = CalamineWorkbook.from_path(written / "data/open_answers.xlsx").get_sheet_by_name("open_answers")
    assert [tuple(row) for row in sheet.to_python()[1:]] == rows
    assert verify_bundle(written)


def lose_an_answer(monkeypatch: pytest.MonkeyPatch, suffix: str) -> None:
    """Take the last answer away from one of the files while it is written; the responses stay whole."""

    def lossy(form: formats.Format) -> formats.Format:
        def write(path: Path, sheet: Sheet) -> list[Cut]:
            lost = path.name == f"open_answers.{suffix}"
            return form.write(path, replace(sheet, rows=sheet.rows[:-1]) if lost else sheet)

        return replace(form, write=write)

    monkeypatch.setattr(open_answers, "FORMATS", tuple(lossy(form) for form in open_answers.FORMATS))


@pytest.mark.parametrize("suffix", ["csv", "parquet", "xlsx"])
def test_an_answer_lost_in_one_format_leaves_no_bundle(
    suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lose_an_answer(monkeypatch, suffix)
    with pytest.raises(BundleError, match=rf"open_answers.{suffix} read back differs"):
        write_bundle(dataset(), table(), tmp_path, given=GIVEN)
    assert list(tmp_path.iterdir()) == []


def test_twin_without_reading_back_the_loss_would_be_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lose_an_answer(monkeypatch, "csv")
    monkeypatch.setattr(open_answers, "are_same", lambda *_: True)
    written = write_bundle(dataset(), table(), tmp_path, given=GIVEN).folder
    assert (written / "data/open_answers.csv").read_bytes().count(b"\r\n") == 2


def read_json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def test_codebook_tells_of_the_file_for_programs_and_people(tmp_path: Path) -> None:
    written = write_bundle(dataset(), table(), tmp_path, given=GIVEN).folder
    told = read_json(written / "metadata/codebook.json")["open_answers"]
    assert [column["name"] for column in told["columns"]] == ["wave", "region", "item", "level", "text"]
    assert told["items"] == [{"item": "beter", "label": {"nl": "Wat moet er beter?"}, "answers": 2}]
    page = (written / "metadata/codebook.html").read_text()
    outline = Outline(page.encode())
    assert (outline.faults, outline.open) == ([], [])
    assert all(
        words in page
        for words in (
            "data/open_answers.*",
            "geen nummer van een respondent",
            "has no response id",
            "shuffled",
            "code van het stratum, leeg waar minder dan 10 antwoorden zijn",
            "Wat moet er beter?",
            'href="#open-answers"',
        )
    )


def test_descriptions_for_programs_and_archives_tell_of_the_file(tmp_path: Path) -> None:
    written = write_bundle(dataset(), table(), tmp_path, given=GIVEN).folder
    resources = {one["path"]: one for one in read_json(written / "datapackage.json")["resources"]}
    told = resources["data/open_answers.csv"]
    assert [field["name"] for field in told["schema"]["fields"]] == [
        "wave",
        "region",
        "item",
        "level",
        "text",
    ]
    assert "no response id" in told["description"]
    assert "description" not in resources["data/responses.csv"]
    root = ET.parse(written / "metadata/ddi-codebook-2.5.xml").getroot()
    assert ddi_faults(root) == []
    assert [item.text for item in find(root, ".//d:fileDscr/d:fileTxt/d:fileName")] == [
        "data/responses.csv",
        "data/open_answers.csv",
    ]
    own = find(root, ".//d:var[@files='file_open_answers']")
    assert [item.get("name") for item in own] == ["wave", "region", "item", "level", "text"]
    identities = [item.get("ID") for item in root.iter() if item.get("ID")]
    assert len(identities) == len(set(identities))
    [rows] = find(root, ".//d:fileDscr[@ID='file_open_answers']//d:caseQnty")
    assert rows.text == "2"


def test_readme_says_that_it_is_shuffled_and_has_no_id(tmp_path: Path) -> None:
    text = (write_bundle(dataset(), table(), tmp_path, given=GIVEN).folder / "README.md").read_text()
    assert "data/open_answers.*" in text
    assert "zonder nummer van een respondent" in text
    assert "without a response id" in text


def test_privacy_report_tells_what_was_looked_for_and_what_not(tmp_path: Path) -> None:
    written = write_bundle(dataset(), table(), tmp_path, given=GIVEN).folder
    report = read_json(written / "reports/privacy.json")
    told = report["open_text"]
    assert {name: told[name] for name in GIVEN.counts} == dict(GIVEN.counts)
    assert [one["code"] for one in told["sought"]] == ["email", "phone", "bsn", "postcode", "organisations"]
    assert [one["code"] for one in told["not_sought"]] == ["people"]
    assert told["people"] == {"proposed": 2, "decided": 1}
    assert "knows_style" in {risk["code"] for risk in report["residual_risks"]}
    page = (written / "reports/privacy.html").read_text()
    assert "2 vrijgegeven, waarvan 1 ingekort" in page
    assert "namen van mensen: die staan op geen lijst" in page
    assert "names of people: no list holds them" in page
    assert "2 deden een voorstel per antwoord" in page


def test_privacy_report_tells_where_the_list_could_not_be_read() -> None:
    for unsought, sought in ((("beter",), 4), ((), 5)):
        told = report_open_answers(replace(GIVEN, unsought=unsought))
        assert len(told["sought"]) == sought
        assert ("organisations" in {one["code"] for one in told["not_sought"]}) == bool(unsought)
        assert told["unsought"] == list(unsought)


def test_more_answers_than_a_worksheet_holds_are_in_the_other_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = tuple(replace(form, most_rows=1 if form.most_rows else None) for form in open_answers.FORMATS)
    monkeypatch.setattr(open_answers, "FORMATS", few)
    written = write_bundle(dataset(), table(), tmp_path, given=GIVEN).folder
    found = {name for name in files_of(written) if "open_answers" in name}
    assert found == {"data/open_answers.csv", "data/open_answers.parquet"}
    [reason] = read_json(written / "reports/limits.json")["left_out"]
    assert reason["file"] == "data/open_answers.xlsx"


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
    assert (found.people, found.unsought) == (People(0, 0), ())
