"""A word with the mail server that sends nothing: whether it would take our mail."""

from aoj_survey.config import Settings

from .line import Line


def greet_mail_server(settings: Settings) -> None:
    """Connect to the mail server, encrypt and log in as sending does, and say goodbye.

    Raises:
        OSError: it cannot be reached, is not to be trusted, or refuses us; smtplib's errors and ssl's are such.
        KeyFileError: the password file is missing or readable by others.
    """
    host = Line(settings).configure_host()
    try:
        host.ehlo_or_helo_if_needed()
        host.quit()
    finally:
        host.close()
