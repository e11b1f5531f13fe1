"""Planning a participation: window, questionnaire per role, three mail moments, keys."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert, select

from aoj_survey.errors import NotFoundError, StateError
from aoj_survey.hooks import Hooks, RegionHooks, load_hooks
from aoj_survey.keys import KeyDirectory
from aoj_survey.regions import CODE, Region, region_hooks

from .models import MailMoment, Participation, RoleInstrument, Wave

KINDS = ("invitation", "first_reminder", "second_reminder")
"""The messages there are; the two reminders are exactly what a schedule can send."""

APART = timedelta(days=7)
"""Between two mails to one person, counted on the calendar of the region."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A participation to be. Days and mail moments are local to the region."""

    wave: str
    region: str
    name: str
    first_day: date
    last_day: date
    questionnaires: Mapping[str, tuple[str, str]]
    moments: Mapping[str, datetime]
    contact_mail: str
    contact_phone: str
    approval: str = "two_people"


def _check_plan(plan: Plan) -> None:
    faults: list[str] = []
    if not CODE.fullmatch(plan.wave):
        faults.append(f"the wave's code {plan.wave!r} may hold a-z, 0-9, - and _ only")
    if plan.first_day > plan.last_day:
        faults.append(f"the window ends ({plan.last_day}) before it begins ({plan.first_day})")
    if not plan.questionnaires:
        faults.append("no role has a questionnaire")
    if tuple(plan.moments) != KINDS:
        faults.append(f"mail moments are needed for exactly: {', '.join(KINDS)}")
    moments = list(plan.moments.values())
    if moments != sorted(set(moments)):
        faults.append("the mail moments must follow each other: invitation, first, second reminder")
    if moments and not plan.first_day <= moments[0].date() <= moments[-1].date() <= plan.last_day:
        faults.append("all mail moments must lie within the window")
    if plan.approval not in {"two_people", "delay"}:
        faults.append("approval is two_people or delay")
    if faults:
        raise StateError("This plan cannot be used: " + "; ".join(faults) + ".")


def _make_participation(
    connection: Connection, plan: Plan, zone: ZoneInfo, identity: UUID, public: bytes
) -> None:
    # The last day ends at 23.59: the window is half open, up to midnight.
    closes = datetime.combine(plan.last_day + timedelta(days=1), time(), zone)
    connection.execute(
        insert(Participation).values(
            id=identity,
            wave_code=plan.wave,
            region_code=plan.region,
            name=plan.name,
            opens_at=datetime.combine(plan.first_day, time(), zone),
            closes_at=closes,
            contact_mail=plan.contact_mail,
            contact_phone=plan.contact_phone,
            approval=plan.approval,
            box_public_key=public,
        )
    )


def plan_participation(
    connection: Connection, keys: KeyDirectory, plan: Plan, hooks: Hooks | None = None
) -> UUID:
    """Store a plan with fresh keys and return the participation's id; the wave is made when it is new.

    The region's modules may move reminders to a later day. Without `hooks`, the core's are asked alone.

    Raises:
        NotFoundError: the region is unknown.
        StateError: the plan contradicts itself, or the region already has a place in this wave.
        PluginError: a module of the region is not there, or fails.
    """
    _check_plan(plan)
    region = connection.execute(select(Region.time_zone).where(Region.code == plan.region)).one_or_none()
    if region is None:
        raise NotFoundError(f"There is no region {plan.region}. Add it with: aoj regions add")
    place = (Participation.wave_code == plan.wave) & (Participation.region_code == plan.region)
    if connection.execute(select(Participation.id).where(place)).first():
        raise StateError(f"Region {plan.region} already has a place in wave {plan.wave}.")
    if connection.execute(select(Wave.code).where(Wave.code == plan.wave)).first() is None:
        connection.execute(insert(Wave).values(code=plan.wave))
    plan = _move_reminders(plan, region_hooks(connection, hooks or load_hooks(), plan.region))
    identity = uuid4()
    zone = ZoneInfo(region.time_zone)
    _make_participation(connection, plan, zone, identity, keys.create_participation(identity))
    connection.execute(
        insert(RoleInstrument),
        [
            {"participation_id": identity, "role": role, "questionnaire": name, "edition": edition}
            for role, (name, edition) in sorted(plan.questionnaires.items())
        ],
    )
    connection.execute(
        insert(MailMoment),
        [
            {"participation_id": identity, "kind": kind, "at": _local(moment, zone)}
            for kind, moment in plan.moments.items()
        ],
    )
    return identity


def _move_reminders(plan: Plan, hooks: RegionHooks) -> Plan:
    """The plan with each reminder on the day the region wants; the first stays a week before the second."""
    hooks.require_whole()
    moments = dict(plan.moments)
    latest = plan.last_day
    for number in range(len(KINDS) - 1, 0, -1):
        kind = KINDS[number]
        proposed = moments[kind].date()
        moments[kind] += hooks.reminder_day(proposed, number, latest) - proposed
        latest = moments[kind].date() - APART
    return replace(plan, moments=moments)


def _local(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def read_moments(connection: Connection, participation: UUID) -> dict[str, datetime]:
    """Return the moment (UTC) at which each kind of message becomes due, in order."""
    rows = connection.execute(
        select(MailMoment.kind, MailMoment.at)
        .where(MailMoment.participation_id == participation)
        .order_by(MailMoment.at)
    )
    return {row.kind: row.at for row in rows}
