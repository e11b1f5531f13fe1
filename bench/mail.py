"""Sending: messages a second through a mail server on loopback, which takes everything and keeps nothing.

    python -m bench.mail [MESSAGES]

One worker, SQLite, every commit durable. The mail server is a process of its own.
"""

import shutil
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from multiprocessing import Process
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from aoj_survey.app import create_app
from aoj_survey.config import make_settings
from aoj_survey.db import db, upgrade_database
from aoj_survey.installation import Installation
from aoj_survey.invitations import SendReport, send_due
from aoj_survey.keys import KeyDirectory
from tests.smtp_server import find_free_port
from tests.staging import start_wave

NOW = datetime(2026, 5, 4, 7, 30, tzinfo=UTC)
MESSAGES = 10_000


class _Sink:
    async def handle_DATA(self, _server: SMTP, _session: Session, _envelope: Envelope) -> str:  # noqa: N802 — aiosmtpd's name
        return "250 OK"


def _take_everything(port: int) -> None:
    Controller(_Sink(), hostname="127.0.0.1", port=port).start()
    while True:
        time.sleep(3600)


@contextmanager
def open_sink() -> Generator[int]:
    """Run a mail server that takes everything; give its port."""
    port = find_free_port()
    process = Process(target=_take_everything, args=(port,), daemon=True)
    process.start()
    time.sleep(1.0)
    try:
        yield port
    finally:
        process.kill()
        process.join()


def send_many(folder: Path, port: int, messages: int) -> tuple[SendReport, float]:
    """Invite so many people; return what became of the messages and how many seconds sending took."""
    settings = make_settings(folder, {"smtp_port": port, "public_url": "https://monitor.example"})
    KeyDirectory(settings.keys).create()
    app = create_app(settings, lambda: NOW)
    with app.app_context():
        upgrade_database()
        installation: Installation = app.extensions["aoj"]
        start_wave(installation.keys, NOW, {"ib": messages})
        began = time.perf_counter()
        report = send_due(installation.now, installation.keys, settings, hooks=installation.hooks)
        taken = time.perf_counter() - began
        db.engine.dispose()
    return report, taken


def main(messages: int) -> None:
    """Print how many messages a second one worker sends."""
    folder = Path(tempfile.mkdtemp(prefix="aoj-bench-"))
    try:
        with open_sink() as port:
            report, taken = send_many(folder, port, messages)
    finally:
        shutil.rmtree(folder)
    print(  # noqa: T201 — printing is what this is for
        f"{report.sent} messages sent in {taken:.1f} s: {report.sent / taken:.0f} a second"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else MESSAGES)
