"""Planning a participation: window, questionnaire per role, three mail moments, keys."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert, select, update

from aoj_survey.config import find_address_fault
from aoj_survey.errors import NotFoundError, StateError
from aoj_survey.hooks import Hooks, RegionHooks, load_hooks
from aoj_survey.keys import KeyDirectory
from aoj_survey.questionnaire import ROLES
from aoj_survey.regions import CODE, Region, region_hooks

from .models import MailMoment, Participation, RoleInstrument, Wave

KINDS = ("invitation", "first_reminder", "second_reminder")
"""The messages there are; the two reminders are exactly what a schedule can send."""

APART = timedelta(days=7)
"""Between two mails to one person, counted on the calendar of the region."""

YEARS = range(2000, 2100)
QUESTIONNAIRE = re.compile(r"[a-z][a-z0-9-]{0,63}")
EDITION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")
LONGEST_NAME, LONGEST_PHONE = 200, 40


@dataclass(frozen=True, slots=True)
class Plan:
    """A participation to be. Days and mail moments are local to the region.

    `by_area`: answers are kept by municipality and swv too, where enough people of a role are invited.
    `sender`: who mails; for good, since respondents read it before they start. `sealing`: by the server's key
    alone, or by that of custodians too; for good as well.
    """

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
    sender: str = "installation"
    sealing: str = "server"
    by_area: bool = False


def _check_plan(plan: Plan, zone: ZoneInfo, now: datetime | None) -> dict[str, datetime]:
    """Return the mail moments in UTC; raise StateError with all that is wrong with the plan."""
    known = {kind: moment for kind, moment in plan.moments.items() if moment.year in YEARS}
    moments = {kind: place_moment(moment, zone) for kind, moment in known.items()}
    faults = [
        *_find_word_faults(plan),
        *_find_choice_faults(plan),
        *_find_questionnaire_faults(plan),
        *_find_window_faults(plan, now.astimezone(zone).date() if now else None),
        *_find_kind_faults(plan),
        *find_moment_faults(moments, plan.first_day, plan.last_day, zone),
    ]
    if faults:
        raise StateError("This plan cannot be used: " + "; ".join(faults) + ".")
    return {kind: moment.astimezone(UTC) for kind, moment in moments.items()}


def _find_word_faults(plan: Plan) -> Iterator[str]:
    if not CODE.fullmatch(plan.wave):
        yield f"the wave's code {plan.wave!r} may hold a-z, 0-9, - and _ only, at most 32"
    words = (("name", plan.name, LONGEST_NAME), ("phone number", plan.contact_phone, LONGEST_PHONE))
    for noun, text, longest in words:
        if not text.strip():
            yield f"the {noun} is missing"
        elif len(text) > longest:
            yield f"the {noun} is longer than {longest} characters"
        # A line break could add a header to a mail; PostgreSQL stores no NUL, and nothing stores half a character.
        elif any(unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} for character in text):
            yield f"the {noun} holds a line break or an invisible character"
    if fault := find_address_fault(plan.contact_mail):
        yield f"the contact address {fault}"


def _find_choice_faults(plan: Plan) -> Iterator[str]:
    if plan.approval not in {"two_people", "delay"}:
        yield "approval is two_people or delay"
    if plan.sender not in {"installation", "region"}:
        yield "sender is installation or region"
    if plan.by_area and plan.sender == "region":
        yield "there are no areas where a region mails links of nobody: no list says where people are"
    if plan.sealing not in {"server", "custodians"}:
        yield "sealing is server or custodians"


def _find_questionnaire_faults(plan: Plan) -> Iterator[str]:
    if not plan.questionnaires:
        yield "no role has a questionnaire"
    if unknown := sorted(set(plan.questionnaires) - set(ROLES)):
        yield f"there is no role {', '.join(map(repr, unknown))}; there are: {', '.join(ROLES)}"
    # Both are parts of a path.
    for name, edition in sorted(set(plan.questionnaires.values())):
        if not QUESTIONNAIRE.fullmatch(name) or not EDITION.fullmatch(edition):
            yield f"{f'{name}@{edition}'!r} is no questionnaire and edition, such as aoj-beleid@2015"


def _find_window_faults(plan: Plan, today: date | None) -> Iterator[str]:
    if plan.first_day > plan.last_day:
        yield f"the window ends ({plan.last_day}) before it begins ({plan.first_day})"
    if today and plan.last_day < today:
        yield f"the window ended on {plan.last_day}, and nobody could answer; give a last day from {today} on"
    days = (plan.first_day, plan.last_day, *plan.moments.values())
    if any(day.year not in YEARS for day in days):
        yield f"window and mail moments must lie between {YEARS[0]} and {YEARS[-1]}"


def _find_kind_faults(plan: Plan) -> Iterator[str]:
    if tuple(plan.moments) != KINDS:
        yield f"mail moments are needed for exactly: {', '.join(KINDS)}"


def find_moment_faults(
    moments: Mapping[str, datetime], first_day: date, last_day: date, zone: ZoneInfo
) -> Iterator[str]:
    """Yield what is wrong with mail moments by kind, in their order and on the clock of the region."""
    places = list(moments.values())
    for kind, moment in moments.items():
        # Where the clock goes forward, an hour is passed over; what is said there comes back as another time.
        if moment.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != moment.replace(tzinfo=None):
            yield f"the {kind.replace('_', ' ')} at {moment:%Y-%m-%d %H:%M} falls in an hour that the clock skips"
    yield from _find_order_faults(places)
    if any(not first_day <= moment.date() <= last_day for moment in places):
        yield "all mail moments must lie within the window"


def _find_order_faults(moments: Sequence[datetime]) -> Iterator[str]:
    for before, after in pairwise(moments):
        if after.astimezone(UTC) <= before.astimezone(UTC):
            yield "the mail moments must follow each other: invitation, first, second reminder"
            return
    # By the clock on the wall: nine o'clock a week later is a week, also when the clock changes.
    if any(
        after.replace(tzinfo=None) - before.replace(tzinfo=None) < APART
        for before, after in pairwise(moments)
    ):
        yield (
            f"the mail moments must be at least {APART.days} days apart: people need time to answer, and nobody"
            " is mailed twice within a few days"
        )


def _make_participation(connection: Connection, plan: Plan, zone: ZoneInfo, identity: UUID) -> None:
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
            sender=plan.sender,
            sealing=plan.sealing,
            by_area=plan.by_area,
            box_public_key=b"",
        )
    )


def plan_participation(
    connection: Connection,
    keys: KeyDirectory,
    plan: Plan,
    hooks: Hooks | None = None,
    *,
    now: datetime | None = None,
) -> UUID:
    """Store a plan with fresh keys and return the participation's id; the wave is made when it is new.

    The region's modules may move reminders to a later day. Without `hooks`, the core's are asked alone. With
    `now`, a window that is over is refused: it could never start.

    Raises:
        NotFoundError: the region is unknown.
        StateError: the plan contradicts itself, its window is over, or the region already has a place in this wave.
        PluginError: a module of the region is not there, or fails.
    """
    zone = _find_zone(connection, plan.region)
    _check_plan(plan, zone, now)
    # Moved after that, so what is wrong with the plan itself is told as it was written; then looked at again.
    plan = _move_reminders(plan, zone, region_hooks(connection, hooks or load_hooks(), plan.region))
    moments = _check_plan(plan, zone, now)
    place = (Participation.wave_code == plan.wave) & (Participation.region_code == plan.region)
    if connection.execute(select(Participation.id).where(place)).first():
        raise StateError(f"Region {plan.region} already has a place in wave {plan.wave}.")
    if connection.execute(select(Wave.code).where(Wave.code == plan.wave)).first() is None:
        connection.execute(insert(Wave).values(code=plan.wave))
    identity = uuid4()
    _make_participation(connection, plan, zone, identity)
    connection.execute(
        insert(RoleInstrument),
        [
            {"participation_id": identity, "role": role, "questionnaire": name, "edition": edition}
            for role, (name, edition) in sorted(plan.questionnaires.items())
        ],
    )
    connection.execute(
        insert(MailMoment),
        [{"participation_id": identity, "kind": kind, "at": at} for kind, at in moments.items()],
    )
    # Last: files know no rollback, so what the database refuses must be refused before there are keys.
    public = keys.create_participation(identity)
    connection.execute(
        update(Participation).where(Participation.id == identity).values(box_public_key=public)
    )
    return identity


def _find_zone(connection: Connection, region: str) -> ZoneInfo:
    found = None
    if CODE.fullmatch(region):
        found = connection.execute(select(Region.time_zone).where(Region.code == region)).scalar_one_or_none()
    if found is None:
        raise NotFoundError(f"There is no region {region}. Add it with: aoj regions add")
    return ZoneInfo(found)


def place_moment(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment on the clock of the region; what has no zone was meant there."""
    return moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)


def _move_reminders(plan: Plan, zone: ZoneInfo, hooks: RegionHooks) -> Plan:
    """The plan with each reminder on the day the region wants; the first stays a week before the second."""
    hooks.require_whole()
    moments = {kind: place_moment(moment, zone) for kind, moment in plan.moments.items()}
    latest = plan.last_day
    for number in range(len(KINDS) - 1, 0, -1):
        kind = KINDS[number]
        proposed = moments[kind].date()
        moments[kind] += hooks.reminder_day(proposed, number, latest) - proposed
        latest = moments[kind].date() - APART
    return replace(plan, moments=moments)


def read_moments(connection: Connection, participation: UUID) -> dict[str, datetime]:
    """Return the moment (UTC) at which each kind of message becomes due, in order."""
    rows = connection.execute(
        select(MailMoment.kind, MailMoment.at)
        .where(MailMoment.participation_id == participation)
        .order_by(MailMoment.at)
    )
    return {row.kind: row.at for row in rows}
