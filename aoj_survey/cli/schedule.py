"""`aoj waves schedule` and what changes it: moving a mail, pausing, extending, the goal, allowing to send."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Connection

from aoj_survey.config import Settings
from aoj_survey.db import db
from aoj_survey.errors import StateError
from aoj_survey.invitations import count_receivers
from aoj_survey.waves import (
    KINDS,
    Act,
    ActCode,
    Calendar,
    MailOnDayOff,
    ParticipationFacts,
    allow_sending,
    extend_participation,
    find_days_off,
    find_participation,
    is_known,
    load_calendar,
    local_days,
    move_mail,
    pause_participation,
    read_deadline,
    read_moments,
    resume_participation,
    set_deadline,
    set_goal,
    tell_move,
)

from .door import opened

MAIL_HOUR = 9
DAY = click.DateTime(["%Y-%m-%d"])


class MailMoment(click.DateTime):
    """A local moment like `2026-05-04 10:30`; a day alone means nine o'clock."""

    name = "moment"

    def __init__(self) -> None:
        super().__init__(["%Y-%m-%d %H:%M", "%Y-%m-%d"])

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the moment, without a zone."""
        moment = super().convert(value, param, ctx)
        is_day = isinstance(value, str) and ":" not in value
        return moment.replace(hour=MAIL_HOUR) if is_day else moment


MOMENT = MailMoment()
made_by = click.option("--as", "made_by", required=True, metavar="NAME", help="Who does this; it is kept.")
anyway = click.option("--anyway", is_flag=True, help="Also on a weekend or holiday; that is kept.")


# Days off


def describe_off(mail: MailOnDayOff) -> str:
    """Return in English why a mail should not go out on its day."""
    off = mail.off
    reasons = {
        "weekend": "a weekend",
        "public_holiday": f"a public holiday ({off.names.get('nl', '')})",
        "school_holiday": f"in the school holidays of the region ({off.names.get('nl', '')})",
    }
    return f"the {mail.kind.replace('_', ' ')} on {off.day:%A %Y-%m-%d} is {reasons[off.reason]}"


def refuse_days_off(found: tuple[MailOnDayOff, ...]) -> None:
    """Check that no mail is planned on a day off.

    Raises:
        StateError: says for each why not, and which day would do.
    """
    if found:
        lines = [
            describe_off(mail) + (f"; {mail.proposed:%A %Y-%m-%d} would do" if mail.proposed else "")
            for mail in found
        ]
        raise StateError(f"Choose another day, or add --anyway: {'; '.join(lines)}.")


def list_unknown(calendar: Calendar, area: str, days: Mapping[str, date]) -> list[str]:
    """Return notes about holidays that the calendar does not know."""
    notes = [
        f"Note: the calendar does not know the holidays around {day}."
        for day in sorted(set(days.values()))
        if not is_known(calendar, day, area)
    ]
    if not area:
        notes.append("Note: the region has no school area, so school holidays were not looked at.")
    return notes


# Commands


@click.command()
@click.argument("wave")
@click.argument("region")
@click.pass_obj
def schedule(instance: Path, wave: str, region: str) -> None:
    """Show who gets which mail when: how many people are on the list, never how many are done."""
    with opened(instance) as installation, db.read() as connection:
        facts = find_participation(connection, wave, region)
        for line in describe_schedule(connection, facts, installation.settings, installation.now()):
            click.echo(line)


def describe_schedule(
    connection: Connection, facts: ParticipationFacts, settings: Settings, now: datetime
) -> list[str]:
    """Return the schedule of a participation, line by line."""
    calendar = load_calendar(settings.calendar_file)
    moments = read_moments(connection, facts.id)
    days = local_days(moments, facts)
    off = {mail.kind: describe_off(mail) for mail in find_days_off(calendar, facts.school_area, days)}
    receivers = count_receivers(connection, facts.id)
    people = ", ".join(f"{role} {number}" for role, number in sorted(receivers.items())) or "nobody yet"
    lines = [f"{facts.wave} {facts.region}: {facts.status}{', paused' if facts.paused else ''}"]
    for number, (kind, moment) in enumerate(moments.items(), start=1):
        state = "to come" if moment > now else "going out since then"
        to = "everybody on the list" if number == 1 else "whoever is not done by then, of the list"
        lines.append(
            f"{number}. {kind.replace('_', ' ')}: {moment.astimezone(facts.zone):%Y-%m-%d %H:%M}, {state}"
        )
        lines.append(f"   to {to}: {people}")
        lines += [f"   {off[kind]}"] if kind in off else []
    deadline = read_deadline(connection, facts.wave)
    lines.append(
        f"{len(moments) + 1}. closes after {facts.last_day}; the wave ends on {deadline or 'no day yet'}"
    )
    lines.append(f"Mail: {describe_sending(facts)}")
    return lines + list_unknown(calendar, facts.school_area, days)


def describe_sending(facts: ParticipationFacts) -> str:
    """Return in English whether mail goes out."""
    if facts.sender == "region":
        return "the region sends it by itself"
    words = {
        "off": "off until a test mail is confirmed, or aoj waves allow-sending overrules that",
        "confirmed": "on; a test mail was confirmed",
        "overruled": "on; that was overruled with a reason",
    }
    return words[facts.sending]


@click.command()
@click.argument("wave")
@click.argument("region")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("moment", type=MOMENT)
@anyway
@made_by
@click.pass_obj
def move(
    instance: Path, wave: str, region: str, kind: str, moment: datetime, anyway: bool, made_by: str
) -> None:
    """Move a mail of KIND that is still to come to MOMENT, local time; what went out stays as it is."""
    with opened(instance) as installation, db.write() as connection:
        facts = find_participation(connection, wave, region)
        calendar = load_calendar(installation.settings.calendar_file)
        days = local_days({kind: moment}, facts)
        found = find_days_off(calendar, facts.school_area, days)
        if not anyway:
            refuse_days_off(found)
        now = installation.now()
        act = tell_move(now, made_by, kind, moment, found[0] if found else None)
        move_mail(connection, facts, kind, moment, now, act)
    click.echo(f"The {kind.replace('_', ' ')} goes out from {moment:%Y-%m-%d %H:%M} on.")
    for note in list_unknown(calendar, facts.school_area, days):
        click.echo(note)


@click.command()
@click.argument("wave")
@click.argument("region")
@made_by
@click.pass_obj
def pause(instance: Path, wave: str, region: str, made_by: str) -> None:
    """Stop all mail of a participation; links keep working and answers stay."""
    _change(instance, wave, region, pause_participation, made_by, "paused")
    click.echo(f"{wave} {region} sends no mail until: aoj waves resume. Links keep working.")


@click.command()
@click.argument("wave")
@click.argument("region")
@made_by
@click.pass_obj
def resume(instance: Path, wave: str, region: str, made_by: str) -> None:
    """Let mail of a paused participation go out again; what became due meanwhile goes out now."""
    _change(instance, wave, region, resume_participation, made_by, "resumed")
    click.echo(f"{wave} {region} sends mail again.")


def _change(
    instance: Path,
    wave: str,
    region: str,
    change: Callable[[Connection, ParticipationFacts, Act], None],
    made_by: str,
    code: ActCode,
) -> None:
    with opened(instance) as installation, db.write() as connection:
        change(
            connection, find_participation(connection, wave, region), Act(installation.now(), made_by, code)
        )


@click.command()
@click.argument("wave")
@click.argument("region")
@click.argument("last_day", type=DAY)
@made_by
@click.pass_obj
def extend(instance: Path, wave: str, region: str, last_day: datetime, made_by: str) -> None:
    """Let people take part until a later LAST_DAY, at most the wave's own."""
    day = last_day.date()
    with opened(instance) as installation, db.write() as connection:
        facts = find_participation(connection, wave, region)
        now = installation.now()
        act = Act(now, made_by, "extended", {"before": str(facts.last_day), "day": str(day)})
        extend_participation(connection, facts, day, now, act)
    click.echo(f"{wave} {region} now closes after {day}. Addresses are destroyed on the day promised before.")


@click.command()
@click.argument("wave")
@click.argument("last_day", type=DAY)
@click.pass_obj
def deadline(instance: Path, wave: str, last_day: datetime) -> None:
    """Set the last day of WAVE before anybody starts, so that participations can be extended until it."""
    with opened(instance) as installation, db.write() as connection:
        purge_on = set_deadline(connection, wave, last_day.date(), installation.settings.purge_days)
    click.echo(f"The wave {wave} ends on {last_day.date()}; its addresses are destroyed on {purge_on}.")


@click.command()
@click.argument("wave")
@click.argument("region")
@click.argument("percent", type=click.IntRange(0, 100))
@made_by
@click.pass_obj
def goal(instance: Path, wave: str, region: str, percent: int, made_by: str) -> None:
    """Aim at a response of PERCENT of the people invited; 0 takes the goal away."""
    with opened(instance) as installation, db.write() as connection:
        facts = find_participation(connection, wave, region)
        now = installation.now()
        act = (
            Act(now, made_by, "goal_set", {"percent": percent})
            if percent
            else Act(now, made_by, "goal_removed")
        )
        set_goal(connection, facts.id, percent or None, act)
    click.echo(f"{wave} {region}: {f'the goal is {percent} %' if percent else 'there is no goal any more'}.")


@click.command("allow-sending")
@click.argument("wave")
@click.argument("region")
@click.option(
    "--reason", required=True, help="Why mail may go out without a confirmed test mail; it is kept."
)
@made_by
@click.pass_obj
def allow(instance: Path, wave: str, region: str, reason: str, made_by: str) -> None:
    """Overrule that mail waits for a confirmed test mail and a clean check."""
    if not reason.strip():
        raise click.BadParameter("say why", param_hint="--reason")
    with opened(instance) as installation, db.write() as connection:
        facts = find_participation(connection, wave, region)
        act = Act(installation.now(), made_by, "sending_overruled", {"words": reason.strip()})
        allow_sending(connection, facts.id, act, reason)
    click.echo(f"{wave} {region} may send mail. The reason is kept.")
