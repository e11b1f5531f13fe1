"""Who gets mail: the people on the list, whatever any of them did."""

from uuid import UUID

from sqlalchemy import Connection, and_, func, or_, select

from .counts import lists_fewer
from .due import WENT_OUT
from .models import Invitation, Invitee, Message

LONGEST = 20_000
"""Of longer lists it is not looked up whether all are alike, which takes a look at everybody."""


def count_receivers(connection: Connection, participation: UUID) -> dict[str, int]:
    """Return the number of people on the list per role, without those taken off it; nothing tells who is done."""
    rows = connection.execute(
        select(Invitation.role, func.count())
        .join(Invitee, Invitee.id == Invitation.invitee_id)
        .where(Invitation.participation_id == participation, Invitee.withdrawn.is_(None))
        .group_by(Invitation.role)
    )
    return {row[0]: row[1] for row in rows}


def are_alike(connection: Connection, participation: UUID) -> bool:
    """Return whether nothing but being done kept anybody on the list from a reminder, and all are in the daily counts.

    Else the number of reminders beside a daily count tells what single people did, whom a coordinator knows by
    name: who wants no mail, was taken off the list, got no invitation, or came on the list late. A list of
    `LONGEST` people or more is taken not to be alike: among so many somebody always stands apart.
    """
    if not lists_fewer(connection, participation, LONGEST):
        return False
    invitation = and_(Message.invitation_id == Invitation.id, Message.kind == "invitation")
    apart = (
        select(Invitation.id)
        .join(Invitee, Invitee.id == Invitation.invitee_id)
        .outerjoin(Message, invitation)
        .where(
            Invitation.participation_id == participation,
            or_(
                Invitee.opted_out,
                Invitee.withdrawn.is_not(None),
                Invitation.counted.is_(False),
                Message.state.is_(None),
                Message.state.not_in(WENT_OUT),
            ),
        )
    )
    return not connection.execute(select(apart.exists())).scalar_one()
