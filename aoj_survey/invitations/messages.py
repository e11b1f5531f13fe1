"""Messages: who is due, claiming one, and keeping what became of it.

A message is claimed and committed before it is sent, and recorded after. Whoever is killed in between leaves
it claimed; when the lease is over it is *uncertain*: it may have arrived, so it is counted and never sent
again by itself. Days (`sent_on`) are in UTC.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    BindParameter,
    Connection,
    Executable,
    Row,
    Select,
    and_,
    bindparam,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import aliased

from aoj_survey.waves import (
    KINDS,
    MailMoment,
    Participation,
    ParticipationFacts,
    RoleInstrument,
    may_send,
    participation_facts,
    select_participations,
)

from .models import Invitation, Invitee, Message, YouthConsent
from .youth import YOUTH_ROLES

LEASE = timedelta(minutes=10)
"""How long a worker may take over one message; the mail server's time limits end well before."""

REST = timedelta(days=3)
"""Days between two mails to one person: who was added late is not reminded on the day of the invitation."""

FIRST_RETRY = timedelta(minutes=5)
LAST_RETRY = timedelta(hours=6)
PUT_BACK = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class ClaimedMessage:
    """A message in the hands of one worker, with all that its mail is made of."""

    id: UUID
    claim: UUID
    kind: str
    attempts: int
    invitation: UUID
    generation: int
    role: str
    invitee: UUID
    contact: bytes
    language: str
    instrument_digest: str | None
    participation: ParticipationFacts


def claim_message(
    connection: Connection, now: datetime, passed_over: Collection[UUID] = ()
) -> ClaimedMessage | None:
    """Claim the next message that is due at this moment, invitations first; return None when there is none.

    Participations to be passed over are those of which no mail can be made.
    Commit before sending. Who is done, opted out or withdrawn is looked up here, not when the list was made;
    so is whether parents of young people know of it: until then their messages wait.
    """
    places = _find_places(connection, now, passed_over)
    for kind in KINDS:
        if places[kind]:
            values = {"places": places[kind], "now": now, "rested": (now - REST).date()}
            row = connection.execute(_select_due(kind), values).first()
            if row is not None:
                return _claim(connection, row, now)
    return None


def _find_places(
    connection: Connection, now: datetime, passed_over: Collection[UUID]
) -> dict[str, list[UUID]]:
    """The participations in which a kind of message may go out at this moment, by kind."""
    rows = connection.execute(_select_places(), {"now": now}).all()
    return {
        kind: [row.id for row in rows if row.kind == kind and row.id not in passed_over] for kind in KINDS
    }


# Statements are made once: making them for every message would cost more than running them.


@cache
def _select_places() -> Executable:
    return (
        select(MailMoment.kind, Participation.id)
        .join(Participation, Participation.id == MailMoment.participation_id)
        .where(*_open_window(bindparam("now")), *may_send(), MailMoment.at <= bindparam("now"))
    )


@cache
def _select_due(kind: str) -> Select[Any]:
    """The next message of a kind that is due, with what its mail is made of, in the given `places`."""
    # No order: sorting all that is due, for each message anew, would cost more than sending it. And places
    # are looked up before, since SQLite would otherwise begin at the messages and read all of them.
    return (
        select_participations(
            Message.id.label("message"),
            Message.kind,
            Message.attempts,
            Invitation.id.label("invitation"),
            Invitation.generation,
            Invitation.role,
            Invitee.id.label("invitee"),
            Invitee.contact,
            Invitee.language,
            RoleInstrument.instrument_digest,
        )
        .join(Message, Message.participation_id == Participation.id)
        .join(Invitation, Invitation.id == Message.invitation_id)
        .join(Invitee, Invitee.id == Invitation.invitee_id)
        .outerjoin(
            RoleInstrument,
            and_(RoleInstrument.participation_id == Participation.id, RoleInstrument.role == Invitation.role),
        )
        .where(
            Message.participation_id.in_(bindparam("places", expanding=True)),
            Message.state == "due",
            Message.kind == kind,
        )
        .where(or_(Message.retry_at.is_(None), Message.retry_at <= bindparam("now")))
        .where(*_wants_mail(), *_rested(kind))
        .limit(1)
        .with_for_update(of=Message, skip_locked=True)
    )


def _open_window(now: datetime | BindParameter[Any]) -> tuple[Any, ...]:
    return (
        Participation.status == "running",
        Participation.opens_at <= now,
        Participation.closes_at > now,
    )


def _wants_mail() -> tuple[Any, ...]:
    """Who is not done and may be asked: young people only once it was recorded that parents know of it."""
    recorded = select(YouthConsent.participation_id).where(
        YouthConsent.participation_id == Message.participation_id
    )
    may_be_asked = or_(Invitation.role.not_in(YOUTH_ROLES), recorded.exists())
    return (Invitation.status == "open", Invitee.opted_out.is_(False), may_be_asked)


def _rested(kind: str) -> tuple[Any, ...]:
    """A reminder follows the mail before it, some days later, and only when that went out."""
    place = KINDS.index(kind)
    if place == 0:
        return ()
    before = aliased(Message)
    went_out = select(before.id).where(
        before.invitation_id == Message.invitation_id,
        before.kind == KINDS[place - 1],
        before.state.in_(("sent", "uncertain")),
        before.sent_on <= bindparam("rested"),
    )
    return (went_out.exists(),)


def _claim(connection: Connection, row: Row[Any], now: datetime) -> ClaimedMessage:
    claim = uuid4()
    connection.execute(
        update(Message)
        .where(Message.id == row.message)
        .values(
            state="claimed", claim=claim, claimed_until=now + LEASE, attempts=row.attempts + 1, retry_at=None
        )
    )
    return ClaimedMessage(
        id=row.message,
        claim=claim,
        kind=row.kind,
        attempts=row.attempts + 1,
        invitation=row.invitation,
        generation=row.generation,
        role=row.role,
        invitee=row.invitee,
        contact=row.contact,
        language=row.language,
        instrument_digest=row.instrument_digest,
        participation=participation_facts(row),
    )


def record_sent(connection: Connection, message: ClaimedMessage, now: datetime) -> None:
    """Keep that the mail server took the message."""
    _record(connection, message, state="sent", sent_on=now.date())


def record_refused(
    connection: Connection, message: ClaimedMessage, now: datetime, *, permanent: bool
) -> None:
    """Keep that the mail server refused the message: for good, or until a later moment."""
    if permanent:
        _record(connection, message, state="failed")
    else:
        wait = min(FIRST_RETRY * 2 ** min(message.attempts - 1, 10), LAST_RETRY)
        _record(connection, message, state="due", retry_at=now + wait)


def record_uncertain(connection: Connection, message: ClaimedMessage, now: datetime) -> None:
    """Keep that the line broke after the text was sent and before the answer: nobody knows if it arrived."""
    _record(connection, message, state="uncertain", sent_on=now.date())


def put_back(connection: Connection, message: ClaimedMessage, now: datetime, *, tried: bool = False) -> None:
    """Make a message due again in a minute; it counts as no attempt unless the mail server was asked to take it."""
    attempts = message.attempts if tried else message.attempts - 1
    _record(connection, message, state="due", retry_at=now + PUT_BACK, attempts=attempts)


def _record(connection: Connection, message: ClaimedMessage, **values: Any) -> None:
    # By claim, not by state: what the claimant learns after its lease is over is still true.
    connection.execute(
        update(Message)
        .where(Message.id == message.id, Message.claim == message.claim)
        .values(claimed_until=None, **values)
    )


def mark_uncertain(connection: Connection, now: datetime) -> int:
    """Mark the messages whose claimant never came back; return how many there were."""
    result = connection.execute(
        update(Message)
        .where(Message.state == "claimed", Message.claimed_until <= now)
        .values(state="uncertain", sent_on=now.date(), claimed_until=None)
    )
    return result.rowcount


def count_messages(connection: Connection, participation: UUID) -> dict[tuple[str, str], int]:
    """Return the number of messages of a participation by kind and state; those without any are absent."""
    rows = connection.execute(
        select(Message.kind, Message.state, func.count())
        .where(Message.participation_id == participation)
        .group_by(Message.kind, Message.state)
        .order_by(Message.kind, Message.state)
    )
    return {(kind, state): count for kind, state, count in rows}


def await_retry(connection: Connection, now: datetime) -> bool:
    """Return whether any message of a running participation waits for another try."""
    waiting = (
        select(Message.id)
        .join(Participation, Participation.id == Message.participation_id)
        .where(*_open_window(now), Message.state == "due", Message.retry_at.is_not(None))
    )
    return connection.execute(select(waiting.exists())).scalar_one()
