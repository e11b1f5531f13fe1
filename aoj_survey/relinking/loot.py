"""What an attacker carries off: the database with its log and erased parts, a backup, log files."""

import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, inspect
from sqlalchemy.exc import DBAPIError

from .packing import LootError, read_file

SQLITE = b"SQLite format 3\0"
PACKED = b"PGDMP"
JOURNALS = ("-wal", "-shm", "-journal")
STATISTICS = """(
    SELECT tablename, attname, most_common_vals, histogram_bounds FROM pg_stats
    WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY tablename, attname
)"""
"""What the planner of PostgreSQL keeps of the values in columns."""

SEGMENT = re.compile(r"[0-9A-F]{24}(\.partial)?(\.gz)?")
"""How PostgreSQL names a piece of its write-ahead log, and archives rename it."""


@dataclass(frozen=True, slots=True)
class Part:
    """One file, or the rows of all tables; `kind` is `rows`, `file`, `journal`, `backup` or `log`."""

    kind: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Loot:
    """Everything that is searched. `whole` is whether the database's files could be read, `unread` how many not.

    `beside` are the log and journal next to a backup in SQLite, `others` files of the installation. `segments` are the pieces of PostgreSQL's
    write-ahead log, `dump_log` the program of PostgreSQL that reads them.
    """

    database: tuple[Part, ...]
    whole: bool
    unread: int
    backup: Part | None
    backup_path: Path | None
    beside: tuple[Part, ...]
    logs: tuple[Part, ...] | None
    others: tuple[Path, ...] | None
    segments: tuple[Path, ...] | None
    dump_log: Path | None


def carry_off(
    engine: Engine,
    backup: Path | None,
    logs: Path | None,
    wal: Path | None = None,
    others: Iterable[Path] | None = None,
) -> Loot:
    """Return all that an attacker would have; `wal` is a folder with PostgreSQL's write-ahead log.

    `others` are files of the installation, from which those of database, backup and logs are left out.

    Raises:
        LootError: a backup or log that cannot be read.
    """
    database, unread = take_database(engine)
    return Loot(
        database=database,
        whole=any(part.kind == "file" for part in database),
        unread=unread,
        backup=None if backup is None else Part("backup", read_file(backup)),
        backup_path=backup,
        beside=() if backup is None else _take_files(_list_journals(backup))[0],
        logs=None if logs is None else take_logs(logs),
        others=None if others is None else _leave_out(others, engine, backup, logs),
        segments=None if wal is None else _list_segments(wal),
        dump_log=None if wal is None else _find_dump_log(engine),
    )


def _leave_out(
    others: Iterable[Path], engine: Engine, backup: Path | None, logs: Path | None
) -> tuple[Path, ...]:
    """Those files that no other attempt looks at."""
    own = [Path(str(engine.url.database))] if engine.dialect.name == "sqlite" else []
    databases = [*own, *([backup] if backup else [])]
    known = {path.resolve() for base in databases for path in (base, *_list_journals(base))}
    folder = logs.resolve() if logs else None
    return tuple(
        path
        for path in sorted(others)
        if path.resolve() not in known and (folder is None or folder not in path.resolve().parents)
    )


def find_write_ahead_log(engine: Engine) -> Path | None:
    """Return the folder of the server's write-ahead log where this user may read it; else, and on SQLite, None."""
    if engine.dialect.name == "sqlite":
        return None
    try:
        with engine.connect() as connection:
            folder = Path(connection.exec_driver_sql("SHOW data_directory").scalar_one()) / "pg_wal"
        return folder if any(_find_segments(folder)) else None
    except (DBAPIError, OSError):
        return None


def _list_segments(folder: Path) -> tuple[Path, ...]:
    try:
        found = tuple(sorted(_find_segments(folder)))
    except OSError as error:
        raise LootError(f"{folder} cannot be read: {error.strerror}.") from None
    if not found:
        raise LootError(
            f"There is no write-ahead log in {folder}. Name the folder with the files of 24 signs."
        )
    return found


def _find_segments(folder: Path) -> Iterable[Path]:
    return (path for path in folder.iterdir() if SEGMENT.fullmatch(path.name))


def _find_dump_log(engine: Engine) -> Path | None:
    """The server's own `pg_waldump`, which reads its version of the log; else the one on the path."""
    try:
        with engine.connect() as connection:
            query = "SELECT setting FROM pg_config WHERE name = 'BINDIR'"
            own = Path(connection.exec_driver_sql(query).scalar_one()) / "pg_waldump"
            if own.is_file():
                return own
    except DBAPIError:
        # Not for this user to know, or SQLite.
        pass
    found = shutil.which("pg_waldump")
    return Path(found) if found else None


def _list_journals(database: Path) -> list[Path]:
    return [Path(f"{database}{ending}") for ending in JOURNALS]


def take_database(engine: Engine) -> tuple[tuple[Part, ...], int]:
    """Return the parts of the live database, and how many of its files this user may not read.

    Of SQLite the file, which has its erased pages, and the log beside it; of PostgreSQL the rows as `COPY`
    gives them, and where this user may read the server's folder the files of the database, erased rows included.
    """
    if engine.dialect.name == "sqlite":
        path = Path(str(engine.url.database))
        return _take_files([path, *_list_journals(path)])
    files, unread = _take_files(_find_server_files(engine))
    return (Part("rows", copy_rows(engine)), *files), unread


def copy_rows(engine: Engine) -> bytes:
    """Return all rows of all tables there are in PostgreSQL; binary, so that bytes stay bytes.

    And the values that its planner keeps of them, which outlive rows that were deleted.
    """
    quote = engine.dialect.identifier_preparer.quote
    sources = [*map(quote, sorted(inspect(engine).get_table_names())), STATISTICS]
    raw = engine.raw_connection()
    copied = bytearray()
    cursor = raw.cursor()
    try:
        for source in sources:
            with cursor.copy(f"COPY {source} TO STDOUT (FORMAT binary)") as copy:  # pyright: ignore[reportAttributeAccessIssue] — psycopg's own
                for block in copy:
                    copied += bytes(block)
    finally:
        cursor.close()
        raw.close()
    return bytes(copied)


def _find_server_files(engine: Engine) -> list[Path]:
    """The files of this database; none where the server runs elsewhere, or does not let this user know."""
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            folder = Path(connection.exec_driver_sql("SHOW data_directory").scalar_one())
            query = "SELECT oid::text FROM pg_database WHERE datname = current_database()"
            own = folder / "base" / connection.exec_driver_sql(query).scalar_one()
            # What the server still has in memory is not in its files.
            connection.exec_driver_sql("CHECKPOINT")
        return sorted(own.glob("[0-9]*"))
    except (DBAPIError, PermissionError):
        return []


def _take_files(paths: Iterable[Path]) -> tuple[tuple[Part, ...], int]:
    parts: list[Part] = []
    unread = 0
    for path in paths:
        kind = "journal" if path.name.endswith(JOURNALS) else "file"
        try:
            parts.append(Part(kind, path.read_bytes()))
        except FileNotFoundError:
            # Never there, or the server made it superfluous in the meantime.
            continue
        except PermissionError:
            unread += 1
    return tuple(parts), unread


def take_logs(folder: Path) -> tuple[Part, ...]:
    """Return every file in a folder and the folders in it, unpacked where gzip packed it.

    Raises:
        LootError: there is no file, or one cannot be read.
    """
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    if not paths:
        raise LootError(f"There are no files in {folder}. Name the folder with the log files.")
    return tuple(Part("log", read_file(path)) for path in paths)
