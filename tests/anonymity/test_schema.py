"""Test 1: no time, no key and no value in the tables of answers that comes from the list of people."""

import json
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from aoj_survey.db import db
from aoj_survey.keys import KeyDirectory
from aoj_survey.relinking import find_shared_values, list_answers, list_known_values
from aoj_survey.responses import DraftContent, Response, keep_draft
from aoj_survey.waves import ParticipationFacts
from tests.anonymity.schema import BOX, check_live, check_models
from tests.conftest import FixedClock
from tests.responses.boxes import close_and_open, fill_box, read_rows
from tests.staging import ANSWERS, list_people, send, start_wave


def test_the_models_keep_no_time_sequence_or_way_back() -> None:
    check_models(db.metadata)


def test_the_live_tables_keep_no_time_sequence_or_way_back(app: Flask) -> None:
    with db.read() as connection:
        check_live(connection)


def loosened(*columns: sa.Column[Any], name: str = "ballot", rowid: bool = False) -> sa.MetaData:
    """The tables of answers as they must be, but for one."""
    metadata = sa.MetaData()
    sa.Table("invitation", metadata, sa.Column("id", sa.Uuid, primary_key=True))
    for box in BOX:
        more = columns if box == name else ()
        key = sa.Column("id", sa.Uuid, primary_key=True)
        sa.Table(box, metadata, key, *more, sqlite_with_rowid=rowid and box == name)
    return metadata


@pytest.mark.parametrize("name", BOX)
@pytest.mark.parametrize(
    "column",
    [
        lambda: sa.Column("moment", sa.DateTime(timezone=True)),
        lambda: sa.Column("day", sa.Date),
        lambda: sa.Column("hour", sa.Time),
        lambda: sa.Column("place", sa.BigInteger),
        lambda: sa.Column("place", sa.Integer, sa.Identity()),
        lambda: sa.Column("sent_at", sa.String(30)),
        lambda: sa.Column("note", sa.String(30), server_default=sa.text("CURRENT_TIMESTAMP")),
        lambda: sa.Column("asked", sa.Uuid, sa.ForeignKey("invitation.id")),
    ],
)
def test_twin_a_model_with_a_time_sequence_or_way_back_is_noticed(name: str, column: Any) -> None:
    check_models(loosened(name=name))
    with pytest.raises(AssertionError):
        check_models(loosened(column(), name=name))


def test_twin_a_model_with_a_rowid_is_noticed() -> None:
    with pytest.raises(AssertionError, match="rowid"):
        check_models(loosened(rowid=True))


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE response ADD COLUMN moment TIMESTAMP",
        "ALTER TABLE ballot ADD COLUMN place INTEGER",
        "ALTER TABLE draft ADD COLUMN note VARCHAR(40) DEFAULT CURRENT_DATE",
        "ALTER TABLE ballot ADD COLUMN asked {id} REFERENCES invitation (id)",
    ],
)
def test_twin_a_live_table_that_was_altered_is_noticed(app: Flask, change: str) -> None:
    with db.read() as connection:
        identity = "CHAR(32)" if connection.dialect.name == "sqlite" else "UUID"
        connection.exec_driver_sql(change.replace("{id}", identity))
        with pytest.raises(AssertionError):
            check_live(connection)


def test_twin_a_sequence_is_noticed(postgresql_app: Flask) -> None:
    with db.read() as connection:
        connection.exec_driver_sql("ALTER TABLE ballot ADD COLUMN place SERIAL")
        with pytest.raises(AssertionError):
            check_live(connection)


def test_twin_a_rowid_is_noticed(sqlite_app: Flask) -> None:
    with db.write() as connection:
        connection.exec_driver_sql("DROP TABLE ballot")
        connection.exec_driver_sql("CREATE TABLE ballot (id CHAR(32) PRIMARY KEY, ciphertext BLOB)")
    with db.read() as connection, pytest.raises(AssertionError, match="rowid"):
        check_live(connection)


def test_twin_a_trigger_is_noticed(sqlite_app: Flask) -> None:
    with db.write() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER note AFTER INSERT ON ballot BEGIN UPDATE wave SET deadline = CURRENT_DATE; END"
        )
    with db.read() as connection, pytest.raises(AssertionError):
        check_live(connection)


# Values


@pytest.fixture
def facts(app: Flask, keys: KeyDirectory, clock: FixedClock) -> ParticipationFacts:
    return start_wave(keys, clock(), {"ib": 14})


def play(keys: KeyDirectory, facts: ParticipationFacts, clock: FixedClock) -> None:
    """Ten people answer, one keeps a draft."""
    fill_box(keys, facts, clock(), 10)
    last = list_people(keys, facts)[-1]
    with db.write() as connection:
        keep_draft(connection, last.token, facts.id, DraftContent(ANSWERS))


def check_no_value_is_shared(keys: KeyDirectory, facts: ParticipationFacts) -> None:
    """Expect that ids, hashes, ciphertexts and links of the list occur nowhere in the tables of answers.

    The participation is shared by all, and the class is the one thing that may come along.
    """
    tokens = {person.token.encode() for person in list_people(keys, facts)}
    with db.read() as connection:
        known = list_known_values(connection, facts.id) | tokens
        assert find_shared_values(known, list_answers(connection, facts)) == set()


def test_no_value_of_the_list_is_in_the_box(
    facts: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    play(keys, facts, clock)
    check_no_value_is_shared(keys, facts)


def test_no_value_of_the_list_is_in_the_responses(
    facts: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    play(keys, facts, clock)
    close_and_open(keys, facts, clock())
    check_no_value_is_shared(keys, facts)


def test_the_class_is_all_that_a_response_shares_with_an_invitation(
    facts: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    play(keys, facts, clock)
    close_and_open(keys, facts, clock())
    for row in read_rows(Response):
        assert set(row) == {"id", "participation_id", "wave_code", "stratum", "content"}
        assert row["wave_code"] is None
        assert set(json.loads(row["content"])) == {"format", "instruments", "answers"}


def test_twin_ballots_that_keep_the_id_of_the_invitation_are_noticed(
    facts: ParticipationFacts, keys: KeyDirectory, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for person in list_people(keys, facts)[:10]:
        monkeypatch.setattr("aoj_survey.responses.submission.uuid4", lambda person=person: person.invitation)
        assert send(person, ANSWERS, clock()) == "sent"
    with pytest.raises(AssertionError):
        check_no_value_is_shared(keys, facts)


def test_twin_drafts_under_the_token_itself_are_noticed(
    facts: ParticipationFacts, keys: KeyDirectory, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    link_hashes = {person.token: person.invitation for person in list_people(keys, facts)}
    monkeypatch.setattr("aoj_survey.responses.drafts.derive_draft_id", lambda token: link_hashes[token])
    play(keys, facts, clock)
    with pytest.raises(AssertionError):
        check_no_value_is_shared(keys, facts)
