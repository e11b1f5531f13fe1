"""The audit lines of a participation, or of the installation: what was done, when and by whom; never to which person."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

from sqlalchemy import Connection, insert, select

from .models import AuditLine

FORMAT = 1

ActCode: TypeAlias = Literal[
    # The list of people
    "person_added",
    "person_corrected",
    "person_ineligible",
    "person_removed",
    "address_changed",
    "link_sent_again",
    "list_put_in",
    "list_imported",
    "list_taken_along",
    "list_lapsed",
    "supplier_added",
    "supplier_removed",
    "links_made",
    # Young people
    "parents_informed",
    "parents_permitted",
    # The schedule
    "mail_moved",
    "mail_moved_anyway",
    "mail_planned_anyway",
    "extended",
    "paused",
    "resumed",
    "goal_set",
    "goal_removed",
    # Sending
    "sending_allowed",
    "sending_overruled",
    # Opening and releases
    "opening_approved",
    "released",
    "withdrawn",
    # Open answers
    "answers_proposed",
    "answers_decided",
    "answers_sent_back",
    # The installation
    "account_added",
    "account_renewed",
    "account_removed",
    # The ballot box
    "custodians_set",
    "custodians_tested",
    "opening_asked",
    "box_opened",
    "box_opened_late",
    "box_opened_together",
    "box_key_destroyed",
    "box_key_destroyed_again",
    "box_destroyed",
    # Kept in words, before there were codes
    "told",
]
"""What can be done to a participation or the installation. Doors say it in words, with the act's values."""

Value: TypeAlias = str | int


@dataclass(frozen=True, slots=True)
class Act:
    """Something that was done: a moment in UTC, who did it, what, and the values that belong to it.

    Days and moments among the values are as people of the region read them: 2026-05-26, 2026-05-26 09:00.
    """

    at: datetime
    made_by: str
    code: ActCode
    values: Mapping[str, Value] = field(default_factory=dict[str, Value])


def record_act(connection: Connection, participation: UUID | None, act: Act) -> None:
    """Keep what somebody did to a participation, or to the installation (None).

    The values may name no person on a list, no address and no organisation.
    """
    document = json.dumps({"format": FORMAT, "values": dict(act.values)}, ensure_ascii=False)
    connection.execute(
        insert(AuditLine).values(
            participation_id=participation, at=act.at, made_by=act.made_by, code=act.code, document=document
        )
    )


def list_acts(connection: Connection, participation: UUID | None) -> tuple[Act, ...]:
    """Return what was done to a participation, or to the installation (None), newest first."""
    rows = connection.execute(
        select(AuditLine.at, AuditLine.made_by, AuditLine.code, AuditLine.document)
        .where(AuditLine.participation_id == participation)
        .order_by(AuditLine.at.desc(), AuditLine.id)
    )
    return tuple(Act(row.at, row.made_by, row.code, read_values(row.document)) for row in rows)


def read_values(document: str) -> dict[str, Value]:
    """Return the values of an act from its stored document."""
    return json.loads(document)["values"]


def find_last_time(connection: Connection, participation: UUID, code: ActCode) -> datetime | None:
    """Return when something was last done to a participation, or None when it never was."""
    return connection.execute(
        select(AuditLine.at)
        .where(AuditLine.participation_id == participation, AuditLine.code == code)
        .order_by(AuditLine.at.desc())
        .limit(1)
    ).scalar_one_or_none()
