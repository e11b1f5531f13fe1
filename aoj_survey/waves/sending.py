"""Whether a participation may send mail: somebody allowed it, it is not paused, and the installation is the sender."""

from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import Connection, select, update

from aoj_survey.errors import StateError

from .audit import Act, record_act
from .models import Participation
from .participations import ParticipationFacts

ENDED = ("closed", "opened", "lapsed")
LONGEST_REASON = 1000
OWN_MAILBOX = "own_mailbox"
"""The reason of a demonstration, as a code: its mail goes to a mailbox of its own, so there is no server to try."""

Clause: TypeAlias = Any
"""A condition on `Participation` in a where clause."""


def may_send() -> tuple[Clause, ...]:
    """Return the conditions under which mail of a participation may go out at all, whatever its kind."""
    return (
        Participation.sending != "off",
        Participation.paused.is_(False),
        Participation.sender == "installation",
    )


def allow_sending(connection: Connection, participation: UUID, act: Act, reason: str = "") -> None:
    """Let mail of a participation go out: a test mail was confirmed, or somebody overrules that with a reason.

    `act` is kept as an audit line; its values should hold the reason.

    Raises:
        StateError: the reason is too long to keep.
    """
    reason = reason.strip()
    if len(reason) > LONGEST_REASON:
        raise StateError(f"The reason is longer than {LONGEST_REASON} characters; write it shorter.")
    connection.execute(
        update(Participation)
        .where(Participation.id == participation)
        .values(
            sending="overruled" if reason else "confirmed",
            sending_reason=reason,
            sending_by=act.made_by,
            sending_on=act.at.date(),
        )
    )
    record_act(connection, participation, act)


@dataclass(frozen=True, slots=True)
class Permission:
    """Who let mail go out, when and why; `reason` is empty after a confirmed test mail."""

    reason: str
    made_by: str
    on: date


def read_permission(connection: Connection, participation: UUID) -> Permission | None:
    """Return who let mail of a participation go out, or None while nobody did."""
    query = select(Participation.sending_reason, Participation.sending_by, Participation.sending_on)
    row = connection.execute(query.where(Participation.id == participation)).one()
    return Permission(*row) if row.sending_on else None


def pause_participation(connection: Connection, facts: ParticipationFacts, act: Act) -> None:
    """Stop all mail of a participation until it is resumed; links keep working, and `act` is kept.

    Raises:
        StateError: it is over, or paused already.
    """
    _set_paused(connection, facts, act, paused=True)


def resume_participation(connection: Connection, facts: ParticipationFacts, act: Act) -> None:
    """Let mail of a paused participation go out again: what became due meanwhile goes out now; `act` is kept.

    Raises:
        StateError: it is over, or not paused.
    """
    _set_paused(connection, facts, act, paused=False)


def _set_paused(connection: Connection, facts: ParticipationFacts, act: Act, *, paused: bool) -> None:
    changed = connection.execute(
        update(Participation)
        .where(
            Participation.id == facts.id,
            Participation.status.not_in(ENDED),
            Participation.paused.is_(not paused),
        )
        .values(paused=paused)
    )
    if changed.rowcount != 1:
        if facts.status in ENDED:
            raise StateError(
                f"The participation of {facts.region} in {facts.wave} is over; it sends no mail."
            )
        raise StateError(
            f"The participation of {facts.region} in {facts.wave} is {'' if paused else 'not '}paused"
            f"{' already' if paused else ''}."
        )
    record_act(connection, facts.id, act)
