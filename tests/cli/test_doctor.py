"""`aoj doctor`: every check in words and JSON, an exit for scripts, and details for who runs the machine only."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from aoj_survey.config import SETTINGS_FILE
from tests.conftest import FixedClock
from tests.dns_server import serve_names
from tests.smtp_server import SmtpServer

from .conftest import Aoj

HOME = "rijnmeer.nl"
RECORDS = {
    (HOME, "TXT"): ["v=spf1 ip4:127.0.0.1 -all"],
    ("s1._domainkey.rijnmeer.nl", "TXT"): ["v=DKIM1; p=AAAA"],
    ("_dmarc.rijnmeer.nl", "TXT"): ["v=DMARC1; p=reject"],
}


@pytest.fixture
def post() -> Iterator[SmtpServer]:
    server = SmtpServer()
    server.start()
    yield server
    server.stop()


def write_settings(instance: Path, **values: str | int) -> None:
    """Add settings to those of the instance."""
    with (instance / SETTINGS_FILE).open("a", encoding="utf-8") as file:
        file.writelines(f"{name} = {json.dumps(value)}\n" for name, value in values.items())


def test_all_that_is_found_is_printed_and_a_fault_ends_with_1(
    aoj: Aoj, instance: Path, post: SmtpServer
) -> None:
    write_settings(instance, smtp_port=post.port)
    result = aoj("doctor")
    assert result.exit_code == 1
    assert "ok      smtp: The mail server answers" in result.output
    assert "fault   sender: The sender aoj.example is an example" in result.output
    assert "advice  keys: The keys lie in the instance folder" in result.output
    assert "fault   worker: The worker never ran" in result.output
    assert post.mailbox.taken == []


def test_programs_get_the_same_as_json(aoj: Aoj, instance: Path, post: SmtpServer) -> None:
    write_settings(instance, smtp_port=post.port)
    found = json.loads(aoj("doctor", "--json").output)
    assert [one["check"] for one in found][:2] == ["smtp", "sender"]
    words = hide_numbers(aoj("doctor").output)
    lines = [f"{one['level']:6}  {one['check']}: {one['text']}\n" for one in found]
    assert all(hide_numbers(line) in words for line in lines)


def hide_numbers(text: str) -> str:
    """Room on the disk is another number a moment later."""
    return re.sub(r"\d+", "0", text)


def test_a_missing_key_is_named_here(aoj: Aoj, instance: Path, post: SmtpServer) -> None:
    write_settings(instance, smtp_port=post.port)
    (instance / "keys" / "optout.key").unlink()
    assert f"(The key {instance}/keys/optout.key is missing." in aoj("doctor").output


def test_where_all_is_right_it_ends_with_0(
    aoj: Aoj, instance: Path, post: SmtpServer, clock: FixedClock, tmp_path: Path
) -> None:
    marker = tmp_path / "backup"
    marker.touch()
    with serve_names(RECORDS) as (place, _asked):
        write_settings(
            instance,
            smtp_port=post.port,
            mail_sender=f"monitor@{HOME}",
            dkim_selector="s1",
            dns_server=place,
            backup_marker=str(marker),
        )
        # The worker gives a sign of life; links to this machine only stay a fault.
        assert aoj("worker", "--once").exit_code == 0
        found = json.loads(aoj("doctor", "--json").output)
        faults = [one["check"] for one in found if one["level"] == "fault"]
        assert faults == ["address"]
        settings = instance / SETTINGS_FILE
        words = settings.read_text(encoding="utf-8").splitlines()
        kept = [line for line in words if not line.startswith("public_url")]
        settings.write_text("\n".join([*kept, 'public_url = "https://monitor.rijnmeer.nl"', ""]))
        result = aoj("doctor")
    assert result.exit_code == 0, result.output


def test_a_database_that_is_not_there_is_told_in_a_line(aoj: Aoj, instance: Path) -> None:
    (instance / "aoj.sqlite3").unlink()
    result = aoj("doctor")
    assert result.exit_code == 1
    assert "The database does not do what was asked" in result.output
