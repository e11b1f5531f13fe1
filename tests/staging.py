"""A participation on stage: planned, filled and started by the real functions, answered by invented people."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from aoj_survey.db import db
from aoj_survey.fieldwork import start_participation
from aoj_survey.invitations import (
    FrameRow,
    Invitation,
    add_invitations,
    derive_token,
    find_invitation,
    mark_started,
)
from aoj_survey.keys import KeyDirectory
from aoj_survey.questionnaire import Answers
from aoj_survey.regions import add_region
from aoj_survey.responses import Outcome, submit
from aoj_survey.waves import (
    KINDS,
    Act,
    ParticipationFacts,
    Plan,
    allow_sending,
    plan_participation,
    read_participation,
)

QUESTIONNAIRES = Path(__file__).parent / "questionnaires"
ZONE = ZoneInfo("Europe/Amsterdam")
WIDTHS: tuple[str, str] = ("widths", "1")
ANSWERS: Answers = {"overleg": "nee", "jaren": 4, "taken": "ja", "cijfer": 7}
"""Complete answers to the questionnaire `widths`: nobody meets partners, so much is not asked."""
ALLOWED = Act(
    datetime(2026, 4, 1, tzinfo=UTC),
    "de regie",
    "sending_overruled",
    {"words": "on stage nobody looks at a test mail"},
)
"""Why mail may go out here."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on the list, with the token of the personal link."""

    invitation: UUID
    role: str
    token: str


def make_plan(
    now: datetime,
    roles: Mapping[str, int],
    *,
    region: str = "rijnmeer",
    wave: str = "2026",
    questionnaire: tuple[str, str] = WIDTHS,
    approval: str = "two_people",
    sealing: str = "server",
) -> Plan:
    local = now.astimezone(ZONE)
    days = (0, 8, 16)
    return Plan(
        wave=wave,
        region=region,
        name="voorjaar 2026",
        first_day=local.date(),
        last_day=local.date() + timedelta(days=32),
        questionnaires=dict.fromkeys(roles, questionnaire),
        moments={kind: local + timedelta(days=day) for kind, day in zip(KINDS, days, strict=True)},
        contact_mail=f"monitor@{region}.example",
        contact_phone="085 000 00 00",
        approval=approval,
        sealing=sealing,
    )


def plan_wave(
    connection: Connection, keys: KeyDirectory, plan: Plan, invited: Mapping[str, int]
) -> ParticipationFacts:
    """Plan a participation whose mail may go out, and put invented people on its list."""
    add_region(connection, plan.region, plan.region.capitalize())
    identity = plan_participation(connection, keys, plan)
    allow_sending(connection, identity, ALLOWED, reason=str(ALLOWED.values["words"]))
    # Elsewhere a school has its region's name, so that nothing of one test is taken for another's.
    place = "" if plan.region == "rijnmeer" else f" {plan.region}"
    rows = [
        FrameRow(
            f"post@{plan.region}-{role.replace('_', '-')}-{number}.example",
            role,
            f"school {number}{place}",
            "nl",
        )
        for role, count in invited.items()
        for number in range(1, count + 1)
    ]
    add_invitations(connection, keys, identity, rows)
    return read_participation(connection, identity)


def start_wave(
    keys: KeyDirectory,
    now: datetime,
    invited: Mapping[str, int],
    *,
    region: str = "rijnmeer",
    questionnaire: tuple[str, str] = WIDTHS,
    approval: str = "two_people",
) -> ParticipationFacts:
    """Start a participation at `now` with so many people per role; it runs for 32 days."""
    plan = make_plan(now, invited, region=region, questionnaire=questionnaire, approval=approval)
    with db.write() as connection:
        facts = plan_wave(connection, keys, plan, invited)
        start_participation(connection, facts, QUESTIONNAIRES, now)
        return read_participation(connection, facts.id)


def list_people(keys: KeyDirectory, facts: ParticipationFacts) -> list[Person]:
    """Return everybody on the list, with their links."""
    link_key = keys.link(facts.id)
    with db.read() as connection:
        rows = connection.execute(
            select(Invitation.id, Invitation.role, Invitation.generation)
            .where(Invitation.participation_id == facts.id)
            .order_by(Invitation.role, Invitation.id)
        ).all()
    return [Person(row.id, row.role, derive_token(link_key, "link", row.id, row.generation)) for row in rows]


def send(person: Person, answers: Answers, now: datetime) -> Outcome:
    """Let a person start and send answers, the way the web pages do."""
    with db.write() as connection:
        found = find_invitation(connection, person.token, for_update=True)
        assert found is not None
        mark_started(connection, found.id)
        return submit(connection, person.token, found, answers, now)
