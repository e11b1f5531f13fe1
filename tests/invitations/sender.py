"""A sending process for tests that kill one. Not a test itself.

    python sender.py INSTANCE DATABASE_URL SMTP_PORT MOMENT

Reads one JSON list of rounds per line from standard input, e.g. `[{"point": "", "after": 0.2}]`. Every round
is a forked child that sends what is due; all children of a line run at once. `point` names where a child
kills itself with SIGKILL (`before_claim`, `after_claim`, `after_send`; empty: nowhere), `after` the seconds
until it is killed from outside (null: it may finish). `unsafe` takes the claim away, for the twin. Answers
with a JSON list of exit statuses (negative: killed).
"""

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from aoj_survey.app import create_app
from aoj_survey.config import Settings, make_settings
from aoj_survey.invitations import Candidate, ClaimedMessage, messages, send_due, sending
from aoj_survey.keys import KeyDirectory


def die(*_: Any, **__: Any) -> None:
    """End as `kill -9` does: nothing is cleaned up."""
    os.kill(os.getpid(), signal.SIGKILL)


def only_look(connection: Connection, candidate: Candidate, now: datetime) -> ClaimedMessage | None:
    """Find a message without claiming it, as a sender without our care would."""
    row = claim(connection, candidate, now)
    if row is not None:
        messages.put_back(connection, replace(row), now - messages.PUT_BACK)
    return row


claim: Callable[..., ClaimedMessage | None] = sending.claim_message
POINTS = {
    "": [],
    "before_claim": [("claim_message", die)],
    "after_claim": [("write_letter", die)],
    "after_send": [("record_sent", die)],
    "unsafe": [("claim_message", only_look), ("record_sent", die)],
}


def send(settings: Settings, moment: datetime, point: str) -> None:
    """What a child does."""
    for name, act in POINTS[point]:
        setattr(sending, name, act)
    with create_app(settings, lambda: moment).app_context():
        send_due(lambda: moment, KeyDirectory(settings.keys), settings)


def run_round(settings: Settings, moment: datetime, plan: dict[str, Any]) -> tuple[int, float | None]:
    """Fork a child; return its id and when to kill it."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            send(settings, moment, plan["point"])
            status = 0
        finally:
            os._exit(status)
    after = plan["after"]
    return child, None if after is None else time.monotonic() + after


def main() -> None:
    """Run the rounds of every line."""
    instance, url, port, moment = sys.argv[1:]
    values = {"database_url": url, "smtp_port": int(port), "smtp_timeout": 5}
    settings = make_settings(Path(instance), values)
    for line in sys.stdin:
        children = [run_round(settings, datetime.fromisoformat(moment), plan) for plan in json.loads(line)]
        statuses: list[int] = []
        for child, deadline in children:
            if deadline is not None:
                time.sleep(max(0.0, deadline - time.monotonic()))
                os.kill(child, signal.SIGKILL)
            statuses.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        print(json.dumps(statuses), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
