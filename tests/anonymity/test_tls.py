"""One journey over HTTPS behind a proxy (17): cookies are Secure, forms are accepted, no address leaves https."""

import socket
import ssl
import threading
from collections.abc import Generator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import trustme
from flask import Flask
from flask_wtf.csrf import CSRFProtect

from aoj_survey.demo import Browser, BrowserError, answer_questionnaire
from aoj_survey.keys import KeyDirectory
from tests.conftest import FixedClock
from tests.serving import serve
from tests.staging import ANSWERS, Person, list_people, start_wave

HOST = "localhost"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


PORT = free_port()


@pytest.fixture
def settings_values() -> dict[str, Any]:
    return {"public_url": f"https://{HOST}:{PORT}", "trusted_proxies": 1}


class Proxy(BaseHTTPRequestHandler):
    """Passes requests on, the way a reverse proxy does."""

    protocol_version = "HTTP/1.1"
    behind = 0

    def pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
        headers |= {
            "Host": f"127.0.0.1:{self.behind}",
            "X-Forwarded-For": self.client_address[0],
            "X-Forwarded-Proto": "https",
            "X-Forwarded-Host": self.headers["Host"],
        }
        connection = HTTPConnection("127.0.0.1", self.behind, timeout=20)
        connection.request(self.command, self.path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in {"content-length", "connection", "transfer-encoding"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = pass_on  # noqa: N815 — the standard library's names

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 — the standard library's name
        """Log nothing."""


@contextmanager
def proxy_tls(behind: int) -> Generator[ssl.SSLContext]:
    """A proxy with a certificate of its own in front of a port; yields what a browser trusts."""
    authority = trustme.CA()
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(HOST).configure_cert(server_side)
    browser_side = ssl.create_default_context()
    authority.configure_trust(browser_side)
    handler = type("ProxyHere", (Proxy,), {"behind": behind})
    server = ThreadingHTTPServer(("127.0.0.1", PORT), handler)
    server.socket = server_side.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield browser_side
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def person(sqlite_app: Flask, clock: FixedClock) -> Person:
    keys: KeyDirectory = sqlite_app.extensions["aoj"].keys
    return list_people(keys, start_wave(keys, clock(), {"ib": 12}))[0]


def travel(app: Flask, person: Person) -> Browser:
    """Answer a questionnaire over HTTPS and check what a browser would see of it."""
    with serve(app) as behind, proxy_tls(behind) as trusted:
        browser = Browser(f"https://{HOST}:{PORT}", trusted)
        try:
            last = answer_questionnaire(browser, f"https://{HOST}:{PORT}/l/{person.token}", ANSWERS)
        finally:
            browser.close()
    assert last.url.startswith(f"https://{HOST}:{PORT}/v/")
    assert last.headers["Strict-Transport-Security"].startswith("max-age=")
    assert all("secure" in flags for flags in browser.cookie_flags.values()), browser.cookie_flags
    assert {name for name, _ in browser.cookie_flags} == {"__Secure-aoj", "__Host-session"}
    return browser


def test_a_journey_over_https_behind_a_proxy(sqlite_app: Flask, person: Person) -> None:
    travel(sqlite_app, person)


def test_twin_insecure_cookies_are_seen(sqlite_app: Flask, person: Person) -> None:
    sqlite_app.config["SESSION_COOKIE_SECURE"] = False
    with pytest.raises(AssertionError):
        travel(sqlite_app, person)


def test_twin_with_the_form_library_as_it_comes_every_post_is_refused(
    sqlite_app: Flask, person: Person
) -> None:
    """Our no-referrer policy would close the door on everybody; the setting that prevents it is needed."""
    assert isinstance(sqlite_app.extensions["csrf"], CSRFProtect)
    sqlite_app.config["WTF_CSRF_SSL_STRICT"] = True
    with pytest.raises(BrowserError, match="answered 400"):
        travel(sqlite_app, person)
