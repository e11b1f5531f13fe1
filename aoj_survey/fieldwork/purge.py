"""The purge: on the promised day, addresses, invitations and the keys to them are destroyed; counts stay."""

from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy import Connection, delete, exists, select

from aoj_survey.db import Database
from aoj_survey.invitations import (
    FormerAddress,
    FrameUpload,
    Invitation,
    Invitee,
    Message,
    ProofMail,
    Supplier,
)
from aoj_survey.keys import KeyDirectory
from aoj_survey.waves import ParticipationFacts, list_participations

from .turns import take_turns


def purge_due(database: Database, keys: KeyDirectory, now: datetime) -> int:
    """Purge every ended participation whose promised day has come; return how many.

    The keys go first: after a crash in between, what is left can no longer be read, and the next run
    removes it.

    Raises:
        TurnError: one that could not be purged; the others are.
    """
    with database.read() as connection:
        due = [
            facts
            for facts in list_participations(connection, "closed", "opened")
            if _is_due(facts, now)
            and (_has_invitations(connection, facts.id) or keys.has(facts.id, "contact"))
        ]
    return take_turns(database, due, partial(_purge, keys=keys))


def _purge(connection: Connection, facts: ParticipationFacts, keys: KeyDirectory) -> None:
    keys.destroy(facts.id, "contact", "link")
    for table in (Message, FormerAddress, Invitation, Invitee, FrameUpload, Supplier, ProofMail):
        connection.execute(delete(table).where(table.participation_id == facts.id))


def _is_due(facts: ParticipationFacts, now: datetime) -> bool:
    return facts.purge_on is not None and now.astimezone(facts.zone).date() >= facts.purge_on


def _has_invitations(connection: Connection, participation: UUID) -> bool:
    return bool(
        connection.execute(select(exists().where(Invitation.participation_id == participation))).scalar()
    )
