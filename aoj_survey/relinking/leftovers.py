"""Attempts on what should be gone: drafts after the close, ballots and key after the opening, people after the purge."""

from datetime import date
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import Connection, func, select

from aoj_survey.invitations import Invitation, Invitee, Message, ResumeCode
from aoj_survey.keys import KeyDirectory
from aoj_survey.responses import (
    Ballot,
    BallotError,
    Draft,
    Opening,
    Payload,
    count_ballots,
    open_ballot,
    seal_ballot,
    takes_seal_off,
)
from aoj_survey.waves import ParticipationFacts

from .attempts import Attempt, conclude, pass_over
from .backups import find_ballots, find_contacts, find_keys, note_backup
from .contacts import opens
from .loot import Loot
from .sealing import start_of_ballots
from .searching import note_files

ENDED = {"closed", "opened"}


def try_drafts(connection: Connection, facts: ParticipationFacts) -> Attempt:
    """Count drafts, and codes to go on with them, after the close."""
    if facts.status not in ENDED:
        return pass_over("drafts", facts.region, "still_running")
    drafts, codes = (_count(connection, table, facts.id) for table in (Draft, ResumeCode))
    measure = {"drafts": drafts, "codes": codes}
    return conclude("drafts", facts.region, measure, linked=drafts + codes > 0)


def _count(connection: Connection, table: Any, participation: UUID) -> int:
    query = select(func.count()).select_from(table).where(table.participation_id == participation)
    return connection.execute(query).scalar_one()


def try_leftovers(connection: Connection, facts: ParticipationFacts, loot: Loot) -> Attempt:
    """Look for ballots of an opened box in rows, erased pages and the log; their first bytes are known."""
    if facts.status != "opened":
        return pass_over("leftovers", facts.region, "not_opened")
    start = start_of_ballots(facts)
    measure = {
        "rows": count_ballots(connection, facts.id),
        "files": len(loot.database),
        "traces": sum(part.content.count(start) for part in loot.database),
    }
    linked = measure["rows"] + measure["traces"] > 0
    return conclude("leftovers", facts.region, measure, *note_files(loot), linked=linked)


def try_old_backup(
    connection: Connection, facts: ParticipationFacts, keys: KeyDirectory, loot: Loot
) -> Attempt:
    """Open ballots of the backup, and one made for the purpose, with every key that can still be found.

    Those in the key directory, and any `box.key` in the folder of the backup or two folders below.
    """
    destroyed = connection.execute(
        select(Opening.key_destroyed_at).where(Opening.participation_id == facts.id)
    ).scalar_one_or_none()
    if destroyed is None and facts.box_destroyed_at is None:
        note = "key_exists" if keys.has(facts.id, "box") else "not_opened"
        return pass_over("old_backup", facts.region, note)
    probe = seal_ballot(facts.box_public_key, facts.id, Payload("", "", {}), 256)
    notes = note_backup(loot, facts.id)
    kept = [] if notes else find_ballots(loot, facts)
    if not notes and not kept:
        notes = ("no_ballots",)
    found = [
        X25519PrivateKey.from_private_bytes(key) for key in find_keys("box.key", keys.path, loot.backup_path)
    ]
    # Where custodians sealed too, the end of the box's own seal is what makes every copy of theirs useless.
    opened = sum(any(takes_seal_off(key, facts.id, ballot) for key in found) for ballot in (probe, *kept))
    measure = {"keys": len(found), "ballots": 1 + len(kept), "opened": opened}
    return conclude("old_backup", facts.region, measure, *notes, linked=opened > 0)


def try_purge(
    connection: Connection, facts: ParticipationFacts, keys: KeyDirectory, loot: Loot, today: date
) -> Attempt:
    """After the promised day, seek people on the list, keys to it, and keys that open a list in the backup."""
    if facts.purge_on is None or today <= facts.purge_on:
        return pass_over("purge", facts.region, "no_purge_yet")
    notes = note_backup(loot, facts.id)
    contacts = [] if notes else find_contacts(loot, facts.id)
    if not notes and not contacts:
        notes = ("no_list_in_backup",)
    found = list(find_keys("contact.key", keys.path, loot.backup_path))
    measure = {
        "rows": sum(_count(connection, table, facts.id) for table in (Invitee, Invitation, Message)),
        "keys": sum(keys.has(facts.id, name) for name in ("contact", "link")),
        "sealed": len({invitee for invitee, _ in contacts}),
        "opened": len({who for who, sealed in contacts if any(opens(key, who, sealed) for key in found)}),
    }
    linked = measure["rows"] + measure["keys"] + measure["opened"] > 0
    return conclude("purge", facts.region, measure, *notes, linked=linked)


def _opens(key: X25519PrivateKey, participation: UUID, ballot: bytes) -> bool:
    try:
        open_ballot(key, participation, ballot)
    except BallotError:
        return False
    return True


def count_openable(connection: Connection, keys: KeyDirectory, facts: ParticipationFacts) -> int:
    """Return how many ballots the key of the box opens by itself; 0 without it, or where custodians sealed too."""
    if not keys.has(facts.id, "box"):
        return 0
    key = keys.box(facts.id)
    ballots = connection.execute(
        select(Ballot.ciphertext).where(Ballot.participation_id == facts.id)
    ).scalars()
    return sum(_opens(key, facts.id, ballot) for ballot in ballots)
