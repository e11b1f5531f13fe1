"""kill -9 of the worker at every step, with a real mail server: none lost, none twice, doubts counted."""

import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from aoj_survey.db import db
from aoj_survey.installation import Installation
from aoj_survey.invitations import count_messages, send_due
from aoj_survey.invitations.messages import LEASE
from aoj_survey.waves import ParticipationFacts
from tests.conftest import FixedClock
from tests.smtp_server import Mailbox, SmtpServer
from tests.staging import start_wave

ROOT = Path(__file__).parents[2]


class Sender:
    """A process that forks sending workers and kills them as told."""

    def __init__(self, installation: Installation, port: int, database_url: str) -> None:
        moment = installation.now().isoformat()
        command = [sys.executable, "-m", "tests.invitations.sender", str(installation.settings.instance)]
        self._process = subprocess.Popen(
            [*command, database_url, str(port), moment],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )

    def run(self, *rounds: tuple[str, float | None]) -> list[int]:
        """Run these workers at once; return how each ended (negative: killed)."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        plans = [{"point": point, "after": after} for point, after in rounds]
        self._process.stdin.write(json.dumps(plans) + "\n")
        self._process.stdin.flush()
        statuses: list[int] = json.loads(self._process.stdout.readline())
        return statuses

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(20)
        self._process.stdout.close()


@pytest.fixture
def sender(app: Flask, installation: Installation, server: SmtpServer) -> Iterator[Sender]:
    made = Sender(installation, server.port, installation.settings.database)
    yield made
    made.close()


def states(facts: ParticipationFacts) -> dict[str, int]:
    with db.read() as connection:
        counts = count_messages(connection, facts.id)
    return {state: count for (kind, state), count in counts.items() if kind == "invitation"}


def finish(installation: Installation, clock: FixedClock) -> None:
    """Let the leases of the killed run out and send what is left."""
    clock.moment += LEASE
    send_due(installation.now, installation.keys, installation.settings)


def check_books(facts: ParticipationFacts, mailbox: Mailbox, people: int, kills: int) -> None:
    """Everybody's invitation is sent or in doubt; nobody has two; each doubt has its kill."""
    found = states(facts)
    assert set(found) <= {"sent", "uncertain"}
    assert sum(found.values()) == people
    assert found.get("uncertain", 0) <= kills
    assert set(mailbox.ids().values()) == {1}
    assert found.get("sent", 0) <= len(mailbox.taken) <= people


@pytest.mark.parametrize(
    ("point", "uncertain", "taken"), [("before_claim", 0, 3), ("after_claim", 1, 2), ("after_send", 1, 3)]
)
def test_a_worker_killed_at_any_step_loses_and_doubles_nothing(
    installation: Installation,
    clock: FixedClock,
    mailbox: Mailbox,
    sender: Sender,
    point: str,
    uncertain: int,
    taken: int,
) -> None:
    facts = start_wave(installation.keys, clock(), {"ib": 3})
    assert sender.run((point, None)) == [-9]
    assert sender.run(("", None)) == [0]
    finish(installation, clock)
    check_books(facts, mailbox, 3, kills=1)
    assert states(facts).get("uncertain", 0) == uncertain
    assert len(mailbox.taken) == taken


def test_twin_without_a_committed_claim_somebody_gets_two(
    app: Flask, installation: Installation, clock: FixedClock, mailbox: Mailbox, sender: Sender
) -> None:
    facts = start_wave(installation.keys, clock(), {"ib": 1})
    assert sender.run(("unsafe", None)) == [-9]
    assert sender.run(("", None)) == [0]
    with pytest.raises(AssertionError):
        check_books(facts, mailbox, 1, kills=1)
    assert list(mailbox.ids().values()) == [2]


def kill_at_random(
    installation: Installation, clock: FixedClock, server: SmtpServer, sender: Sender, kills: int
) -> None:
    people = kills * 6
    facts = start_wave(installation.keys, clock(), {"ib": people})
    server.mailbox.pause = 0.004
    chance = random.Random(2026)
    sender.run()
    began = time.monotonic()
    assert sender.run(("before_claim", None)) == [-9]
    start_up = time.monotonic() - began
    for _ in range(kills):
        assert sender.run(("", start_up + chance.uniform(0, 0.15)))[0] in {0, -9}
    finish(installation, clock)
    check_books(facts, server.mailbox, people, kills)


def test_twenty_random_kills(sqlite_app: Flask, clock: FixedClock, server: SmtpServer) -> None:
    installation: Installation = sqlite_app.extensions["aoj"]
    sender = Sender(installation, server.port, installation.settings.database)
    kill_at_random(installation, clock, server, sender, 20)
    sender.close()


@pytest.mark.long
def test_two_hundred_random_kills(
    app: Flask, installation: Installation, clock: FixedClock, server: SmtpServer, sender: Sender
) -> None:
    kill_at_random(installation, clock, server, sender, 200)


def test_workers_at_once_mail_nobody_twice(
    app: Flask, installation: Installation, clock: FixedClock, mailbox: Mailbox, sender: Sender
) -> None:
    workers = 6 if db.engine.dialect.name == "postgresql" else 2
    facts = start_wave(installation.keys, clock(), {"ib": 60})
    mailbox.pause = 0.003
    lines = mailbox.lines
    assert sender.run(*[("", None)] * workers) == [0] * workers
    check_books(facts, mailbox, 60, kills=0)
    assert states(facts) == {"sent": 60}
    assert 2 <= mailbox.lines - lines <= workers


def test_two_workers_of_which_one_is_killed(
    app: Flask, installation: Installation, clock: FixedClock, mailbox: Mailbox, sender: Sender
) -> None:
    facts = start_wave(installation.keys, clock(), {"ib": 60})
    mailbox.pause = 0.003
    assert sender.run(("", None), ("after_send", None)) == [0, -9]
    finish(installation, clock)
    check_books(facts, mailbox, 60, kills=1)
    assert states(facts).get("uncertain") == 1


@pytest.fixture
def reminding(
    app: Flask, installation: Installation, clock: FixedClock, server: SmtpServer
) -> Iterator[tuple[ParticipationFacts, Sender]]:
    """Thirty people who were all invited, on the day of their first reminder, with nothing in the mailbox."""
    facts = start_wave(installation.keys, clock(), {"ib": 30})
    assert send_due(installation.now, installation.keys, installation.settings).sent == 30
    clock.pass_time(days=8)
    server.mailbox.taken.clear()
    server.mailbox.pause = 0.003
    made = Sender(installation, server.port, installation.settings.database)
    yield facts, made
    made.close()


def check_reminders(facts: ParticipationFacts, mailbox: Mailbox, uncertain: int) -> None:
    """Each of the thirty has one reminder, or one in doubt."""
    with db.read() as connection:
        counts = count_messages(connection, facts.id, ["first_reminder"])
    assert sum(counts.values()) == 30
    assert counts.get(("first_reminder", "uncertain"), 0) == uncertain
    assert counts["first_reminder", "sent"] == 30 - uncertain
    receivers = mailbox.receivers()
    assert len(receivers) == len(set(receivers)) == 30


def test_a_run_of_reminders_that_is_killed_reminds_nobody_again(
    reminding: tuple[ParticipationFacts, Sender],
    installation: Installation,
    clock: FixedClock,
    mailbox: Mailbox,
) -> None:
    facts, sender = reminding
    assert sender.run(("after_send", None)) == [-9]
    assert sender.run(("", None)) == [0]
    finish(installation, clock)
    check_reminders(facts, mailbox, uncertain=1)


def test_two_runs_of_reminders_at_once_remind_nobody_twice(
    reminding: tuple[ParticipationFacts, Sender], mailbox: Mailbox
) -> None:
    facts, sender = reminding
    assert sender.run(("", None), ("", None)) == [0, 0]
    check_reminders(facts, mailbox, uncertain=0)


def test_twin_without_a_committed_claim_a_killed_run_reminds_somebody_again(
    reminding: tuple[ParticipationFacts, Sender], mailbox: Mailbox
) -> None:
    facts, sender = reminding
    assert sender.run(("unsafe", None)) == [-9]
    assert sender.run(("", None)) == [0]
    with pytest.raises(AssertionError):
        check_reminders(facts, mailbox, uncertain=1)
    assert len(mailbox.taken) == 31
