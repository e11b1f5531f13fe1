"""Who is in the daily counts: everybody at the first one; who comes later, together with enough others.

A count that does not move on the day after somebody came on the list would tell that this person has not
answered yet. So an invitation is `counted` once ten wait together. Who waits depends on the list alone.
"""

from collections import Counter
from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, func, select, update

from .models import GroupLink, GroupPeople, Invitation, Invitee


def count_waiting(connection: Connection, participation: UUID) -> dict[str, int]:
    """Return how many people per role are in no daily count yet, without whom the list names wrongly.

    Of group links as many wait as was declared.
    """
    rows = connection.execute(
        select(Invitation.role, func.count())
        .outerjoin(Invitee, Invitee.id == Invitation.invitee_id)
        .where(*_left_out(participation), Invitee.withdrawn.is_distinct_from("ineligible"))
        .group_by(Invitation.role)
    )
    waiting = Counter({role: int(number) for role, number in rows})
    waiting.update(_sum_declared(connection, participation, GroupPeople.counted.is_(False)))
    return dict(waiting)


def count_left_out(connection: Connection, participation: UUID) -> int:
    """Return how many people are in no daily count, also those whom the list names wrongly."""
    listed = connection.execute(select(func.count(Invitation.id)).where(*_left_out(participation)))
    declared = _sum_declared(connection, participation, GroupPeople.counted.is_(False))
    return listed.scalar_one() + sum(declared.values())


def _left_out(participation: UUID) -> tuple[ColumnElement[bool], ...]:
    return (
        Invitation.participation_id == participation,
        Invitation.group_id.is_(None),
        Invitation.counted.is_(False),
    )


def admit(connection: Connection, participation: UUID, roles: Collection[str]) -> None:
    """Let everybody of these roles be in the daily counts from now on."""
    connection.execute(
        update(Invitation)
        .where(Invitation.participation_id == participation, Invitation.role.in_(roles), ~Invitation.counted)
        .values(counted=True)
    )
    links = select(GroupLink.id).where(GroupLink.participation_id == participation)
    connection.execute(
        update(GroupPeople)
        .where(GroupPeople.group_id.in_(links), GroupPeople.role.in_(roles))
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
    asked.update(_sum_declared(connection, participation))
    return dict(asked)


def _sum_declared(
    connection: Connection, participation: UUID, *conditions: ColumnElement[bool]
) -> dict[str, int]:
    rows = connection.execute(
        select(GroupPeople.role, func.sum(GroupPeople.people))
        .join(GroupLink, GroupLink.id == GroupPeople.group_id)
        .where(GroupLink.participation_id == participation, *conditions)
        .group_by(GroupPeople.role)
    )
    return {role: int(number) for role, number in rows}
