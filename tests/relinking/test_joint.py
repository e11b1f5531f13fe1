"""The attacker on what small boxes held together: the order of its rows, and their number; each with a twin."""

from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from aoj_survey.db import db
from aoj_survey.disclosure import REGION
from aoj_survey.fieldwork import finish_openings
from aoj_survey.installation import Installation
from aoj_survey.invitations import Invitation
from aoj_survey.relinking import Attempt, Means
from aoj_survey.relinking.order import find_file_places
from aoj_survey.responses import Response, open_together
from tests.conftest import FixedClock
from tests.responses.boxes import make_small

from .waves import WAVE, attack, name_succeeded, on_postgresql


def open_small(installation: Installation, clock: FixedClock) -> None:
    for region, answered in (("duinstreek", 7), ("rijnmeer", 8)):
        make_small(installation.keys, clock, region, answered)
    with db.write() as connection:
        assert open_together(connection, installation.keys, WAVE, clock()) == 15
    finish_openings(db, installation.keys, clock())


def find_joint(installation: Installation, clock: FixedClock) -> dict[str, Attempt]:
    return {one.name: one for one in attack(installation, clock).attempts if one.region == "joint"}


def test_what_small_boxes_held_together_is_attacked_too(
    installation: Installation, clock: FixedClock
) -> None:
    open_small(installation, clock)
    found = find_joint(installation, clock)
    assert {name: one.outcome for name, one in found.items()} == {
        "transactions": "unlinked" if on_postgresql() else "not_tried",
        "order": "unlinked",
        "classes": "unlinked",
    }
    assert found["order"].measure["rows"] == found["classes"].measure["smallest"] == 15


def test_rows_of_no_region_are_found_in_the_file(sqlite_app: Flask, clock: FixedClock) -> None:
    installation: Installation = sqlite_app.extensions["aoj"]
    open_small(installation, clock)
    with db.read() as connection:
        ids = connection.execute(select(Response.id)).scalars().all()
    content = (installation.settings.instance / "aoj.sqlite3").read_bytes()
    assert find_file_places(content, ids, REGION).keys() == set(ids)


def test_twin_ids_that_count_show_the_order(
    installation: Installation, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = iter(range(10**6))
    monkeypatch.setattr("aoj_survey.responses.writing.uuid4", lambda: UUID(int=next(numbers)))
    open_small(installation, clock)
    assert find_joint(installation, clock)["order"].succeeded


def test_twin_fewer_than_ten_are_noticed(installation: Installation, clock: FixedClock) -> None:
    open_small(installation, clock)
    with db.write() as connection:
        some = connection.execute(select(Response.id).limit(6)).scalars().all()
        connection.execute(delete(Response).where(Response.id.in_(some)))
    assert find_joint(installation, clock)["classes"].succeeded


def test_twin_an_answer_and_a_person_written_by_one_transaction_are_joined(
    postgresql_app: Flask, clock: FixedClock
) -> None:
    installation: Installation = postgresql_app.extensions["aoj"]
    open_small(installation, clock)
    with db.write() as connection:
        connection.execute(update(Response).values(stratum=REGION))
        connection.execute(update(Invitation).values(started=True))
    attempt = find_joint(installation, clock)["transactions"]
    assert (attempt.succeeded, attempt.measure["transactions"], attempt.measure["matched"]) == (True, 1, 15)


def test_twin_an_id_or_text_of_them_in_a_log_is_found(
    sqlite_app: Flask, clock: FixedClock, tmp_path: Path
) -> None:
    installation: Installation = sqlite_app.extensions["aoj"]
    open_small(installation, clock)
    with db.read() as connection:
        some = connection.execute(select(Response.id)).scalars().first()
    logs = tmp_path / "logs"
    logs.mkdir()
    (logs / "worker.log").write_text(f"stored {some}\n", encoding="utf-8")
    assert set(name_succeeded(attack(installation, clock, Means(logs=logs)))) == {"logs"}
