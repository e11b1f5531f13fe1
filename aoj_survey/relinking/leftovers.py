"""Attempts on what should be gone: drafts after the close, ballots after the opening, the key of the box."""

import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import Connection, func, select

from aoj_survey.errors import KeyFileError
from aoj_survey.invitations import ResumeCode
from aoj_survey.keys import KEY_BYTES, KeyDirectory
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
from .loot import PACKED, SQLITE, Loot
from .sealing import start_of_ballots

ENDED = {"closed", "opened"}


def try_drafts(connection: Connection, facts: ParticipationFacts) -> Attempt:
    """Count drafts, and codes to go on with them, after the close."""
    if facts.status not in ENDED:
        return pass_over("drafts", facts.region, "still_running")
    drafts, codes = (_count(connection, table, facts.id) for table in (Draft, ResumeCode))
    measure = {"drafts": drafts, "codes": codes}
    return conclude("drafts", facts.region, measure, linked=drafts + codes > 0)


def _count(connection: Connection, table: type[Draft] | type[ResumeCode], participation: UUID) -> int:
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
    return conclude(
        "leftovers", facts.region, measure, *(() if loot.whole else ("rows_only",)), linked=linked
    )


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
    notes = _note_backup(loot)
    probe = seal_ballot(facts.box_public_key, facts.id, Payload("", "", {}), 256)
    ballots = [probe, *([] if notes else find_ballots(loot, facts))]
    found = list(_find_keys(keys.path, loot.backup_path))
    # Where custodians sealed too, the end of the box's own seal is what makes every copy of theirs useless.
    opened = sum(any(takes_seal_off(key, facts.id, ballot) for key in found) for ballot in ballots)
    measure = {"keys": len(found), "ballots": len(ballots), "opened": opened}
    return conclude("old_backup", facts.region, measure, *notes, linked=opened > 0)


def _note_backup(loot: Loot) -> tuple[str, ...]:
    if loot.backup is None:
        return ("no_backup",)
    return ("unreadable_backup",) if loot.backup.content.startswith(PACKED) else ()


def find_ballots(loot: Loot, facts: ParticipationFacts) -> list[bytes]:
    """Return the sealed answers of a participation in a backup: an SQLite file, or a dump in plain text."""
    if loot.backup is None or loot.backup_path is None:
        return []
    if loot.backup.content.startswith(SQLITE):
        return _read_sqlite(loot.backup_path, facts.id)
    written = re.compile(start_of_ballots(facts).hex().encode() + rb"(?:[0-9a-f]{2})+")
    return [bytes.fromhex(found.decode()) for found in written.findall(loot.backup.content)]


def _read_sqlite(path: Path, participation: UUID) -> list[bytes]:
    # A copy, for reading may write a log beside it; with its own log, which may hold the newest ballots.
    with TemporaryDirectory() as folder:
        copied = Path(folder) / "backup.sqlite3"
        for ending in ("", "-wal", "-journal"):
            if (source := Path(f"{path}{ending}")).is_file():
                shutil.copy(source, f"{copied}{ending}")
        with closing(sqlite3.connect(copied)) as backup:
            query = "SELECT ciphertext FROM ballot WHERE participation_id = ?"
            return [row[0] for row in backup.execute(query, (participation.hex,))]


def _find_keys(directory: Path, backup: Path | None) -> Iterator[X25519PrivateKey]:
    paths = list(directory.rglob("box.key"))
    if backup is not None:
        for pattern in ("box.key", "*/box.key", "*/*/box.key"):
            paths += backup.resolve().parent.glob(pattern)
    for path in sorted({path.resolve() for path in paths}):
        try:
            content = path.read_bytes()
        except OSError as error:
            raise KeyFileError(f"The key {path} cannot be read: {error.strerror}.") from None
        if len(content) == KEY_BYTES:
            yield X25519PrivateKey.from_private_bytes(content)


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
