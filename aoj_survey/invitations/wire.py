"""A mail as bytes on the wire (RFC 5322, 2045, 2047). Values only.

Python's own way of writing a mail parses every header of every mail anew, which took more time than all the
rest of sending. So headers that many mails share are folded once, and what is each receiver's own is written
as it is, after a look at it.
"""

import re
from binascii import b2a_qp
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.policy import SMTP
from email.utils import format_datetime
from functools import lru_cache

from aoj_survey.errors import MailError

BOUNDARY = "=_aoj"
"""Between the parts. No quoted-printable text holds it: there, `=` is followed by a number or a line's end."""

ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9.-]{1,255}")
"""What may stand as an address without quotes (RFC 5322, 3.2.3 and 3.4.1; RFC 5321, 4.5.3.1)."""

BREAKS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
"""Control characters, and those that Unicode calls the end of a line or paragraph (Cc, Zl, Zp)."""


@dataclass(frozen=True, slots=True)
class WrittenMail:
    """A finished mail with its envelope: whom it comes back to, and whom it is for."""

    sender: str
    receiver: str
    content: bytes


def write_mail(
    sender: str, headers: Mapping[str, str | datetime], shared: Mapping[str, str], text: str, html: str
) -> WrittenMail:
    """Return a mail of two parts that say the same, with its envelope; `headers` hold `To`.

    `headers` are this mail's own and ASCII; those `shared` by many mails may hold any text.

    Raises:
        MailError: a value would add a header, or an address is none.
    """
    for name, value in (*headers.items(), *shared.items()):
        if isinstance(value, str):
            refuse_line_breaks(name, value)
    receiver = str(headers["To"])
    refuse_no_address(sender)
    refuse_no_address(receiver)
    own = [f"{name}: {_write_value(value)}\r\n".encode("ascii") for name, value in headers.items()]
    lines = b"".join([*(fold_header(*item) for item in shared.items()), *own])
    parts = b"".join(_write_part(kind, body) for kind, body in (("plain", text), ("html", html)))
    return WrittenMail(sender, receiver, lines + _START + parts + f"--{BOUNDARY}--\r\n".encode())


_START = f'MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary="{BOUNDARY}"\r\n\r\n'.encode()


def refuse_line_breaks(name: str, value: str) -> None:
    """Check that a value stays inside its header.

    Raises:
        MailError: it holds a line break or another control character.
    """
    if BREAKS.search(value):
        raise MailError(f"The {name} of a mail holds a line break; no mail was made.")


def refuse_no_address(address: str) -> None:
    """Check that something is one mail address, and nothing else.

    Raises:
        MailError: it is not; the address is not repeated.
    """
    refuse_line_breaks("sender or receiver", address)
    if not ADDRESS.fullmatch(address):
        raise MailError("The sender or receiver of a mail is no mail address; no mail was made.")


@lru_cache(maxsize=256)
def fold_header(name: str, value: str) -> bytes:
    """Return a header as it goes over the wire, folded, in encoded words where it is not ASCII."""
    return SMTP.fold_binary(name, SMTP.header_factory(name, value))


def _write_value(value: str | datetime) -> str:
    return format_datetime(value) if isinstance(value, datetime) else value


def _write_part(kind: str, body: str) -> bytes:
    head = (
        f'--{BOUNDARY}\r\nContent-Type: text/{kind}; charset="utf-8"\r\n'
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    )
    # Line ends come last: of a text without any, this would break long lines by a line feed alone.
    encoded = b2a_qp(body.replace("\r\n", "\n").encode(), istext=True)
    return head.encode() + encoded.replace(b"\n", b"\r\n") + b"\r\n"
