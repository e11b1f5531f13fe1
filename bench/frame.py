"""The frame: seconds to read a list of people, to check it and to store it with an invitation and a link each.

    python -m bench.frame [PEOPLE]

SQLite, one transaction, as `aoj frame import` does it; and as pages do it, where the worker makes the links.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from aoj_survey.app import create_app
from aoj_survey.config import make_settings
from aoj_survey.db import db, upgrade_database
from aoj_survey.fieldwork import renew_links
from aoj_survey.installation import Installation
from aoj_survey.invitations import (
    LANGUAGES,
    Upload,
    add_upload,
    check_upload,
    guess_columns,
    import_frame,
    read_frame,
    read_table,
    start_upload,
)
from aoj_survey.keys import KeyDirectory
from aoj_survey.questionnaire import ROLES
from tests.staging import make_plan, plan_wave

NOW = datetime(2026, 5, 4, 7, 30, tzinfo=UTC)
PEOPLE = 10_000
ROLE_CODES = ("ib", "zoco", "jeugdhulp")


def write_people(people: int) -> bytes:
    """Return a CSV file with so many people."""
    lines = (
        f"p{number}@school-{number % 997}.example;{ROLE_CODES[number % 3]};school {number % 997};nl"
        for number in range(people)
    )
    return ("e-mail;rol;organisatie;taal\n" + "\n".join(lines)).encode()


def _clock(name: str, act: Callable[[], object]) -> None:
    began, busy = time.perf_counter(), time.process_time()
    act()
    spent, worked = time.perf_counter() - began, time.process_time() - busy
    print(f"{name:<50}{spent:8.2f} s, of which {worked:.2f} s of work")  # noqa: T201 — a program that prints


def measure(folder: Path, people: int) -> None:
    """Print what each step takes."""
    settings = make_settings(folder, {})
    KeyDirectory(settings.keys).create()
    app = create_app(settings, lambda: NOW)
    installation: Installation = app.extensions["aoj"]
    keys, content = installation.keys, write_people(people)
    with app.app_context():
        upgrade_database()
        with db.write() as connection:
            plans = [
                make_plan(NOW, dict.fromkeys(ROLE_CODES, 0), region=name) for name in ("rijnmeer", "duinen")
            ]
            first, second = (plan_wave(connection, keys, plan, {}) for plan in plans)

        def store() -> None:
            with db.write() as connection:
                import_frame(connection, keys, first.id, read_frame(content, ROLES, LANGUAGES))

        def put_in() -> None:
            table = read_table(content)
            upload = Upload("list.csv", table, guess_columns(table).places)
            with db.write() as connection:
                start_upload(connection, keys, second.id, upload, NOW.date())
                checked = check_upload(connection, keys, second.id, upload)
                add_upload(connection, keys, second.id, upload, checked)

        _clock(f"the command: {people} people with their links", store)
        _clock(f"the pages: {people} people, links to be made", put_in)
        _clock("the worker: those links", lambda: renew_links(db, keys))
        db.engine.dispose()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        measure(Path(place), int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE)
