"""The schedule after planning: moving a mail that is still to come, a later last day, the goal."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import Connection, select, update

from aoj_survey.errors import NotFoundError, StateError

from .audit import Act, Value, record_act
from .calendar import Calendar, DayOff, find_day_off, propose_day
from .models import MailMoment, Participation, Wave
from .participations import ParticipationFacts, participation_facts, select_participations
from .planning import KINDS, YEARS, find_moment_faults, place_moment, read_moments
from .sending import ENDED

PERCENT = range(1, 101)


@dataclass(frozen=True, slots=True)
class MailOnDayOff:
    """A mail planned on a day on which none should be, with the first better day; None when none is near."""

    kind: str
    off: DayOff
    proposed: date | None


def find_days_off(calendar: Calendar, area: str, days: Mapping[str, date]) -> tuple[MailOnDayOff, ...]:
    """Return the mails that are planned on a weekend or holiday, by their days in the region."""
    found = ((kind, find_day_off(calendar, day, area)) for kind, day in days.items())
    return tuple(MailOnDayOff(kind, off, propose_day(calendar, off.day, area)) for kind, off in found if off)


def local_days(moments: Mapping[str, datetime], facts: ParticipationFacts) -> dict[str, date]:
    """Return the day of each mail in the region."""
    return {kind: place_moment(moment, facts.zone).date() for kind, moment in moments.items()}


def move_mail(
    connection: Connection, facts: ParticipationFacts, kind: str, at: datetime, now: datetime, act: Act
) -> None:
    """Move a mail that is still to come to another moment to come; what went out never goes out again.

    A moment without zone is meant in the region. Days off are for the doors to refuse (`find_days_off`).
    `act` is kept as an audit line.

    Raises:
        NotFoundError: there is no such kind of mail.
        StateError: it is over, the mail has been going out, or the moment cannot be used.
    """
    _hold_open(connection, facts, now)
    if kind not in KINDS:
        raise NotFoundError(f"There is no mail {kind!r}. There are: {', '.join(KINDS)}.")
    found = read_moments(connection, facts.id)
    if found[kind] <= now:
        raise StateError(f"The {_name(kind)} has been going out since its moment; it cannot be moved.")
    if at.year not in YEARS:
        raise StateError(f"Mail moments lie between {YEARS[0]} and {YEARS[-1]}.")
    moments = {name: place_moment(found[name], facts.zone) for name in KINDS}
    moments[kind] = place_moment(at, facts.zone)
    if moments[kind] <= now:
        raise StateError(f"That moment for the {_name(kind)} is over; give one that is still to come.")
    if faults := list(find_moment_faults(moments, facts.first_day, facts.last_day, facts.zone)):
        raise StateError(f"The {_name(kind)} cannot move there: {'; '.join(faults)}.")
    connection.execute(
        update(MailMoment)
        .where(MailMoment.participation_id == facts.id, MailMoment.kind == kind)
        .values(at=moments[kind])
    )
    record_act(connection, facts.id, act)


def tell_move(now: datetime, made_by: str, kind: str, at: datetime, off: MailOnDayOff | None) -> Act:
    """Return the act of moving a mail; `at` is a moment in the region, and `off` why that is no working day."""
    values: dict[str, Value] = {"kind": kind, "moment": f"{at:%Y-%m-%d %H:%M}"}
    if off is None:
        return Act(now, made_by, "mail_moved", values)
    return Act(now, made_by, "mail_moved_anyway", {**values, "reason": off.off.reason})


def _name(kind: str) -> str:
    return kind.replace("_", " ")


def _hold_open(connection: Connection, facts: ParticipationFacts, now: datetime) -> None:
    """Keep a participation from being closed until this transaction ends; it may not be over yet."""
    query = select(Participation.status, Participation.closes_at).where(Participation.id == facts.id)
    row = connection.execute(query.with_for_update()).one()
    if row.status in ENDED or now >= row.closes_at:
        raise StateError(f"The participation of {facts.region} in {facts.wave} is over; nothing moves in it.")


def extend_participation(
    connection: Connection, facts: ParticipationFacts, last_day: date, now: datetime, act: Act
) -> None:
    """Let people take part until a later last day, at most the wave's; drafts stay, `act` is kept.

    The day on which the wave's addresses are destroyed was promised and stays.

    Raises:
        StateError: it is over, the day is not later, or it lies past the wave's deadline.
    """
    _hold_open(connection, facts, now)
    deadline = read_deadline(connection, facts.wave)
    if last_day <= facts.last_day:
        raise StateError(f"The last day is {facts.last_day} already; give a later one.")
    if last_day.year not in YEARS:
        raise StateError(f"The last day lies between {YEARS[0]} and {YEARS[-1]}.")
    if deadline is not None and last_day > deadline:
        raise StateError(
            f"The wave {facts.wave} ends on {deadline}: that was promised when its first participation started."
            f" {facts.region} can be extended until that day."
        )
    connection.execute(
        update(Participation)
        .where(Participation.id == facts.id)
        .values(closes_at=datetime.combine(last_day + timedelta(days=1), time(), facts.zone))
    )
    record_act(connection, facts.id, act)


def read_deadline(connection: Connection, wave: str) -> date | None:
    """Return the last day of a wave, or None while nothing was promised; raises NoResultFound when unknown."""
    return connection.execute(select(Wave.deadline).where(Wave.code == wave)).scalar_one()


def set_deadline(connection: Connection, wave: str, deadline: date, purge_days: int) -> date:
    """Set the last day of a wave before anybody of it starts; return the day its addresses are destroyed.

    Without it, the last day of the participation that starts first becomes that of the wave, and leaves no
    room to extend that one.

    Raises:
        NotFoundError: there is no such wave.
        StateError: a participation of it was started, or lasts longer.
    """
    if connection.execute(select(Wave.code).where(Wave.code == wave).with_for_update()).first() is None:
        raise NotFoundError(f"There is no wave {wave}. Plan its first participation with: aoj waves plan")
    for row in connection.execute(select_participations().where(Participation.wave_code == wave)):
        facts = participation_facts(row)
        if facts.status == "lapsed":
            continue
        if facts.status != "planned":
            raise StateError(f"{facts.region} was started in the wave {wave}; its last day was promised.")
        if facts.last_day > deadline:
            raise StateError(f"{facts.region} takes part until {facts.last_day}, later than {deadline}.")
    purge_on = deadline + timedelta(days=purge_days)
    connection.execute(update(Wave).where(Wave.code == wave).values(deadline=deadline, purge_on=purge_on))
    return purge_on


def set_goal(connection: Connection, participation: UUID, goal: int | None, act: Act) -> None:
    """Keep the response that is aimed at, in percent of the people invited, or none; `act` is kept.

    Raises:
        StateError: it is no percentage from 1 to 100.
    """
    if goal is not None and goal not in PERCENT:
        raise StateError(f"A goal is a percentage from 1 to 100, not {goal}.")
    connection.execute(update(Participation).where(Participation.id == participation).values(goal=goal))
    record_act(connection, participation, act)
