"""A small HTTP client that fills in forms the way a browser without JavaScript does."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from http.cookies import SimpleCookie
from ssl import SSLContext
from urllib.parse import urlencode, urljoin, urlsplit

from aoj_survey.errors import AojError

MAX_REDIRECTS = 5


class BrowserError(AojError):
    """A page that was not what it should have been."""


@dataclass(slots=True)
class Form:
    """A form in the main part of a page: where it goes and what its controls hold."""

    action: str = ""
    fixed: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    offered: dict[str, list[str]] = field(default_factory=dict[str, list[str]])


@dataclass(slots=True)
class PageSeen:
    """A page as the client got it."""

    status: int
    url: str
    html: str
    forms: list[Form]
    headers: Mapping[str, str]


class _FormParser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._main = False
        self._form: Form | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "main":
            self._main = True
        elif tag == "form" and self._main and values.get("method", "").lower() == "post":
            self._form = Form(values.get("action", ""))
            self.forms.append(self._form)
        elif self._form is not None and tag in {"input", "textarea"} and "name" in values:
            self._control(self._form, values)

    def _control(self, form: Form, values: dict[str, str]) -> None:
        if values.get("type") == "hidden":
            form.fixed.append((values["name"], values.get("value", "")))
        else:
            form.offered.setdefault(values["name"], []).append(values.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "main":
            self._main = False


class Browser:
    """One browser: keeps cookies by path, follows redirects, sends forms."""

    def __init__(self, base: str, tls: SSLContext | None = None, timeout: float = 30) -> None:
        address = urlsplit(base)
        host = address.hostname or ""
        self.base = base
        self._connection = (
            HTTPSConnection(host, address.port, timeout=timeout, context=tls)
            if tls
            else HTTPConnection(host, address.port, timeout=timeout)
        )
        self._cookies: dict[tuple[str, str], str] = {}
        self.cookie_flags: dict[tuple[str, str], frozenset[str]] = {}

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def get(self, url: str) -> PageSeen:
        """Fetch a page and follow redirects."""
        return self._follow("GET", url, None)

    def send(self, page: PageSeen, form: Form, values: list[tuple[str, str]]) -> PageSeen:
        """Send a form of a page with these values beside its hidden fields; follow redirects."""
        return self._follow("POST", urljoin(page.url, form.action), urlencode([*form.fixed, *values]))

    def _follow(self, method: str, url: str, body: str | None) -> PageSeen:
        for _ in range(MAX_REDIRECTS):
            response, html = self._request(method, url, body)
            if response.status not in {301, 302, 303}:
                parser = _FormParser()
                parser.feed(html)
                return PageSeen(response.status, url, html, parser.forms, dict(response.headers))
            method, url, body = "GET", urljoin(url, response.headers["Location"]), None
        raise BrowserError(f"Too many redirects, last to {urlsplit(url).path}.")

    def _request(self, method: str, url: str, body: str | None) -> tuple[HTTPResponse, str]:
        path = urlsplit(urljoin(self.base, url)).path or "/"
        headers = {"Cookie": self._cookie_header(path), "Accept-Language": "nl"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        query = urlsplit(url).query
        self._connection.request(method, f"{path}?{query}" if query else path, body, headers)
        response = self._connection.getresponse()
        html = response.read().decode()
        for line in response.headers.get_all("Set-Cookie") or []:
            self._keep(line)
        return response, html

    def _keep(self, line: str) -> None:
        for name, morsel in SimpleCookie(line).items():
            place = (name, morsel["path"] or "/")
            self._cookies[place] = morsel.value
            self.cookie_flags[place] = frozenset(flag for flag in ("secure", "httponly") if morsel[flag])

    def _cookie_header(self, path: str) -> str:
        return "; ".join(
            f"{name}={value}" for (name, scope), value in self._cookies.items() if path.startswith(scope)
        )
