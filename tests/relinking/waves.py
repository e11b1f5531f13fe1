"""Waves on stage for the attacker: running or opened, as they should be; each test damages its own."""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from aoj_survey.db import db
from aoj_survey.fieldwork import finish_openings
from aoj_survey.installation import Installation
from aoj_survey.questionnaire import Answers
from aoj_survey.relinking import Attempt, Means, Report, relink_wave
from aoj_survey.responses import DraftContent, keep_draft, open_box, record_bundle, unlock_key
from aoj_survey.tracking import count_day
from aoj_survey.waves import ParticipationFacts
from tests.conftest import FixedClock
from tests.responses.boxes import approve, close, reread
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


def open_wave(
    installation: Installation,
    clock: FixedClock,
    facts: ParticipationFacts,
    passphrases: Mapping[int, str] | None = None,
) -> ParticipationFacts:
    """Close, open, and finish: the tables are rewritten, the bundle is there, the box key is destroyed.

    Where custodians sealed the box too, by the `passphrases` of two of them.
    """
    clock.pass_time(days=1)
    closed = close(facts, clock())
    approve(closed)
    with db.write() as connection:
        key = unlock_key(connection, closed, passphrases) if passphrases else None
        open_box(connection, installation.keys, closed, clock(), key)
        record_bundle(connection, closed.id, "0" * 64)
    assert finish_openings(db, installation.keys, clock())
    return reread(facts.id)


def on_postgresql() -> bool:
    """Whether this runs on PostgreSQL."""
    return db.engine.dialect.name == "postgresql"


def back_up(installation: Installation, folder: Path) -> Path:
    """A backup as an administrator makes it: a copy of the SQLite file, or all rows of PostgreSQL in text."""
    if not on_postgresql():
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        return Path(shutil.copy(installation.settings.instance / "aoj.sqlite3", folder / "backup.sqlite3"))
    dump = folder / "backup.sql"
    raw = db.engine.raw_connection()
    cursor = raw.cursor()
    with dump.open("wb") as file:
        for table in db.metadata.sorted_tables:
            file.write(f"COPY {table.name} FROM stdin;\n".encode())
            with cursor.copy(f"COPY {table.name} TO STDOUT") as copy:  # pyright: ignore[reportAttributeAccessIssue]
                file.writelines(bytes(block) for block in copy)
    cursor.close()
    raw.close()
    return dump


def back_up_with_keys(installation: Installation, folder: Path) -> Path:
    """A backup beside which somebody put a copy of the keys, as nobody should."""
    shutil.copytree(installation.keys.path, folder / "keys")
    return back_up(installation, folder)


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
