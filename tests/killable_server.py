"""A web process that kills itself (-9) at a named point around sending; see `tests/serving.py`.

Arguments: instance folder, database address (empty: SQLite in the folder), point (empty: never).
"""

import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

from sqlalchemy import Connection
from werkzeug.serving import make_server

from aoj_survey.app import create_app
from aoj_survey.config import make_settings
from aoj_survey.demo import SilentHandler
from aoj_survey.invitations import InvitationFacts, mark_done
from aoj_survey.web import respondent

MOMENT = datetime(2026, 5, 4, 7, 30, tzinfo=UTC)


def die(*_args: Any, **_kwargs: Any) -> NoReturn:
    """End this process the hard way."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def after(act: Callable[..., Any]) -> Callable[..., Any]:
    """Do the act, then die: inside the transaction, which is not committed yet."""

    def act_and_die(*args: Any, **kwargs: Any) -> NoReturn:
        act(*args, **kwargs)
        die()

    return act_and_die


def mark_and_die(connection: Connection, _token: str, invitation: InvitationFacts, *_rest: Any) -> NoReturn:
    """What engines do that mark first and store after: the mark is committed, the answers never come."""
    mark_done(connection, invitation.id)
    transaction = connection.get_transaction()
    if transaction is not None:
        transaction.commit()
    die()


def arm(point: str) -> None:
    """Put the end at a point: before anything is written, before the commit, or before the answer goes out."""
    if point == "before_writing":
        respondent.submit = die
    elif point == "before_commit":
        respondent.submit = after(respondent.submit)
    elif point == "between_two_commits":
        respondent.submit = mark_and_die
    elif point == "after_commit":
        go = respondent.go
        respondent.go = lambda endpoint, *args, **kwargs: (
            die() if endpoint == "show_thanks" else go(endpoint, *args, **kwargs)
        )


def main(instance: str, database_url: str, point: str) -> None:
    """Serve until killed."""
    settings = make_settings(Path(instance), {"database_url": database_url} if database_url else {})
    app = create_app(settings, lambda: MOMENT)
    arm(point)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=SilentHandler)
    print(server.server_port, flush=True)  # noqa: T201 — how the test learns the port
    server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
