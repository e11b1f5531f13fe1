"""A website with a running wave on a database of its own, for a browser to visit."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

from aoj_survey.config import ROOT
from aoj_survey.db import db
from aoj_survey.fieldwork import start_participation
from aoj_survey.installation import Installation
from aoj_survey.invitations import YOUTH_ROLES, Consent, Invitation, record_consent
from aoj_survey.responses import Ballot, Draft
from aoj_survey.waves import ParticipationFacts, read_participation
from tests.staging import Person, make_plan, plan_wave

STANDARD = ROOT / "questionnaires"
CONSENT = Consent("permission", 12, "Brief aan alle ouders.", "Verzonnen Een", date(2026, 5, 4))
"""Without this young people cannot start."""


@dataclass(frozen=True)
class Site:
    """A served application and where it is."""

    app: Flask
    base: str

    @property
    def installation(self) -> Installation:
        """What the application runs on."""
        found: Installation = self.app.extensions["aoj"]
        return found

    def link(self, person: Person) -> str:
        """The personal link of somebody."""
        return f"{self.base}/l/{person.token}"


def start_standard(
    site: Site, questionnaire: tuple[str, str], role: str, folder: Path = STANDARD
) -> ParticipationFacts:
    """Start a wave with a questionnaire of the standard set, for twelve people of a role."""
    now, keys = site.installation.now(), site.installation.keys
    plan = make_plan(now, {role: 12}, questionnaire=questionnaire)
    with db.write() as connection:
        facts = plan_wave(connection, keys, plan, {role: 12})
        start_participation(connection, facts, folder, now)
        if role in YOUTH_ROLES:
            record_consent(connection, facts, CONSENT)
        return read_participation(connection, facts.id)


def read_state(person: Person) -> tuple[str, int, int]:
    """Return the status of an invitation, and how many ballots and drafts there are of anybody."""
    with db.read() as connection:
        status = connection.execute(
            select(Invitation.status).where(Invitation.id == person.invitation)
        ).scalar_one()
        ballots = connection.execute(select(func.count()).select_from(Ballot)).scalar_one()
        drafts = connection.execute(select(func.count()).select_from(Draft)).scalar_one()
    return status, ballots, drafts
