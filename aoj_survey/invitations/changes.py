"""Changes to the list of people while it is in use. None of them looks at, or shows, who took part.

Only an invitation's own mail is looked at: everybody gets one. Reminders go to who is not done, so nothing
here asks what became of them.
"""

import os
from dataclasses import replace
from datetime import date
from typing import Literal
from uuid import UUID

from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy.exc import IntegrityError

from aoj_survey.errors import ChangeError
from aoj_survey.keys import KeyDirectory
from aoj_survey.waves import Participation

from .cells import LANGUAGES
from .columns import COLUMNS
from .contacts import hash_address, hash_person, seal_contact
from .entries import Entry, make_words, read_entry
from .frame import find_asked, find_region_members
from .held import LINKS_A_DAY, add_message, has_left, has_waiting, hold_invitation, may_have_arrived, refuse
from .listing import find_person
from .models import FormerAddress, Invitation, Invitee, Message
from .optouts import find_opted_out, keep_former_way_out
from .organisations import follow_organisation
from .places import read_keeper
from .records import FrameRow, add_invitations


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
    row = follow_organisation(connection, keys, participation, row)
    _require_new(connection, keys, participation, row, confirmed=confirmed)
    if find_opted_out(connection, keys, participation, [row.address]):
        raise refuse("opted_out")
    try:
        add_invitations(connection, keys, participation, [row], linked=linked)
    except IntegrityError:
        # Somebody else added the same person in between.
        raise refuse("listed") from None


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
    held = hold_invitation(connection, participation, invitee)
    person = find_person(connection, keys, participation, invitee)
    row = _check(connection, participation, replace(row, address=person.address), person.row)
    if row.role != held.role and has_left(held):
        raise refuse("role_sent")
    # Whether others share this address was settled when it was put on the list.
    _require_new(connection, keys, participation, row, confirmed=True, besides=invitee)
    _store(connection, keys, participation, invitee, row)
    mine = update(Invitation).where(Invitation.id == held.id)
    area = read_keeper(connection, participation)(row.role, row.municipality, row.swv)
    if row.role != held.role:
        connection.execute(mine.values(role=row.role, answering_role=None, counted=False, area=area))
    elif (row.municipality, row.swv) != (person.municipality, person.swv) and not has_left(held):
        connection.execute(mine.values(area=area))


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
    held = hold_invitation(connection, participation, invitee)
    person = find_person(connection, keys, participation, invitee)
    row = _check(connection, participation, replace(person.row, address=address), person.row)
    if row.address.casefold() == person.address.casefold():
        raise refuse("same")
    _require_new(connection, keys, participation, row, confirmed=confirmed, besides=invitee)
    if find_opted_out(connection, keys, participation, [row.address]):
        raise refuse("opted_out")
    _store(connection, keys, participation, invitee, row)
    if has_left(held):
        _kill_link(connection, held.id)
        keep_former_way_out(connection, keys, participation, held.id, person.address)
        if may_have_arrived(connection, held.id):
            former = seal_contact(keys.contact(participation), invitee, person.row.contact)
            add_message(connection, participation, held.id, "moved", former)
        # What a worker has in hand goes to the former address, with the dead link.
        if not person.opted_out and held.state != "due" and not has_waiting(connection, held.id, "due"):
            add_message(connection, participation, held.id, "link_again")


def _kill_link(connection: Connection, invitation: UUID) -> None:
    """No link opens this invitation until the worker has made the next one."""
    connection.execute(
        update(Invitation)
        .where(Invitation.id == invitation)
        .values(
            generation=Invitation.generation + 1,
            token_hash=os.urandom(32),
            bounce_hash=None,
            relink=True,
        )
    )


def ask_link_again(connection: Connection, participation: UUID, invitee: UUID, today: date) -> None:
    """Have the worker send somebody the link again: the same act for everyone, and no reminder.

    `today` is the day in UTC. A mail server that refuses it is no mail of that day.

    Raises:
        ChangeError: `not_running`, `gone`, `not_invited`, `waiting` (one at a time), or `often`.
    """
    if _read_status(connection, participation) != "running":
        raise refuse("not_running")
    held = hold_invitation(connection, participation, invitee)
    # Also while it is tried again: who is done by then is mailed no invitation, which would show.
    if held.state in {None, "due", "claimed"}:
        raise refuse("not_invited")
    if has_waiting(connection, held.id):
        raise refuse("waiting")
    sent = select(func.count()).where(
        Message.invitation_id == held.id, Message.kind == "link_again", Message.sent_on == today
    )
    if connection.execute(sent).scalar_one() >= LINKS_A_DAY:
        raise refuse("often")
    add_message(connection, participation, held.id, "link_again")


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
    held = hold_invitation(connection, participation, invitee)
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
    connection.execute(
        update(FormerAddress).where(FormerAddress.invitation_id == held.id).values(address_hash=None)
    )


def _read_status(connection: Connection, participation: UUID) -> str:
    return connection.execute(
        select(Participation.status).where(Participation.id == participation)
    ).scalar_one()


def _require_open(connection: Connection, participation: UUID) -> None:
    if _read_status(connection, participation) not in {"planned", "running"}:
        raise refuse("closed")


def _check(
    connection: Connection, participation: UUID, row: FrameRow, known: FrameRow | None = None
) -> FrameRow:
    """The row as it is stored; raises ChangeError when it cannot be. A place that was known stays as it was."""
    texts = {key: str(getattr(row, key)).strip() for key in COLUMNS}
    stays = known and (row.municipality, row.swv) == (known.municipality, known.swv)
    members = None if stays else find_region_members(connection, participation)
    words = make_words(find_asked(connection, participation), LANGUAGES, members)
    checked = read_entry(Entry(0, texts, {key: key for key in COLUMNS}), words)
    if checked.faults:
        raise ChangeError(checked.faults[0].code, checked.faults[0].what)
    return checked.row


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
        raise refuse("listed")
    if found and not confirmed:
        raise refuse("shared")


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
