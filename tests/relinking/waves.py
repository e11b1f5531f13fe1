"""Waves on stage for the attacker: running or opened, as they should be; each test damages its own."""

from collections.abc import Callable

from aoj_survey.db import db
from aoj_survey.fieldwork import finish_openings
from aoj_survey.installation import Installation
from aoj_survey.questionnaire import Answers
from aoj_survey.relinking import Attempt, Means, Report, relink_wave
from aoj_survey.responses import DraftContent, keep_draft, record_bundle
from aoj_survey.tracking import count_day
from aoj_survey.waves import ParticipationFacts
from tests.conftest import FixedClock
from tests.responses.boxes import close_and_open
from tests.staging import ANSWERS, list_people, send, start_wave

INVITED = {"ib": 16, "beleid_gem": 14}
WAVE = "2026"
WRITES: Answers = {"overleg": "ja", "sturing": ("visie",), "visie_hoe": "aan tafel, met koffie"}
"""What every second person answers instead: with something in own words."""


def run_wave(
    installation: Installation,
    clock: FixedClock,
    *,
    region: str = "rijnmeer",
    start: Callable[..., ParticipationFacts] = start_wave,
) -> ParticipationFacts:
    """Thirty people are asked; all but two answer, and one of those keeps a draft. The morning was counted."""
    _leave_no_traces()
    facts = start(installation.keys, clock(), INVITED, region=region)
    with db.write() as connection:
        assert count_day(connection, facts.id, clock().date())
    *answering, drafting, _silent = list_people(installation.keys, facts)
    for number, person in enumerate(answering):
        answers = {**(WRITES if number % 2 else ANSWERS), "cijfer": 5 + number % 5}
        assert send(person, answers, clock()) == "sent"
    with db.write() as connection:
        keep_draft(connection, drafting.token, facts.id, DraftContent(ANSWERS))
    return facts


def _leave_no_traces() -> None:
    """Begin with new files on PostgreSQL: what earlier tests planted stays in the old ones, deleted or not."""
    if db.engine.dialect.name == "postgresql":
        tables = ", ".join(table.name for table in db.metadata.sorted_tables)
        with db.write() as connection:
            connection.exec_driver_sql(f"TRUNCATE {tables} CASCADE")


def open_wave(installation: Installation, clock: FixedClock, facts: ParticipationFacts) -> ParticipationFacts:
    """Close, open, and finish: the tables are rewritten, the bundle is there, the box key is destroyed."""
    clock.pass_time(days=1)
    opened = close_and_open(installation.keys, facts, clock())
    with db.write() as connection:
        record_bundle(connection, facts.id, "0" * 64)
    assert finish_openings(db, installation.keys, clock())
    return opened


def attack(installation: Installation, clock: FixedClock, means: Means | None = None) -> Report:
    """Let the attacker loose on the wave."""
    return relink_wave(db, installation.keys, WAVE, means or Means(), clock())


def find(report: Report, name: str) -> Attempt:
    """The one attempt of this name."""
    [attempt] = [attempt for attempt in report.attempts if attempt.name == name]
    return attempt


def list_outcomes(report: Report) -> dict[str, str]:
    """What came of each attempt."""
    return {attempt.name: attempt.outcome for attempt in report.attempts}


def name_succeeded(report: Report) -> list[str]:
    """The attempts that succeeded."""
    return [attempt.name for attempt in report.succeeded]
