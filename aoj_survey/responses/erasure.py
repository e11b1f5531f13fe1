"""What must be gone after an opening: traces of the box in the database files, and the box key."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, Engine, select, update

from aoj_survey.errors import AojError, KeyFileError
from aoj_survey.keys import KeyDirectory
from aoj_survey.waves import ParticipationFacts

from .envelope import Payload, open_ballot, seal_ballot
from .models import Opening

KEY_DAYS = timedelta(days=7)


class ErasureError(AojError):
    """A key that could not be shown to be gone."""


def rewrite_tables(engine: Engine) -> bool:
    """Rewrite the tables of ballots and responses so that no page keeps deleted rows or their order.

    Returns False when readers stood in the way on SQLite; then the step is to be tried again.
    """
    raw = engine.raw_connection()
    try:
        if engine.dialect.name == "sqlite":
            cursor = raw.cursor()
            cursor.execute("VACUUM")
            busy, _pages, _moved = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()  # type: ignore[misc]
            cursor.close()
            return busy == 0
        raw.driver_connection.autocommit = True  # type: ignore[union-attr]
        cursor = raw.cursor()
        for table in ("ballot", "draft", "response"):
            cursor.execute(f"VACUUM (FULL, FREEZE) {table}")
        cursor.close()
        raw.driver_connection.autocommit = False  # type: ignore[union-attr]
        return True
    finally:
        raw.close()


def openings_to_rewrite(connection: Connection) -> tuple[UUID, ...]:
    """Return the participations whose opening still waits for the rewrite of the tables."""
    query = select(Opening.participation_id).where(~Opening.tables_rewritten)
    return tuple(connection.execute(query).scalars())


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
        ErasureError: a ballot could still be opened.
    """
    probe = seal_ballot(facts.box_public_key, facts.id, Payload("", "", {}), 256)
    keys.destroy(facts.id, "box")
    try:
        open_ballot(keys.box(facts.id), facts.id, probe)
    except KeyFileError:
        connection.execute(
            update(Opening).where(Opening.participation_id == facts.id).values(key_destroyed_at=now)
        )
    else:
        raise ErasureError(f"The box key of {facts.region} in {facts.wave} still opens ballots.")
