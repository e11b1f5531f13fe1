"""The purge: on the promised day addresses and links are gone for good; counts stay, and the box still opens."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from flask import Flask
from sqlalchemy import event, insert, update

from aoj_survey.db import db
from aoj_survey.errors import KeyFileError
from aoj_survey.fieldwork import TurnError, finish_openings, purge_due
from aoj_survey.invitations import (
    FrameUpload,
    Invitation,
    Invitee,
    Message,
    OptOut,
    ProofMail,
    Supplier,
    Upload,
    add_supplier,
    derive_token,
    find_invitation,
    find_opted_out,
    find_supplier,
    open_contact,
    opt_out,
    read_table,
    start_upload,
)
from aoj_survey.keys import KeyDirectory
from aoj_survey.responses import Response
from aoj_survey.tracking import read_final_counts
from aoj_survey.waves import FinalCount, Participation, ParticipationFacts
from tests.conftest import FixedClock
from tests.responses.boxes import (
    approve,
    close,
    count_rows,
    fill_box,
    open_now,
    read_rows,
    restore_rows,
    snapshot,
)
from tests.staging import list_people, start_wave

PEOPLE = (Invitee, Invitation, Message)
MARKER = "merkteken@vuurtoren.example"


@pytest.fixture
def closed(app: Flask, keys: KeyDirectory, clock: FixedClock) -> ParticipationFacts:
    """Ended early, and the promised day (5 July 2026) has come."""
    facts = start_wave(keys, clock(), {"ib": 12})
    fill_box(keys, facts, clock(), 10)
    ended = close(facts, clock())
    clock.moment = datetime(2026, 7, 5, 12, 0, tzinfo=UTC)
    return ended


def purge(keys: KeyDirectory, now: datetime) -> int:
    return purge_due(db, keys, now)


def test_the_purge_takes_keys_and_rows_and_leaves_the_counts(
    closed: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    with db.read() as connection:
        counts = read_final_counts(connection, closed.id)
    assert purge(keys, clock()) == 1
    assert [count_rows(table) for table in PEOPLE] == [0, 0, 0]
    assert [keys.has(closed.id, name) for name in ("contact", "link", "box")] == [False, False, True]
    with db.read() as connection:
        assert read_final_counts(connection, closed.id) == counts
    assert count_rows(FinalCount) == 1


def test_the_purge_takes_unfinished_lists_and_suppliers_and_keeps_who_wants_no_mail(
    closed: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    person = list_people(keys, closed)[0]
    upload = Upload("lijst.csv", read_table(f"e-mail;rol\n{MARKER};ib\n".encode()))
    with db.write() as connection:
        connection.execute(update(Participation).values(status="running"))
        token = add_supplier(connection, closed.id, "gemeente Rijnstad")
        supplier = find_supplier(connection, token)
        assert supplier is not None
        start_upload(connection, keys, closed.id, replace(upload, supplier=supplier[0].id), clock().date())
        connection.execute(
            insert(ProofMail).values(
                participation_id=closed.id, token_hash=b"h" * 32, contact=b"sealed", made_on=clock().date()
            )
        )
        assert opt_out(connection, keys, derive_token(keys.link(closed.id), "optout", person.invitation, 0))
        connection.execute(update(Participation).values(status="closed"))
    rows = read_rows(FrameUpload)
    assert not [row for row in rows if MARKER.encode() in row["sealed"]]
    assert purge(keys, clock()) == 1
    assert [count_rows(table) for table in (FrameUpload, Supplier, ProofMail)] == [0, 0, 0]
    assert count_rows(OptOut) == 1
    listed = [f"post@rijnmeer-ib-{number}.example" for number in range(1, 13)]
    with db.read() as connection:
        assert len(find_opted_out(connection, keys, closed.id, listed)) == 1


def test_the_purge_waits_for_midnight_in_the_region(
    closed: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    midnight = datetime(2026, 7, 4, 22, 0, tzinfo=UTC)
    assert purge(keys, midnight - timedelta(seconds=1)) == 0
    assert keys.has(closed.id, "contact")
    assert purge(keys, midnight) == 1


def test_a_purge_runs_once(closed: ParticipationFacts, keys: KeyDirectory, clock: FixedClock) -> None:
    assert [purge(keys, clock()) for _ in range(3)] == [1, 0, 0]


def test_what_still_runs_is_not_purged(
    closed: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    other = start_wave(keys, datetime(2026, 5, 4, 9, 0, tzinfo=UTC), {"ib": 6}, region="duinstreek")
    purge(keys, clock())
    assert {row["participation_id"] for row in read_rows(Invitee)} == {other.id}
    assert keys.has(other.id, "contact")


def test_a_box_can_be_opened_after_the_purge(
    closed: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    purge(keys, clock())
    approve(closed)
    assert open_now(keys, closed, clock()) == 10
    assert finish_openings(db, keys, clock())
    assert count_rows(Response) == 10


def test_an_opened_participation_is_purged_too(
    closed: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    approve(closed)
    open_now(keys, closed, clock())
    assert purge(keys, clock()) == 1
    assert count_rows(Invitee) == 0
    assert count_rows(Response) == 10


def test_no_link_works_after_the_purge(
    closed: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    people = list_people(keys, closed)
    purge(keys, clock())
    with db.read() as connection:
        assert [find_invitation(connection, person.token) for person in people] == [None] * 12
    with pytest.raises(KeyFileError):
        list_people(keys, closed)


def check_backup_names_nobody(keys: KeyDirectory, closed: ParticipationFacts) -> None:
    """With the rows of a backup and the keys there are now, no address may come out."""
    try:
        key = keys.contact(closed.id)
        found = [open_contact(key, row["id"], row["contact"]).address for row in read_rows(Invitee)]
    except (KeyFileError, InvalidTag):
        found = []
    assert found == []


def restore(rows: dict[Any, list[dict[str, Any]]]) -> None:
    for table, content in rows.items():
        restore_rows(table, content)


def test_a_restored_backup_names_nobody_after_the_purge(
    closed: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    backup = {table: read_rows(table) for table in PEOPLE}
    purge(keys, clock())
    restore(backup)
    check_backup_names_nobody(keys, closed)
    assert purge(keys, clock()) == 1
    assert count_rows(Invitee) == 0


def test_twin_with_the_keys_left_a_restored_backup_names_everybody(
    closed: ParticipationFacts, keys: KeyDirectory, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup = {table: read_rows(table) for table in PEOPLE}
    monkeypatch.setattr(KeyDirectory, "destroy", lambda *_: None)
    purge(keys, clock())
    restore(backup)
    with pytest.raises(AssertionError):
        check_backup_names_nobody(keys, closed)


def test_a_crash_between_keys_and_rows_is_finished_by_the_next_run(
    closed: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    def crash(*arguments: Any) -> None:
        if arguments[2].startswith("DELETE FROM invitation"):
            raise RuntimeError

    before = snapshot()
    event.listen(db.engine, "before_cursor_execute", crash)
    with pytest.raises(TurnError, match="RuntimeError"):
        purge(keys, clock())
    event.remove(db.engine, "before_cursor_execute", crash)
    assert snapshot() == before
    check_backup_names_nobody(keys, closed)
    assert purge(keys, clock()) == 1
    assert count_rows(Invitee) == 0


def test_one_region_that_cannot_be_purged_does_not_keep_the_others(
    closed: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    moment = clock()
    clock.moment = datetime(2026, 5, 4, 7, 30, tzinfo=UTC)
    stuck = close(start_wave(keys, clock(), {"ib": 12}, region="stuck"), clock())
    (keys.path / str(stuck.id) / "contact.key").unlink()
    (keys.path / str(stuck.id) / "contact.key").mkdir()
    with pytest.raises(TurnError, match="2026 stuck"):
        purge_due(db, keys, moment)
    assert not keys.has(closed.id, "contact")
    assert {row["participation_id"] for row in read_rows(Invitee)} == {stuck.id}
