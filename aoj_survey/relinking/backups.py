"""A backup: whether it is one of this wave, and what is sealed in it; and keys that lie where they could open it."""

import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from aoj_survey.errors import KeyFileError
from aoj_survey.keys import KEY_BYTES
from aoj_survey.waves import ParticipationFacts

from .loot import PACKED, SQLITE, Loot
from .packing import LootError
from .sealing import start_of_ballots

ROW = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""The id that a row in a dump starts with."""

SEALED = re.compile(rb"\\x((?:[0-9a-f]{2}){40,})")
"""Bytes in a dump; what is shorter is a hash."""


TABLE = re.compile(rb'(?:COPY|INSERT INTO) (?:\w+\.)?"?(\w+)')
"""How a dump says which table the rows are of."""


def note_backup(loot: Loot, participation: UUID) -> tuple[str, ...]:
    """Return why nothing was sought in the backup, as keys of NOTES; empty where it is one of this participation.

    A file that was packed or sealed in a way that is not read here looks like one in which there is nothing.
    """
    if loot.backup is None:
        return ("no_backup",)
    if loot.backup.content.startswith(PACKED):
        return ("unreadable_backup",)
    forms = (participation.bytes, participation.hex.encode(), str(participation).encode())
    parts = (loot.backup, *loot.beside)
    return () if any(form in part.content for part in parts for form in forms) else ("strange_backup",)


def find_ballots(loot: Loot, facts: ParticipationFacts) -> list[bytes]:
    """Return the sealed answers of a participation in a backup: an SQLite file, or a dump in plain text."""
    if loot.backup is None or loot.backup_path is None:
        return []
    if loot.backup.content.startswith(SQLITE):
        query = "SELECT ciphertext FROM ballot WHERE participation_id = ?"
        return [row[0] for row in _read_sqlite(loot.backup.content, loot.backup_path, query, facts.id)]
    written = re.compile(start_of_ballots(facts).hex().encode() + rb"(?:[0-9a-f]{2})+")
    return [bytes.fromhex(found.decode()) for found in written.findall(loot.backup.content)]


def find_contacts(loot: Loot, participation: UUID) -> list[tuple[UUID, bytes]]:
    """Return the sealed contacts of a participation in a backup, with the id of the person."""
    if loot.backup is None or loot.backup_path is None:
        return []
    if loot.backup.content.startswith(SQLITE):
        query = "SELECT id, contact FROM invitee WHERE participation_id = ?"
        rows = _read_sqlite(loot.backup.content, loot.backup_path, query, participation)
        return [(UUID(identity), sealed) for identity, sealed in rows if sealed]
    here = str(participation).encode()
    return [
        (UUID(row[0].decode()), bytes.fromhex(sealed[1].decode()))
        for line in _list_people(loot.backup.content)
        if here in line and (row := ROW.search(line)) and (sealed := SEALED.search(line))
    ]


def _list_people(content: bytes) -> Iterator[bytes]:
    """The lines of a dump that are rows of people on the list, or say so."""
    table = b""
    for line in content.splitlines():
        if found := TABLE.match(line):
            table = found[1]
        if table == b"invitee":
            yield line


def _read_sqlite(content: bytes, path: Path, query: str, participation: UUID) -> list[Any]:
    # A copy, for reading may write a log beside it; with its own log, which may hold the newest rows.
    with TemporaryDirectory() as folder:
        copied = Path(folder) / "backup.sqlite3"
        copied.write_bytes(content)
        for ending in ("-wal", "-journal"):
            if (source := Path(f"{path}{ending}")).is_file():
                shutil.copy(source, f"{copied}{ending}")
        try:
            with closing(sqlite3.connect(copied)) as backup:
                return backup.execute(query, (participation.hex,)).fetchall()
        except sqlite3.Error as error:
            raise LootError(
                f"{path} is a damaged backup, or one of another program ({error}). Give another one."
            ) from None


def find_keys(name: str, directory: Path, backup: Path | None) -> Iterator[bytes]:
    """Yield every key of a name in the key directory, and in the folder of the backup or two folders below.

    Raises:
        KeyFileError: one that cannot be read.
    """
    paths = list(directory.rglob(name))
    if backup is not None:
        for pattern in (name, f"*/{name}", f"*/*/{name}"):
            paths += backup.resolve().parent.glob(pattern)
    for path in sorted({path.resolve() for path in paths}):
        try:
            content = path.read_bytes()
        except OSError as error:
            raise KeyFileError(f"The key {path} cannot be read: {error.strerror}.") from None
        if len(content) == KEY_BYTES:
            yield content
