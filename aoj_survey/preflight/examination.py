"""The whole examination, and when the worker makes it."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, exists, select

from aoj_survey.config import Settings
from aoj_survey.db import Database
from aoj_survey.invitations import ProofMail
from aoj_survey.keys import KeyDirectory

from .findings import Finding, find_mail_fault, read_checked_at, store_findings
from .machine import check_address, check_backup, check_clock, check_disk, check_keys, check_worker
from .mail_server import check_mail_server
from .sender import check_sender

EVERY, AWAITED = timedelta(hours=1), timedelta(minutes=5)
"""How old findings may be: always, and when somebody waits for a test mail or for the mail server to take mail."""


def examine(db: Database, keys: KeyDirectory, settings: Settings, now: datetime) -> tuple[Finding, ...]:
    """Return what is right and wrong before mail goes out: mail server, sender, clock, disk, keys, backups.

    Nothing is sent and nothing is written; no transaction is open while others are asked.
    """
    with db.read() as connection:
        clock, worker = check_clock(connection, now), check_worker(connection, now)
        key_directory = check_keys(connection, keys, settings, now)
    return (
        *check_mail_server(settings),
        *check_sender(settings),
        check_address(settings),
        worker,
        clock,
        check_disk(settings),
        key_directory,
        check_backup(settings, now),
    )


def examine_due(db: Database, keys: KeyDirectory, settings: Settings, now: datetime) -> bool:
    """Examine and keep the findings when the last are an hour old, sooner when mail waits for them; harmless twice.

    Returns:
        Whether it was time.
    """
    with db.read() as connection:
        if not _is_due(connection, now):
            return False
    findings = examine(db, keys, settings, now)
    with db.write() as connection:
        store_findings(connection, findings, now)
    return True


def _is_due(connection: Connection, now: datetime) -> bool:
    checked = read_checked_at(connection)
    # A clock that was set back leaves findings of later; they are made anew.
    if checked is None or not now - EVERY < checked <= now:
        return True
    waits = connection.execute(select(exists().where(ProofMail.state == "due"))).scalar_one()
    return checked <= now - AWAITED and bool(waits or find_mail_fault(connection))
