"""What a newcomer meets: the demonstration starts, prints three addresses, ends cleanly and goes on later."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from aoj_survey.demo import Browser, answer_questionnaire
from tests.staging import ANSWERS

ADDRESSES = re.compile(r"personal link +(\S+)[\s\S]*page +(\S+) +password: (\S+)[\s\S]*mailbox +(\S+)")


@contextmanager
def demonstration(instance: Path) -> Generator[tuple[subprocess.Popen[str], re.Match[str]]]:
    """Start the demonstration as `make run` does; yields its process and what it printed."""
    command = [sys.executable, "-m", "aoj_survey.cli", "--instance", str(instance), "demo", "serve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as process:
        assert process.stdout is not None
        printed = ""
        try:
            while (found := ADDRESSES.search(printed)) is None:
                line = process.stdout.readline()
                assert line, printed
                printed += line
            yield process, found
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)


def fetch(url: str, token: str = "") -> tuple[int, str]:
    address = urlsplit(url)
    connection = HTTPConnection(address.hostname or "", address.port, timeout=20)
    try:
        connection.request("GET", address.path, headers={"Authorization": f"Bearer {token}"} if token else {})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def read_codes(instance: Path) -> dict[str, str]:
    """The codes of the demonstration's accounts, by name, as a command prints them."""
    codes: dict[str, str] = json.loads((instance / "demo-codes.json").read_text())
    assert (instance / "demo-codes.json").stat().st_mode & 0o077 == 0
    return codes


def check_earlier_wave(page: str, codes: dict[str, str]) -> None:
    """Expect that the analyst finds last year's data and open answers, and the privacy officer no data."""
    releases = urlsplit(page)._replace(path="/api/v1/releases").geturl()
    found = json.loads(fetch(releases, codes["Verzonnen Analist"])[1])["releases"]
    assert {(one["kind"], one["wave"], one["region"], one["rows"]) for one in found} == {
        ("bundle", "demo-eerder", "rijnmeer", 91),
        ("tables", "demo-eerder", "rijnmeer", 91),
    }
    assert fetch(releases, codes["Verzonnen Functionaris"])[0] == 403
    with closing(Browser(page)) as browser:
        login = browser.get(page)
        browser.send(login, login.forms[0], [("password", codes["Verzonnen Analist"])])
        desk = browser.get(page + "demo-eerder/rijnmeer/answers")
        assert "Wacht op een voorstel: 38" in desk.html
        assert "{cijfer}" not in desk.html


def children_of(process: subprocess.Popen[str]) -> list[int]:
    found: list[int] = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == process.pid:
            found.append(int(stat.parent.name))
    return found


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo") / "instance"


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="finds processes through /proc")
def test_the_demonstration_runs_ends_cleanly_and_goes_on_with_the_same_data(instance: Path) -> None:
    with demonstration(instance) as (process, found):
        link, page, password, mailbox = found.groups()
        children = children_of(process)
        assert fetch(page)[0] in {200, 303}
        check_earlier_wave(page, read_codes(instance))
        assert "post@" in fetch(mailbox)[1]
        with closing(Browser(link)) as browser:
            assert answer_questionnaire(browser, link, {**ANSWERS, "doelen": "nee"}).url.endswith("/thanks")
        mails = len(list((instance / "mailbox").glob("*.eml")))
    assert process.returncode == 0
    assert len(children) == 2
    assert not any(Path(f"/proc/{child}").exists() for child in children)

    with demonstration(instance) as (process, found):
        again = found.groups()
        assert again[1:] == (page, password, mailbox)
        assert again[0] != link
        with closing(Browser(link)) as browser:
            assert "al ingevuld" in browser.get(link).html
        assert len(list((instance / "mailbox").glob("*.eml"))) == mails
        os.kill(children_of(process)[0], signal.SIGKILL)
        process.wait(60)
    assert process.returncode == 1
