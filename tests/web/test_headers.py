"""Security headers on every route of the route table, in plain and in secure installations."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask import request as flask_request

from aoj_survey.config import make_settings
from aoj_survey.db import db
from aoj_survey.keys import KeyDirectory
from aoj_survey.waves import ParticipationFacts
from tests.conftest import FixedClock, make_app
from tests.staging import Person, list_people, start_wave
from tests.web.browsing import Browser
from tests.web.conftest import PASSWORD_HASH
from tests.web.places import find_values, list_places

POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def test_every_route_sends_them(
    app: Flask, keys: KeyDirectory, facts: ParticipationFacts, people: list[Person]
) -> None:
    browser = Browser(app)
    values = find_values(keys, facts, people[0])
    for place in [*list_places(app, values), "/no-such-page"]:
        headers = browser.get(place).headers
        assert headers["Content-Security-Policy"] == POLICY, place
        assert headers["Referrer-Policy"] == "no-referrer", place
        assert headers["X-Content-Type-Options"] == "nosniff", place
        assert headers["X-Robots-Tag"] == "noindex, nofollow", place
        assert headers["Cache-Control"] == expect_keeping(place), place
        assert "Strict-Transport-Security" not in headers, place


def expect_keeping(place: str) -> str:
    """Programs ask by ETag whether what they have is still right; without a token they get nothing to keep."""
    if place.startswith("/static/"):
        return "no-cache"
    return "private, no-cache" if place == "/api/v1/openapi.json" else "no-store"


def test_every_form_sends_them_too(
    sqlite_app: Flask, keys_and_person: tuple[KeyDirectory, ParticipationFacts, Person]
) -> None:
    browser = Browser(sqlite_app)
    browser.get("/coordinator/login")  # any page with a form token
    places = list_places(sqlite_app, find_values(*keys_and_person), "POST")
    assert any(place.endswith("/keep") for place in places)
    for place in places:
        headers = browser.post(place).headers
        assert headers["Content-Security-Policy"] == POLICY, place
        assert headers["Referrer-Policy"] == "no-referrer", place
        assert headers["Cache-Control"] == "no-store", place


def list_unguarded(app: Flask, places: list[str]) -> list[str]:
    """The places that take a form without its token."""
    return [place for place in places if Browser(app).post(place, csrf_token="").status_code != 400]


def test_every_form_needs_its_token(
    sqlite_app: Flask, keys_and_person: tuple[KeyDirectory, ParticipationFacts, Person]
) -> None:
    places = list_places(sqlite_app, find_values(*keys_and_person), "POST")
    assert list_unguarded(sqlite_app, places) == []


def test_twin_without_the_check_every_form_is_taken(
    sqlite_app: Flask, keys_and_person: tuple[KeyDirectory, ParticipationFacts, Person]
) -> None:
    sqlite_app.config["WTF_CSRF_ENABLED"] = False
    places = list_places(sqlite_app, find_values(*keys_and_person), "POST")
    assert len(list_unguarded(sqlite_app, places)) > 10


def test_an_error_in_a_route_sends_them_too(sqlite_app: Flask) -> None:
    def fail() -> str:
        raise RuntimeError

    sqlite_app.add_url_rule("/fails", view_func=fail)
    response = Browser(sqlite_app).get("/fails")
    assert response.status_code == 500
    assert response.headers["Content-Security-Policy"] == POLICY
    assert response.headers["Cache-Control"] == "no-store"


@pytest.fixture
def keys_and_person(sqlite_app: Flask, clock: FixedClock) -> tuple[KeyDirectory, ParticipationFacts, Person]:
    keys: KeyDirectory = sqlite_app.extensions["aoj"].keys
    facts = start_wave(keys, clock(), {"ib": 12})
    return keys, facts, list_people(keys, facts)[0]


@pytest.fixture
def secure_app(migrated_sqlite: Path, tmp_path: Path, clock: FixedClock) -> Iterator[Flask]:
    """An installation behind one proxy that speaks https."""
    shutil.copy(migrated_sqlite, tmp_path / "aoj.sqlite3")
    values = {
        "public_url": "https://monitor.rijnmeer.example",
        "trusted_proxies": 1,
        "coordinator_password_hash": PASSWORD_HASH,
    }
    app = make_app(make_settings(tmp_path, values), clock)
    with app.app_context():
        yield app
        db.engine.dispose()


def test_a_secure_installation_sends_hsts_and_cookies_for_https_only(
    secure_app: Flask, clock: FixedClock
) -> None:
    keys: KeyDirectory = secure_app.extensions["aoj"].keys
    facts = start_wave(keys, clock(), {"ib": 12})
    person = list_people(keys, facts)[0]
    client = secure_app.test_client()
    opened = client.get(f"/l/{person.token}", headers={"X-Forwarded-Proto": "https"})
    assert opened.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert opened.headers["Set-Cookie"].startswith(f"__Secure-aoj={person.token}.nl; Secure; HttpOnly;")
    login = client.get("/coordinator/login", base_url="https://localhost")
    assert login.headers["Set-Cookie"].startswith("__Host-session=")
    for part in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
        assert part in login.headers["Set-Cookie"].split("; ")


def test_a_secure_installation_sends_hsts_on_every_route(secure_app: Flask, clock: FixedClock) -> None:
    keys: KeyDirectory = secure_app.extensions["aoj"].keys
    facts = start_wave(keys, clock(), {"ib": 12})
    browser, values = Browser(secure_app), find_values(keys, facts, list_people(keys, facts)[0])
    for place in list_places(secure_app, values):
        assert browser.get(place).headers["Strict-Transport-Security"] == "max-age=31536000", place
    for place in list_places(secure_app, values, "POST"):
        assert browser.post(place).headers["Strict-Transport-Security"] == "max-age=31536000", place


@pytest.mark.parametrize(("fixture", "scheme"), [("secure_app", "https"), ("sqlite_app", "http")])
def test_only_a_trusted_proxy_is_believed(fixture: str, scheme: str, request: pytest.FixtureRequest) -> None:
    app: Flask = request.getfixturevalue(fixture)
    app.add_url_rule("/scheme", view_func=lambda: flask_request.scheme)
    assert Browser(app).client.get("/scheme", headers={"X-Forwarded-Proto": "https"}).text == scheme
