"""How many were done day by day, in total: the daily counts after each other, never per person or role.

The counts after the close hold everybody, the daily ones not who came late. What one has more than the other could
tell of those few, so of the days on which somebody was left out nothing stays.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Connection, delete, func, or_, select

from aoj_survey.invitations import count_left_out
from aoj_survey.statistics import SMALL_ROLE
from aoj_survey.waves import ParticipationFacts

from .counts import Overview
from .models import DailyCount


@dataclass(frozen=True, slots=True)
class DayTotal:
    """How many of those counted were done on a day."""

    day: date
    done: int


def read_series(
    connection: Connection, facts: ParticipationFacts, overview: Overview
) -> tuple[DayTotal, ...]:
    """Return the totals of the daily counts in order of day, and after the close that of `overview` at the end.

    Empty where too few people are done for a response table.
    """
    if overview.too_small:
        return ()
    rows = connection.execute(
        select(DailyCount.day, func.sum(DailyCount.done))
        .where(DailyCount.participation_id == facts.id)
        .group_by(DailyCount.day)
        .order_by(DailyCount.day)
    )
    totals = {row[0]: int(row[1]) for row in rows}
    if facts.status in {"closed", "opened"} and overview.day is not None:
        totals[overview.day] = overview.total.done
    return tuple(DayTotal(day, done) for day, done in sorted(totals.items()))


def cut_series(connection: Connection, participation: UUID, done: int) -> None:
    """Erase, at the close, the daily counts beside which the number `done` would tell of who came late.

    Those are counts in which somebody was left out; and those that differ from it by fewer than ten people, or
    fewer than were left out to the end. Where nobody was left out to the end all of them stay.
    """
    left_out = count_left_out(connection, participation)
    if not left_out:
        return
    mine = DailyCount.participation_id == participation
    near = (
        select(DailyCount.day)
        .where(mine)
        .group_by(DailyCount.day)
        .having(func.sum(DailyCount.done) > done - max(SMALL_ROLE, left_out))
    )
    days = connection.execute(near).scalars().all()
    connection.execute(
        delete(DailyCount).where(mine, or_(DailyCount.whole.is_(False), DailyCount.day.in_(days)))
    )
