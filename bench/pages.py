"""Question pages of the demonstration: milliseconds of the server, statements to the database, bytes of HTML."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
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
from aoj_survey.keys import KeyDirectory

NOW = datetime(2026, 5, 4, 7, 30, tzinfo=UTC)
ANSWER = {"snel": "ja"}
"""To the first question of the demonstration."""


@dataclass(frozen=True)
class QuestionPage:
    """A question page, ready to be shown and saved again and again."""

    client: FlaskClient
    address: str

    def show(self) -> bytes:
        """Ask for the page; return its HTML."""
        response = self.client.get(self.address)
        assert response.status_code == 200, response.status  # noqa: S101, PLR2004 — a refusal is quick but no measure
        return response.get_data()

    def save(self) -> None:
        """Send its answer; the commit is durable."""
        response = self.client.post(self.address, data=ANSWER)
        assert response.status_code == 303, response.status  # noqa: S101, PLR2004 — as above


@contextmanager
def open_page(folder: Path) -> Generator[QuestionPage]:
    """Start the demonstration's wave in a folder and open the first question of somebody."""
    settings = make_settings(folder, {})
    KeyDirectory(settings.keys).create()
    app = create_app(settings, lambda: NOW)
    with app.app_context():
        upgrade_database()
        token = _start_wave(app)
        client = app.test_client()
        welcome = client.get(f"/l/{token}", follow_redirects=True).request.path
        app.config["WTF_CSRF_ENABLED"] = False
        address = client.post(f"{welcome}start").headers["Location"]
        yield QuestionPage(client, address)
        db.engine.dispose()


def _start_wave(app: Flask) -> str:
    installation: Installation = app.extensions["aoj"]
    plan = make_plan("bench", "rijnmeer", NOW)
    with db.write() as connection:
        facts = start_demo_wave(connection, installation.keys, plan, "Rijnmeer", ROOT / "questionnaires", NOW)
        return find_open_link(connection, installation.keys, facts) or ""


def count_statements(act: Callable[[], object]) -> int:
    """Return how many SQL statements something takes, transaction control left out."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK")):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(seen)
