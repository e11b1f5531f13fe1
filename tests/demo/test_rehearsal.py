"""The journey test: a whole wave by mail and HTTP, from an address list to a bundle nobody can trace."""

import json
import re
import sqlite3
from pathlib import Path

import pytest

from aoj_survey.app import create_app
from aoj_survey.cli.demo import as_data
from aoj_survey.demo import Rehearsal, read_mails, rehearse
from aoj_survey.exports import verify_bundle
from aoj_survey.worker import run_once


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("rehearsal")


@pytest.fixture(scope="module")
def played(folder: Path) -> Rehearsal:
    return rehearse(folder, create_app, run_once, lambda _line: None)


def test_everybody_is_invited_and_only_who_has_not_answered_is_reminded(played: Rehearsal) -> None:
    assert played.mails == {"invitation": 193, "first_reminder": 163, "second_reminder": 133}


def test_nobody_gets_one_message_twice(played: Rehearsal, folder: Path) -> None:
    mails = read_mails(folder / "mailbox")
    assert len({mail["Message-ID"] for mail in mails}) == len(mails) == 193 + 163 + 133
    assert len({(mail["To"], mail["Subject"]) for mail in mails}) == len(mails)


def test_the_response_table_is_that_of_2015_with_its_total_computed(played: Rehearsal) -> None:
    rows = {row.roles: (row.invited, row.done, row.rate) for row in played.response.rows}
    assert rows == {
        ("ib",): (138, 59, 43),
        ("zoco",): (29, 14, 48),
        ("jeugdhulp",): (9, 5, 56),
        ("beleid_gem",): (8, 4, 50),
        ("swv",): (9, 9, 100),
    }
    total = played.response.total
    assert (total.invited, total.done, total.rate) == (193, 91, 47)


def test_the_figures_of_2015_come_out_and_small_groups_do_not(played: Rehearsal) -> None:
    shown = {(line.item, line.answer, line.group_code): line.shown for line in played.figures}
    assert shown["snel", "ja", "professionals"] == "33 %"
    assert shown["doelen", "nee", "professionals"] == "54 %"
    assert shown["sturing", "visie", "beleid"] == "≥ 90 %"
    marks = {line.group_code: line.shown for line in played.figures if line.item == "cijfer"}
    assert marks["ib"] == "5,5"
    assert {marks[role] for role in ("jeugdhulp", "beleid_gem", "swv")} == {"te weinig antwoorden"}


def test_no_group_below_ten_is_shown_with_its_number(played: Rehearsal) -> None:
    assert all(line.n is None or line.n >= 10 for line in played.figures)


def test_the_bundle_is_whole_and_knows_no_small_role(played: Rehearsal) -> None:
    verify_bundle(played.bundle.folder)
    codebook = json.loads((played.bundle.folder / "metadata" / "codebook.json").read_text())
    text = json.dumps(codebook)
    assert "beleid" in text
    privacy = json.loads((played.bundle.folder / "reports" / "privacy.json").read_text())
    assert privacy["classes"] == {"ib": 59, "zoco": 14, "jeugdhulp": 5, "beleid": 13}


def test_nothing_of_a_person_is_in_the_bundle(played: Rehearsal, folder: Path) -> None:
    content = b"".join(path.read_bytes() for path in played.bundle.folder.rglob("*") if path.is_file())
    assert b".example" not in content
    body = read_mails(folder / "mailbox")[0].get_body(("plain",))
    assert body is not None
    assert all(
        token.encode() not in content for token in re.findall(r"/l/([a-z2-7]{26})", body.get_content())
    )


def test_the_box_and_the_drafts_are_empty_and_the_key_is_gone(played: Rehearsal, folder: Path) -> None:
    with sqlite3.connect(folder / "aoj.sqlite3") as connection:
        for table in ("ballot", "draft"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
        assert connection.execute("SELECT count(*) FROM response").fetchone() == (91,)
    connection.close()
    assert list((folder / "keys").rglob("box.key")) == []


def test_it_can_be_read_by_programs(played: Rehearsal) -> None:
    document = json.loads(json.dumps(as_data(played), default=str))
    assert document["response"][-1] == {"roles": [], "invited": 193, "done": 91, "rate": 47}
