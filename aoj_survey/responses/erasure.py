"""What must be gone after an opening: traces of the box in the database files, and the box key."""

import sqlite3
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import Connection, Engine, delete, select, update
from sqlalchemy.exc import OperationalError

from aoj_survey.errors import AojError
from aoj_survey.keys import KeyDirectory
from aoj_survey.waves import Act, Participation, ParticipationFacts, record_act

from .consents import hold_box
from .envelope import Payload, seal_ballot, takes_seal_off
from .models import Ballot, Opening, OpeningRequest
from .opening import is_small

KEY_DAYS = timedelta(days=7)
BOX_DAYS = timedelta(days=90)
LOCK_SECONDS = 3
STOOD_IN_THE_WAY = {"55P03", "40P01"}
"""PostgreSQL's codes for a lock that was not given and for a deadlock."""


class ErasureError(AojError):
    """A key that could not be shown to be gone."""


def rewrite_tables(engine: Engine) -> bool:
    """Rewrite the tables of ballots and responses so that no page keeps deleted rows or their order.

    Returns False when somebody else's transaction stood in the way; then the step is to be tried again.
    """
    return _rewrite_sqlite(engine) if engine.dialect.name == "sqlite" else _rewrite_postgresql(engine)


def _rewrite_sqlite(engine: Engine) -> bool:
    # Raw, for VACUUM cannot run in a transaction and our engine begins one.
    raw = engine.raw_connection()
    cursor = raw.cursor()
    try:
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        [(busy, _pages, _moved)] = cursor.fetchall()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
            raise
        return False
    else:
        return busy == 0
    finally:
        cursor.close()
        raw.close()


def _rewrite_postgresql(engine: Engine) -> bool:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        try:
            # Whoever waits for this lock stops all who come after, so it waits for seconds only.
            connection.exec_driver_sql(f"SET lock_timeout = '{LOCK_SECONDS}s'")
            for table in ("ballot", "draft", "open_answer", "response"):
                connection.exec_driver_sql(f"VACUUM (FULL, FREEZE) {table}")
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", "") not in STOOD_IN_THE_WAY:
                raise
            return False
        finally:
            connection.exec_driver_sql("RESET lock_timeout")
    return True


def openings_to_rewrite(connection: Connection) -> tuple[UUID, ...]:
    """Return the participations whose opening still waits for the rewrite of the tables."""
    query = select(Opening.participation_id).where(~Opening.tables_rewritten)
    return tuple(connection.execute(query).scalars())


def ask_rewrite(
    connection: Connection, *, participation: UUID | None = None, wave: str | None = None
) -> None:
    """Ask for the tables of an opened participation, or of the small boxes of a wave, to be rewritten once more.

    Something that was answered was erased; the worker goes on until no page of a file holds it.
    """
    joint = select(Participation.id).where(Participation.wave_code == wave)
    which = Opening.participation_id.in_(joint) & Opening.joint
    connection.execute(
        update(Opening)
        .where(which if participation is None else Opening.participation_id == participation)
        .values(tables_rewritten=False)
    )


def record_rewrite(connection: Connection, participation: UUID) -> None:
    """Keep that the tables were rewritten after an opening."""
    connection.execute(
        update(Opening).where(Opening.participation_id == participation).values(tables_rewritten=True)
    )


def record_bundle(connection: Connection, participation: UUID, digest: str) -> None:
    """Keep the digest of the first verified bundle; from now on the box key has no use."""
    connection.execute(
        update(Opening)
        .where(Opening.participation_id == participation, Opening.bundle_digest.is_(None))
        .values(bundle_digest=digest)
    )


def keys_to_destroy(connection: Connection, now: datetime) -> tuple[UUID, ...]:
    """Return opened participations whose box key must go: the bundle was verified, or seven days have passed."""
    due = Opening.bundle_digest.is_not(None) | (Opening.opened_at <= now - KEY_DAYS)
    query = select(Opening.participation_id).where(Opening.key_destroyed_at.is_(None), due)
    return tuple(connection.execute(query).scalars())


def destroy_box_key(
    connection: Connection, keys: KeyDirectory, facts: ParticipationFacts, now: datetime
) -> None:
    """Destroy the box key, check that a ballot can no longer be opened, and record it.

    Harmless when run twice: a crash between the file and the record is finished by the next run.

    Raises:
        ErasureError: a ballot could still be opened; KeyFileError: the key directory is not there.
    """
    came_back = keys.has(facts.id, "box")
    _destroy_key(keys, facts)
    recorded = connection.execute(
        update(Opening)
        .where(Opening.participation_id == facts.id, Opening.key_destroyed_at.is_(None))
        .values(key_destroyed_at=now)
    )
    if recorded.rowcount:
        record_act(connection, facts.id, Act(now, "worker", "box_key_destroyed"))
    elif came_back:
        record_act(connection, facts.id, Act(now, "worker", "box_key_destroyed_again"))


def _destroy_key(keys: KeyDirectory, facts: ParticipationFacts) -> None:
    probe = seal_ballot(facts.box_public_key, facts.id, Payload("", "", {}), 256)
    keys.require_folder(facts.id)
    keys.destroy(facts.id, "box")
    left = [path for path in keys.list_keys() if _opens(path, facts, probe)]
    if left:
        raise ErasureError(
            f"The box key of {facts.region} in {facts.wave} still opens ballots: "
            f"{', '.join(str(path) for path in left)}. Nothing was recorded; destroy what is left of it."
        )


def _opens(path: Path, facts: ParticipationFacts, probe: bytes) -> bool:
    # As bytes, for a copy that others may read opens ballots too.
    return takes_seal_off(X25519PrivateKey.from_private_bytes(path.read_bytes()), facts.id, probe)


def destroyed_keys(connection: Connection) -> tuple[UUID, ...]:
    """Return the participations whose box key is gone for good, and must stay so when a backup was put back."""
    query = select(Opening.participation_id).where(Opening.key_destroyed_at.is_not(None))
    small = select(Participation.id).where(Participation.box_destroyed_at.is_not(None))
    return tuple(connection.execute(query.union(small)).scalars())


def boxes_to_destroy(
    connection: Connection, closed: Iterable[ParticipationFacts], now: datetime
) -> list[ParticipationFacts]:
    """Return the closed participations whose box is too small to open, also together, and was kept for 90 days."""
    return [
        facts
        for facts in closed
        if facts.closed_at is not None
        and facts.closed_at + BOX_DAYS <= now
        and facts.box_destroyed_at is None
        and is_small(connection, facts.id)
    ]


def destroy_box(connection: Connection, facts: ParticipationFacts, keys: KeyDirectory, now: datetime) -> None:
    """Destroy a box that can never be opened, with its key, and record it; harmless when run twice.

    Raises:
        ErasureError: a ballot could still be opened.
    """
    # Somebody may have opened it since it was found to be due.
    if hold_box(connection, facts.id) != "closed":
        return
    _destroy_key(keys, facts)
    for table in (Ballot, OpeningRequest):
        connection.execute(delete(table).where(table.participation_id == facts.id))
    recorded = connection.execute(
        update(Participation)
        .where(Participation.id == facts.id, Participation.box_destroyed_at.is_(None))
        .values(box_destroyed_at=now)
    )
    if recorded.rowcount:
        record_act(connection, facts.id, Act(now, "worker", "box_destroyed"))
