"""Door 3: the worker, a process of its own with a timetable in memory.

Every job claims what it works on in the database, so any number of workers may run, and each job may run twice
without harm. What has a moment (a daily count, a close) is looked for often and done when its moment has
passed, so nothing is missed while no worker ran.
"""

import logging
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

from .db import db
from .fieldwork import (
    TurnError,
    close_due,
    destroy_small_boxes,
    finish_openings,
    open_asked,
    purge_due,
    renew_links,
    require_worker_keys,
    sweep_drafts,
)
from .installation import Installation
from .invitations import mark_uncertain, read_mailbox, send_due, send_proofs, sweep_uploads, write_note
from .preflight import examine_due
from .tracking import count_days_due

WORKER_NOTE = "worker"
"""The service note that holds the worker's last sign of life."""

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)

Stop: TypeAlias = Callable[[], bool]
"""Whether the worker is asked to end."""

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do again and again."""

    name: str
    run: Callable[[Installation, Stop], object]
    seconds: int


def give_sign_of_life(installation: Installation, _stop: Stop) -> None:
    """Tell the pages that a worker runs."""
    with db.write() as connection:
        write_note(connection, WORKER_NOTE, installation.now())


def make_links(installation: Installation, _stop: Stop) -> None:
    """Make the links that pages may not make."""
    renew_links(db, installation.keys)


def send_mail(installation: Installation, stop: Stop) -> None:
    """Send every message that is due, up to the one in hand when the worker is asked to end."""
    send_due(installation.now, installation.keys, installation.settings, stop=stop, hooks=installation.hooks)


def read_bounces(installation: Installation, stop: Stop) -> None:
    """Take what mail servers report of mail that came back."""
    read_mailbox(installation.settings, installation.now, stop)


def send_test_mails(installation: Installation, _stop: Stop) -> None:
    """Send the test mails that coordinators asked for."""
    send_proofs(installation.now, installation.keys, installation.settings, installation.hooks)


def turn_fieldwork(installation: Installation, _stop: Stop) -> None:
    """Close what is over, remove drafts of what is closed, and mark messages nobody knows the fate of."""
    now = installation.now()
    with db.write() as connection:
        close_due(connection, now)
        sweep_drafts(connection)
        mark_uncertain(connection, now)


def open_boxes(installation: Installation, _stop: Stop) -> None:
    """Open the boxes that somebody asked to open and that may be; pages hold no key to do so."""
    open_asked(db, installation.keys, installation.hooks, installation.now())


def erase_boxes(installation: Installation, _stop: Stop) -> None:
    """Finish openings, and destroy boxes that can never be opened."""
    try:
        finish_openings(db, installation.keys, installation.now())
    finally:
        destroy_small_boxes(db, installation.keys, installation.now())


def purge_contacts(installation: Installation, _stop: Stop) -> None:
    """Destroy addresses, invitations and their keys where the promised day has come."""
    purge_due(db, installation.keys, installation.now(), installation.settings.purge_days)


def erase_uploads(installation: Installation, _stop: Stop) -> None:
    """Erase lists of people that nobody finished in a week."""
    with db.write() as connection:
        sweep_uploads(connection, installation.now().date())


def count_days(installation: Installation, _stop: Stop) -> None:
    """Make the daily count of each participation whose day has none and is past 6.00."""
    with db.write() as connection:
        count_days_due(connection, installation.now())


def check_sending(installation: Installation, _stop: Stop) -> None:
    """Look every hour whether all is right before mail goes out, for the pages."""
    examine_due(db, installation.keys, installation.settings, installation.now())


JOBS = (
    Job("sign of life", give_sign_of_life, 20),
    Job("links", make_links, 5),
    Job("mail", send_mail, 5),
    Job("test mails", send_test_mails, 5),
    Job("mail that came back", read_bounces, 60),
    Job("fieldwork", turn_fieldwork, 30),
    Job("openings", open_boxes, 15),
    Job("erasure", erase_boxes, 30),
    Job("purge", purge_contacts, 60),
    Job("unfinished lists", erase_uploads, 3600),
    Job("daily count", count_days, 60),
    Job("preflight", check_sending, 60),
)
"""The whole timetable. Counting comes after closing: what is closed has its final count."""


def run_job(app: Flask, job: Job, stop: Stop) -> bool:
    """Run one job; return whether it went well. What went wrong is logged, and the other jobs go on."""
    with app.app_context():
        try:
            job.run(app.extensions["aoj"], stop)
        except Exception as error:  # noqa: BLE001 — whatever one job meets, the others go on
            # Of most the type and place only: the text of an error may hold an address, its variables a link.
            what = str(error) if isinstance(error, TurnError) else type(error).__name__
            _LOG.error("the job %r failed: %s at %s", job.name, what, _find_place(error))
            return False
        return True


def _find_place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "an unknown place"


def check_keys(app: Flask) -> None:
    """Stop the start when a key that the worker needs is missing or readable by others (KeyFileError)."""
    installation: Installation = app.extensions["aoj"]
    with app.app_context(), db.read() as connection:
        require_worker_keys(connection, installation.keys, installation.now())


def run_once(app: Flask) -> bool:
    """Do everything that is due now and come back; return whether all of it went well. For users of cron.

    Raises:
        KeyFileError: a key that the worker needs is missing or readable by others.
    """
    check_keys(app)
    db.be_patient(app)
    went_well = [run_job(app, job, lambda: False) for job in JOBS]
    return all(went_well)


def run_worker(app: Flask) -> None:
    """Work until SIGTERM or SIGINT; the message in hand is finished first. Call it in the main thread.

    Raises:
        KeyFileError: a key that the worker needs is missing or readable by others.
    """
    check_keys(app)
    db.be_patient(app)
    installation: Installation = app.extensions["aoj"]
    stopping = threading.Event()
    # Blocked and waited for, not handled: a handler could interrupt the very lock that it needs.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
    # A long round of mail makes its next turns fall away, which is as it should be.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    timetable = BackgroundScheduler(timezone="UTC")
    for job in JOBS:
        timetable.add_job(
            run_job,
            "interval",
            (app, job, stopping.is_set),
            seconds=job.seconds,
            name=job.name,
            next_run_time=installation.now(),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
    timetable.start()
    try:
        signal.sigwait(STOP_SIGNALS)
    finally:
        stopping.set()
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        timetable.shutdown(wait=True)
