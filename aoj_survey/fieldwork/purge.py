"""The purge: on the promised day, addresses, invitations and the keys to them are destroyed; counts stay."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection, delete, exists, select, update

from aoj_survey.db import Database
from aoj_survey.invitations import (
    FormerAddress,
    FrameUpload,
    GroupLink,
    GroupPeople,
    Invitation,
    Invitee,
    Message,
    ProofMail,
    Supplier,
)
from aoj_survey.keys import KeyDirectory
from aoj_survey.waves import Act, Participation, ParticipationFacts, list_participations, record_act

from .start import PURGE_DAYS
from .turns import take_turns

ALL_KEYS = ("contact", "link", "box")


def purge_due(database: Database, keys: KeyDirectory, now: datetime, purge_days: int = PURGE_DAYS) -> int:
    """Purge every ended participation whose promised day has come; return how many.

    One that was planned and never started ends too: its window is over, so it cannot start any more. Where nothing
    was promised for the wave, its day comes `purge_days` after its last day. No count of it stays.

    The keys go first: after a crash in between, what is left can no longer be read, and the next run
    removes it. Keys that come back, with a disk or a backup of them, are destroyed then.

    Raises:
        TurnError: one that could not be purged; the others are.
    """
    with database.read() as connection:
        due = [
            facts
            for facts in list_participations(connection, "closed", "opened")
            if _is_due(facts, now)
            and (
                _has_invitations(connection, facts.id)
                or keys.has(facts.id, "contact")
                or keys.has(facts.id, "link")
            )
        ]
        never_started = [
            facts
            for facts in list_participations(connection, "planned")
            if facts.phase(now) == "closed" and _find_day(facts, now) >= facts.erased_on(purge_days)
        ]
        returned = [
            facts
            for facts in list_participations(connection, "lapsed")
            if any(keys.has(facts.id, name) for name in ALL_KEYS)
        ]

    def end(connection: Connection, facts: ParticipationFacts) -> None:
        if facts in due:
            _purge(connection, facts, keys)
        elif facts in never_started:
            _lapse(connection, facts, keys, now)
        else:
            keys.destroy(facts.id, *ALL_KEYS)

    return take_turns(database, [*due, *never_started, *returned], end)


def _purge(connection: Connection, facts: ParticipationFacts, keys: KeyDirectory) -> None:
    keys.destroy(facts.id, "contact", "link")
    _remove_people(connection, facts)


def _remove_people(connection: Connection, facts: ParticipationFacts) -> None:
    for table in (Message, FormerAddress, Invitation, Invitee, FrameUpload, Supplier, ProofMail):
        connection.execute(delete(table).where(table.participation_id == facts.id))


def _lapse(connection: Connection, facts: ParticipationFacts, keys: KeyDirectory, now: datetime) -> None:
    lapsed = connection.execute(
        update(Participation)
        .where(Participation.id == facts.id, Participation.status == "planned")
        .values(status="lapsed")
    )
    if lapsed.rowcount != 1:
        return
    keys.destroy(facts.id, *ALL_KEYS)
    _remove_people(connection, facts)
    groups = select(GroupLink.id).where(GroupLink.participation_id == facts.id)
    connection.execute(delete(GroupPeople).where(GroupPeople.group_id.in_(groups)))
    connection.execute(delete(GroupLink).where(GroupLink.participation_id == facts.id))
    record_act(connection, facts.id, Act(now, "worker", "list_lapsed"))


def _find_day(facts: ParticipationFacts, now: datetime) -> date:
    return now.astimezone(facts.zone).date()


def _is_due(facts: ParticipationFacts, now: datetime) -> bool:
    return facts.purge_on is not None and _find_day(facts, now) >= facts.purge_on


def _has_invitations(connection: Connection, participation: UUID) -> bool:
    return bool(
        connection.execute(select(exists().where(Invitation.participation_id == participation))).scalar()
    )
