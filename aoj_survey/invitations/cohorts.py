"""Who is in the daily counts: everybody at the first one; who comes later, together with enough others.

A count that does not move on the day after somebody came on the list would tell that this person has not
answered yet. So an invitation is `counted` once ten wait together. Who waits depends on the list alone.
"""

from collections import Counter
from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Connection, func, select, update

from .models import GroupLink, GroupPeople, Invitation, Invitee


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


def count_asked(connection: Connection, participation: UUID) -> dict[str, int]:
    """Return the number of people per role as the list and declarations say it, whatever anybody did."""
    listed = connection.execute(
        select(Invitation.role, func.count())
        .outerjoin(Invitee, Invitee.id == Invitation.invitee_id)
        .where(
            Invitation.participation_id == participation,
            Invitation.group_id.is_(None),
            Invitee.withdrawn.is_distinct_from("ineligible"),
        )
        .group_by(Invitation.role)
    )
    asked = Counter({role: int(number) for role, number in listed})
    declared = connection.execute(
        select(GroupPeople.role, func.sum(GroupPeople.people))
        .join(GroupLink, GroupLink.id == GroupPeople.group_id)
        .where(GroupLink.participation_id == participation)
        .group_by(GroupPeople.role)
    )
    asked.update({role: int(number) for role, number in declared})
    return dict(asked)
