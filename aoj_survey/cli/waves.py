"""`aoj waves`: plan, start, show and close a participation."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from sqlalchemy import Connection

from aoj_survey.db import db
from aoj_survey.disclosure import EXPECTED_PERCENT, Area, name_area
from aoj_survey.errors import StateError
from aoj_survey.fieldwork import close_participation, forecast_areas, start_participation
from aoj_survey.installation import Installation
from aoj_survey.invitations import read_areas
from aoj_survey.regions import find_school_area
from aoj_survey.waves import (
    KINDS,
    Act,
    ParticipationFacts,
    Plan,
    find_days_off,
    find_participation,
    list_participations,
    load_calendar,
    plan_participation,
    read_moments,
    read_participation,
    record_act,
)

from .door import opened
from .schedule import (
    DAY,
    MOMENT,
    allow,
    anyway,
    deadline,
    describe_off,
    extend,
    goal,
    list_unknown,
    move,
    pause,
    refuse_days_off,
    resume,
    schedule,
)


@click.group()
def waves() -> None:
    """Waves, and the regions that take part in them."""


def parse_questionnaires(texts: tuple[str, ...]) -> dict[str, tuple[str, str]]:
    """Return questionnaire and edition per role from texts like `aoj-beleid@2015=beleid_gem,swv`."""
    chosen: dict[str, tuple[str, str]] = {}
    for text in texts:
        place, _, roles = text.partition("=")
        name, _, edition = place.partition("@")
        if not (name and edition and roles):
            message = f"{text!r} does not look like aoj-beleid@2015=beleid_gem,swv"
            raise click.BadParameter(message)
        chosen |= {role.strip(): (name, edition) for role in roles.split(",")}
    return chosen


def parse_moments(invite: datetime, reminders: tuple[datetime, ...]) -> dict[str, datetime]:
    """Return the moment of each kind of message; raises BadParameter unless there are two reminders."""
    if len(reminders) != len(KINDS) - 1:
        message = f"give it exactly twice, for the first and the second reminder; here it stands {len(reminders)} time(s)"
        raise click.BadParameter(message, param_hint="--remind")
    return dict(zip(KINDS, (invite, *reminders), strict=True))


@waves.command()
@click.argument("wave")
@click.argument("region")
@click.option("--name", required=True, help="As respondents read it, e.g. 'voorjaar 2026'.")
@click.option("--first-day", type=DAY, required=True)
@click.option("--last-day", type=DAY, required=True, help="Ends at 23.59 in the region's time zone.")
@click.option("--questionnaire", multiple=True, required=True, help="NAME@EDITION=ROLE,ROLE; repeat it.")
@click.option(
    "--invite", type=MOMENT, required=True, help="Local time, e.g. '2026-05-04 09:00' or '2026-05-04'."
)
@click.option(
    "--remind", type=MOMENT, multiple=True, required=True, help="Twice: both reminders, 7 days apart."
)
@click.option("--contact-mail", required=True)
@click.option("--contact-phone", required=True)
@click.option(
    "--approval", type=click.Choice(["two_people", "delay"]), default="two_people", show_default=True
)
@click.option(
    "--sender",
    type=click.Choice(["installation", "region"]),
    default="installation",
    show_default=True,
    help="region: it mails links itself, and may know whose link is whose; respondents read that.",
)
@click.option(
    "--sealing",
    type=click.Choice(["server", "custodians"]),
    default="server",
    show_default=True,
    help="custodians: the box opens only with the passphrases of two of three people; for good.",
)
@click.option(
    "--area",
    "by_area",
    is_flag=True,
    help="Keep answers by municipality and school partnership too, where enough people of a role are invited.",
)
@anyway
@click.pass_obj
def plan(
    instance: Path,
    wave: str,
    region: str,
    name: str,
    first_day: datetime,
    last_day: datetime,
    questionnaire: tuple[str, ...],
    invite: datetime,
    remind: tuple[datetime, ...],
    contact_mail: str,
    contact_phone: str,
    approval: str,
    sender: str,
    sealing: str,
    by_area: bool,
    anyway: bool,
) -> None:
    """Plan the participation of REGION in WAVE: window, questionnaire per role, three mail moments."""
    made = Plan(
        wave=wave,
        region=region,
        name=name,
        first_day=first_day.date(),
        last_day=last_day.date(),
        questionnaires=parse_questionnaires(questionnaire),
        moments=parse_moments(invite, remind),
        contact_mail=contact_mail,
        contact_phone=contact_phone,
        approval=approval,
        sender=sender,
        sealing=sealing,
        by_area=by_area,
    )
    with opened(instance) as installation, db.write() as connection:
        notes = plan_on_working_days(connection, installation, made, anyway=anyway)
    if sealing == "custodians":
        click.echo(f"Before the start, set its custodians with: aoj custodians set {wave} {region}")
    after = "aoj frame import" if sender == "installation" else "aoj invitations links"
    click.echo(f"Planned {wave} {region}: {made.first_day} to {made.last_day}. Next: {after}")
    for note in notes:
        click.echo(note)


def plan_on_working_days(
    connection: Connection, installation: Installation, made: Plan, *, anyway: bool
) -> list[str]:
    """Store a plan without mail on weekends and holidays, and return notes for who made it.

    With `anyway` such a day is kept as an audit line.

    Raises:
        StateError: a mail is planned on a day off, the window is over; or what `plan_participation` refuses.
    """
    calendar = load_calendar(installation.settings.calendar_file)
    area = find_school_area(connection, made.region)
    off = find_days_off(calendar, area, {kind: moment.date() for kind, moment in made.moments.items()})
    if not anyway:
        refuse_days_off(off)
    identity = plan_participation(
        connection, installation.keys, made, installation.hooks, now=installation.now()
    )
    zone = read_participation(connection, identity).zone
    days = {
        kind: moment.astimezone(zone).date() for kind, moment in read_moments(connection, identity).items()
    }
    # Modules of the region may have moved reminders: where to is the region's own choice, and told.
    found = find_days_off(calendar, area, days)
    for mail in found:
        values = {"kind": mail.kind, "day": str(mail.off.day), "reason": mail.off.reason}
        act = Act(installation.now(), "aoj waves plan", "mail_planned_anyway", values)
        record_act(connection, identity, act)
    return [f"Note: {describe_off(mail)}." for mail in found] + list_unknown(calendar, area, days)


@waves.command()
@click.argument("wave")
@click.argument("region")
@click.pass_obj
def start(instance: Path, wave: str, region: str) -> None:
    """Start the participation of REGION in WAVE; questionnaires and classes are frozen."""
    with opened(instance) as installation, db.write() as connection:
        folder = Path(installation.settings.questionnaire_directory)
        facts = find_participation(connection, wave, region)
        start_participation(
            connection,
            facts,
            folder,
            installation.now(),
            installation.hooks,
            purge_days=installation.settings.purge_days,
            keys=installation.keys,
        )
        areas = read_areas(connection, facts.id)
    click.echo(f"Started {wave} {region}. {describe_start(facts)}")
    if facts.by_area:
        click.echo(describe_areas(areas))


@waves.command()
@click.argument("wave")
@click.argument("region")
@click.pass_obj
def forecast(instance: Path, wave: str, region: str) -> None:
    """Show which classes of REGION in WAVE will stand apart, if as many answer as expected, and which merge.

    Before the start by the list as it is now: a larger list, or roles and places said more roughly, change it.
    """
    with opened(instance) as installation, db.read() as connection:
        facts = find_participation(connection, wave, region)
        areas, classes = forecast_areas(connection, installation.keys, facts)
    if not facts.by_area:
        raise StateError(
            f"{region} does not keep answers by area in {wave}; the page Respondenten tells of roles."
        )
    click.echo(describe_areas(areas))
    click.echo(f"If {EXPECTED_PERCENT} in 100 answer:")
    for found in classes:
        fate = "stands apart" if found.apart else f"merges into {found.opened_in}"
        click.echo(f"    {found.code}: {found.invited} invited, {found.expected} expected, {fate}")


def describe_areas(areas: Sequence[Area]) -> str:
    """Return in English which areas answers are kept by."""
    if not areas:
        return (
            "No areas: not enough people are invited in two of them. Ask for the place as a question instead."
        )
    told = "The data tell the municipality of an area that has one, and the swv; of one that has several, the area alone."
    return "\n".join(["Areas:", *(f"    {area.code}: {name_area(area)}" for area in areas), told])


def describe_start(facts: ParticipationFacts) -> str:
    """Return in English what becomes of the mail of a participation that was started."""
    if facts.sender == "region":
        return "Mail the links yourself."
    if facts.sending == "off":
        return "Mail waits until a test mail is confirmed on the page, or: aoj waves allow-sending"
    return "The worker sends invitations from their moment on."


@waves.command()
@click.argument("wave")
@click.argument("region")
@click.pass_obj
def close(instance: Path, wave: str, region: str) -> None:
    """Close the participation of REGION in WAVE before its last day is over; drafts are erased."""
    with opened(instance) as installation, db.write() as connection:
        close_participation(connection, find_participation(connection, wave, region), installation.now())
    click.echo(f"Closed {wave} {region}; unsent drafts are erased.")


@waves.command()
@click.pass_obj
def show(instance: Path) -> None:
    """Show all participations with their window and mail moments."""
    with opened(instance), db.read() as connection:
        for facts in list_participations(connection):
            click.echo(f"{facts.wave} {facts.region}: {facts.status}, {facts.first_day} to {facts.last_day}")
            for kind, moment in read_moments(connection, facts.id).items():
                click.echo(f"    {kind.replace('_', ' ')}: {_local(moment, facts.zone)}")


def _local(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M")


for command in (schedule, move, pause, resume, extend, deadline, goal, allow):
    waves.add_command(command)
