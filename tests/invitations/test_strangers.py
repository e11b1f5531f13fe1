"""A stranger at the other end of the line, who has the whole mail and never says whether it was taken: uncertain."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace

import pytest
from flask import Flask

from aoj_survey.db import db
from aoj_survey.installation import Installation
from aoj_survey.invitations import count_messages, line, send_due
from tests.conftest import FixedClock
from tests.staging import start_wave

Leaving = Callable[[socket.socket], None]


def hang_up(line: socket.socket) -> None:
    """Close the line as one should."""
    line.close()


def pull_the_plug(line: socket.socket) -> None:
    """Close it with a reset, as a machine that crashed and came back does."""
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    line.close()


def begin_to_answer(line: socket.socket) -> None:
    """Get two digits out."""
    line.sendall(b"25")
    line.close()


def talk_nonsense(line: socket.socket) -> None:
    """Say what no mail server says."""
    line.sendall(b"welcome to the printer\r\n")
    line.close()


class Stranger:
    """Speaks just enough SMTP to be given a mail, leaves in a way of its own, and counts the mails it has."""

    def __init__(self, leave: Leaving) -> None:
        self.leave, self.mails = leave, 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        """Take nobody any more."""
        self._listener.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                line, _ = self._listener.accept()
                with line, suppress(OSError):
                    self._talk(line)

    def _talk(self, line: socket.socket) -> None:
        line.sendall(b"220 stranger.example\r\n")
        text = line.makefile("rb")
        for told in text:
            if told.upper().startswith(b"DATA"):
                line.sendall(b"354 go on\r\n")
                # The whole mail, up to the dot that ends it.
                if any(written == b".\r\n" for written in text):
                    self.mails += 1
                    text.close()
                    self.leave(line)
                return
            line.sendall(b"250 stranger.example\r\n")


@pytest.fixture(params=[hang_up, pull_the_plug, begin_to_answer, talk_nonsense])
def stranger(request: pytest.FixtureRequest) -> Iterator[Stranger]:
    made = Stranger(request.param)
    yield made
    made.close()


def offer_twice(installation: Installation, clock: FixedClock, stranger: Stranger) -> None:
    """Send what is due now, and what is due an hour later."""
    settings = replace(installation.settings, smtp_port=stranger.port, smtp_timeout=2)
    for _ in range(2):
        report = send_due(clock, installation.keys, settings)
        assert report.sent == report.failed == 0
        clock.pass_time(hours=1)


def test_a_mail_given_to_a_stranger_is_uncertain_and_never_sent_again(
    app: Flask, installation: Installation, clock: FixedClock, stranger: Stranger
) -> None:
    facts = start_wave(installation.keys, clock(), {"ib": 2})
    offer_twice(installation, clock, stranger)
    with db.read() as connection:
        counts = count_messages(connection, facts.id)
    assert {state: count for (kind, state), count in counts.items() if kind == "invitation"} == {
        "uncertain": 2
    }
    assert stranger.mails == 2


def test_twin_who_takes_a_silence_for_a_refusal_mails_twice(
    sqlite_app: Flask, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    installation: Installation = sqlite_app.extensions["aoj"]
    monkeypatch.setattr(line, "START_OF_TEXT", 0)
    start_wave(installation.keys, clock(), {"ib": 1})
    stranger = Stranger(hang_up)
    offer_twice(installation, clock, stranger)
    stranger.close()
    assert stranger.mails == 2
