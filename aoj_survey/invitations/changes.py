"""Changes to the list of people while it is in use. None of them looks at, or shows, who took part.

Only an invitation's own mail is looked at: everybody gets one. Reminders go to who is not done, so nothing
here asks what became of them.
"""

import os
from dataclasses import replace
from datetime import date
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Connection, Row, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from aoj_survey.errors import ChangeError
from aoj_survey.keys import KeyDirectory
from aoj_survey.waves import Participation, RoleInstrument

from .cells import LANGUAGES, SECTORS, Slip, find_control, read_address, read_organisation, read_text
from .contacts import hash_address, hash_person, seal_contact
from .listing import GONE, find_person
from .models import Invitation, Invitee, Message
from .optouts import find_opted_out
from .records import FrameRow, add_invitations

LINKS_A_DAY = 3
"""How often the link is sent again to one person on one day, at most."""

WORDS = {
    "closed": "The participation is closed: the list can no longer be changed.",
    "not_running": "The participation does not run: no link can be sent.",
    "gone": GONE,
    "same": "This is the address that is on the list already.",
    "language_unknown": f"This language is not known here. Known: {', '.join(LANGUAGES)}.",
    "sector_unknown": f"This kind of organisation is not known here. Known: {', '.join(SECTORS)}.",
    "role_unasked": "This role has no questionnaire in this wave. Choose another one.",
    "listed": "This person is on the list already, with this address, role and organisation.",
    "shared": "This address is on the list with another role or organisation. Confirm that this is a second person.",
    "opted_out": "This address wants no more mail.",
    "role_sent": "The role can be changed only before the invitation has gone out.",
    "not_invited": "The invitation has not gone out yet. It holds the link.",
    "waiting": "The link is waiting to be sent again already.",
    "often": f"The link was sent again {LINKS_A_DAY} times today. Try again tomorrow.",
}
"""Why a change cannot be made, in words for commands."""


def add_person(
    connection: Connection,
    keys: KeyDirectory,
    participation: UUID,
    row: FrameRow,
    *,
    confirmed: bool = False,
    linked: bool = False,
) -> None:
    """Put one person on the list; the worker makes the link, unless it is made here (`linked`).

    `confirmed`: an address that is on the list with another role or organisation is a second person.

    Raises:
        ChangeError: `closed`, `listed`, `shared`, `opted_out`, `role_unasked`, or what is wrong with a text.
    """
    _require_open(connection, participation)
    row = _check(connection, participation, row)
    _require_new(connection, keys, participation, row, confirmed=confirmed)
    if find_opted_out(connection, keys, participation, [row.address]):
        raise _refuse("opted_out")
    try:
        add_invitations(connection, keys, participation, [row], linked=linked)
    except IntegrityError:
        # Somebody else added the same person in between.
        raise _refuse("listed") from None


def correct_person(
    connection: Connection,
    keys: KeyDirectory,
    participation: UUID,
    invitee: UUID,
    row: FrameRow,
) -> None:
    """Correct what the list says of somebody; the address stays, whatever `row` holds.

    A role rules questionnaire and class, so it changes only while the invitation has not gone out.

    Raises:
        ChangeError: `closed`, `gone`, `role_sent`, `listed`, `role_unasked`, or what is wrong with a text.
    """
    _require_open(connection, participation)
    held = _hold(connection, participation, invitee)
    person = find_person(connection, keys, participation, invitee)
    row = _check(connection, participation, replace(row, address=person.address))
    if row.role != held.role and _has_left(held):
        raise _refuse("role_sent")
    # Whether others share this address was settled when it was put on the list.
    _require_new(connection, keys, participation, row, confirmed=True, besides=invitee)
    _store(connection, keys, participation, invitee, row)
    if row.role != held.role:
        connection.execute(
            update(Invitation)
            .where(Invitation.id == held.id)
            .values(role=row.role, answering_role=None, counted=False)
        )


def change_address(
    connection: Connection,
    keys: KeyDirectory,
    participation: UUID,
    invitee: UUID,
    address: str,
    *,
    confirmed: bool = False,
) -> None:
    """Give somebody another address, alike for everyone.

    When the invitation may have left, the link in it is dead from here on: the worker makes the new link and
    mails it to the new address, and tells the former address. Else the invitation simply goes to the new one.
    Who wants no mail gets none by this.

    Raises:
        ChangeError: `closed`, `gone`, `same`, `listed`, `shared`, `opted_out`, or what is wrong with the address.
    """
    _require_open(connection, participation)
    held = _hold(connection, participation, invitee)
    person = find_person(connection, keys, participation, invitee)
    row = _check(connection, participation, replace(person.row, address=address), role=False)
    if row.address.casefold() == person.address.casefold():
        raise _refuse("same")
    _require_new(connection, keys, participation, row, confirmed=confirmed, besides=invitee)
    if find_opted_out(connection, keys, participation, [row.address]):
        raise _refuse("opted_out")
    _store(connection, keys, participation, invitee, row)
    if not _has_left(held):
        return
    connection.execute(
        update(Invitation)
        .where(Invitation.id == held.id)
        .values(
            generation=Invitation.generation + 1,
            token_hash=os.urandom(32),
            bounce_hash=None,
            relink=True,
        )
    )
    if not person.opted_out and held.state != "due" and not _has_waiting(connection, held.id):
        _add_message(connection, participation, held.id, "link_again")
    if held.state in {"sent", "uncertain", "claimed"}:
        former = seal_contact(keys.contact(participation), invitee, person.row.contact)
        _add_message(connection, participation, held.id, "moved", former)


def ask_link_again(connection: Connection, participation: UUID, invitee: UUID, today: date) -> None:
    """Have the worker send somebody the link again: the same act for everyone, and no reminder.

    `today` is the day in UTC. A mail server that refuses it is no mail of that day.

    Raises:
        ChangeError: `not_running`, `gone`, `not_invited`, `waiting` (one at a time), or `often`.
    """
    if _read_status(connection, participation) != "running":
        raise _refuse("not_running")
    held = _hold(connection, participation, invitee)
    if not _has_left(held):
        raise _refuse("not_invited")
    if _has_waiting(connection, held.id):
        raise _refuse("waiting")
    sent = select(func.count()).where(
        Message.invitation_id == held.id, Message.kind == "link_again", Message.sent_on == today
    )
    if connection.execute(sent).scalar_one() >= LINKS_A_DAY:
        raise _refuse("often")
    _add_message(connection, participation, held.id, "link_again")


def withdraw_person(
    connection: Connection,
    participation: UUID,
    invitee: UUID,
    reason: Literal["ineligible", "removed"],
) -> None:
    """Take somebody off the list: address and organisation are erased; who is done stays done.

    `ineligible`: does not belong on the list, as after a change of job, and counts as invited no more;
    `removed`: at own request, and still counts. The address may be put on the list again.

    Raises:
        ChangeError: `gone`.
    """
    held = _hold(connection, participation, invitee)
    connection.execute(
        update(Invitee)
        .where(Invitee.id == invitee)
        .values(withdrawn=reason, contact=b"", address_hash=os.urandom(32), person_hash=os.urandom(32))
    )
    connection.execute(
        update(Invitation)
        .where(Invitation.id == held.id, Invitation.status == "open")
        .values(status="withdrawn")
    )
    # Only these hold a former address, or go out whatever the invitation's status is.
    connection.execute(
        delete(Message).where(
            Message.invitation_id == held.id,
            Message.kind.in_(("link_again", "moved")),
            Message.state == "due",
        )
    )
    connection.execute(update(Message).where(Message.invitation_id == held.id).values(contact=None))


def _refuse(code: str) -> ChangeError:
    return ChangeError(code, WORDS[code])


def _read_status(connection: Connection, participation: UUID) -> str:
    return connection.execute(
        select(Participation.status).where(Participation.id == participation)
    ).scalar_one()


def _require_open(connection: Connection, participation: UUID) -> None:
    if _read_status(connection, participation) not in {"planned", "running"}:
        raise _refuse("closed")


def _hold(connection: Connection, participation: UUID, invitee: UUID) -> Row[*tuple[Any, ...]]:
    """The invitation of somebody on the list, with the state of its mail; others wait for this transaction."""
    row = connection.execute(
        select(Invitation.id, Invitation.role)
        .join(Invitee, Invitee.id == Invitation.invitee_id)
        .where(Invitee.id == invitee, Invitee.participation_id == participation, Invitee.withdrawn.is_(None))
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise _refuse("gone")
    # Asked after the wait, not with it: the mail may have gone out in between.
    return connection.execute(
        select(Invitation.id, Invitation.role, Message.state, Message.attempts)
        .outerjoin(Message, (Message.invitation_id == Invitation.id) & (Message.kind == "invitation"))
        .where(Invitation.id == row.id)
    ).one()


def _has_left(held: Row[*tuple[Any, ...]]) -> bool:
    """Whether the mail with the invitation may have reached somebody: a mail server was asked to take it."""
    return held.state is not None and (held.state != "due" or held.attempts > 0)


def _check(connection: Connection, participation: UUID, row: FrameRow, *, role: bool = True) -> FrameRow:
    """The row as it is stored; raises ChangeError when it cannot be."""
    texts = (row.address, row.organisation, row.municipality, row.swv)
    clean = [text.strip() for text in texts]
    address, slip = read_address(clean[0])
    slips: list[Slip | None] = [*map(find_control, clean), slip, read_organisation(clean[1])[1]]
    slips += [read_text(text)[1] for text in clean[2:]]
    for found in slips:
        if found:
            raise ChangeError(found.code, found.what)
    if row.sector and row.sector not in SECTORS:
        raise _refuse("sector_unknown")
    if row.language not in LANGUAGES:
        raise _refuse("language_unknown")
    asked = select(RoleInstrument.role).where(
        RoleInstrument.participation_id == participation, RoleInstrument.role == row.role
    )
    if role and connection.execute(asked).first() is None:
        raise _refuse("role_unasked")
    return replace(row, address=address, organisation=clean[1], municipality=clean[2], swv=clean[3])


def _require_new(
    connection: Connection,
    keys: KeyDirectory,
    participation: UUID,
    row: FrameRow,
    *,
    confirmed: bool,
    besides: UUID | None = None,
) -> None:
    """Raise ChangeError when somebody else is on the list with this address."""
    key = keys.contact(participation)
    person = hash_person(key, row.address, row.role, row.organisation)
    others = connection.execute(
        select(Invitee.id, Invitee.person_hash).where(
            Invitee.participation_id == participation,
            Invitee.address_hash == hash_address(key, row.address),
        )
    ).all()
    found = [other for other in others if other.id != besides]
    if any(other.person_hash == person for other in found):
        raise _refuse("listed")
    if found and not confirmed:
        raise _refuse("shared")


def _store(
    connection: Connection, keys: KeyDirectory, participation: UUID, invitee: UUID, row: FrameRow
) -> None:
    key = keys.contact(participation)
    connection.execute(
        update(Invitee)
        .where(Invitee.id == invitee)
        .values(
            address_hash=hash_address(key, row.address),
            person_hash=hash_person(key, row.address, row.role, row.organisation),
            contact=seal_contact(key, invitee, row.contact),
            sector=row.sector or None,
            language=row.language,
        )
    )


def _has_waiting(connection: Connection, invitation: UUID) -> bool:
    waiting = select(Message.id).where(
        Message.invitation_id == invitation,
        Message.kind == "link_again",
        Message.state.in_(("due", "claimed")),
    )
    return connection.execute(waiting).first() is not None


def _add_message(
    connection: Connection,
    participation: UUID,
    invitation: UUID,
    kind: str,
    contact: bytes | None = None,
) -> None:
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
