"""A word with the mail server that sends nothing: whether it would take our mail."""

from smtplib import SMTPSenderRefused

from aoj_survey.config import Settings

from .line import Line

TAKEN = 250
"""The mail server's word that it took what it was told (RFC 5321, 4.2.3)."""


def greet_mail_server(settings: Settings) -> None:
    """Connect to the mail server, encrypt, log in and name our sender as sending does, and say goodbye.

    Raises:
        OSError: it cannot be reached, is not to be trusted, or refuses us; smtplib's errors and ssl's are such.
        KeyFileError: the password file is missing or readable by others.
    """
    host = Line(settings).configure_host()
    try:
        host.ehlo_or_helo_if_needed()
        sender = settings.bounce_address or settings.mail_sender
        code, words = host.mail(sender)
        if code != TAKEN:
            raise SMTPSenderRefused(code, words, sender)
        host.quit()
    finally:
        host.close()
