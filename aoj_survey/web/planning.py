"""The page *Inviting*: which mail goes when to how many people, what it says, and whether it may go out.

Never how many are done: a reminder shows the number of people on the list only.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from email.message import EmailMessage

from flask import Blueprint, Response, abort, make_response, render_template, request
from flask_babel import gettext
from markupsafe import Markup
from sqlalchemy import Connection

from aoj_survey.db import db
from aoj_survey.errors import AojError
from aoj_survey.invitations import Example, count_messages, count_receivers, write_example
from aoj_survey.questionnaire import ROLES, say
from aoj_survey.waves import (
    KINDS,
    Calendar,
    ParticipationFacts,
    find_day_off,
    find_last_time,
    is_known,
    list_asked_roles,
    load_calendar,
    read_moments,
)

from .acts import name_maker, word_reason
from .coordinator import Status, describe_status, find_place, needs_password
from .headers import CONTENT_SECURITY
from .language import LANGUAGES, current_language, full_day, local_time, name_language, short_day
from .mailbox import FRAMED, read_part
from .naming import name_roles
from .next_step import is_inviting
from .readiness import describe_proof, read_readiness, word_finding
from .visits import installation

planning = Blueprint("planning", __name__, template_folder="templates")


def name_mail(kind: str) -> str:
    """Return what a kind of mail is called."""
    names = {
        "invitation": gettext("Invitation"),
        "first_reminder": gettext("First reminder"),
        "second_reminder": gettext("Second reminder"),
    }
    return names[kind]


# The schedule


@dataclass(frozen=True, slots=True)
class Step:
    """A mail in the list: when it goes out, to whom, and what there is to say of its day."""

    kind: str
    name: str
    moment: str
    receivers: str
    status: Status
    arrived: int | None
    may_move: bool
    note: str


def describe_day(calendar: Calendar, day: date, area: str) -> str:
    """Return what there is to know of the day of a mail, in words; empty when nothing is."""
    if off := find_day_off(calendar, day, area):
        if off.reason == "weekend":
            return gettext("This day is in a weekend.")
        name = off.names[current_language()]
        if off.reason == "public_holiday":
            return gettext("%(day)s is %(holiday)s.", day=short_day(day), holiday=name)
        return gettext("This day is in the school holidays of your region (%(holiday)s).", holiday=name)
    before = find_day_off(calendar, day - timedelta(days=1), "")
    if before and before.reason == "public_holiday":
        holiday = before.names[current_language()]
        words = gettext("%(day)s is %(holiday)s.", day=short_day(before.day), holiday=holiday)
        return words + " " + gettext("So this mail goes out on %(day)s.", day=short_day(day))
    return "" if is_known(calendar, day, area) else gettext("We do not know the holidays of that year yet.")


def describe_turn(facts: ParticipationFacts, moment: datetime, now: datetime, *, waits: bool) -> Status:
    """Return whether a mail is planned, `waits`, or went out, by the clock: never by who is done."""
    phase = facts.phase(now)
    if phase == "closed":
        went = moment < (facts.closed_at or facts.closes_at) and facts.sending != "off"
        return Status(gettext("sent"), "ok") if went else Status(gettext("not sent"))
    if moment > now:
        return Status(gettext("planned"))
    if phase != "open" or waits:
        return Status(gettext("waits"), "warn")
    return Status(gettext("sent"), "ok")


def find_waiting(
    connection: Connection,
    facts: ParticipationFacts,
    moments: Mapping[str, datetime],
    mails: Mapping[tuple[str, str], int],
) -> set[str]:
    """Return the kinds of mail that wait once their moment has come.

    Of the invitation that is whether any is still to go out. Of reminders nobody may see that: they wait when
    mail was held back before their moment came.
    """
    if facts.sending == "off":
        return set(KINDS)
    since = find_last_time(connection, facts.id, "paused") if facts.paused else None
    late = {kind for kind, moment in moments.items() if since and moment >= since}
    return (late - {"invitation"}) | ({"invitation"} if is_inviting(mails) else set[str]())


def describe_receivers(kind: str, people: int) -> str:
    """Return who gets a mail: of reminders only how many people are on the list."""
    if kind == "invitation":
        return gettext("to %(num)s people", num=people)
    return gettext("to who is not done by then, of the %(num)s people on the list", num=people)


def list_steps(
    facts: ParticipationFacts,
    calendar: Calendar,
    moments: Mapping[str, datetime],
    mails: Mapping[tuple[str, str], int],
    people: int,
    waiting: Collection[str],
    now: datetime,
) -> list[Step]:
    """Return the mails of a participation in their order."""
    steps: list[Step] = []
    for kind, moment in moments.items():
        day = moment.astimezone(facts.zone).date()
        went = kind == "invitation" and moment <= now and bool(mails)
        steps.append(
            Step(
                kind,
                name_mail(kind),
                f"{full_day(day)}, {local_time(moment, facts.zone)}",
                describe_receivers(kind, people),
                describe_turn(facts, moment, now, waits=kind in waiting),
                mails.get(("invitation", "sent"), 0) if went else None,
                moment > now and facts.phase(now) != "closed",
                describe_day(calendar, day, facts.school_area),
            )
        )
    return steps


# The example


def choose_example(roles: tuple[str, ...], kind: str) -> Example:
    """Return which mail somebody wants to see, by the address of the page; else the first there is."""
    role, language = request.args.get("role", ""), request.args.get("language", "")
    return Example(
        kind if kind in KINDS else KINDS[0],
        role if role in roles else roles[0],
        language if language in LANGUAGES else current_language(),
    )


def compose_example(
    connection: Connection, facts: ParticipationFacts, example: Example
) -> EmailMessage | None:
    """Return the mail as it would go out, or None where it cannot be made."""
    there = installation()
    try:
        return write_example(connection, facts, there.settings, there.hooks, example, there.now())
    except AojError:
        return None


# The page


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed in a form of the page, and what is wrong with it by field."""

    values: Mapping[str, str] = field(default_factory=dict[str, str])
    faults: Mapping[str, str] = field(default_factory=dict[str, str])


def render_schedule(connection: Connection, facts: ParticipationFacts, typed: Typed | None = None) -> str:
    """Return the page of a participation, with what was typed wrongly if anything was."""
    now, settings = installation().now(), installation().settings
    calendar = load_calendar(settings.calendar_file)
    roles = list_asked_roles(connection, facts.id)
    people = count_receivers(connection, facts.id)
    moments = read_moments(connection, facts.id)
    mails = count_messages(connection, facts.id, KINDS[:1])
    example = choose_example(roles, request.args.get("mail", ""))
    mail = compose_example(connection, facts, example)
    return render_template(
        "planning/schedule.html",
        participation=facts,
        status=describe_status(facts, now),
        steps=list_steps(
            facts,
            calendar,
            moments,
            mails,
            sum(people.values()),
            find_waiting(connection, facts, moments, mails),
            now,
        ),
        people=[(name_roles((role,)), people.get(role, 0)) for role in roles],
        is_over=facts.phase(now) == "closed",
        example=example,
        mail=mail,
        mail_text=read_part(mail, "plain") if mail else "",
        mail_name=name_mail(example.kind),
        kinds=[(kind, name_mail(kind)) for kind in KINDS],
        roles=[(role, say(ROLES[role].label, current_language())) for role in roles],
        languages=[(code, name_language(code)) for code in LANGUAGES],
        readiness=(readiness := read_readiness(connection, facts)),
        proof=describe_proof(readiness.proof),
        word_finding=word_finding,
        word_reason=word_reason,
        name_maker=name_maker,
        typed=typed or Typed(),
    )


@planning.get("/coordinator/<wave>/<region>/schedule")
@needs_password
def show_schedule(wave: str, region: str) -> Response:
    """The schedule, an example of each mail, and whether mail may go out."""
    with db.read() as connection:
        page = render_schedule(connection, find_place(connection, wave, region))
    return allow_frame(page)


def allow_frame(page: str, status: int = 200) -> Response:
    """Return the page with the right to hold the example, which is a page of its own."""
    response = make_response(page, status)
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY + "; frame-src 'self'"
    return response


@planning.get("/coordinator/<wave>/<region>/schedule/mail/<kind>")
@needs_password
def show_mail(wave: str, region: str, kind: str) -> Response:
    """The HTML of an example, without any right on this website."""
    if kind not in KINDS:
        abort(404)
    with db.read() as connection:
        facts = find_place(connection, wave, region)
        if facts.sender == "region":
            abort(404)
        example = choose_example(list_asked_roles(connection, facts.id), kind)
        mail = compose_example(connection, facts, example)
    if mail is None:
        abort(404)
    content = Markup('<base target="_blank">') + Markup(read_part(mail, "html"))  # noqa: S704  shown in a sandbox
    response = make_response(content)
    response.headers["Content-Security-Policy"] = f"{FRAMED}; frame-ancestors 'self'"
    return response
