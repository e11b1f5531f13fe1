"""Attempts: classes so small that an answer points out a person, and counts that subtract to one person."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, func, select

from aoj_survey.disclosure import AREA_MINIMUM, AREA_SIGN
from aoj_survey.invitations import Invitee
from aoj_survey.regions import JOINT_REGION
from aoj_survey.responses import Response
from aoj_survey.statistics import SMALL_ROLE, ResponseRow
from aoj_survey.tracking import DailyCount, read_overview
from aoj_survey.waves import ParticipationFacts, StoredCaptureClass

from .attempts import Attempt, conclude, pass_over

SMALLEST_CLASS = 5
OPENED_FROM = 10
FEWEST_SHOWN = 3
"""Rule 7: after the close, a row of fewer invited or done is joined with another."""


def try_classes(connection: Connection, facts: ParticipationFacts) -> Attempt:
    """Count the people of each class: answers after the opening, invited before it."""
    sizes = _count_answers(connection, facts.id) or _count_invited(connection, facts.id)
    # Fewer than ten can never answer so that the box opens; nothing of them is ever readable.
    if not sizes or (facts.status != "opened" and sum(sizes.values()) < OPENED_FROM):
        return pass_over("classes", facts.region, "no_classes")
    smallest = min(sizes.values())
    small = sum(size < _least(facts, code) for code, size in sizes.items())
    measure = {"classes": len(sizes), "small": small, "smallest": smallest}
    return conclude("classes", facts.region, measure, linked=small > 0)


def try_joint_classes(connection: Connection, wave: str) -> Attempt:
    """Count the answers of what the small boxes of a wave held together: ten at least, as in a box."""
    sizes = _count(connection, Response.wave_code == wave)
    if not sizes:
        return pass_over("classes", JOINT_REGION, "no_classes")
    small = sum(size < OPENED_FROM for size in sizes.values())
    measure = {"classes": len(sizes), "small": small, "smallest": min(sizes.values())}
    return conclude("classes", JOINT_REGION, measure, linked=small > 0)


def _least(facts: ParticipationFacts, code: str) -> int:
    """How many a class must hold: of answers five; of invited ten where it has an area."""
    return AREA_MINIMUM if facts.status != "opened" and AREA_SIGN in code else SMALLEST_CLASS


def _count_answers(connection: Connection, participation: UUID) -> dict[str, int]:
    return _count(connection, Response.participation_id == participation)


def _count(connection: Connection, where: ColumnElement[bool]) -> dict[str, int]:
    rows = connection.execute(select(Response.stratum, func.count()).where(where).group_by(Response.stratum))
    return {row[0]: row[1] for row in rows}


def _count_invited(connection: Connection, participation: UUID) -> dict[str, int]:
    """Invited per class at the start; empty where that was not kept, as in waves of before."""
    rows = connection.execute(
        select(StoredCaptureClass.class_code, StoredCaptureClass.invited).where(
            StoredCaptureClass.participation_id == participation
        )
    ).all()
    sizes = Counter[str]()
    for row in rows:
        if row.invited is None:
            return {}
        sizes[row.class_code] += row.invited
    # Nobody is in the class of who has no place while everybody has one.
    return {code: size for code, size in sizes.items() if size or AREA_SIGN not in code}


def try_counts(connection: Connection, facts: ParticipationFacts) -> Attempt:
    """Subtract the counts that were shown from each other, day by day and row by row."""
    days = _read_days(connection, facts.id)
    final = read_overview(connection, facts).rows if facts.status in {"closed", "opened"} else ()
    rows = [row for shown in days.values() for row in shown]
    if not rows and not final:
        return pass_over("counts", facts.region, "no_counts")
    small = sum(row.invited < SMALL_ROLE for row in rows)
    small += sum(row.invited < FEWEST_SHOWN or row.done < FEWEST_SHOWN for row in final)
    measure = {
        "rows": len(rows) + len(final),
        "days": len(days) + bool(final),
        "small": small,
        "differences": count_differences(list(days.values()), _count_wrongly_listed(connection, facts.id)),
    }
    return conclude("counts", facts.region, measure, linked=small + measure["differences"] > 0)


def count_differences(days: Sequence[Sequence[ResponseRow]], left: int) -> int:
    """Return how many times two rows shown differ by one to nine people.

    The rows of one day and the next: the same roles with a few people more, or a row that lies in another one.
    `left` people were taken off the list as they did not belong there; so many a row may have lost besides.
    """
    return sum(
        0 < _subtract(one, two) < SMALL_ROLE - left
        for before, after in pairwise(days)
        for one in before
        for two in after
    )


def _subtract(before: ResponseRow, after: ResponseRow) -> int:
    """People in one row and not in the other; 0 where neither holds the other, or numbers were declared."""
    early, late = set(before.roles), set(after.roles)
    if before.estimated or after.estimated or not (early <= late or late <= early):
        return 0
    return before.invited - after.invited if late < early else after.invited - before.invited


def _read_days(connection: Connection, participation: UUID) -> dict[date, list[ResponseRow]]:
    days = defaultdict[date, list[ResponseRow]](list)
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
        .where(DailyCount.participation_id == participation)
        .order_by(DailyCount.day)
    )
    for row in rows:
        days[row.day].append(ResponseRow(tuple(row.roles.split()), *row[2:]))
    return dict(days)


def _count_wrongly_listed(connection: Connection, participation: UUID) -> int:
    query = select(func.count()).where(
        Invitee.participation_id == participation, Invitee.withdrawn == "ineligible"
    )
    return connection.execute(query).scalar_one()
