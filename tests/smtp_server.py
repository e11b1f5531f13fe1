"""A real SMTP server on loopback with faults on demand, for tests."""

import asyncio
import socket
import ssl
import threading
from base64 import b64decode
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, Literal, TypeAlias

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

Fault: TypeAlias = Literal[
    "none",
    "sender_refused",
    "recipient_later",
    "recipient_never",
    "recipient_barred",
    "text_later",
    "text_never",
    "hang_up_early",
    "hang_up_taken",
    "hang_up_lost",
    "goodbye",
    "slow",
]
"""What to do with one mail: `hang_up_early` before the text, `hang_up_taken` after it though the mail is kept,
`hang_up_lost` after it and the mail is lost, `goodbye`: 421 to the sender's name, `slow`: it is kept, but the
answer comes after `Mailbox.slow` seconds."""

RECIPIENT_ANSWERS: dict[Fault, str] = {
    "recipient_later": "450 4.2.0 come back later",
    "recipient_never": "550 5.1.1 nobody here",
    "recipient_barred": "554 5.7.1 relay access denied",
}


@dataclass
class Mailbox:
    """What the server took, and what it is to do with the mails to come; `unknown` are parts of addresses.

    `senders` are those of the envelopes.
    """

    taken: list[EmailMessage] = field(default_factory=list[EmailMessage])
    faults: deque[Fault] = field(default_factory=deque[Fault])
    unknown: set[str] = field(default_factory=set[str])
    lines: int = 0
    pause: float = 0.0
    slow: float = 2.6
    senders: list[str] = field(default_factory=list[str])
    logins: list[str] = field(default_factory=list[str])
    on_taken: Callable[[EmailMessage], None] | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def ids(self) -> Counter[str]:
        """How often each Message-ID was taken."""
        with self.lock:
            return Counter(str(mail["Message-ID"]) for mail in self.taken)

    def receivers(self) -> list[str]:
        """The addresses mailed to, sorted."""
        with self.lock:
            return sorted(str(mail["To"]) for mail in self.taken)


class _Handler:
    auth_XOAUTH2: Any  # noqa: N815 — aiosmtpd finds ways to log in by such a name

    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox = mailbox

    def _fault(self) -> Fault:
        return self.mailbox.faults[0] if self.mailbox.faults else "none"

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self._fault() == "sender_refused":
            self.mailbox.faults.popleft()
            return "550 5.7.1 who are you"
        if self._fault() == "goodbye":
            self.mailbox.faults.popleft()
            return "421 4.3.2 enough for one line"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        fault = self._fault()
        if fault in RECIPIENT_ANSWERS:
            self.mailbox.faults.popleft()
            return RECIPIENT_ANSWERS[fault]
        if any(name in address for name in self.mailbox.unknown):
            return RECIPIENT_ANSWERS["recipient_never"]
        if fault == "hang_up_early":
            self.mailbox.faults.popleft()
            _abort(server)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.mailbox.pause:
            await asyncio.sleep(self.mailbox.pause)
        fault = self.mailbox.faults.popleft() if self.mailbox.faults else "none"
        if fault == "text_later":
            return "451 4.3.0 disk full"
        if fault == "text_never":
            return "554 5.6.0 not wanted"
        if fault != "hang_up_lost":
            content = envelope.content
            assert isinstance(content, bytes)
            mail = message_from_bytes(content, policy=default)
            with self.mailbox.lock:
                self.mailbox.taken.append(mail)
                self.mailbox.senders.append(str(envelope.mail_from))
            if self.mailbox.on_taken:
                self.mailbox.on_taken(mail)
        if fault == "slow":
            await asyncio.sleep(self.mailbox.slow)
        if fault in {"hang_up_taken", "hang_up_lost"}:
            _abort(server)
        return "250 OK"


def _abort(server: SMTP) -> None:
    transport: Any = server.transport
    transport.abort()


class _Controller(Controller):
    def __init__(self, mailbox: Mailbox, port: int, **options: Any) -> None:
        self.mailbox = mailbox
        taker = _Handler(mailbox)
        if mechanism := options.pop("mechanism", None):
            taker.auth_XOAUTH2 = mechanism
        super().__init__(taker, hostname="127.0.0.1", port=port, **options)

    def factory(self) -> SMTP:
        self.mailbox.lines += 1
        return super().factory()


def find_free_port() -> int:
    """A port of this machine that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class SmtpServer:
    """A server that can be started and stopped on the same port, with one mailbox."""

    def __init__(self, **options: Any) -> None:
        self.port = find_free_port()
        self.mailbox = Mailbox()
        self._options = options
        self._controller: _Controller | None = None

    def start(self) -> None:
        """Listen."""
        self._controller = _Controller(self.mailbox, self.port, **self._options)
        self._controller.start()
        # The controller knocks at its own door to see whether it is open.
        self.mailbox.lines -= 1

    def stop(self) -> None:
        """Refuse every connection from now on."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None


def login_options(mailbox_logins: list[str], user: str, password: str) -> dict[str, Any]:
    """Options of a server that wants a login; those tried are kept in the list."""

    def authenticate(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        mailbox_logins.append(data.login.decode())
        right = (data.login, data.password) == (user.encode(), password.encode())
        # `handled=False` makes the server answer 535.
        return AuthResult(success=right, handled=right)

    return {"authenticator": authenticate, "auth_required": True}


def token_options(seen: list[str], user: str, token: str) -> dict[str, Any]:
    """Options of a server that wants a login by access token (XOAUTH2); what was told is kept in the list."""

    async def auth_xoauth2(server: SMTP, words: list[str]) -> AuthResult:
        told = b64decode(words[1]).decode()
        seen.append(told)
        if told == f"user={user}\1auth=Bearer {token}\1\1":
            return AuthResult(success=True, auth_data=user)
        # A refusal comes as a challenge that says why; the client answers with nothing, and is told the code.
        answer = await server.challenge_auth(b'{"status":"401"}', encode_to_b64=True)
        assert answer == b""
        return AuthResult(success=False, handled=False)

    return {"mechanism": auth_xoauth2, "auth_required": True}


def tls_options(context: ssl.SSLContext, *, at_once: bool) -> dict[str, Any]:
    """Options of a server that speaks TLS, at once or after STARTTLS."""
    return {"ssl_context": context} if at_once else {"tls_context": context, "require_starttls": True}
