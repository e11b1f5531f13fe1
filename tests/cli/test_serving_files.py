"""The real web process hands out a large released file: in parts, put together to the same bytes, and not again."""

from hashlib import sha256
from http.client import HTTPConnection
from pathlib import Path

import pytest

from aoj_survey.accounts import add_account
from aoj_survey.app import create_app
from aoj_survey.cli.init import make_instance
from aoj_survey.cli.serve import processes, wait_for_web, web_command
from aoj_survey.config import load_settings
from aoj_survey.db import db
from tests.conftest import FixedClock
from tests.releases.bundles import NAME, make_opened, release, write_bundle
from tests.smtp_server import find_free_port

LARGE = b"".join(sha256(number.to_bytes(4)).digest() for number in range(400_000))
"""Almost 13 MB in which no part looks like another."""
PART = 5_000_000


@pytest.fixture
def token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The code of an analyst of an instance with a large released file."""
    monkeypatch.setattr("aoj_survey.app.read_clock", FixedClock())
    make_instance(tmp_path / "instance", {"web_port": find_free_port()})
    settings = load_settings(tmp_path / "instance")
    place = write_bundle(settings.bundles, more={"data/responses.parquet": LARGE})
    with create_app(settings).app_context():
        release(make_opened(), place)
        with db.write() as connection:
            _, code = add_account(connection, "Verzonnen Analist", ["download"])
        db.engine.dispose()
    return code


def test_a_large_file_comes_in_parts_from_the_real_server(tmp_path: Path, token: str) -> None:
    instance = tmp_path / "instance"
    settings = load_settings(instance)
    place = f"/api/v1/releases/{NAME}/files/data/responses.parquet"
    headers = {"Authorization": f"Bearer {token}"}
    with processes([web_command(settings)], instance) as running:
        wait_for_web(settings, running)
        connection = HTTPConnection(settings.web_host, settings.web_port, timeout=30)
        parts: list[bytes] = []
        for start in range(0, len(LARGE), PART):
            connection.request(
                "GET", place, headers={**headers, "Range": f"bytes={start}-{start + PART - 1}"}
            )
            answer = connection.getresponse()
            assert answer.status == 206
            parts.append(answer.read())
        assert b"".join(parts) == LARGE
        connection.request("GET", place, headers=headers)
        whole = connection.getresponse()
        assert whole.getheader("Content-Length") == str(len(LARGE))
        assert whole.read() == LARGE
        connection.request("HEAD", place, headers=headers)
        head = connection.getresponse()
        assert (head.read(), head.getheader("Content-Length")) == (b"", str(len(LARGE)))
        connection.request("GET", place, headers={**headers, "If-None-Match": str(whole.getheader("ETag"))})
        again = connection.getresponse()
        assert (again.status, again.read()) == (304, b"")
        connection.request("GET", place, headers={**headers, "Range": f"bytes={len(LARGE)}-"})
        beyond = connection.getresponse()
        assert (beyond.status, beyond.getheader("Content-Range")) == (416, f"bytes */{len(LARGE)}")
        connection.close()
