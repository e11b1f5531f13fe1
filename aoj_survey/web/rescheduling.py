"""Changing the schedule: another day for a mail, a later last day, a pause, the goal. Each is kept in the audit."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from aoj_survey.db import db
from aoj_survey.errors import StateError
from aoj_survey.waves import (
    KINDS,
    Act,
    MailOnDayOff,
    ParticipationFacts,
    extend_participation,
    find_days_off,
    load_calendar,
    local_days,
    move_mail,
    pause_participation,
    read_deadline,
    read_moments,
    resume_participation,
    set_goal,
    tell_move,
)

from .coordinator import find_place, needs_password
from .language import full_day, short_day
from .planning import Typed, allow_frame, describe_day, name_mail, render_schedule
from .visits import installation

rescheduling = Blueprint("rescheduling", __name__, template_folder="templates")

BY = "coordinator"
DAY_FORMATS = ("%d-%m-%Y", "%Y-%m-%d", "%d/%m/%Y")
TIME = re.compile(r"([01]?\d|2[0-3])[.:]([0-5]\d)")


def read_day(typed: str) -> date | None:
    """Return the day somebody typed, as 26-5-2026 or 2026-05-26; None when it is none."""
    for shape in DAY_FORMATS:
        try:
            return datetime.strptime(typed, shape).replace(tzinfo=UTC).date()
        except ValueError:
            continue
    return None


def read_time(typed: str) -> time | None:
    """Return the time of day somebody typed, as 9.00 or 9:00; None when it is none."""
    found = TIME.fullmatch(typed)
    return time(int(found[1]), int(found[2])) if found else None


def write_day(day: date) -> str:
    """Return a day as people type it: 26-5-2026."""
    return f"{day.day}-{day.month}-{day.year}"


def _leave(facts: ParticipationFacts) -> AnyResponse:
    return redirect(url_for("planning.show_schedule", wave=facts.wave, region=facts.region), 303)


def _field(name: str) -> str:
    return request.form.get(name, "").strip()


# Moving a mail


@dataclass(frozen=True, slots=True)
class Move:
    """The form that moves a mail, as somebody filled it in; `anyway` passes over days off."""

    day: str
    time: str
    anyway: bool = False


def _show_move(
    facts: ParticipationFacts, kind: str, move: Move, faults: dict[str, str], off: MailOnDayOff | None = None
) -> str:
    return render_template(
        "planning/move.html",
        participation=facts,
        kind=kind,
        name=name_mail(kind),
        move=move,
        faults=faults,
        faulty=bool(faults),
        off=off,
        proposed=write_day(off.proposed) if off and off.proposed else "",
    )


@rescheduling.get("/coordinator/<wave>/<region>/schedule/move/<kind>")
@needs_password
def ask_move(wave: str, region: str, kind: str) -> AnyResponse | str:
    """The form with the mail's day and time; a mail that went out leads back."""
    if kind not in KINDS:
        abort(404)
    with db.read() as connection:
        facts = find_place(connection, wave, region)
        moment = read_moments(connection, facts.id)[kind]
    now = installation().now()
    if facts.sender == "region" or moment <= now or facts.phase(now) == "closed":
        return _leave(facts)
    local = moment.astimezone(facts.zone)
    return _show_move(facts, kind, Move(write_day(local.date()), f"{local.hour}.{local.minute:02}"), {})


@rescheduling.post("/coordinator/<wave>/<region>/schedule/move/<kind>")
@needs_password
def move(wave: str, region: str, kind: str) -> AnyResponse | tuple[str, int]:
    """Move the mail; on a weekend or holiday only when that is said again."""
    if kind not in KINDS:
        abort(404)
    form = Move(_field("day"), _field("time"), bool(_field("anyway")))
    day, hour = read_day(form.day), read_time(form.time)
    faults: dict[str, str] = {}
    if day is None:
        faults["day"] = gettext("Fill in a day, for example 26-5-2026")
    if hour is None:
        faults["time"] = gettext("Fill in a time, for example 9.00")
    with db.write() as connection:
        facts = find_place(connection, wave, region)
        if facts.sender == "region":
            return _leave(facts)
        if day is None or hour is None:
            return _show_move(facts, kind, form, faults), 422
        at = datetime.combine(day, hour)
        off = _find_day_off(facts, kind, at)
        if off and not form.anyway:
            return _show_move(facts, kind, form, {"day": _word_day_off(facts, off)}, off), 422
        if fault := _move(connection, facts, kind, at, off):
            return _show_move(facts, kind, form, {"day": fault}), 422
    return _leave(facts)


def _find_day_off(facts: ParticipationFacts, kind: str, at: datetime) -> MailOnDayOff | None:
    calendar = load_calendar(installation().settings.calendar_file)
    found = find_days_off(calendar, facts.school_area, local_days({kind: at}, facts))
    return found[0] if found else None


def _word_day_off(facts: ParticipationFacts, off: MailOnDayOff) -> str:
    calendar = load_calendar(installation().settings.calendar_file)
    words = describe_day(calendar, off.off.day, facts.school_area)
    if off.proposed:
        words += " " + gettext("Choose another day, for example %(day)s.", day=short_day(off.proposed))
    return words


def _move(
    connection: Connection, facts: ParticipationFacts, kind: str, at: datetime, off: MailOnDayOff | None
) -> str:
    """Move the mail and return what is wrong with that in words, if anything is."""
    now = installation().now()
    try:
        move_mail(connection, facts, kind, at, now, tell_move(now, BY, kind, at, off))
    except StateError:
        return gettext(
            "This day cannot be. Mails stay 7 days apart, in their order, still to come, and within the survey's"
            " days: until %(day)s.",
            day=short_day(facts.last_day),
        )
    return ""


# A later last day


def _show_extension(facts: ParticipationFacts, deadline: date | None, typed: str, fault: str = "") -> str:
    return render_template(
        "planning/extend.html",
        participation=facts,
        deadline=deadline,
        may_extend=deadline is None or facts.last_day < deadline,
        typed=typed,
        fault=fault,
        faulty=bool(fault),
    )


@rescheduling.get("/coordinator/<wave>/<region>/schedule/extend")
@needs_password
def ask_extension(wave: str, region: str) -> AnyResponse | str:
    """The form for a later last day, up to the wave's; after the close it leads back."""
    with db.read() as connection:
        facts = find_place(connection, wave, region)
        deadline = read_deadline(connection, facts.wave)
    if facts.phase(installation().now()) == "closed":
        return _leave(facts)
    return _show_extension(facts, deadline, "")


@rescheduling.post("/coordinator/<wave>/<region>/schedule/extend")
@needs_password
def extend(wave: str, region: str) -> AnyResponse | tuple[str, int]:
    """Let people take part until a later day."""
    typed, now = _field("day"), installation().now()
    day = read_day(typed)
    with db.write() as connection:
        facts = find_place(connection, wave, region)
        deadline = read_deadline(connection, facts.wave)
        if day is None:
            fault = gettext("Fill in a day, for example 26-5-2026")
            return _show_extension(facts, deadline, typed, fault), 422
        act = Act(now, BY, "extended", {"before": str(facts.last_day), "day": str(day)})
        try:
            extend_participation(connection, facts, day, now, act)
        except StateError:
            fault = gettext("Choose a day after %(day)s.", day=full_day(facts.last_day))
            if deadline:
                fault += " " + gettext("The wave ends on %(day)s.", day=full_day(deadline))
            return _show_extension(facts, deadline, typed, fault), 422
    return _leave(facts)


# Pausing


@rescheduling.get("/coordinator/<wave>/<region>/schedule/pause")
@needs_password
def ask_pause(wave: str, region: str) -> AnyResponse | str:
    """What a pause does, or its end, with a button; after the close it leads back."""
    with db.read() as connection:
        facts = find_place(connection, wave, region)
    if facts.sender == "region" or facts.phase(installation().now()) == "closed":
        return _leave(facts)
    return render_template("planning/pause.html", participation=facts)


@rescheduling.post("/coordinator/<wave>/<region>/schedule/pause")
@needs_password
def pause(wave: str, region: str) -> AnyResponse:
    """Stop all mail, or let it go out again; pressed twice it stays as it was."""
    now = installation().now()
    with db.write() as connection:
        facts = find_place(connection, wave, region)
        resume = _field("what") == "resume"
        sends = facts.sender == "installation" and facts.status not in {"closed", "opened", "lapsed"}
        if sends and facts.paused is resume:
            if resume:
                resume_participation(connection, facts, Act(now, BY, "resumed"))
            else:
                pause_participation(connection, facts, Act(now, BY, "paused"))
    return _leave(facts)


# The goal


@rescheduling.post("/coordinator/<wave>/<region>/schedule/goal")
@needs_password
def save_goal(wave: str, region: str) -> AnyResponse | Response:
    """Keep the response that is aimed at; an empty field takes the goal away."""
    typed, now = _field("goal"), installation().now()
    number = typed.removesuffix("%").strip()
    with db.write() as connection:
        facts = find_place(connection, wave, region)
        is_number = number.isascii() and number.isdigit() and len(number) < len("1000")
        # What is no number is refused like 0 %.
        goal = int(number) if is_number else 0
        act = Act(now, BY, "goal_set", {"percent": goal}) if typed else Act(now, BY, "goal_removed")
        try:
            set_goal(connection, facts.id, goal if typed else None, act)
        except StateError:
            faults = {"goal": gettext("Fill in a percentage from 1 to 100, or leave it empty")}
            return allow_frame(render_schedule(connection, facts, Typed({"goal": typed}, faults)), 422)
    return _leave(facts)
