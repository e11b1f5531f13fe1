"""A real IMAP server on loopback, with one account and one folder, for tests."""

import socket
import ssl
import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress
from io import BytesIO
from typing import Any

from twisted.cred.checkers import InMemoryUsernamePasswordDatabaseDontUse
from twisted.cred.portal import IRealm, Portal
from twisted.internet import reactor as _reactor
from twisted.internet.protocol import Factory
from twisted.mail import imap4
from zope.interface import classImplements

USER, PASSWORD, FOLDER = "terug", "geheim", "INBOX"
reactor: Any = _reactor


class StoredMail:
    """A mail in the folder."""

    def __init__(self, uid: int, content: bytes) -> None:
        self.uid, self.content = uid, content
        self.flags: set[str] = set()

    def getUID(self) -> int:  # noqa: N802 — Twisted's names, here and below
        return self.uid

    def getFlags(self) -> list[str]:  # noqa: N802
        return sorted(self.flags)

    def getInternalDate(self) -> str:  # noqa: N802
        return "04-May-2026 07:30:00 +0000"

    def getHeaders(self, _negate: bool, *_names: str) -> dict[str, str]:  # noqa: N802
        return {}

    def getBodyFile(self) -> BytesIO:  # noqa: N802
        return BytesIO(self.content)

    def getSize(self) -> int:  # noqa: N802
        return len(self.content)

    def isMultipart(self) -> bool:  # noqa: N802
        return False

    def getSubPart(self, _part: int) -> None:  # noqa: N802
        raise IndexError

    def open(self) -> BytesIO:
        """Fetched as it came in, not put together anew."""
        return BytesIO(self.content)


class Folder:
    """The mails, by number of their own; `numbering` tells whether those still hold."""

    def __init__(self) -> None:
        self.mails: list[StoredMail] = []
        self.next, self.numbering = 1, 7
        self.listeners: list[Any] = []

    def put(self, content: bytes) -> None:
        self.mails.append(StoredMail(self.next, content))
        self.next += 1

    def getFlags(self) -> list[str]:  # noqa: N802
        return [r"\Seen", r"\Deleted"]

    def getHierarchicalDelimiter(self) -> str:  # noqa: N802
        return "/"

    def getUIDValidity(self) -> int:  # noqa: N802
        return self.numbering

    def getUIDNext(self) -> int:  # noqa: N802
        return self.next

    def getUID(self, message: int) -> int:  # noqa: N802
        return self.mails[message - 1].uid

    def getMessageCount(self) -> int:  # noqa: N802
        return len(self.mails)

    def getRecentCount(self) -> int:  # noqa: N802
        return 0

    def getUnseenCount(self) -> int:  # noqa: N802
        return sum(r"\Seen" not in mail.flags for mail in self.mails)

    def isWriteable(self) -> bool:  # noqa: N802
        return True

    def addListener(self, listener: Any) -> None:  # noqa: N802
        self.listeners.append(listener)

    def removeListener(self, listener: Any) -> None:  # noqa: N802
        self.listeners.remove(listener)

    def _chosen(self, numbers: Any, uid: bool) -> Iterator[tuple[int, StoredMail]]:
        if not self.mails:
            return
        numbers.last = self.mails[-1].uid if uid else len(self.mails)
        for place, mail in enumerate(self.mails, start=1):
            if (mail.uid if uid else place) in numbers:
                yield place, mail

    def fetch(self, numbers: Any, uid: bool) -> list[tuple[int, StoredMail]]:
        return list(self._chosen(numbers, uid))

    def store(self, numbers: Any, flags: Iterable[str], mode: int, uid: bool) -> dict[int, list[str]]:
        changed = dict(self._chosen(numbers, uid))
        for mail in changed.values():
            given = set(flags)
            mail.flags = given if mode == 0 else mail.flags | given if mode > 0 else mail.flags - given
        return {place: mail.getFlags() for place, mail in changed.items()}

    def expunge(self) -> list[int]:
        gone = [mail.uid for mail in self.mails if r"\Deleted" in mail.flags]
        self.mails = [mail for mail in self.mails if mail.uid not in gone]
        return gone

    def requestStatus(self, names: Any) -> Any:  # noqa: N802
        return imap4.statusRequestHelper(self, names)


class _Account(imap4.MemoryAccount):
    def __init__(self, folder: Folder) -> None:
        super().__init__(USER)
        self.addMailbox(FOLDER, folder)


class _Realm:
    def __init__(self, folder: Folder) -> None:
        self.folder = folder

    def requestAvatar(self, _who: Any, _mind: Any, *_interfaces: Any) -> Any:  # noqa: N802
        return imap4.IAccount, _Account(self.folder), lambda: None


for _class, _interfaces in (
    (StoredMail, (imap4.IMessage, imap4.IMessageFile)),
    (Folder, (imap4.IMailbox,)),
    (_Realm, (IRealm,)),
):
    classImplements(_class, *_interfaces)


def _run_reactor() -> None:
    """Twisted's loop starts once for all tests of a process, and ends with it."""
    if not reactor.running:
        threading.Thread(target=lambda: reactor.run(installSignalHandlers=False), daemon=True).start()


def _in_reactor(act: Any) -> Any:
    done = threading.Event()
    outcome: list[Any] = []

    def run() -> None:
        try:
            outcome.append(act())
        finally:
            done.set()

    _run_reactor()
    reactor.callFromThread(run)
    assert done.wait(10), "Twisted's loop does not run"
    return outcome[0]


class ImapServer:
    """A server with one folder; with a `context`, whoever connects speaks TLS from the first byte.

    `starttls`: only after asking for it; `bare` holds what was said before. Without a context it is then refused.
    """

    def __init__(self, context: ssl.SSLContext | None = None, *, starttls: bool = False) -> None:
        self.folder = Folder()
        checker = InMemoryUsernamePasswordDatabaseDontUse()
        checker.addUser(USER.encode(), PASSWORD.encode())
        realm: Any = _Realm(self.folder)
        checkers: Any = [checker]
        portal = Portal(realm, checkers)

        class Server(imap4.IMAP4Server):
            def __init__(self) -> None:
                super().__init__()
                self.portal = portal

        factory: Any = Factory.forProtocol(Server)
        factory.noisy = False
        self._port = _in_reactor(lambda: reactor.listenTCP(0, factory, interface="127.0.0.1"))
        self.port: int = self._port.getHost().port
        self.bare: list[bytes] = []
        front = _Door(context, self.port, self.bare) if starttls else None
        self._wrapped = front or (_Wrapper(context, self.port) if context else None)
        if self._wrapped:
            self.port = self._wrapped.port

    def stop(self) -> None:
        """Refuse every connection from now on."""
        _in_reactor(self._port.stopListening)
        if self._wrapped:
            self._wrapped.close()


class _Wrapper:
    """Takes one TLS connection after the other and passes on what is said."""

    def __init__(self, context: ssl.SSLContext | None, behind: int) -> None:
        self._context, self._behind = context, behind
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                raw, _ = self._listener.accept()
                # Who does not trust us hangs up; the next may.
                with raw, suppress(OSError):
                    self._receive(raw)

    def _receive(self, raw: socket.socket) -> None:
        with socket.create_connection(("127.0.0.1", self._behind)) as back:
            self._pass_on(raw, back)

    def _pass_on(self, raw: socket.socket, back: socket.socket) -> None:
        assert self._context is not None
        with self._context.wrap_socket(raw, server_side=True) as front:
            threading.Thread(target=_copy, args=(back, front), daemon=True).start()
            _copy(front, back)


class _Door(_Wrapper):
    """Speaks in the clear until the client asks for TLS (RFC 3501, 6.2.1), and lets nobody log in before.

    Twisted's own way to do so wants a library that nothing else here needs.
    """

    def __init__(self, context: ssl.SSLContext | None, behind: int, bare: list[bytes]) -> None:
        self._bare = bare
        super().__init__(context, behind)

    def _receive(self, raw: socket.socket) -> None:
        with socket.create_connection(("127.0.0.1", self._behind)) as back:
            # What the server says first is said before the lock, once.
            raw.sendall(back.recv(65536))
            said = raw.makefile("rb", buffering=0)
            for line in said:
                self._bare.append(line)
                tag, act = line.split()[:2]
                if act == b"STARTTLS" and self._context:
                    raw.sendall(tag + b" OK go on\r\n")
                    said.close()
                    self._pass_on(raw, back)
                    return
                if act == b"CAPABILITY":
                    offered = b" STARTTLS" if self._context else b""
                    raw.sendall(b"* CAPABILITY IMAP4rev1 LOGINDISABLED" + offered + b"\r\n")
                raw.sendall(tag + (b" OK so\r\n" if act == b"CAPABILITY" else b" NO not in the clear\r\n"))


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while said := source.recv(65536):
            target.sendall(said)
        target.shutdown(socket.SHUT_WR)
