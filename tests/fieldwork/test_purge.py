"""The purge: on the promised day addresses and links are gone for good; counts stay, and the box still opens."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from flask import Flask
from sqlalchemy import event, insert, update

from aoj_survey.db import db
from aoj_survey.errors import ChangeError, KeyFileError, StateError
from aoj_survey.fieldwork import TurnError, finish_openings, purge_due, start_participation
from aoj_survey.invitations import (
    FormerAddress,
    FrameRow,
    FrameUpload,
    GroupLink,
    GroupPeople,
    Invitation,
    Invitee,
    Message,
    OptOut,
    ProofMail,
    Supplier,
    Upload,
    add_group,
    add_person,
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
from aoj_survey.waves import (
    Act,
    FinalCount,
    Participation,
    ParticipationFacts,
    list_acts,
    pause_participation,
    read_participation,
    set_deadline,
)
from aoj_survey.worker import run_once
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
from tests.staging import QUESTIONNAIRES, list_people, make_plan, plan_wave, start_wave

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


@pytest.mark.parametrize("name", ["contact", "link"])
def test_a_key_that_comes_back_from_a_backup_is_destroyed_again(
    closed: ParticipationFacts, keys: KeyDirectory, clock: FixedClock, name: str
) -> None:
    file = keys.path / str(closed.id) / f"{name}.key"
    content = file.read_bytes()
    purge(keys, clock())
    file.write_bytes(content)
    assert [purge(keys, clock()) for _ in range(2)] == [1, 0]
    assert not file.exists()


def test_a_disk_with_keys_that_is_not_mounted_keeps_no_address_and_its_keys_end_when_it_is_back(
    closed: ParticipationFacts, keys: KeyDirectory, clock: FixedClock, tmp_path: Path
) -> None:
    keys.path.rename(tmp_path / "not_mounted")
    assert purge(keys, clock()) == 1
    assert count_rows(Invitee) == 0
    (tmp_path / "not_mounted").rename(keys.path)
    assert [purge(keys, clock()) for _ in range(2)] == [1, 0]
    assert not keys.has(closed.id, "contact")
    assert not keys.has(closed.id, "link")


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


def test_one_that_cannot_be_purged_does_not_keep_what_never_started(
    planned: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    stuck = close(start_wave(keys, clock(), {"ib": 12}, region="stuck"), clock())
    (keys.path / str(stuck.id) / "contact.key").unlink()
    (keys.path / str(stuck.id) / "contact.key").mkdir()
    with pytest.raises(TurnError, match="2026 stuck"):
        purge(keys, LAST + timedelta(days=30))
    assert read_status(planned) == "lapsed"


# Planned, and never started


@pytest.fixture
def planned(app: Flask, keys: KeyDirectory, clock: FixedClock) -> ParticipationFacts:
    """A list of three for a window until 5 June 2026, with a supplier, a list in hand and a group link."""
    with db.write() as connection:
        facts = plan_wave(connection, keys, make_plan(clock(), {"ib": 3}), {"ib": 3})
        add_supplier(connection, facts.id, "gemeente Rijnstad")
        upload = Upload("lijst.csv", read_table(f"e-mail;rol\n{MARKER};ib\n".encode()))
        start_upload(connection, keys, facts.id, upload, clock().date())
        add_group(connection, keys, facts, "De Verzonnen Vuurtoren", {"ib": 12})
    return facts


LAST = datetime(2026, 6, 5, 12, 0, tzinfo=UTC)
OF_LISTS = (*PEOPLE, FrameUpload, Supplier, ProofMail, FormerAddress, GroupLink, GroupPeople)


def read_status(facts: ParticipationFacts) -> str:
    with db.read() as connection:
        return read_participation(connection, facts.id).status


def test_what_was_planned_and_never_started_is_destroyed_too(
    app: Flask, planned: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    for days, done in ((0, 0), (29, 0), (30, 1), (30, 0)):
        clock.moment = LAST + timedelta(days=days)
        assert purge(keys, clock()) == done
    assert [count_rows(table) for table in OF_LISTS] == [0] * len(OF_LISTS)
    assert [keys.has(planned.id, name) for name in ("contact", "link", "box")] == [False] * 3
    with db.read() as connection:
        assert read_participation(connection, planned.id).status == "lapsed"
        [act] = [act for act in list_acts(connection, planned.id) if act.made_by == "worker"]
    assert act.code == "list_lapsed"
    assert run_once(app)


def test_what_was_promised_for_the_wave_counts_for_who_never_started(
    planned: ParticipationFacts, keys: KeyDirectory
) -> None:
    with db.write() as connection:
        assert set_deadline(connection, "2026", planned.last_day, 50) == planned.last_day + timedelta(days=50)
    assert purge(keys, LAST + timedelta(days=49)) == 0
    assert purge(keys, LAST + timedelta(days=50)) == 1


def test_after_a_crash_the_worker_starts_without_those_keys_and_ends_what_was_begun(
    app: Flask, planned: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    keys.destroy(planned.id, "contact", "link")
    clock.moment = LAST
    with pytest.raises(KeyFileError):
        run_once(app)
    clock.moment = LAST + timedelta(days=30)
    assert run_once(app)
    assert read_status(planned) == "lapsed"


@pytest.mark.parametrize("name", ["contact", "link", "box"])
def test_a_key_of_what_lapsed_that_comes_back_is_destroyed_again(
    planned: ParticipationFacts, keys: KeyDirectory, name: str
) -> None:
    file = keys.path / str(planned.id) / f"{name}.key"
    content = file.read_bytes()
    purge(keys, LAST + timedelta(days=30))
    file.write_bytes(content)
    purge(keys, LAST + timedelta(days=31))
    assert not file.exists()


def check_lapsed_names_nobody(planned: ParticipationFacts, keys: KeyDirectory, clock: FixedClock) -> None:
    backup = {table: read_rows(table) for table in PEOPLE}
    purge(keys, LAST + timedelta(days=30))
    assert count_rows(Invitee) == 0
    restore(backup)
    check_backup_names_nobody(keys, planned)


def test_a_restored_backup_names_nobody_of_what_never_started(
    planned: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    check_lapsed_names_nobody(planned, keys, clock)


def test_twin_with_what_is_planned_passed_over_its_list_stays(
    planned: ParticipationFacts, keys: KeyDirectory, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ParticipationFacts, "phase", lambda *_: "not_open")
    with pytest.raises(AssertionError):
        check_lapsed_names_nobody(planned, keys, clock)


def test_who_lapsed_can_neither_start_nor_change_and_is_told_why(
    planned: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    purge(keys, LAST + timedelta(days=30))
    with db.write() as connection:
        facts = read_participation(connection, planned.id)
        with pytest.raises(StateError, match="was not started in time"):
            start_participation(connection, facts, QUESTIONNAIRES, clock())
        with pytest.raises(ChangeError) as refused:
            add_person(connection, keys, facts.id, FrameRow(MARKER, "ib", "De Vuurtoren", "nl"))
        assert refused.value.code == "closed"
        with pytest.raises(StateError, match="is over"):
            pause_participation(connection, facts, Act(clock(), "coordinator", "paused"))
        assert set_deadline(connection, "2026", LAST.date(), 30) == LAST.date() + timedelta(days=30)
