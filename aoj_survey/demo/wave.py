"""The demonstration's participation: the questionnaires and the list of 2015, in a window around any moment."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from aoj_survey.fieldwork import start_participation
from aoj_survey.invitations import Invitation, Invitee, derive_token, import_frame, read_frame
from aoj_survey.keys import KeyDirectory
from aoj_survey.questionnaire import ROLES
from aoj_survey.regions import add_region
from aoj_survey.waves import (
    KINDS,
    OWN_MAILBOX,
    Act,
    ParticipationFacts,
    Plan,
    allow_sending,
    find_participation,
    plan_participation,
    read_participation,
)

from .frame import make_frame

ZONE = ZoneInfo("Europe/Amsterdam")
DAYS = 24
JUNE = 6
REMINDER_DAYS = (8, 16)
PROFESSIONALS = ("aoj-professionals", "2015")
POLICY = ("aoj-beleid", "2015")
QUESTIONNAIRES = {
    "ib": PROFESSIONALS,
    "zoco": PROFESSIONALS,
    "jeugdhulp": PROFESSIONALS,
    "beleid_gem": POLICY,
    "swv": POLICY,
}


def make_plan(wave: str, region: str, now: datetime) -> Plan:
    """Return a plan whose invitations are due at once, with reminders 8 and 16 days later."""
    local = now.astimezone(ZONE)
    moments = (local, *(local + timedelta(days=days) for days in REMINDER_DAYS))
    return Plan(
        wave=wave,
        region=region,
        name=f"{'voorjaar' if local.month <= JUNE else 'najaar'} {local.year}",
        first_day=local.date(),
        last_day=local.date() + timedelta(days=DAYS),
        questionnaires=QUESTIONNAIRES,
        moments=dict(zip(KINDS, moments, strict=True)),
        contact_mail=f"monitor@{region}.example",
        contact_phone="085 000 00 00",
    )


def start_demo_wave(
    connection: Connection,
    keys: KeyDirectory,
    plan: Plan,
    region_name: str,
    questionnaires: Path,
    now: datetime,
) -> ParticipationFacts:
    """Plan, fill and start the demonstration's participation; return it running."""
    add_region(connection, plan.region, region_name)
    identity = plan_participation(connection, keys, plan, now=now)
    frame = read_frame(make_frame(), ROLES, ("nl", "en"))
    import_frame(connection, keys, identity, frame)
    start_participation(connection, read_participation(connection, identity), questionnaires, now)
    act = Act(now, "demonstration", "sending_overruled", {"words": OWN_MAILBOX})
    allow_sending(connection, identity, act, reason=OWN_MAILBOX)
    return find_participation(connection, plan.wave, plan.region)


def find_open_link(connection: Connection, keys: KeyDirectory, facts: ParticipationFacts) -> str | None:
    """Return the token of an invitation that is still open, for somebody to try; None when all are done."""
    row = connection.execute(
        select(Invitation.id, Invitation.generation)
        .join(Invitee, Invitee.id == Invitation.invitee_id)
        .where(
            Invitation.participation_id == facts.id,
            Invitation.status == "open",
            Invitation.role == "ib",
            Invitee.language == "nl",
        )
        .order_by(Invitation.started.desc(), Invitation.id)
        .limit(1)
    ).one_or_none()
    return None if row is None else derive_token(keys.link(facts.id), "link", row.id, row.generation)
