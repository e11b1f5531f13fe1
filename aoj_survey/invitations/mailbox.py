"""The mailbox that undelivered mail comes back to, read over IMAP (RFC 3501).

A report that was matched is deleted, as it holds an address. All else stays as it was found, unread: a person
may look at it. How far we read is kept beside the mailbox's own numbering, so nothing is read twice.
"""

import imaplib
import re
import ssl
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from aoj_survey.config import Settings
from aoj_survey.db import db
from aoj_survey.errors import MailError
from aoj_survey.installation import Clock
from aoj_survey.keys import read_private_file

from .bounces import LARGEST, Verdict, take_report
from .notes import clear_note, read_note, write_note

MAILBOX_NOTE = "mailbox"
"""The service note that says since when the mailbox cannot be read, and why."""

PLACE_NOTE = "mailbox place"
"""The service note that says how far the mailbox was read: its numbering, and the last number."""

BATCH = 500
SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


def read_mailbox(settings: Settings, now: Clock, stop: Callable[[], bool]) -> Counter[Verdict]:
    """Take every report that came in since the last time; return what was done with the mails that were read.

    Raises:
        MailError: the mailbox cannot be reached or read; the note `mailbox` says so until it can.
    """
    if not settings.imap_host or not settings.bounce_address:
        return Counter()
    try:
        with _open(settings) as box:
            taken = _read_new(box, settings, now, stop)
    except (OSError, imaplib.IMAP4.error) as error:
        trouble = _describe(settings, error)
        _tell(trouble, now())
        raise MailError(trouble) from None
    _tell("", now())
    return taken


@contextmanager
def _open(settings: Settings) -> Generator[imaplib.IMAP4]:
    """The mailbox, with its folder selected."""
    place: dict[str, Any] = {
        "host": settings.imap_host,
        "port": settings.imap_port,
        "timeout": settings.smtp_timeout,
    }
    if settings.imap_security == "tls":
        box: imaplib.IMAP4 = imaplib.IMAP4_SSL(**place, ssl_context=ssl.create_default_context())
    else:
        box = imaplib.IMAP4(**place)
    try:
        if settings.imap_security == "starttls":
            _encrypt(box)
        password = read_private_file(Path(settings.imap_password_file)).decode().strip()
        box.login(settings.imap_user, password)
        _require(box.select(_quote(settings.imap_folder)))
        yield box
    finally:
        # Whatever the server makes of a goodbye; the second closes the line where there could be none.
        with suppress(OSError, imaplib.IMAP4.error):
            box.logout()
        with suppress(OSError):
            box.shutdown()


class _NoEncryptionError(OSError):
    """The server does not go over to an encrypted line."""


def _encrypt(box: imaplib.IMAP4) -> None:
    """Go over to an encrypted line; without one, no password is told (RFC 8314, 3.2)."""
    if "STARTTLS" not in box.capabilities:
        raise _NoEncryptionError
    box.starttls(ssl.create_default_context())


def _read_new(
    box: imaplib.IMAP4, settings: Settings, now: Clock, stop: Callable[[], bool]
) -> Counter[Verdict]:
    numbering = int(box.response("UIDVALIDITY")[1][0] or 0)
    last = _read_place(numbering)
    found = _require(box.uid("SEARCH", "UID", f"{last + 1}:*"))[0] or b""
    # `*` is the last one there is, also when we have read it.
    numbers = sorted(number for number in map(int, found.split()) if number > last)[:BATCH]
    taken: Counter[Verdict] = Counter()
    for number in numbers:
        if stop():
            break
        content = _fetch(box, number)
        with db.write() as connection:
            verdict = take_report(connection, content, settings.bounce_address, now())
        taken[verdict] += 1
        if verdict != "ignored":
            _delete(box, number)
        # After the deletion: who is killed in between reads it again, which is harmless.
        with db.write() as connection:
            write_note(connection, PLACE_NOTE, now(), f"{numbering} {number}")
    return taken


def _read_place(numbering: int) -> int:
    """The last number that was read, when the mailbox still counts as it did then; else 0."""
    with db.read() as connection:
        note = read_note(connection, PLACE_NOTE)
    then, _, last = note.text.partition(" ") if note else ("", "", "")
    return int(last) if then == str(numbering) else 0


def _fetch(box: imaplib.IMAP4, number: int) -> bytes:
    """A mail, left unread; empty when it is larger than any report, or gone."""
    told = _require(box.uid("FETCH", str(number), "(RFC822.SIZE)"))
    size = SIZE.search(b" ".join(part for part in told if isinstance(part, bytes)))
    if size is None or int(size[1]) > LARGEST:
        return b""
    parts = _require(box.uid("FETCH", str(number), "(BODY.PEEK[])"))
    return next((part[1] for part in parts if isinstance(part, tuple)), b"")


def _delete(box: imaplib.IMAP4, number: int) -> None:
    _require(box.uid("STORE", str(number), "+FLAGS.SILENT", r"(\Deleted)"))
    if "UIDPLUS" in box.capabilities:
        _require(box.uid("EXPUNGE", str(number)))
    else:
        _require(box.expunge())


def _require(answer: tuple[str, list[Any]]) -> list[Any]:
    """The data of an answer; raises IMAP4.error when the server said no."""
    if answer[0] != "OK":
        raise imaplib.IMAP4.error("refused")
    return answer[1]


def _quote(folder: str) -> str:
    escaped = folder.replace("\\", r"\\").replace('"', r"\"")
    return f'"{escaped}"'


def _describe(settings: Settings, error: Exception) -> str:
    # Own words only: what servers say may repeat an address.
    place = f"The mailbox at {settings.imap_host}:{settings.imap_port}"
    if isinstance(error, ssl.SSLError):
        return f"{place} has no certificate we can trust. Check imap_host and imap_security."
    if isinstance(error, _NoEncryptionError):
        return f"{place} offers no encryption (STARTTLS). Check imap_port and imap_security."
    if isinstance(error, imaplib.IMAP4.error) and not isinstance(error, imaplib.IMAP4.abort):
        return f"{place} refuses us. Check imap_user, imap_password_file and imap_folder."
    return f"{place} cannot be reached ({type(error).__name__}). Undelivered mail is told of when it can."


def _tell(trouble: str, now: datetime) -> None:
    """Keep the note `mailbox` true."""
    with db.read() as connection:
        known = read_note(connection, MAILBOX_NOTE)
    if trouble and (known is None or known.text != trouble):
        with db.write() as connection:
            write_note(connection, MAILBOX_NOTE, now, trouble)
    elif known and not trouble:
        with db.write() as connection:
            clear_note(connection, MAILBOX_NOTE)
