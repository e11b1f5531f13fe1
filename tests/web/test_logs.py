"""Nothing of a session in any log (8), over real HTTP, with its twin; and what is logged of a fault."""

import logging
import threading
from collections.abc import Iterator, Sequence
from http.client import HTTPConnection
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.serving import BaseWSGIServer, make_server

from aoj_survey.accounts import add_account
from aoj_survey.db import db
from aoj_survey.installation import Installation
from aoj_survey.web import silence_access_logs
from tests.releases.bundles import NAME, make_opened, release, write_bundle
from tests.staging import Person
from tests.web.browsing import Browser

MARKER = "zeldzaamwoord"


@pytest.fixture
def server(app: Flask) -> Iterator[BaseWSGIServer]:
    """The application behind a real server on loopback."""
    made = make_server("127.0.0.1", 0, app, threaded=False)
    thread = threading.Thread(target=made.serve_forever)
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


def leave_no_trace(
    server: BaseWSGIServer, browser: Browser, person: Person, caplog: pytest.LogCaptureFixture
) -> None:
    """A session by link over HTTP, a whole one in the browser, and a failing page; nothing may be logged."""
    for place in (f"/l/{person.token}", f"/o/{person.token}", "/v/aaaaaaaaaaaaaaaa/p/overleg"):
        connection = HTTPConnection("127.0.0.1", server.server_port)
        connection.request("GET", place)
        connection.getresponse().read()
        connection.close()
    browser.begin(person)
    browser.answer_all()
    browser.answer("visie_hoe", visie_hoe=MARKER)
    browser.get("/no-such-page")
    logged = "\n".join([*caplog.messages, caplog.text])
    for secret in (person.token, "127.0.0.1", MARKER, "/v/"):
        assert secret not in logged, "it was logged"


def test_a_session_leaves_no_token_answer_or_address_in_any_log(
    server: BaseWSGIServer, browser: Browser, people: Sequence[Person], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    leave_no_trace(server, browser, people[0], caplog)


def test_twin_a_server_that_logs_requests_is_noticed(
    server: BaseWSGIServer, browser: Browser, people: Sequence[Person], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    logging.getLogger("werkzeug").setLevel(logging.INFO)
    try:
        with pytest.raises(AssertionError, match="it was logged"):
            leave_no_trace(server, browser, people[0], caplog)
    finally:
        silence_access_logs()


def fail_while_saving(
    browser: Browser, person: Person, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A fault whose message holds what was typed; the page is friendly and the log says only where."""

    def fail(*_: object) -> None:
        message = f"cannot keep {MARKER} of {person.token}"
        raise ValueError(message)

    browser.begin(person)
    monkeypatch.setattr("aoj_survey.web.respondent.keep_draft", fail)
    response = browser.answer("overleg", overleg="ja")
    assert response.status_code == 500
    assert "Er is een storing" in response.text
    assert "respondent.save_page failed: ValueError" in caplog.text
    assert "in save_page" in caplog.text
    for secret in (MARKER, person.token):
        assert secret not in caplog.text
        assert secret not in response.text


def test_a_fault_is_logged_by_its_place_only(
    browser: Browser,
    people: Sequence[Person],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    fail_while_saving(browser, people[0], monkeypatch, caplog)


def test_twin_a_log_with_the_message_of_a_fault_is_noticed(
    browser: Browser,
    people: Sequence[Person],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(
        "aoj_survey.web.errors.describe_fault", lambda error: f"ValueError: {error} in save_page"
    )
    with pytest.raises(AssertionError, match=MARKER):
        fail_while_saving(browser, people[0], monkeypatch, caplog)


def pull_with_a_token(
    server: BaseWSGIServer, folder: Path, token: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A released file, whole and after it changed on the disk; with a right token, and by mistake in the address."""
    place = f"/api/v1/releases/{NAME}/files/data/responses.csv"
    path = folder / NAME / "data/responses.csv"
    for address, status in ((place, 200), (f"{place}?token={token}", 200), (place, 500)):
        if status == 500:
            path.write_bytes(path.read_bytes() + b"changed")
        connection = HTTPConnection("127.0.0.1", server.server_port)
        connection.request("GET", address, headers={"Authorization": f"Bearer {token}"})
        response = connection.getresponse()
        response.read()
        connection.close()
        assert response.status == status
    assert "data/responses.csv" in caplog.text, "the fault itself is told"
    assert token not in caplog.text, "the token was logged"


@pytest.fixture
def analyst(app: Flask, installation: Installation) -> str:
    """The token of an analyst, for whom a bundle was released."""
    release(make_opened(), write_bundle(installation.settings.bundles))
    with db.write() as connection:
        return add_account(connection, "Verzonnen Analist", ["download"])[1]


def test_no_token_of_an_analyst_is_logged(
    server: BaseWSGIServer, installation: Installation, analyst: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    pull_with_a_token(server, installation.settings.bundles, analyst, caplog)


def test_twin_a_log_of_requests_would_hold_a_token_in_the_address(
    server: BaseWSGIServer, installation: Installation, analyst: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    logging.getLogger("werkzeug").setLevel(logging.INFO)
    try:
        with pytest.raises(AssertionError, match="the token was logged"):
            pull_with_a_token(server, installation.settings.bundles, analyst, caplog)
    finally:
        silence_access_logs()
