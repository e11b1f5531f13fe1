"""A running mail server for the tests of this folder, and settings that name it."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.smtp_server import Mailbox, SmtpServer


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    made = SmtpServer()
    made.start()
    yield made
    made.stop()


@pytest.fixture
def mailbox(server: SmtpServer) -> Mailbox:
    return server.mailbox


@pytest.fixture
def settings_values(server: SmtpServer) -> dict[str, Any]:
    return {"smtp_port": server.port, "smtp_timeout": 2, "public_url": "https://monitor.rijnmeer.example"}
