"""Making the messages of many people at once, inside the database."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Connection, String, insert, literal, literal_column, select, union_all

from aoj_survey.waves import KINDS

from .models import Invitation, Message


def plan_messages(connection: Connection, participation: UUID, only: Collection[UUID] = ()) -> int:
    """Give every invitation of somebody on the list that has no messages yet its three; return how many were made.

    One statement, whatever the number of people; harmless when run twice. With `only`, no others are looked at.
    """
    kinds = union_all(*(select(literal(kind, String).label("kind")) for kind in KINDS)).subquery()
    has_some = select(Message.kind).where(Message.invitation_id == Invitation.id, Message.kind == KINDS[0])
    people = (
        select(Invitation.id, Invitation.participation_id)
        .where(
            Invitation.participation_id == participation,
            Invitation.invitee_id.is_not(None),
            ~has_some.exists(),
            *([Invitation.id.in_(only)] if only else []),
        )
        # In the order of the index of messages, which takes a quarter less time.
        .order_by(Invitation.id)
        .subquery()
    )
    rows = select(people.c.id, kinds.c.kind, literal_column("0"), people.c.participation_id).join(
        kinds, literal_column("true")
    )
    columns = [Message.invitation_id, Message.kind, Message.number, Message.participation_id]
    made = insert(Message).from_select(columns, rows).execution_options(preserve_rowcount=True)
    return connection.execute(made).rowcount
