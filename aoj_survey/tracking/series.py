"""How many were done day by day, in total: the daily counts after each other, never per person or role."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, select

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
