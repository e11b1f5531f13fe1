"""Prints figures per run: minimum, median and maximum of several, with what was measured."""

import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from aoj_survey.app import create_app
from aoj_survey.config import ROOT, make_settings
from aoj_survey.db import db, upgrade_database
from aoj_survey.demo import find_open_link, make_plan, start_demo_wave
from aoj_survey.installation import Installation
from aoj_survey.interview import walk
from aoj_survey.keys import KeyDirectory
from aoj_survey.questionnaire import compile_questionnaire, find_context, load_questionnaire
from tests.questionnaire.large import write_large

NOW = datetime(2026, 5, 4, 7, 30, tzinfo=UTC)
RUNS = 200


def measure(name: str, act: Callable[[], object], runs: int = RUNS) -> None:
    """Run something several times and print how long it took, in milliseconds."""
    act()
    taken: list[float] = []
    for _ in range(runs):
        began = time.perf_counter()
        act()
        taken.append((time.perf_counter() - began) * 1000)
    print(  # noqa: T201 — printing is what this is for
        f"{name:52} {min(taken):8.2f} {statistics.median(taken):8.2f} {max(taken):8.2f} ms"
    )


def compile_2015() -> None:
    """Compile both questionnaires of 2015."""
    for name in ("aoj-professionals", "aoj-beleid"):
        load_questionnaire(ROOT / "questionnaires" / name / "2015.yaml", "rijnmeer")


def measure_large() -> None:
    """Measure a questionnaire of 150 items with 60 conditions: compiled, and its path computed."""
    text = write_large(150, 60)
    large = compile_questionnaire(text, "large.yaml", "rijnmeer")
    answers = {item.code: "ja" for item in large.items()}
    context = find_context("ib", "rijnmeer")
    measure("150 items with 60 conditions, compiled", lambda: compile_questionnaire(text, "l", "x"), 20)
    measure("the path through them", lambda: walk(large, answers, context))


@contextmanager
def demo_app(folder: Path) -> Generator[tuple[Flask, str]]:
    """The demonstration's application with a running wave, and an open link."""
    settings = make_settings(folder, {})
    KeyDirectory(settings.keys).create()
    app = create_app(settings, lambda: NOW)
    with app.app_context():
        upgrade_database()
        installation: Installation = app.extensions["aoj"]
        plan = make_plan("bench", "rijnmeer", NOW)
        with db.write() as connection:
            facts = start_demo_wave(
                connection, installation.keys, plan, "Rijnmeer", ROOT / "questionnaires", NOW
            )
            token = find_open_link(connection, installation.keys, facts)
        yield app, token or ""
        db.engine.dispose()


def count_statements(act: Callable[[], object]) -> int:
    """Return how many SQL statements something takes, transaction control left out."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK")):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    act()
    event.remove(db.engine, "before_cursor_execute", note)
    return len(seen)


def measure_pages(client: FlaskClient, token: str) -> None:
    """Measure a question page: shown, and saved."""
    welcome = client.get(f"/l/{token}", follow_redirects=True).request.path
    client.application.config["WTF_CSRF_ENABLED"] = False
    page = client.post(f"{welcome}start").headers["Location"]
    show = lambda: client.get(page)  # noqa: E731
    save = lambda: client.post(page, data={"snel": "ja"})  # noqa: E731
    measure("question page, shown (in process)", show)
    measure("question page, saved (in process, durable commit)", save)
    size = len(show().get_data())
    print(f"{'statements: shown, saved':52} {count_statements(show):8} {count_statements(save):8}")  # noqa: T201
    print(f"{'HTML of the page':52} {size:8} bytes")  # noqa: T201


def main() -> None:
    """Measure everything."""
    print(f"{'':52} {'minimum':>8} {'median':>8} {'maximum':>8}")  # noqa: T201
    measure("both questionnaires of 2015, compiled", compile_2015, 20)
    measure_large()
    folder = Path(tempfile.mkdtemp(prefix="aoj-bench-"))
    try:
        with demo_app(folder) as (app, token):
            measure_pages(app.test_client(), token)
    finally:
        shutil.rmtree(folder)


main()
