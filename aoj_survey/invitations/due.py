"""Which messages are due: looked up for many at once, and asked again of each one when it is claimed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Executable,
    Integer,
    Row,
    Select,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from aoj_survey.waves import (
    KINDS,
    MailMoment,
    Participation,
    RoleInstrument,
    StoredErratum,
    may_send,
    select_participations,
)

from .models import Invitation, Invitee, Message, YouthConsent
from .youth import YOUTH_ROLES

ASKED_FOR = ("link_again", "moved")
"""Kinds that a coordinator asks for, of one person; they go to everybody alike, done or not."""

ORDER = (*ASKED_FOR, *KINDS)
"""What somebody waits for goes first, and invitations before reminders."""

FOR_ALL = (*ASKED_FOR, KINDS[0])
"""Kinds that go to people whatever they did: what becomes of them tells nothing of anybody."""

WENT_OUT = ("sent", "uncertain")
REST = timedelta(days=3)
"""Days between two mails to one person: who was added late is not reminded on the day of the invitation."""

BATCH = 1000
"""So many are looked up at once: looking for each one anew would cost more than sending it."""

# PostgreSQL takes state and kind for independent of each other: when all invitations are sent and all reminders
# still to come, it expects a third of all messages to be invitations that are due, and reads them all to find none.
_BY_INDEX = "; ".join(
    f"SET LOCAL enable_{way} = off" for way in ("seqscan", "bitmapscan", "hashjoin", "mergejoin")
)

Clauses: TypeAlias = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A message that was due when somebody looked."""

    invitation: UUID
    kind: str
    number: int
    participation: UUID


def find_due(
    connection: Connection,
    now: datetime,
    passed_over: Collection[UUID] = (),
    limit: int = BATCH,
    kinds: Sequence[str] = ORDER,
) -> list[Candidate]:
    """Return messages of these kinds that are due at this moment, at most `limit`, in no order within a kind.

    Participations to be passed over are those of which no mail can be made.
    """
    places = _find_places(connection, now, passed_over)
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(_BY_INDEX)
    found: list[Candidate] = []
    for kind in kinds:
        room = limit - len(found)
        if room > 0 and places[kind]:
            values = _moments(now) | {"places": places[kind], "room": room}
            rows = connection.execute(_select_due(kind), values)
            found += [Candidate(row.invitation_id, kind, row.number, row.participation_id) for row in rows]
    return found


def read_due(connection: Connection, candidate: Candidate, now: datetime) -> Row[Any] | None:
    """Return a message with what its mail is made of, kept from other workers; None when it is not due (any more).

    Who is done, opted out or withdrawn is looked up here, not when the batch was made; so are the moment, a
    pause, and whether parents of young people know of it.
    """
    if connection.dialect.name == "postgresql" and not _hold(connection, candidate):
        return None
    values = _moments(now) | name_message(candidate.invitation, candidate.kind, candidate.number)
    return connection.execute(_select_one(candidate.kind), values).one_or_none()


def _hold(connection: Connection, candidate: Candidate) -> bool:
    """Keep a message from others and return whether that worked; what is read after it is what they left.

    One statement that both locks and reads sees the address as it was before it got the lock.
    """
    this = name_message(candidate.invitation, candidate.kind, candidate.number)
    return connection.execute(_HOLD, this).first() is not None


def name_message(invitation: UUID, kind: str, number: int) -> dict[str, Any]:
    """Return the values by which `THIS_MESSAGE` finds a message."""
    return {"this_invitation_id": invitation, "this_kind": kind, "this_number": number}


THIS_MESSAGE = and_(
    *(getattr(Message, key) == bindparam(f"this_{key}") for key in ("invitation_id", "kind", "number"))
)
"""One message, to be named by `name_message`."""

_HOLD = select(Message.kind).where(THIS_MESSAGE).with_for_update(of=Message, skip_locked=True)


def await_retry(connection: Connection, now: datetime, kinds: Sequence[str]) -> bool:
    """Return whether any message of a running participation, of these kinds, waits for another try."""
    waiting = (
        select(Message.invitation_id)
        .join(Participation, Participation.id == Message.participation_id)
        .where(
            *_open_window(now),
            Message.state == "due",
            Message.kind.in_(kinds),
            Message.retry_at.is_not(None),
        )
    )
    return connection.execute(select(waiting.exists())).scalar_one()


def _moments(now: datetime) -> dict[str, Any]:
    return {"now": now, "rested": (now - REST).date()}


def _find_places(
    connection: Connection, now: datetime, passed_over: Collection[UUID]
) -> dict[str, list[UUID]]:
    """The participations in which a kind of message may go out at this moment, by kind."""
    rows = connection.execute(_select_places(), {"now": now}).all()
    return {
        kind: [row.id for row in rows if row.kind == _moment_of(kind) and row.id not in passed_over]
        for kind in ORDER
    }


def _moment_of(kind: str) -> str:
    """The kind whose moment a kind waits for: nobody gets a link before the invitations go out."""
    return kind if kind in KINDS else KINDS[0]


# Statements are made once: making them for every message would cost more than running them.


@cache
def _select_places() -> Executable:
    return (
        select(MailMoment.kind, Participation.id)
        .join(Participation, Participation.id == MailMoment.participation_id)
        .where(*_open_window(bindparam("now")), *may_send(), MailMoment.at <= bindparam("now"))
    )


@cache
def _select_due(kind: str) -> Select[*tuple[Any, ...]]:
    """The next messages of a kind that are due, in the given `places`."""
    # No order: sorting all that is due would cost more than sending it. And places are looked up before, since
    # SQLite would otherwise begin at the messages and read all of them.
    waiting = (
        select(Message.invitation_id, Message.number)
        .where(Message.participation_id.in_(bindparam("places", expanding=True)))
        .where(Message.state == "due", Message.kind == kind)
        .cte("waiting")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    return (
        select(Message.invitation_id, Message.number, Message.participation_id)
        .join(
            waiting, and_(*(waiting.c[key] == getattr(Message, key) for key in ("invitation_id", "number")))
        )
        .join(Invitation, Invitation.id == Message.invitation_id)
        .join(Invitee, Invitee.id == Invitation.invitee_id)
        .where(*_is_due(kind))
        .limit(bindparam("room", type_=Integer))
    )


@cache
def _select_one(kind: str) -> Select[*tuple[Any, ...]]:
    """One message of a kind that is still due, with what its mail is made of."""
    moment = select(MailMoment.kind).where(
        MailMoment.participation_id == Participation.id,
        MailMoment.kind == _moment_of(kind),
        MailMoment.at <= bindparam("now"),
    )
    same_role = and_(
        RoleInstrument.participation_id == Participation.id, RoleInstrument.role == Invitation.role
    )
    errata = select(func.count()).where(
        StoredErratum.participation_id == Participation.id,
        StoredErratum.instrument_digest == RoleInstrument.instrument_digest,
    )
    return (
        select_participations(
            Message.kind,
            Message.number,
            Message.attempts,
            Invitation.id.label("invitation"),
            Invitation.generation,
            Invitation.role,
            Invitee.id.label("invitee"),
            func.coalesce(Message.contact, Invitee.contact).label("contact"),
            Invitee.language,
            RoleInstrument.instrument_digest,
            errata.correlate(Participation, RoleInstrument).scalar_subquery().label("errata"),
        )
        .join(Message, Message.participation_id == Participation.id)
        .join(Invitation, Invitation.id == Message.invitation_id)
        .join(Invitee, Invitee.id == Invitation.invitee_id)
        .outerjoin(RoleInstrument, same_role)
        .where(THIS_MESSAGE, *_is_due(kind), moment.exists())
        .where(*_open_window(bindparam("now")), *may_send())
        .with_for_update(of=Message, skip_locked=True)
    )


def _open_window(now: datetime | BindParameter[Any]) -> Clauses:
    return (
        Participation.status == "running",
        Participation.opens_at <= now,
        Participation.closes_at > now,
    )


def _is_due(kind: str) -> Clauses:
    """What is looked at twice: when a batch is made, and when one of it is claimed."""
    return (
        Message.state == "due",
        Message.kind == kind,
        or_(Message.retry_at.is_(None), Message.retry_at <= bindparam("now")),
        # The worker has to make the new link first.
        Invitation.relink.is_(False),
        *_wants_mail(kind),
        *_rested(kind),
    )


def _wants_mail(kind: str) -> Clauses:
    """Who may be mailed: young people only once it was recorded that parents know of it."""
    recorded = select(YouthConsent.participation_id).where(
        YouthConsent.participation_id == Message.participation_id
    )
    may_be_asked = or_(Invitation.role.not_in(YOUTH_ROLES), recorded.exists())
    if kind == "moved":
        return (Message.contact.is_not(None), Invitee.withdrawn.is_(None))
    if kind == "link_again":
        # Alike for everybody: that it goes to who is done as well keeps it from telling who is.
        return (Invitee.withdrawn.is_(None), may_be_asked)
    is_open = Invitation.status == "open"
    if kind == "invitation":
        # What came back for a while goes out again to who is done too: its state stands in the list of people.
        is_open = or_(is_open, and_(Invitation.status == "done", Message.attempts > 0))
    return (is_open, Invitee.withdrawn.is_(None), Invitee.opted_out.is_(False), may_be_asked)


def _rested(kind: str) -> Clauses:
    """A reminder follows an earlier mail that went out, some days later, and never overtakes the mail before it.

    The link sent again counts as an earlier mail, for who got it at a new address since the invitation came back.
    """
    if kind not in KINDS[1:]:
        return ()
    before, message = KINDS[KINDS.index(kind) - 1], aliased(Message)
    went_out = and_(
        message.kind.in_((before, "link_again")),
        message.state.in_(WENT_OUT),
        message.sent_on <= bindparam("rested"),
    )
    still_to_come = and_(message.kind == before, message.state.in_(("due", "claimed")))
    too_recent = and_(
        message.kind.in_(KINDS), message.state.in_(WENT_OUT), message.sent_on > bindparam("rested")
    )
    # One look at the few messages of a person: three clauses with EXISTS make PostgreSQL read all messages.
    rested = select(and_(_count(went_out) > 0, _count(or_(still_to_come, too_recent)) == 0)).where(
        message.invitation_id == Message.invitation_id
    )
    return (rested.scalar_subquery(),)


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(case((condition, 1)))
