"""A region that mails links itself, on stage: planned, with links for so many people, started by the real functions."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from aoj_survey.db import db
from aoj_survey.fieldwork import start_participation
from aoj_survey.invitations import HandoutLink, find_invitation, make_handout
from aoj_survey.keys import KeyDirectory
from aoj_survey.regions import add_region
from aoj_survey.waves import ParticipationFacts, plan_participation, read_participation
from tests.staging import QUESTIONNAIRES, WIDTHS, Person, make_plan


def plan_handout(
    keys: KeyDirectory,
    now: datetime,
    roles: tuple[str, ...] = ("ib", "zoco"),
    questionnaire: tuple[str, str] = WIDTHS,
    region: str = "rijnmeer",
) -> ParticipationFacts:
    """Plan a participation whose region mails itself."""
    plan = make_plan(now, dict.fromkeys(roles, 0), region=region, questionnaire=questionnaire)
    with db.write() as connection:
        add_region(connection, region, region.capitalize())
        identity = plan_participation(connection, keys, replace(plan, sender="region"))
        return read_participation(connection, identity)


def hand_out(
    keys: KeyDirectory, facts: ParticipationFacts, wanted: Mapping[str, int]
) -> tuple[HandoutLink, ...]:
    """Make links."""
    with db.write() as connection:
        return make_handout(connection, keys, facts, wanted)


def start_handout(
    keys: KeyDirectory,
    now: datetime,
    wanted: Mapping[str, int],
    *,
    questionnaire: tuple[str, str] = WIDTHS,
    folder: Path = QUESTIONNAIRES,
    region: str = "rijnmeer",
) -> tuple[ParticipationFacts, list[Person]]:
    """Start such a participation; return it with whoever got a link."""
    facts = plan_handout(keys, now, tuple(wanted), questionnaire, region)
    made = hand_out(keys, facts, wanted)
    with db.write() as connection:
        start_participation(connection, facts, folder, now)
        facts = read_participation(connection, facts.id)
    return facts, [find_person(link) for link in made]


def find_person(link: HandoutLink) -> Person:
    """Whoever got a link."""
    with db.read() as connection:
        found = find_invitation(connection, link.token)
    assert found is not None
    return Person(found.id, link.role, link.token)
