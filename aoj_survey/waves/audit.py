"""The audit lines of a participation: what was done to it, when and by whom; never to which person."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, insert, select

from .models import AuditLine


@dataclass(frozen=True, slots=True)
class Act:
    """Something that was done: a moment in UTC, who did it, and what, in words."""

    at: datetime
    made_by: str
    text: str


def record_act(connection: Connection, participation: UUID, act: Act) -> None:
    """Keep what somebody did to a participation; the words may name no person, address or organisation."""
    connection.execute(
        insert(AuditLine).values(
            participation_id=participation, at=act.at, made_by=act.made_by, text=act.text
        )
    )


def list_acts(connection: Connection, participation: UUID) -> tuple[Act, ...]:
    """Return what was done to a participation, newest first."""
    rows = connection.execute(
        select(AuditLine.at, AuditLine.made_by, AuditLine.text)
        .where(AuditLine.participation_id == participation)
        .order_by(AuditLine.at.desc(), AuditLine.id)
    )
    return tuple(Act(*row) for row in rows)
