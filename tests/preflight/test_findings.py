"""Findings as they are kept for the pages, and when the worker makes them anew."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import insert, update

from aoj_survey.db import db
from aoj_survey.installation import Installation
from aoj_survey.invitations import ProofMail, ServiceNote, read_note, write_note
from aoj_survey.keys import KeyDirectory
from aoj_survey.preflight import (
    Finding,
    examination,
    examine,
    examine_due,
    read_checked_at,
    read_findings,
    store_findings,
)
from aoj_survey.preflight.findings import NOT_CHECKED, PREFLIGHT_NOTE
from aoj_survey.preflight.sentences import SENTENCES
from aoj_survey.web.readiness import word_finding
from tests.conftest import FixedClock
from tests.smtp_server import SmtpServer
from tests.staging import start_wave

FOUND = (
    Finding("smtp", "ok", "smtp_ok"),
    Finding("spf", "fault", "spf_wrong", {"domain": "rijnmeer.nl", "part": "100%"}),
    Finding("disk", "advice", "disk_low", {"free": 900, "wanted": 1000}),
)


@pytest.fixture
def post() -> Iterator[SmtpServer]:
    server = SmtpServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def settings_values(post: SmtpServer) -> dict[str, Any]:
    return {"smtp_port": post.port, "smtp_timeout": 2}


def read() -> tuple[Finding, ...]:
    with db.read() as connection:
        return read_findings(connection)


def test_what_is_kept_is_read_again_with_its_moment(app: Flask, clock: FixedClock) -> None:
    with db.write() as connection:
        store_findings(connection, FOUND, clock())
    assert read() == FOUND
    with db.read() as connection:
        assert read_checked_at(connection) == clock()
    with db.write() as connection:
        store_findings(connection, FOUND[:1], clock())
    assert read() == FOUND[:1]


def test_details_are_not_kept(sqlite_app: Flask, clock: FixedClock) -> None:
    with db.write() as connection:
        store_findings(connection, [Finding("keys", "fault", "keys_missing", detail="/geheim/pad")], clock())
        note = read_note(connection, PREFLIGHT_NOTE)
    assert note is not None
    assert "geheim" not in note.text
    assert read()[0].detail == ""


def test_nothing_checked_is_a_fault(sqlite_app: Flask) -> None:
    assert read() == NOT_CHECKED
    assert [one.level for one in NOT_CHECKED] == ["fault"]
    with db.read() as connection:
        assert read_checked_at(connection) is None


def test_findings_of_another_version_are_as_good_as_none(sqlite_app: Flask, clock: FixedClock) -> None:
    with db.write() as connection:
        store_findings(connection, FOUND, clock())
        kept = json.loads(read_note(connection, PREFLIGHT_NOTE).text)  # type: ignore[union-attr]
        kept["format"] = 2
        connection.execute(update(ServiceNote).values(text=json.dumps(kept)))
    assert read() == NOT_CHECKED


@pytest.mark.parametrize("code", SENTENCES)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_sentence_is_told_with_its_values(sqlite_app: Flask, code: str, language: str) -> None:
    names = (
        "domain",
        "record",
        "part",
        "name",
        "policy",
        "seconds",
        "free",
        "wanted",
        "hours",
        "address",
        "minutes",
    )
    values: dict[str, str | int] = {name: f"«{name}»" for name in names if f"%({name})s" in SENTENCES[code]}
    finding = Finding("check", "advice", code, values)
    with sqlite_app.test_request_context(), force_locale(language):
        told = word_finding(finding)
    assert "%(" not in told
    assert all(str(value) in told for value in values.values())
    assert (told == finding.text) == (language == "en")


def test_the_worker_makes_them_every_hour(installation: Installation, clock: FixedClock) -> None:
    def turn() -> bool:
        return examine_due(db, installation.keys, installation.settings, clock())

    assert turn()
    assert not turn()
    clock.pass_time(minutes=59)
    assert not turn()
    clock.pass_time(minutes=1)
    assert turn()
    clock.pass_time(hours=-3)
    assert turn(), "a clock that was set back leaves findings of later"


def test_a_mail_server_that_takes_nothing_is_asked_again_in_minutes(
    installation: Installation, clock: FixedClock
) -> None:
    def turn() -> bool:
        return examine_due(db, installation.keys, installation.settings, clock())

    with db.write() as connection:
        store_findings(connection, [Finding("smtp", "fault", "smtp_unreachable")], clock())
    clock.pass_time(minutes=4)
    assert not turn()
    clock.pass_time(minutes=1)
    assert turn()
    clock.pass_time(minutes=5)
    assert not turn(), "it answers now"


def test_somebody_who_waits_for_a_test_mail_waits_no_hour(
    installation: Installation, keys: KeyDirectory, clock: FixedClock
) -> None:
    facts = start_wave(keys, clock(), {"ib": 12})

    def turn() -> bool:
        return examine_due(db, keys, installation.settings, clock())

    assert turn()
    proof = {
        "participation_id": facts.id,
        "token_hash": bytes(32),
        "made_on": clock().date(),
        "state": "sent",
    }
    with db.write() as connection:
        connection.execute(insert(ProofMail).values(**proof))
    clock.pass_time(minutes=6)
    assert not turn()
    with db.write() as connection:
        connection.execute(update(ProofMail).values(state="due"))
    assert turn()
    assert not turn()


def test_an_examination_looks_at_everything_and_sends_nothing(
    installation: Installation, clock: FixedClock, post: SmtpServer
) -> None:
    found = examine(db, installation.keys, installation.settings, clock())
    assert [one.check for one in found] == [
        *("smtp", "sender", "address", "worker", "clock", "disk", "keys", "backup"),
    ]
    assert found[0].code == "smtp_ok"
    assert post.mailbox.taken == []
    with db.read() as connection:
        assert read_note(connection, PREFLIGHT_NOTE) is None


def test_no_transaction_is_open_while_others_are_asked(
    sqlite_app: Flask, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    installation: Installation = sqlite_app.extensions["aoj"]
    open_while_asked: list[int] = []

    def ask(_settings: Any) -> tuple[Finding, ...]:
        open_while_asked.append(db.engine.pool.checkedout())  # type: ignore[attr-defined]
        return ()

    monkeypatch.setattr(examination, "check_mail_server", ask)
    examine(db, installation.keys, installation.settings, clock())
    assert open_while_asked == [0]


def test_twin_without_the_hour_they_are_made_again_and_again(
    sqlite_app: Flask, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    installation: Installation = sqlite_app.extensions["aoj"]
    monkeypatch.setattr(examination, "EVERY", timedelta())
    for _ in range(2):
        assert examine_due(db, installation.keys, installation.settings, clock())


def test_a_note_beside_them_stays(sqlite_app: Flask, clock: FixedClock) -> None:
    with db.write() as connection:
        write_note(connection, "worker", clock(), "x")
        store_findings(connection, FOUND, clock())
        assert read_note(connection, "worker") is not None
