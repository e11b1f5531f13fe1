"""The mail server: reachable, to be trusted, and willing to let us in. Nothing is sent."""

import smtplib
import ssl
from ipaddress import ip_address

from aoj_survey.config import Settings
from aoj_survey.errors import KeyFileError
from aoj_survey.invitations import greet_mail_server

from .findings import Finding

CHECK = "smtp"
CAUSES: tuple[tuple[type[Exception], str], ...] = (
    (KeyFileError, "smtp_password"),
    (IsADirectoryError, "smtp_password"),
    (smtplib.SMTPAuthenticationError, "smtp_login"),
    (smtplib.SMTPSenderRefused, "smtp_sender"),
    (smtplib.SMTPNotSupportedError, "smtp_lacks"),
    (ssl.SSLError, "smtp_certificate"),
    (OSError, "smtp_unreachable"),
)
"""What an error means; the first that fits counts."""


def check_mail_server(settings: Settings) -> tuple[Finding, ...]:
    """Return whether the mail server takes our mail, as far as it says without one."""
    try:
        greet_mail_server(settings)
    except (OSError, KeyFileError) as error:
        code = next(code for kind, code in CAUSES if isinstance(error, kind))
        return (Finding(CHECK, "fault", code, detail=describe_error(error)),)
    if settings.smtp_security == "none" and not is_this_machine(settings.smtp_host):
        # A password in the clear is a fault; the words of a mail travel on like that anyway.
        return (Finding(CHECK, "fault" if settings.smtp_user else "advice", "smtp_open"),)
    return (Finding(CHECK, "ok", "smtp_ok"),)


def describe_error(error: Exception) -> str:
    """Return what an error says, for who runs the installation."""
    return f"{type(error).__name__}: {error}"


def is_this_machine(host: str) -> bool:
    """Return whether a host is the machine itself."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
