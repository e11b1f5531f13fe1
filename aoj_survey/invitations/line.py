"""The line to the mail server: made when it is needed, kept from mail to mail, and what its answers mean."""

import re
import smtplib
import ssl
from pathlib import Path
from typing import Any, Literal, TypeAlias

import flask_mail

from aoj_survey.config import Settings
from aoj_survey.errors import MailError
from aoj_survey.keys import read_private_file

from .wire import WrittenMail

Outcome: TypeAlias = Literal["sent", "refused", "failed", "barred", "uncertain"]

START_OF_TEXT = 354
"""The mail server's word to go ahead with the text of a mail (RFC 5321, 3.3)."""

VERDICTS: dict[int, Outcome] = {4: "refused", 5: "failed"}
"""What the first digit of a refusal means (RFC 5321, 4.2.1)."""

POLICY = re.compile(rb"5\.7\.")
"""How the words of a refusal begin that is about who sends, not about who receives (RFC 3463, 3.8)."""


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


class Parcel(flask_mail.Message):
    """A finished mail, as Flask-Mail's connection takes it; `sender` is that of the envelope."""

    def __init__(self, mail: WrittenMail) -> None:
        # Flask-Mail's own would make a Message-ID, and ask the name server for this machine's name each time.
        self._content = mail.content
        self.sender, self.recipients = mail.sender, [mail.receiver]
        self.subject = self.reply_to = ""
        self.cc, self.bcc, self.mail_options, self.rcpt_options = [], [], [], []
        # Flask-Mail would read the clock for a mail without a date; ours stands in the content.
        self.date = 0.0

    def as_bytes(self) -> bytes:
        """The mail as it goes over the wire."""
        return self._content


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
            secret = read_private_file(Path(settings.smtp_password_file)).decode().strip()
            if settings.smtp_login == "xoauth2":
                _log_in_by_token(host, settings.smtp_user, secret)
            else:
                host.login(settings.smtp_user, secret)

    def deliver(self, parcel: Parcel) -> Outcome:
        """Hand one mail to the mail server and return what it said; a line that broke is made anew once.

        `refused` may be tried again later, `failed` may not; `barred` is a failure that is about us;
        `uncertain`: the line broke while the server had the text and its answer was still to come.

        Raises:
            MailError: the server can't be reached or takes nothing from us; this mail did not go out.
        """
        while True:
            kept = self.host is not None
            try:
                self.host = self.host or self.configure_host()
                self.send(parcel)
            except smtplib.SMTPRecipientsRefused as error:
                return _judge(*next(iter(error.recipients.values())))
            except smtplib.SMTPDataError as error:
                return _judge(error.smtp_code, error.smtp_error)
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

    def describe_refusals(self) -> str:
        """Return in words that the server refuses mails, whoever they are to."""
        return f"{self._place} refuses every receiver. Mails wait. Check smtp_host, and if it sends for us."

    @property
    def _place(self) -> str:
        return f"The mail server {self._settings.smtp_host}:{self._settings.smtp_port}"

    def _describe(self, error: OSError) -> str:
        # Own words only: what servers say may repeat an address.
        place = self._place
        if isinstance(error, smtplib.SMTPAuthenticationError):
            return f"{place} refuses our account ({error.smtp_code}). Check smtp_user and smtp_password_file."
        if isinstance(error, smtplib.SMTPSenderRefused):
            return f"{place} refuses mail from our sender address ({error.smtp_code}). Check mail_sender."
        if isinstance(error, ssl.SSLError):
            return f"{place} has no certificate we can trust. Check smtp_host and smtp_security."
        return (
            f"{place} cannot be reached or takes no mail ({type(error).__name__}). Mails wait until it does."
        )


def _judge(code: int, words: bytes | str) -> Outcome:
    verdict = VERDICTS.get(code // 100, "uncertain")
    told = words if isinstance(words, bytes) else words.encode()
    return "barred" if verdict == "failed" and POLICY.match(told) else verdict


def _log_in_by_token(host: smtplib.SMTP, user: str, token: str) -> None:
    """Log in with an access token, which somebody renews in its file: it is read anew for each line."""

    def answer(challenge: bytes | None = None) -> str:
        # To its refusal the server wants an empty answer, after which it gives the code that says so.
        return f"user={user}\1auth=Bearer {token}\1\1" if challenge is None else ""

    host.ehlo_or_helo_if_needed()
    host.auth("XOAUTH2", answer)
