"""The rehearsal: a whole wave from address list to bundle, over real HTTP and SMTP, in a minute.

The web pages are served by threads of this process with a clock that the rehearsal sets; production has no
such switch. Everything else is what a real wave uses.
"""

import re
import threading
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from aoj_survey.config import Settings, make_settings
from aoj_survey.db import db, upgrade_database
from aoj_survey.errors import AojError
from aoj_survey.exports import Bundle
from aoj_survey.installation import Clock, Installation
from aoj_survey.keys import KeyDirectory
from aoj_survey.questionnaire import Answers
from aoj_survey.statistics import ResponseTable
from aoj_survey.waves import ParticipationFacts, find_participation, read_instrument, role_digests

from .answers import synthetic_answers
from .browser import Browser
from .figures import FigureLine, compare
from .mailbox import catch_mail, read_mails
from .opening import open_and_write
from .respondent import answer_questionnaire
from .wave import DAYS, REMINDER_DAYS, make_plan, start_demo_wave

MakeApp = Callable[[Settings, Clock], Flask]
RunWorker = Callable[[Flask], bool]
Say = Callable[[str], None]

WAVE, REGION, REGION_NAME = "2015", "drechtsteden", "Drechtsteden"
START = datetime(2015, 4, 13, 7, 0, tzinfo=UTC)
BROWSERS = 4
LINK = re.compile(r"http://\S+/l/([a-z2-7]{26})")


class RehearsalError(AojError):
    """A step of the rehearsal that did not do what it should."""


class SetClock:
    """A clock that stands still until it is set."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        """Return the moment it was set to."""
        return self.moment


class SilentHandler(WSGIRequestHandler):
    """Keeps no access log: addresses of pages hold tokens."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Log nothing."""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What a rehearsal came to."""

    mails: Mapping[str, int]
    response: ResponseTable
    figures: Sequence[FigureLine]
    bundle: Bundle


def rehearse(folder: Path, make_app: MakeApp, run_worker: RunWorker, say: Say) -> Rehearsal:
    """Play a whole wave in an empty folder and return what came out.

    Raises:
        RehearsalError: a number along the way is not what it must be.
    """
    clock = SetClock(START)
    with catch_mail(folder / "mailbox") as smtp_port:
        settings = make_settings(folder, {"smtp_port": smtp_port, "mail_sender": "monitor@aoj.example"})
        KeyDirectory(settings.keys).create()
        app = make_app(settings, clock)
        with app.app_context():
            upgrade_database()
            facts = _prepare(app, say)
            with _serve(app) as base:
                mails = _play_fieldwork(app, clock, base, run_worker, say)
            clock.moment = START + timedelta(days=DAYS + 1)
            _work(app, run_worker)
            rehearsal = _open_and_export(app, facts, mails, say)
            db.engine.dispose()
    return rehearsal


def _prepare(app: Flask, say: Say) -> ParticipationFacts:
    installation: Installation = app.extensions["aoj"]
    questionnaires = Path(installation.settings.questionnaire_directory)
    plan = make_plan(WAVE, REGION, START)
    with db.write() as connection:
        facts = start_demo_wave(connection, installation.keys, plan, REGION_NAME, questionnaires, START)
    say("planned, imported and started")
    return facts


@contextmanager
def _serve(app: Flask) -> Generator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=SilentHandler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _play_fieldwork(
    app: Flask, clock: SetClock, base: str, run_worker: RunWorker, say: Say
) -> dict[str, int]:
    """Send each message at its moment and let a third of the respondents answer after it."""
    waiting = _plan_answers()
    answering = sum(len(answers) for answers in waiting.values())
    mails: dict[str, int] = {}
    links: dict[str, str] = {}
    seen = done = 0
    for number, (kind, days) in enumerate(zip(_KINDS, (0, *REMINDER_DAYS), strict=True)):
        clock.moment = START + timedelta(days=days, minutes=1)
        _work(app, run_worker)
        arrived = read_mails(_mailbox(app))
        mails[kind] = len(arrived) - seen
        seen = len(arrived)
        links |= {_role_and_address(mail): _find_link(mail) for mail in arrived}
        say(f"{kind.replace('_', ' ')}: {mails[kind]} mails")
        until = answering * (number + 1) // len(_KINDS)
        done += _answer(base, links, waiting, until - done)
        say(f"{done} of {answering} respondents have answered")
    return mails


def _work(app: Flask, run_worker: RunWorker) -> None:
    if not run_worker(app):
        raise RehearsalError("The worker met a fault; see above.")


_KINDS = ("invitation", "first_reminder", "second_reminder")


def _mailbox(app: Flask) -> Path:
    installation: Installation = app.extensions["aoj"]
    return installation.settings.instance / "mailbox"


def _plan_answers() -> dict[str, list[Answers]]:
    with db.read() as connection:
        facts = find_participation(connection, WAVE, REGION)
        instruments = {
            role: read_instrument(connection, digest)
            for role, digest in role_digests(connection, facts.id).items()
        }
    return {role: list(answers) for role, answers in synthetic_answers(instruments).items()}


def _role_and_address(mail: EmailMessage) -> str:
    return str(mail["To"])


def _find_link(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    found = LINK.search(body.get_content()) if body else None
    if found is None:
        raise RehearsalError("A mail holds no personal link.")
    return found.group(1)


def _answer(base: str, links: Mapping[str, str], waiting: dict[str, list[Answers]], count: int) -> int:
    """Let `count` respondents answer, role by role in turn; return how many did."""
    jobs: list[tuple[str, Answers]] = []
    while len(jobs) < count:
        for role, answers in waiting.items():
            if answers and len(jobs) < count:
                jobs.append((links[_address(role, len(answers))], answers.pop()))

    def answer(job: tuple[str, Answers]) -> None:
        browser = Browser(base)
        try:
            answer_questionnaire(browser, f"{base}/l/{job[0]}", job[1])
        finally:
            browser.close()

    with ThreadPoolExecutor(BROWSERS) as pool:
        list(pool.map(answer, jobs))
    return len(jobs)


def _address(role: str, number: int) -> str:
    return f"post@{role.replace('_', '-')}-{number:03}.example"


def _open_and_export(app: Flask, facts: ParticipationFacts, mails: Mapping[str, int], say: Say) -> Rehearsal:
    installation: Installation = app.extensions["aoj"]
    people = ("eerste verzonnen functionaris", "tweede verzonnen functionaris")
    opened = open_and_write(installation, WAVE, REGION, people, installation.settings.instance / "bundles")
    say(f"closed, approved by two, opened: {opened.responses} responses")
    if installation.keys.has(facts.id, "box"):
        raise RehearsalError("The box key is still there after the bundle was verified.")
    say(f"written and read back: {opened.bundle.folder.name}; the box key is destroyed")
    return Rehearsal(mails, opened.response, compare(opened.dataset), opened.bundle)
