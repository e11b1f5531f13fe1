"""What whoever holds the keys besides the database can do; told so that nobody believes otherwise, no failure."""

from uuid import UUID

from sqlalchemy import Connection, select

from aoj_survey.invitations import Invitee
from aoj_survey.keys import KeyDirectory
from aoj_survey.waves import ParticipationFacts

from .attempts import Attempt, conclude
from .contacts import opens
from .leftovers import count_openable
from .transactions import count_matches


def try_with_keys(connection: Connection, keys: KeyDirectory, facts: ParticipationFacts) -> Attempt:
    """Read addresses, open ballots, and on PostgreSQL lay them beside people by their transaction."""
    people, addresses = _count_addresses(connection, keys, facts.id)
    opened = count_openable(connection, keys, facts)
    joined = opened > 0 and connection.dialect.name == "postgresql"
    matched = count_matches(connection, facts.id, "invitation", answers="ballot") if joined else 0
    measure = {"people": people, "addresses": addresses, "opened": opened, "matched": matched}
    return conclude("key_holder", facts.region, measure, linked=addresses + opened > 0)


def _count_addresses(connection: Connection, keys: KeyDirectory, participation: UUID) -> tuple[int, int]:
    rows = connection.execute(
        select(Invitee.id, Invitee.contact).where(Invitee.participation_id == participation)
    ).all()
    if not keys.has(participation, "contact"):
        return len(rows), 0
    key = keys.contact(participation)
    return len(rows), sum(opens(key, row.id, row.contact) for row in rows)
