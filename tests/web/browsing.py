"""A browser of somebody: it keeps cookies, finds the form token of the page it looks at, and follows nothing."""

import html
import re
from collections.abc import Callable
from contextvars import Context
from typing import Any, TypeVar

from flask import Flask
from werkzeug.test import TestResponse

from tests.staging import Person

R = TypeVar("R")
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
LOCATION = re.compile(r"/v/[a-z2-7]{16}/")

SEND_ALL: tuple[tuple[str, dict[str, Any]], ...] = (
    ("overleg", {"overleg": "ja"}),
    ("jaren", {"jaren": "10"}),
    ("kennen", {"taken": "ja", "afspraken": "nee"}),
    ("sturing", {"sturing": ["visie", "inkoop"]}),
    ("visie_hoe", {"visie_hoe": "samen om tafel"}),
    ("cijfer", {"cijfer": "5"}),
    ("beter", {"beter": "meer tijd"}),
)
"""Every page of the questionnaire `widths` on the longest path, with answers."""


def apart(call: Callable[..., R], *args: Any, **kwargs: Any) -> R:
    """Call outside the application context of the test, as a server does: `g` is new for each request."""
    return Context().run(call, *args, **kwargs)


class Browser:
    """One person's browser, or with the code of an account a program of theirs."""

    def __init__(self, app: Flask, language: str = "nl", token: str = "") -> None:
        self.client = app.test_client()
        if token:
            self.client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
        self.language = language
        self.token = ""
        self.base = ""

    def get(self, address: str) -> TestResponse:
        """Open an address; one without a slash in front lies under the opened personal link."""
        headers = {"Accept-Language": self.language}
        return self._keep(apart(self.client.get, self._at(address), headers=headers, buffered=True))

    def head(self, address: str) -> TestResponse:
        """Ask for the headers only, as scanners do."""
        return apart(self.client.head, self._at(address), buffered=True)

    def post(self, address: str, /, **data: Any) -> TestResponse:
        """Send a form with the token of the last page that had one."""
        sent = {"csrf_token": self.token, **data}
        headers = {"Accept-Language": self.language}
        return self._keep(
            apart(self.client.post, self._at(address), data=sent, headers=headers, buffered=True)
        )

    def open(self, person: Person) -> TestResponse:
        """Open a personal link and the page it leads to."""
        opened = self.get(f"/l/{person.token}")
        found = LOCATION.fullmatch(opened.headers.get("Location", ""))
        if not found:
            return opened
        self.base = found[0]
        return self.get("")

    def begin(self, person: Person) -> TestResponse:
        """Open a personal link and press Start."""
        self.open(person)
        return self.post("start")

    def answer(self, page: str, **data: Any) -> TestResponse:
        """Fill in a page."""
        return self.post(f"p/{page}", **data)

    def answer_all(self) -> None:
        """Fill in every page of `widths`."""
        for page, data in SEND_ALL:
            response = self.answer(page, **data)
            assert response.status_code == 303, (page, response.text)

    def place(self, response: TestResponse) -> str:
        """Where a redirect leads, below the personal link."""
        assert response.status_code == 303, response.text
        return response.headers["Location"].removeprefix(self.base)

    def _at(self, address: str) -> str:
        return address if address.startswith("/") else self.base + address

    def _keep(self, response: TestResponse) -> TestResponse:
        found = TOKEN.search(response.text) if response.mimetype == "text/html" else None
        if found:
            self.token = html.unescape(found[1])
        return response


def log_in(app: Flask, password: str, language: str = "nl") -> Browser:
    """A browser of a coordinator."""
    browser = Browser(app, language)
    browser.get("/coordinator/login")
    response = browser.post("/coordinator/login", password=password)
    assert response.status_code == 303, response.text
    return browser
