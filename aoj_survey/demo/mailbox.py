"""The demonstration's mailbox: a real SMTP server on loopback that keeps every mail as a file."""

from collections.abc import Generator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import uuid4


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
    controller = Controller(Catcher(folder), hostname="127.0.0.1", port=port, ready_timeout=10)
    controller.start()
    try:
        yield server_port(controller)
    finally:
        controller.stop()


def server_port(controller: Any) -> int:
    """Return the port that an aiosmtpd controller listens on."""
    port: int = controller.server.sockets[0].getsockname()[1]
    return port


def read_mails(folder: Path) -> list[EmailMessage]:
    """Return all mails in the folder, in no particular order."""
    return [
        message_from_bytes(path.read_bytes(), policy=policy.default)  # type: ignore[misc]
        for path in sorted(folder.glob("*.eml"))
    ]
