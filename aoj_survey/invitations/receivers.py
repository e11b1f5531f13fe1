"""Who gets mail: the people on the list, whatever any of them did."""

from uuid import UUID

from sqlalchemy import Connection, func, select

from .models import Invitation, Invitee


def count_receivers(connection: Connection, participation: UUID) -> dict[str, int]:
    """Return the number of people on the list per role, without those taken off it; nothing tells who is done."""
    rows = connection.execute(
        select(Invitation.role, func.count())
        .join(Invitee, Invitee.id == Invitation.invitee_id)
        .where(Invitation.participation_id == participation, Invitee.withdrawn.is_(None))
        .group_by(Invitation.role)
    )
    return {row[0]: row[1] for row in rows}
