"""Who is in the daily counts: everybody at the first one; who comes later, together with enough others.

A count that does not move on the day after somebody came on the list would tell that this person has not
answered yet. So an invitation is `counted` once ten wait together. Who waits depends on the list alone.
"""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Connection, func, select, update

from .models import Invitation, Invitee


def count_waiting(connection: Connection, participation: UUID) -> dict[str, int]:
    """Return how many people per role are in no daily count yet, without whom the list names wrongly."""
    rows = connection.execute(
        select(Invitation.role, func.count())
        .outerjoin(Invitee, Invitee.id == Invitation.invitee_id)
        .where(
            Invitation.participation_id == participation,
            Invitation.group_id.is_(None),
            ~Invitation.counted,
            Invitee.withdrawn.is_distinct_from("ineligible"),
        )
        .group_by(Invitation.role)
    )
    return {role: int(number) for role, number in rows}


def admit(connection: Connection, participation: UUID, roles: Collection[str]) -> None:
    """Let everybody of these roles be in the daily counts from now on."""
    connection.execute(
        update(Invitation)
        .where(Invitation.participation_id == participation, Invitation.role.in_(roles), ~Invitation.counted)
        .values(counted=True)
    )
