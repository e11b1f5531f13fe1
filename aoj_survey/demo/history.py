"""The demonstration's past: ten days of fieldwork, played by the same functions that a real wave uses."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from aoj_survey.config import Settings
from aoj_survey.db import db
from aoj_survey.installation import Clock, Installation
from aoj_survey.invitations import Invitation, derive_token, find_invitation, mark_started
from aoj_survey.keys import KeyDirectory
from aoj_survey.questionnaire import Answers
from aoj_survey.responses import submit
from aoj_survey.waves import ParticipationFacts, read_instrument, role_digests

from .answers import synthetic_answers
from .wave import ZONE, make_plan, start_demo_wave

DAYS = 10
PER_DAY = 5
WAVE, REGION, REGION_NAME = "demo", "rijnmeer", "Rijnmeer"


def play_history(
    settings: Settings,
    make_app: Callable[[Settings, Clock], Flask],
    run_worker: Callable[[Flask], object],
    now: datetime,
) -> None:
    """Start a wave ten days before `now` and let invented people answer until yesterday.

    The mailbox must be listening: invitations and the first reminder are sent on the way.
    """
    # At nine in the morning, so that each day's count at six is there.
    began = (now.astimezone(ZONE) - timedelta(days=DAYS)).replace(hour=9, minute=0, second=0, microsecond=0)
    moment = began
    app = make_app(settings, lambda: moment)
    with app.app_context():
        installation: Installation = app.extensions["aoj"]
        with db.write() as connection:
            facts = start_demo_wave(
                connection,
                installation.keys,
                make_plan(WAVE, REGION, began),
                REGION_NAME,
                Path(settings.questionnaire_directory),
                began,
            )
        waiting = pair_answers(installation.keys, facts, read_answers(facts))
        for day in range(DAYS):
            moment = began + timedelta(days=day)
            run_worker(app)
            for token, answers in waiting[day * PER_DAY : (day + 1) * PER_DAY]:
                answer(token, answers, moment)
        moment = now
        run_worker(app)
        db.engine.dispose()


def pair_answers(
    keys: KeyDirectory, facts: ParticipationFacts, answers: Mapping[str, Sequence[Answers]]
) -> list[tuple[str, Answers]]:
    """Return links with the answers given by them, roles in turn; who is left over answers nothing."""
    link_key = keys.link(facts.id)
    with db.read() as connection:
        people = connection.execute(
            select(Invitation.id, Invitation.role)
            .where(Invitation.participation_id == facts.id)
            .order_by(Invitation.id)
        ).all()
    given = {role: iter(found) for role, found in answers.items()}
    paired = [
        (derive_token(link_key, "link", person.id, 0), next(given[person.role], None)) for person in people
    ]
    return [(token, found) for token, found in paired if found is not None]


def read_answers(facts: ParticipationFacts) -> dict[str, list[Answers]]:
    """Return invented answers to the questionnaires of a participation, by role."""
    with db.read() as connection:
        digests = role_digests(connection, facts.id)
        return synthetic_answers({role: read_instrument(connection, digests[role]) for role in digests})


def answer(token: str, answers: Answers, now: datetime) -> None:
    """Send answers by a link, as a page does."""
    with db.write() as connection:
        invitation = find_invitation(connection, token, for_update=True)
        if invitation is not None:
            mark_started(connection, invitation.id)
            submit(connection, token, invitation, answers, now)
