"""The demonstration's mailbox: a real SMTP server on loopback that keeps every mail as a file."""

import socket
from collections.abc import Generator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import uuid4

from aoj_survey.errors import StateError


class Catcher:
    """Takes in mail for anybody and keeps it in a folder, one file per mail."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 — aiosmtpd's name
        """Keep a mail; it becomes visible only when it is whole."""
        part = self.folder / f"{uuid4()}.part"
        part.write_bytes(envelope.content)
        part.rename(part.with_suffix(".eml"))
        return "250 kept"


@contextmanager
def catch_mail(folder: Path, port: int = 0) -> Generator[int]:
    """Run the SMTP server until the block ends; yields the port it listens on (0: any free one)."""
    # Optional dependency: only the demonstration needs an SMTP server of its own.
    from aiosmtpd.controller import Controller

    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    chosen = port or find_free_port()
    controller = Controller(Catcher(folder), hostname="127.0.0.1", port=chosen, ready_timeout=10)
    controller.start()
    try:
        yield chosen
    finally:
        controller.stop()


def find_free_port(wanted: int = 0) -> int:
    """Return a port of this machine that is free now: the wanted one, else any."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise StateError("There is no free port on this machine.")


def read_mails(folder: Path) -> list[EmailMessage]:
    """Return all mails in the folder, in no particular order."""
    return [
        message_from_bytes(path.read_bytes(), policy=policy.default)  # type: ignore[misc]
        for path in sorted(folder.glob("*.eml"))
    ]
