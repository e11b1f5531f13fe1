"""Opening a box of 100,000 sealed responses: `make bench-opening`, on SQLite in a temporary folder.

    python -m bench.opening [BALLOTS] [custodians]

The ballots are those of a real questionnaire and have its one size. Printed are the time of the opening, of the
rewrite of the tables after it, and the most memory the process had; nothing is asserted.
"""

import random
import resource
import shutil
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import click
from sqlalchemy import insert, update

from aoj_survey.app import create_app
from aoj_survey.config import ROOT, make_settings
from aoj_survey.db import db, upgrade_database
from aoj_survey.fieldwork import close_participation, finish_openings, start_participation
from aoj_survey.keys import KeyDirectory
from aoj_survey.questionnaire import Answers, Instrument
from aoj_survey.responses import (
    Ballot,
    Payload,
    approve_opening,
    hold_test,
    open_box,
    seal_for,
    set_custodians,
    unlock_key,
)
from aoj_survey.waves import FinalCount, ParticipationFacts, read_instrument, read_participation, role_digests
from tests.responses.custodians import THREE, WORDS
from tests.staging import make_plan, plan_wave

NOW = datetime(2026, 5, 4, 7, 30, tzinfo=UTC)
BALLOTS = 100_000
AT_ONCE = 1000
QUESTIONNAIRE = ("aoj-professionals", "2021")


def make_running(keys: KeyDirectory, sealing: str) -> ParticipationFacts:
    """Plan and start a participation with twelve people; its ballots come straight into the box."""
    plan = make_plan(NOW, {"ib": 12}, questionnaire=QUESTIONNAIRE, sealing=sealing)
    with db.write() as connection:
        facts = plan_wave(connection, keys, plan, {"ib": 12})
        if sealing == "custodians":
            set_custodians(connection, facts, THREE, NOW)
            facts = read_participation(connection, facts.id)
            hold_test(connection, keys, facts, WORDS, NOW)
        start_participation(connection, facts, ROOT / "questionnaires", NOW)
        return read_participation(connection, facts.id)


def invent_answers(instrument: Instrument, chance: random.Random) -> Answers:
    """Return an answer to every question with choices, and to every number."""
    return {
        item.code: chance.choice(item.choices).code if item.choices else chance.randint(1, 10)
        for item in instrument.items()
        if item.kind in {"choice", "mark", "number", "statement"}
    }


def fill(facts: ParticipationFacts, ballots: int) -> int:
    """Put sealed ballots in the box, close it and let two people approve; return the size of a ballot."""
    chance = random.Random(2026)  # noqa: S311 — invented answers, the same in every run
    size = len(seal_for(facts, Payload("", "", {}), facts.ballot_size or 0))
    with db.read() as connection:
        digest = role_digests(connection, facts.id)["ib"]
        instrument = read_instrument(connection, digest)
    for start in range(0, ballots, AT_ONCE):
        rows = [
            {
                "id": uuid4(),
                "participation_id": facts.id,
                "ciphertext": seal_for(
                    facts, Payload(digest, "ib", invent_answers(instrument, chance)), facts.ballot_size or 0
                ),
            }
            for _ in range(min(AT_ONCE, ballots - start))
        ]
        with db.write() as connection:
            connection.execute(insert(Ballot), rows)
    with db.write() as connection:
        close_participation(connection, facts, NOW)
        connection.execute(update(FinalCount).values(invited=2 * ballots, done=ballots))
        for person in ("Verzonnen Een", "Verzonnen Twee"):
            approve_opening(connection, facts.id, person)
    return size


def main(ballots: int, sealing: str) -> None:
    """Fill a box, open it, and print figures."""
    folder = Path(tempfile.mkdtemp(prefix="aoj-bench-"))
    settings = make_settings(folder, {})
    keys = KeyDirectory(settings.keys)
    keys.create()
    app = create_app(settings, lambda: NOW)
    try:
        with app.app_context():
            upgrade_database()
            facts = make_running(keys, sealing)
            size = fill(facts, ballots)
            held = find_peak()
            with db.read() as connection:
                facts = read_participation(connection, facts.id)
                key = unlock_key(connection, facts, WORDS) if sealing == "custodians" else None
            began, work = time.perf_counter(), time.process_time()
            with click.progressbar(length=2 * ballots, label="Opening") as bar, db.write() as connection:
                opened = open_box(connection, keys, facts, NOW, key, tell=bar.update)
            done, work = time.perf_counter(), time.process_time() - work
            finish_openings(db, keys, NOW)
            erased = time.perf_counter()
            db.engine.dispose()
    finally:
        shutil.rmtree(folder)
    print(  # noqa: T201 — printing is what this is for
        f"{opened} ballots of {size} bytes, sealed by {sealing}: opened in {done - began:.1f} s (cpu {work:.1f}), "
        f"tables rewritten in {erased - done:.1f} s; memory before {held:.2f} GiB, at most {find_peak():.2f} GiB"
    )


def find_peak() -> float:
    """Return the most memory (GiB) this process had so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


if __name__ == "__main__":
    words = sys.argv[1:]
    main(
        int(next((word for word in words if word.isdigit()), BALLOTS)),
        "custodians" if "custodians" in words else "server",
    )
