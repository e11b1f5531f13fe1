"""Daily counts: made once a day, shown per row of roles; small roles are joined while people can answer.

The rows of the first count stay for the whole fieldwork, since rows that change from day to day could be
subtracted from each other. For the same reason people who come on the list later are counted in cohorts.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, insert, select

from aoj_survey.invitations import (
    admit,
    count_invited,
    count_left_out,
    count_progress,
    count_waiting,
    lists_fewer,
)
from aoj_survey.questionnaire import ROLES
from aoj_survey.statistics import (
    SMALL_ROLE,
    ResponseRow,
    ResponseTable,
    RoleCount,
    join_small_roles,
    response_table,
)
from aoj_survey.waves import FinalCount, ParticipationFacts, list_participations

from .groups import tell_counts
from .models import DailyCount

COUNTING_HOUR = time(6, 0)


@dataclass(frozen=True, slots=True)
class Overview:
    """What a coordinator sees: rows per role and their computed total, as counted on `day` (None: not yet).

    `too_small`: there are no rows, and the reason is that all together are too few people.
    """

    day: date | None
    table: ResponseTable
    too_small: bool = False

    @property
    def rows(self) -> tuple[ResponseRow, ...]:
        """The rows, small roles joined."""
        return self.table.rows

    @property
    def total(self) -> ResponseRow:
        """The sum of the rows."""
        return self.table.total


def count_day(connection: Connection, participation: UUID, day: date) -> bool:
    """Store the counts of a day in the rows of the day before, at first with small roles joined.

    Who came on the list since the first count is in it once ten such people wait in one row.
    Return False when that day or a later one was counted before, or when all together are too few to be shown.
    """
    before = _newest_count(connection, participation)
    if before.day is not None and before.day >= day:
        return False
    admit_cohorts(connection, participation, before.table)
    counts = count_progress(connection, participation, counted=bool(before.rows))
    rows = join_small_roles(counts, before.table).rows
    if rows:
        if not before.rows:
            admit(connection, participation, [count.role for count in counts])
        whole = count_left_out(connection, participation) == 0
        connection.execute(
            insert(DailyCount), [_stored(participation, day, row) | {"whole": whole} for row in rows]
        )
        tell_counts(connection, participation, rows, day)
    return bool(rows)


def admit_cohorts(connection: Connection, participation: UUID, before: ResponseTable) -> None:
    """Let those who wait into the counts, row by row of the day before, where ten wait for the same row.

    Roles that stand in no row yet wait for each other.
    """
    waiting = count_waiting(connection, participation)
    rows = [frozenset(row.roles) for row in before.rows]
    others = frozenset(waiting).difference(*rows)
    for roles in (*rows, others):
        if rows and sum(waiting.get(role, 0) for role in roles) >= SMALL_ROLE:
            admit(connection, participation, roles)


def _stored(participation: UUID, day: date, row: ResponseRow) -> dict[str, Any]:
    return {
        "participation_id": participation,
        "day": day,
        "roles": " ".join(row.roles),
        "invited": row.invited,
        "delivered": row.delivered,
        "started": row.started,
        "done": row.done,
        "estimated": row.estimated,
    }


def count_days_due(connection: Connection, now: datetime) -> int:
    """Count every running participation whose day has begun at 6.00 local time; return how many were counted."""
    counted = 0
    for facts in list_participations(connection, "running"):
        local = now.astimezone(facts.zone)
        if facts.phase(now) == "open" and local.time() >= COUNTING_HOUR:
            counted += count_day(connection, facts.id, local.date())
    return counted


def read_overview(connection: Connection, facts: ParticipationFacts) -> Overview:
    """Return the response table: the newest daily count, or after the close the final one per role."""
    if facts.status in {"closed", "opened"}:
        closed = facts.closed_at.astimezone(facts.zone).date() if facts.closed_at else facts.last_day
        table = response_table(read_final_counts(connection, facts.id))
        return Overview(closed, table, too_small=not table.rows)
    newest = _newest_count(connection, facts.id)
    if newest.day is None and facts.status == "running":
        return Overview(None, newest.table, too_small=_are_few(connection, facts.id))
    return newest


def _are_few(connection: Connection, participation: UUID) -> bool:
    if not lists_fewer(connection, participation, SMALL_ROLE):
        return False
    return sum(count_invited(connection, participation).values()) < SMALL_ROLE


def _newest_count(connection: Connection, participation: UUID) -> Overview:
    newest = select(func.max(DailyCount.day)).where(DailyCount.participation_id == participation)
    rows = connection.execute(
        select(
            DailyCount.day,
            DailyCount.roles,
            DailyCount.invited,
            DailyCount.delivered,
            DailyCount.started,
            DailyCount.done,
            DailyCount.estimated,
        )
        .where(DailyCount.participation_id == participation, DailyCount.day == newest.scalar_subquery())
        .order_by(DailyCount.invited.desc(), DailyCount.roles)
    ).all()
    table = ResponseTable(tuple(ResponseRow(tuple(row.roles.split()), *row[2:]) for row in rows))
    return Overview(rows[0].day if rows else None, table)


def read_final_counts(connection: Connection, participation: UUID) -> tuple[RoleCount, ...]:
    """Return the counts per role that were frozen at the close."""
    rows = connection.execute(
        select(
            FinalCount.role,
            FinalCount.invited,
            FinalCount.delivered,
            FinalCount.started,
            FinalCount.done,
            FinalCount.estimated,
        )
        .where(FinalCount.participation_id == participation)
        .order_by(FinalCount.role)
    )
    return tuple(RoleCount(*row) for row in rows)


def read_joint_table(connection: Connection, participations: Sequence[UUID]) -> ResponseTable:
    """Return the response of several closed participations in one row: rows per role could tell a small region."""
    counts = [count for place in participations for count in read_final_counts(connection, place)]
    present = [count for count in counts if count.invited or count.done]
    row = ResponseRow(
        tuple(role for role in ROLES if role in {count.role for count in present}),
        sum(count.invited for count in present),
        sum(count.delivered for count in present),
        sum(count.started for count in present),
        sum(count.done for count in present),
        any(count.estimated for count in present),
    )
    return ResponseTable((replace(row, invited=max(row.invited, row.done)),))
