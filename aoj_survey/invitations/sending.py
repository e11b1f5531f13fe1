"""Sending: claim, commit, send, record, commit; one message at a time over one line to the mail server."""

import logging
import smtplib
import ssl
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Literal, TypeAlias

import flask_mail

from aoj_survey.config import Settings
from aoj_survey.db import db
from aoj_survey.errors import AojError, MailError, PluginError
from aoj_survey.hooks import Hooks, load_hooks
from aoj_survey.installation import Clock
from aoj_survey.keys import KeyDirectory, read_private_file

from .letters import FindWords, address_letter, ask_words
from .mail import compose
from .messages import (
    ClaimedMessage,
    await_retry,
    claim_message,
    mark_uncertain,
    put_back,
    record_refused,
    record_sent,
    record_uncertain,
)
from .notes import clear_note, read_note, write_note

Outcome: TypeAlias = Literal["sent", "refused", "failed", "uncertain"]

MAIL_NOTE = "mail"
"""The service note that says since when mail fails, and why."""

START_OF_TEXT = 354
"""The mail server's word to go ahead with the text of a mail (RFC 5321, 3.3)."""

VERDICTS: dict[int, Outcome] = {4: "refused", 5: "failed"}
"""What the first digit of a refusal means (RFC 5321, 4.2.1)."""

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SendReport:
    """What became of the messages of one round; `trouble` says in words why it stopped early."""

    sent: int
    refused: int
    failed: int
    uncertain: int
    trouble: str


def never() -> bool:
    """No reason to stop."""
    return False


def send_due(
    now: Clock,
    keys: KeyDirectory,
    settings: Settings,
    limit: int | None = None,
    stop: Callable[[], bool] = never,
    hooks: Hooks | None = None,
) -> SendReport:
    """Send every message that is due, at most `limit`, until `stop` says so; return what became of them.

    A mail server that takes nothing ends the round: the message in hand is due again in a minute, and the
    note `mail` says since when and why, until a mail gets through. Mails of a region whose module fails wait
    likewise; those of other regions go on. Without `hooks`, the core's are asked alone.
    """
    counts: Counter[str] = Counter()
    trouble = ""
    with db.write() as connection:
        lost = mark_uncertain(connection, now())
    line = Line(settings)
    find_words = ask_words(hooks or load_hooks())
    try:
        while counts.total() != limit and not stop():
            with db.write() as connection:
                message = claim_message(connection, now())
            if message is None:
                break
            try:
                mail = _write(message, now, keys, settings, find_words)
            except PluginError as error:
                trouble = str(error)
                continue
            counts[_send(line, message, mail, now)] += 1
    except AojError as error:
        trouble = str(error)
        _LOG.warning("sending stopped: %s", trouble)
    finally:
        line.hang_up()
    _tell(now, trouble, answered=counts.total() > 0)
    uncertain = counts["uncertain"] + lost
    return SendReport(counts["sent"], counts["refused"], counts["failed"], uncertain, trouble)


def _write(
    message: ClaimedMessage, now: Clock, keys: KeyDirectory, settings: Settings, find_words: FindWords
) -> EmailMessage:
    try:
        return compose(address_letter(message, keys, settings, find_words), now())
    except Exception:
        _put_back(message, now)
        raise


def _send(line: "Line", message: ClaimedMessage, mail: EmailMessage, now: Clock) -> Outcome:
    try:
        outcome = line.deliver(mail)
    except AojError:
        _put_back(message, now)
        raise
    # Any other error leaves the message claimed: nobody knows what the server had by then.
    with db.write() as connection:
        if outcome == "sent":
            record_sent(connection, message, now())
        elif outcome == "uncertain":
            record_uncertain(connection, message, now())
        else:
            record_refused(connection, message, now(), permanent=outcome == "failed")
    return outcome


def _put_back(message: ClaimedMessage, now: Clock) -> None:
    with db.write() as connection:
        put_back(connection, message, now())


def _tell(now: Clock, trouble: str, *, answered: bool) -> None:
    """Keep the note `mail` true: since when mail fails, or nothing when it does not."""
    with db.read() as connection:
        known = read_note(connection, MAIL_NOTE)
        over = known is not None and (answered or not await_retry(connection, now()))
    if trouble and (answered or known is None or known.text != trouble):
        since = now() if answered or known is None else known.at
        with db.write() as connection:
            write_note(connection, MAIL_NOTE, since, trouble)
    elif over and not trouble:
        with db.write() as connection:
            clear_note(connection, MAIL_NOTE)


class _Talk(smtplib.SMTP):
    """An SMTP conversation that knows whether the answer to a mail's text is still to come."""

    unanswered = False

    def getreply(self) -> tuple[int, bytes]:
        """Return the server's next answer; when it never comes, `unanswered` stays as it was."""
        code, words = super().getreply()
        self.unanswered = code == START_OF_TEXT
        return code, words


class _SafeTalk(_Talk, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte."""


class _Parcel(flask_mail.Message):
    """A finished mail, as Flask-Mail's connection takes it."""

    def __init__(self, mail: EmailMessage) -> None:
        # Flask-Mail's own would make a Message-ID, and ask the name server for this machine's name each time.
        self._mail = mail
        self.sender = mail["From"].addresses[0].addr_spec
        self.recipients = [mail["To"].addresses[0].addr_spec]
        self.subject = self.reply_to = ""
        self.cc, self.bcc, self.mail_options, self.rcpt_options = [], [], [], []
        self.date = mail["Date"].datetime.timestamp()

    def as_bytes(self) -> bytes:
        """The mail as it goes over the wire."""
        return self._mail.as_bytes()


class Line(flask_mail.Connection):
    """Flask-Mail's connection, kept open from mail to mail, with a time limit and checked certificates."""

    host: Any

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        state = flask_mail.Mail().init_mail(
            {"MAIL_SERVER": settings.smtp_host, "MAIL_PORT": settings.smtp_port}
        )
        super().__init__(state)  # pyright: ignore[reportArgumentType]

    def configure_host(self) -> smtplib.SMTP:
        """Return an open conversation with the mail server, encrypted and logged in as settings say."""
        settings = self._settings
        place = (settings.smtp_host, settings.smtp_port)
        if settings.smtp_security == "tls":
            context = ssl.create_default_context()
            host: _Talk = _SafeTalk(*place, timeout=settings.smtp_timeout, context=context)
        else:
            host = _Talk(*place, timeout=settings.smtp_timeout)
        try:
            self._enter(host)
        except BaseException:
            host.close()
            raise
        return host

    def _enter(self, host: smtplib.SMTP) -> None:
        settings = self._settings
        if settings.smtp_security == "starttls":
            host.starttls(context=ssl.create_default_context())
        if settings.smtp_user:
            password = read_private_file(Path(settings.smtp_password_file)).decode().strip()
            host.login(settings.smtp_user, password)

    def deliver(self, mail: EmailMessage) -> Outcome:
        """Hand one mail to the mail server and return what it said; a line that broke is made anew once.

        `refused` may be tried again later, `failed` may not; `uncertain`: the line broke while the server had
        the text and its answer was still to come.

        Raises:
            MailError: the server can't be reached or takes nothing from us; this mail did not go out.
        """
        while True:
            kept = self.host is not None
            try:
                self.host = self.host or self.configure_host()
                self.send(_Parcel(mail))
            except smtplib.SMTPRecipientsRefused as error:
                return VERDICTS.get(next(iter(error.recipients.values()))[0] // 100, "uncertain")
            except smtplib.SMTPDataError as error:
                return VERDICTS.get(error.smtp_code // 100, "uncertain")
            except OSError as error:
                unanswered = self.host is not None and self.host.unanswered
                self._drop()
                if unanswered:
                    return "uncertain"
                # Servers hang up between two mails as they like; only a fresh line tells that one is down.
                if not kept:
                    raise MailError(self._describe(error)) from None
            else:
                return "sent"

    def hang_up(self) -> None:
        """End the conversation, if there is one."""
        try:
            if self.host is not None:
                self.host.quit()
        except OSError:
            self._drop()
        self.host = None

    def _drop(self) -> None:
        if self.host is not None:
            self.host.close()
        self.host = None

    def _describe(self, error: OSError) -> str:
        # Own words only: what servers say may repeat an address.
        place = f"The mail server {self._settings.smtp_host}:{self._settings.smtp_port}"
        if isinstance(error, smtplib.SMTPAuthenticationError):
            return f"{place} refuses our account ({error.smtp_code}). Check smtp_user and its password file."
        if isinstance(error, smtplib.SMTPSenderRefused):
            return f"{place} refuses mail from our sender address ({error.smtp_code}). Check mail_sender."
        if isinstance(error, ssl.SSLError):
            return f"{place} has no certificate we can trust. Check smtp_host and smtp_security."
        return (
            f"{place} cannot be reached or takes no mail ({type(error).__name__}). Mails wait until it does."
        )
