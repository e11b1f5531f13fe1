"""An invitation in the hands of who changes it: held so that others wait, and why a change is refused."""

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, func, insert, select

from aoj_survey.errors import ChangeError

from .listing import GONE
from .models import Invitation, Invitee, Message

LINKS_A_DAY = 3
"""How often the link is sent again to one person on one day, at most."""

WORDS = {
    "closed": "The participation is closed: the list can no longer be changed.",
    "not_running": "The participation does not run: no link can be sent.",
    "gone": GONE,
    "same": "This is the address that is on the list already.",
    "listed": "This person is on the list already, with this address, role and organisation.",
    "shared": "This address is on the list with another role or organisation. Confirm that this is a second person.",
    "opted_out": "This address wants no more mail.",
    "role_sent": "The role can be changed only before the invitation has gone out.",
    "not_invited": "The invitation has not gone out yet. It holds the link.",
    "waiting": "The link is waiting to be sent again already.",
    "often": f"The link was sent again {LINKS_A_DAY} times today. Try again tomorrow.",
}
"""Why a change cannot be made, in words for commands."""


def refuse(code: str) -> ChangeError:
    """Return the error for a change that cannot be made."""
    return ChangeError(code, WORDS[code])


def hold_invitation(connection: Connection, participation: UUID, invitee: UUID) -> Row[*tuple[Any, ...]]:
    """Return the invitation of somebody on the list, with the state of its mail; others wait for this transaction.

    Raises:
        ChangeError: `gone`.
    """
    row = connection.execute(
        select(Invitation.id, Invitation.role)
        .join(Invitee, Invitee.id == Invitation.invitee_id)
        .where(Invitee.id == invitee, Invitee.participation_id == participation, Invitee.withdrawn.is_(None))
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise refuse("gone")
    hold_mail(connection, row.id)
    # Asked after the wait, not with it: the mail may have gone out in between.
    return connection.execute(
        select(Invitation.id, Invitation.role, Message.state, Message.attempts)
        .outerjoin(Message, (Message.invitation_id == Invitation.id) & (Message.kind == "invitation"))
        .where(Invitation.id == row.id)
    ).one()


def hold_mail(connection: Connection, invitation: UUID) -> None:
    """Keep workers from somebody's mail until this transaction ends; who has one of it in hand is waited for."""
    connection.execute(
        select(Message.kind)
        .where(Message.invitation_id == invitation)
        .order_by(Message.kind, Message.number)
        .with_for_update(of=Message)
    )


def has_left(held: Row[*tuple[Any, ...]]) -> bool:
    """Return whether the mail with the invitation may have reached somebody: a mail server was asked to take it."""
    return held.state is not None and (held.state != "due" or held.attempts > 0)


def may_have_arrived(connection: Connection, invitation: UUID) -> bool:
    """Return whether the link may have arrived at an address, by the invitation or sent again; or is on its way."""
    arrived = select(Message.kind).where(
        Message.invitation_id == invitation,
        Message.kind.in_(("invitation", "link_again")),
        Message.state.in_(("sent", "uncertain", "claimed")),
    )
    return connection.execute(arrived).first() is not None


def has_waiting(connection: Connection, invitation: UUID, *states: str) -> bool:
    """Return whether the link waits to be sent again, or is on its way; or is in one of these states."""
    waiting = select(Message.kind).where(
        Message.invitation_id == invitation,
        Message.kind == "link_again",
        Message.state.in_(states or ("due", "claimed")),
    )
    return connection.execute(waiting).first() is not None


def add_message(
    connection: Connection,
    participation: UUID,
    invitation: UUID,
    kind: str,
    contact: bytes | None = None,
) -> None:
    """Have a mail sent that somebody asked for; `contact` is the former address, sealed."""
    last = select(func.max(Message.number)).where(Message.invitation_id == invitation, Message.kind == kind)
    number = (connection.execute(last).scalar_one_or_none() or 0) + 1
    connection.execute(
        insert(Message).values(
            participation_id=participation,
            invitation_id=invitation,
            kind=kind,
            number=number,
            contact=contact,
        )
    )
