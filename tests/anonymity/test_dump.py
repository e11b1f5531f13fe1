"""Test 4: whoever carries off the database, its log included, finds no working link, no address, nothing typed."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask

from aoj_survey.db import db
from aoj_survey.fieldwork import finish_openings, purge_due
from aoj_survey.installation import Installation
from aoj_survey.invitations import Contact, derive_token, opt_out
from aoj_survey.keys import KeyDirectory
from aoj_survey.questionnaire import Answers
from aoj_survey.relinking import copy_rows, take_database
from aoj_survey.responses import DraftContent, keep_draft
from aoj_survey.waves import ParticipationFacts
from tests.conftest import FixedClock
from tests.responses.boxes import close_and_open
from tests.staging import list_people, send, start_wave


@dataclass(frozen=True)
class Secrets:
    """What may not be found: links and addresses ever, typed texts until the opening."""

    links: tuple[bytes, ...]
    addresses: tuple[bytes, ...]
    typed: tuple[bytes, ...]


@dataclass(frozen=True)
class Stage:
    """A participation under a name of its own, so that nothing of another test can be taken for its secrets."""

    facts: ParticipationFacts
    secrets: Secrets
    begin: str


def answers_of(marker: str) -> Answers:
    return {"overleg": "ja", "sturing": ("visie",), "visie_hoe": f"Ik vind dat {marker} moet.", "cijfer": 8}


def make_stage(keys: KeyDirectory, clock: FixedClock) -> Stage:
    """Twelve people: eleven send a text, one keeps it as a draft, one of them opts out of mail."""
    begin = read_log_position()
    region = f"r{uuid4().hex[:12]}"
    facts = start_wave(keys, clock(), {"ib": 12}, region=region)
    people = list_people(keys, facts)
    typed = [f"woord-{uuid4().hex}" for _ in people]
    for person, marker in zip(people, typed, strict=True):
        with db.write() as connection:
            keep_draft(connection, person.token, facts.id, DraftContent(answers_of(marker)))
    for person, marker in zip(people[1:], typed[1:], strict=True):
        assert send(person, answers_of(marker), clock()) == "sent"
    key = keys.link(facts.id)
    tokens = [person.token for person in people]
    tokens += [derive_token(key, "optout", person.invitation, 0) for person in people]
    with db.write() as connection:
        assert opt_out(connection, keys, tokens[-1])
    links = [form for token in tokens for form in (token.encode(), token.upper().encode(), raw(token))]
    addresses = [f"post@{region}-ib-{number}.example".encode() for number in range(1, 13)]
    return Stage(facts, Secrets(tuple(links), tuple(addresses), tuple(map(str.encode, typed))), begin)


def raw(token: str) -> bytes:
    """The sixteen bytes that a token spells."""
    return base64.b32decode(token.upper() + "=" * 6)


# Carrying off the database


def carry_off(begin: str) -> bytes:
    """Everything a thief of the database gets: what the attacker's program takes, and PostgreSQL's log."""
    parts, _whole = take_database(db.engine)
    return b"\0".join([*(part.content for part in parts), *read_server_log(begin)])


def read_log_position() -> str:
    """The name of the log file PostgreSQL writes now; empty on SQLite."""
    if db.engine.dialect.name == "sqlite":
        return ""
    with db.read() as connection:
        return connection.exec_driver_sql("SELECT pg_walfile_name(pg_current_wal_lsn())").scalar_one()


def read_server_log(begin: str) -> list[bytes]:
    """The log of the server since `begin`; none on SQLite, or when the server runs elsewhere."""
    if not begin:
        return []
    with db.read() as connection:
        folder = Path(connection.exec_driver_sql("SHOW data_directory").scalar_one())
    end = read_log_position()
    return [path.read_bytes() for path in (folder / "pg_wal").glob("0*") if begin <= path.name <= end]


def check_holds_none(loot: bytes, secrets: tuple[bytes, ...]) -> None:
    assert len(loot) > 10_000
    assert [secret for secret in secrets if secret in loot] == []


@pytest.fixture
def stage(app: Flask, keys: KeyDirectory, clock: FixedClock) -> Stage:
    return make_stage(keys, clock)


def test_while_it_runs_no_link_address_or_typed_text_can_be_found(
    stage: Stage, installation: Installation
) -> None:
    loot = carry_off(stage.begin)
    for secrets in (stage.secrets.links, stage.secrets.addresses, stage.secrets.typed):
        check_holds_none(loot, secrets)


def test_after_the_opening_no_link_or_address_can_be_found(
    stage: Stage, installation: Installation, clock: FixedClock
) -> None:
    close_and_open(installation.keys, stage.facts, clock())
    assert finish_openings(db, installation.keys, clock())
    loot = carry_off(stage.begin)
    check_holds_none(loot, stage.secrets.links)
    check_holds_none(loot, stage.secrets.addresses)
    assert all(text in loot for text in stage.secrets.typed[1:])


def test_the_draft_that_was_never_sent_is_never_readable(
    stage: Stage, installation: Installation, clock: FixedClock
) -> None:
    close_and_open(installation.keys, stage.facts, clock())
    assert finish_openings(db, installation.keys, clock())
    check_holds_none(carry_off(stage.begin), stage.secrets.typed[:1])


def test_after_the_purge_no_link_or_address_can_be_found(
    stage: Stage, installation: Installation, clock: FixedClock
) -> None:
    close_and_open(installation.keys, stage.facts, clock())
    clock.pass_time(days=90)
    assert purge_due(db, installation.keys, clock()) == 1
    loot = carry_off(stage.begin)
    check_holds_none(loot, stage.secrets.links)
    check_holds_none(loot, stage.secrets.addresses)


# Twins


def store_contacts_readable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "aoj_survey.invitations.records.seal_contact",
        lambda _key, _invitee, contact: json.dumps([contact.address, contact.organisation]).encode(),
    )
    monkeypatch.setattr(
        "aoj_survey.invitations.optouts.open_contact",
        lambda _key, _invitee, readable: Contact(*json.loads(readable)),
    )


def store_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("records", "optouts"):
        monkeypatch.setattr(f"aoj_survey.invitations.{module}.hash_token", str.encode)


def store_ballots_readable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "aoj_survey.responses.submission.seal_for",
        lambda _facts, payload, size: json.dumps(dict(payload.answers)).encode().ljust(size),
    )


def store_drafts_readable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "aoj_survey.responses.drafts.seal_draft",
        lambda _token, _place, content: json.dumps(dict(content.answers)).encode().ljust(4096),
    )


@pytest.mark.parametrize(
    ("take_away", "found"),
    [
        (store_contacts_readable, "addresses"),
        (store_tokens, "links"),
        (store_ballots_readable, "typed"),
        (store_drafts_readable, "typed"),
    ],
)
def test_twin_without_the_protection_the_thief_finds_them(
    installation: Installation,
    clock: FixedClock,
    monkeypatch: pytest.MonkeyPatch,
    take_away: Callable[[pytest.MonkeyPatch], None],
    found: str,
) -> None:
    take_away(monkeypatch)
    stage = make_stage(installation.keys, clock)
    loot = carry_off(stage.begin)
    with pytest.raises(AssertionError):
        check_holds_none(loot, getattr(stage.secrets, found))


@pytest.mark.parametrize("found", ["links", "addresses", "typed"])
def test_twin_the_dump_alone_shows_what_is_stored_readable(
    postgresql_app: Flask, tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, found: str
) -> None:
    for take_away in (store_contacts_readable, store_tokens, store_ballots_readable):
        take_away(monkeypatch)
    stage = make_stage(KeyDirectory(tmp_path / "keys"), clock)
    with pytest.raises(AssertionError):
        check_holds_none(copy_rows(db.engine), getattr(stage.secrets, found))


def test_twin_after_the_purge_the_log_still_shows_what_was_stored_readable(
    postgresql_app: Flask, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    installation: Installation = postgresql_app.extensions["aoj"]
    store_contacts_readable(monkeypatch)
    stage = make_stage(installation.keys, clock)
    with pytest.raises(AssertionError):
        test_after_the_purge_no_link_or_address_can_be_found(stage, installation, clock)
