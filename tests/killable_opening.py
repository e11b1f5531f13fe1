"""A process that opens a box and does all that follows, and kills itself (-9) at a named point on the way.

Arguments: instance folder, database address (empty: SQLite in the folder), wave, region, point (empty: never).
"""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import event

from aoj_survey.app import create_app
from aoj_survey.config import make_settings
from aoj_survey.db import db
from aoj_survey.fieldwork import finish, finish_openings
from aoj_survey.installation import Installation
from aoj_survey.keys import KeyDirectory
from aoj_survey.responses import erasure, open_box, record_bundle
from aoj_survey.waves import find_participation
from tests.killable_server import after, die

MOMENT = datetime(2026, 5, 4, 7, 30, tzinfo=UTC)

STATEMENTS = {
    "claimed": "UPDATE participation",
    "merged": "INSERT INTO stratum",
    "written": "INSERT INTO response",
    "emptied": "DELETE FROM ballot",
    "recorded": "INSERT INTO opening",
    "told": "INSERT INTO audit_line",
    "rewritten": "UPDATE opening SET tables_rewritten",
    "key_recorded": "UPDATE opening SET key_destroyed_at",
}
"""Points right after a statement, before its transaction is committed."""


def arm(point: str) -> None:
    """Put the end at a point."""
    if point in STATEMENTS:
        event.listen(
            db.engine,
            "after_cursor_execute",
            lambda *arguments: die() if arguments[2].startswith(STATEMENTS[point]) else None,
        )
    elif point == "between_two_commits":
        event.listen(db.engine, "after_cursor_execute", commit_and_die)
    elif point == "overwritten":
        # The file is there still, and holds nothing of the key any more.
        Path.unlink = die
    elif point == "unlinked":
        KeyDirectory.destroy = after(KeyDirectory.destroy)
    elif point == "rewriting":
        finish.rewrite_tables = after(erasure.rewrite_tables)


def commit_and_die(*arguments: Any) -> None:
    """What an opening would leave that wrote responses in a transaction of their own."""
    if arguments[2].startswith(STATEMENTS["written"]):
        arguments[1].connection.commit()
        die()


def carry_out(installation: Installation, wave: str, region: str, point: str = "") -> None:
    """Open the box where it is closed, record a bundle, and do all that is left to do."""
    with db.read() as connection:
        facts = find_participation(connection, wave, region)
    if facts.status == "closed":
        with db.write() as connection:
            open_box(connection, installation.keys, facts, MOMENT)
        if point == "opened":
            die()
    with db.write() as connection:
        record_bundle(connection, facts.id, "d" * 64)
    finish_openings(db, installation.keys, MOMENT)


def main(instance: str, database_url: str, wave: str, region: str, point: str) -> None:
    """Do so in an application of its own."""
    settings = make_settings(Path(instance), {"database_url": database_url} if database_url else {})
    app = create_app(settings, lambda: MOMENT)
    with app.app_context():
        arm(point)
        carry_out(app.extensions["aoj"], wave, region, point)


if __name__ == "__main__":
    main(*sys.argv[1:])
