"""Messages: made with the invitation, claimed one by one, and what became of each.

A message is claimed and committed before it is sent, and recorded after. Whoever is killed in between leaves
it claimed; when the lease is over it is *uncertain*: it may have arrived, so it is counted and never sent
again by itself. Days (`sent_on`) are in UTC.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

from sqlalchemy import ColumnElement, Connection, Row, bindparam, func, select, update

from aoj_survey.waves import Participation, ParticipationFacts, participation_facts

from .due import ORDER, THIS_MESSAGE, Candidate, name_message, read_due
from .models import STATES, Message

LEASE = timedelta(minutes=10)
"""How long a worker may take over one message; the mail server's time limits end well before."""

FIRST_RETRY = timedelta(minutes=5)
LAST_RETRY = timedelta(hours=6)
PUT_BACK = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class ClaimedMessage:
    """A message in the hands of one worker, with all that its mail is made of.

    `contact` is that of the invitee; of a mail that tells somebody of a new address, the former one. `errata` is how
    many texts of the questionnaire were mended.
    """

    invitation: UUID
    kind: str
    number: int
    claim: UUID
    attempts: int
    generation: int
    role: str
    invitee: UUID
    contact: bytes
    language: str
    instrument_digest: str | None
    errata: int
    participation: ParticipationFacts

    @property
    def id(self) -> UUID:
        """The same for every attempt, so that a receiver can tell a repeated mail from another one."""
        return uuid5(self.invitation, f"{self.kind} {self.number}")


# Statements are made once: making them for every message would cost more than running them.
_CLAIM = (
    update(Message)
    .where(THIS_MESSAGE)
    .values(
        state="claimed",
        claim=bindparam("by"),
        claimed_until=bindparam("until"),
        attempts=bindparam("tries"),
        retry_at=None,
    )
)

# By claim, not by state: what the claimant learns after its lease is over is still true.
_RECORD = update(Message).where(THIS_MESSAGE, Message.claim == bindparam("by")).values(claimed_until=None)


def claim_message(connection: Connection, candidate: Candidate, now: datetime) -> ClaimedMessage | None:
    """Claim a message that was due when somebody looked; return None when it is not (any more).

    Commit before sending.
    """
    row = read_due(connection, candidate, now)
    return None if row is None else _claim(connection, row, now)


def _claim(connection: Connection, row: Row[Any], now: datetime) -> ClaimedMessage:
    claim, attempts = uuid4(), row.attempts + 1
    values = {"by": claim, "until": now + LEASE, "tries": attempts}
    connection.execute(_CLAIM, name_message(row.invitation, row.kind, row.number) | values)
    return ClaimedMessage(
        invitation=row.invitation,
        kind=row.kind,
        number=row.number,
        claim=claim,
        attempts=attempts,
        generation=row.generation,
        role=row.role,
        invitee=row.invitee,
        contact=row.contact,
        language=row.language,
        instrument_digest=row.instrument_digest,
        errata=row.errata,
        participation=participation_facts(row),
    )


def record_sent(connection: Connection, message: ClaimedMessage, now: datetime) -> None:
    """Keep that the mail server took the message."""
    _record(connection, message, state="sent", sent_on=now.date(), contact=None)


def record_refused(
    connection: Connection, message: ClaimedMessage, now: datetime, *, permanent: bool
) -> None:
    """Keep that the mail server refused the message: for good, or until a later moment."""
    if permanent:
        _record(connection, message, state="failed")
    else:
        _record(connection, message, state="due", retry_at=now + wait_for_retry(message.attempts))


def wait_for_retry(attempts: int) -> timedelta:
    """Return how long to wait after so many tries: five minutes, then twice as long each time, at most six hours."""
    return min(FIRST_RETRY * 2 ** min(attempts - 1, 10), LAST_RETRY)


def record_uncertain(connection: Connection, message: ClaimedMessage, now: datetime) -> None:
    """Keep that the line broke after the text was sent and before the answer: nobody knows if it arrived."""
    _record(connection, message, state="uncertain", sent_on=now.date(), contact=None)


def put_back(connection: Connection, message: ClaimedMessage, now: datetime, *, tried: bool = False) -> None:
    """Make a message due again in a minute; it counts as no attempt unless the mail server was asked to take it."""
    attempts = message.attempts if tried else message.attempts - 1
    _record(connection, message, state="due", retry_at=now + PUT_BACK, attempts=attempts)


def hold_back(connection: Connection, message: ClaimedMessage, until: datetime) -> None:
    """Make a message due again at a later moment, as nobody was to be asked yet to take it; that is no attempt."""
    _record(connection, message, state="due", retry_at=until, attempts=message.attempts - 1)


def _record(connection: Connection, message: ClaimedMessage, **values: Any) -> None:
    this = name_message(message.invitation, message.kind, message.number)
    connection.execute(_RECORD, this | {"by": message.claim, **values})


def mark_uncertain(connection: Connection, now: datetime) -> int:
    """Mark the messages whose claimant never came back; return how many there were."""
    result = connection.execute(
        update(Message)
        .where(_anywhere(), Message.state == "claimed", Message.claimed_until <= now)
        .values(state="uncertain", sent_on=now.date(), claimed_until=None, contact=None)
    )
    return result.rowcount


def forget_former(connection: Connection) -> None:
    """Remove the former addresses of those whose mail server refused for good to tell them of the new one."""
    connection.execute(
        update(Message)
        .where(_anywhere(), Message.state == "failed", Message.kind == "moved", Message.contact.is_not(None))
        .values(contact=None)
    )


def forget_all_former(connection: Connection, participation: UUID) -> None:
    """Remove the former addresses of a participation that sends no more mail."""
    connection.execute(
        update(Message)
        .where(Message.participation_id == participation, Message.contact.is_not(None))
        .values(contact=None)
    )


def _anywhere() -> ColumnElement[bool]:
    # True of every message; it lets the databases find them by index, which begins with the participation.
    return Message.participation_id.in_(select(Participation.id))


def count_messages(
    connection: Connection, participation: UUID, kinds: Collection[str] = ORDER
) -> dict[tuple[str, str], int]:
    """Return the number of messages of a participation by kind and state; those without any are absent."""
    # Each number by itself is read from the index alone; by GROUP BY a million take five times as long.
    wanted = sorted((kind, state) for kind in kinds for state in STATES)
    here = select(func.count()).where(Message.participation_id == participation)
    counts = [
        here.where(Message.kind == kind, Message.state == state).scalar_subquery() for kind, state in wanted
    ]
    found = connection.execute(select(*counts)).one()
    return {place: count for place, count in zip(wanted, found, strict=True) if count}
