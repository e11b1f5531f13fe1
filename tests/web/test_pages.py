"""Pages for everybody, errors, forms without a token, static files, and what templates may not hold."""

import gzip
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

import aoj_survey.web
from aoj_survey.db import db
from aoj_survey.keys import KeyDirectory
from aoj_survey.waves import ParticipationFacts
from aoj_survey.web.static import DIGEST, digest_files
from tests.conftest import FixedClock
from tests.factories import make_service_note
from tests.staging import Person
from tests.web.browsing import Browser, apart
from tests.web.places import find_values, list_places

TEMPLATES = Path(aoj_survey.web.__file__).parent / "templates"


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("/", "Hoe werken onderwijs en jeugdhulp samen?"),
        ("/privacy", "Wat we niet kunnen uitsluiten"),
        ("/abbreviations", "samenwerkingsverband passend onderwijs"),
    ],
)
def test_pages_for_everybody(sqlite_app: Flask, place: str, words: str) -> None:
    page = Browser(sqlite_app).get(place)
    assert page.status_code == 200
    assert words in page.text


def test_the_privacy_page_makes_the_promise_word_for_word(sqlite_app: Flask) -> None:
    page = " ".join(Browser(sqlite_app).get("/privacy").text.split())
    for sentence in (
        "Uw antwoorden worden op slot bewaard, zonder naam, tijdstip of kenmerk van uw uitnodiging.",
        "Pas na sluiting gaan alle antwoorden samen open, in willekeurige volgorde. Daarna vernietigen we de sleutel.",
        "Wij weten wél óf u heeft meegedaan; uw coördinator ziet dat niet.",
        "Na verzenden kunnen wij uw antwoorden niet meer terugvinden, wijzigen of wissen.",
    ):
        assert sentence in page


# Signs of life


def ask_health(app: Flask) -> tuple[int, str, int | None]:
    response = Browser(app).get("/healthz")
    signs = response.json
    assert signs is not None
    assert (signs["database"], signs["migrations"]) == ("ok", "ok")
    return response.status_code, signs["worker"], signs["worker_seconds"]


def test_health_tells_of_database_and_worker(app: Flask, clock: FixedClock) -> None:
    assert ask_health(app) == (200, "never seen", None)
    with db.write() as connection:
        make_service_note(connection, name="worker", at=clock() - timedelta(seconds=20))
    assert ask_health(app) == (200, "ok", 20)
    clock.pass_time(seconds=160)
    assert ask_health(app) == (200, "ok", 180)
    clock.pass_time(seconds=1)
    assert ask_health(app) == (503, "late", 181)


def test_health_is_503_when_migrations_are_behind(app: Flask) -> None:
    with db.write() as connection:
        newest = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one()
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    response = Browser(app).get("/healthz")
    with db.write() as connection:
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{newest}'")
    assert response.json == {
        "database": "ok",
        "migrations": "behind",
        "worker": "never seen",
        "worker_seconds": None,
    }
    assert response.status_code == 503


def test_health_names_no_region_and_no_number_of_people(app: Flask, facts: ParticipationFacts) -> None:
    text = Browser(app).get("/healthz").text
    assert facts.region not in text
    assert facts.wave not in text


def test_health_is_503_when_the_database_does_not_answer(
    sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise OperationalError("", {}, Exception())

    monkeypatch.setattr(db, "read", fail)
    response = Browser(sqlite_app).get("/healthz")
    assert (response.status_code, response.json) == (503, {"database": "down"})


# Errors and forms


def test_errors_are_pages_in_the_same_frame(sqlite_app: Flask) -> None:
    browser = Browser(sqlite_app)
    browser.get("/coordinator/login")
    for response, status, words in (
        (browser.get("/no-such-page"), 404, "We kennen deze pagina niet"),
        (browser.post("/privacy"), 405, "Dat kan hier niet"),
        (
            browser.post("/coordinator/login", password="x" * 300_000),
            413,
            "Er is te veel tegelijk verstuurd",
        ),
    ):
        assert response.status_code == status
        assert words in response.text
        assert 'class="skip"' in response.text


def test_no_post_works_without_a_form_token_but_the_one_click_opt_out(
    app: Flask, keys: KeyDirectory, facts: ParticipationFacts, people: Sequence[Person]
) -> None:
    browser = Browser(app)
    browser.begin(people[0])
    browser.answer_all()
    browser.token = ""
    handle = browser.base.split("/")[2]
    values = replace(find_values(keys, facts, people[0]), handle=handle)
    posts = [place for place in list_places(app, values, "POST") if not place.startswith("/o/")]
    assert len(posts) == len(list_places(app, values, "POST")) - 1
    assert len(posts) >= 11
    for place in posts:
        refused = browser.post(place, overleg="nee")
        assert refused.status_code == 400, place
        assert "Dit formulier kon niet worden gecontroleerd" in refused.text


def test_a_token_of_another_browser_is_refused(app: Flask, people: Sequence[Person]) -> None:
    one, other = Browser(app), Browser(app)
    one.open(people[0])
    other.open(people[1])
    one.token = other.token
    assert one.post("start").status_code == 400


# Static files


def test_files_under_the_present_digest_are_kept_for_ever(sqlite_app: Flask) -> None:
    browser = Browser(sqlite_app)
    page = browser.get("/").text
    assert f"/static/{DIGEST}/monitor.css" in page
    fresh = browser.get(f"/static/{DIGEST}/fonts/source-sans-3-latin.woff2")
    assert fresh.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert browser.get("/static/0123/monitor.css").headers["Cache-Control"] == "no-cache"
    assert browser.get(f"/static/{DIGEST}/../pages.py").status_code == 404


def test_texts_go_packed_to_who_takes_that_and_plain_to_others(sqlite_app: Flask) -> None:
    client = sqlite_app.test_client()
    address = f"/static/{DIGEST}/monitor.css"
    packed = client.get(address, headers={"Accept-Encoding": "gzip, br"})
    plain = client.get(address, headers={"Accept-Encoding": "identity"}, buffered=True)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < len(plain.data) / 2
    assert packed.content_type == plain.content_type == "text/css; charset=utf-8"
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    again = client.get(address, headers={"Accept-Encoding": "gzip", "If-None-Match": packed.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    font = client.get(
        f"/static/{DIGEST}/fonts/source-sans-3-latin.woff2",
        headers={"Accept-Encoding": "gzip"},
        buffered=True,
    )
    assert "Content-Encoding" not in font.headers


def test_no_page_of_a_person_goes_packed(sqlite_app: Flask) -> None:
    # Packed pages with a form's token and typed text in them tell by their length what they hold.
    answer = sqlite_app.test_client().get("/privacy", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer.headers


def test_the_digest_follows_names_and_contents(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("1")
    first = digest_files(tmp_path)
    (tmp_path / "a").write_text("2")
    second = digest_files(tmp_path)
    (tmp_path / "a").rename(tmp_path / "b")
    assert len({first, second, digest_files(tmp_path)}) == 3


# Templates


def list_faults(text: str) -> list[str]:
    """What our Content-Security-Policy would block, or a page could leak by."""
    found = re.findall(r"\bstyle\s*=|<style|\bon[a-z]+\s*=\s*[\"']|javascript:", text)
    found += re.findall(r"<script(?![^>]*\bsrc=)", text)
    return found + re.findall(r"(?:src|href)=\"(?:https?:)?//", text)


def test_templates_hold_no_inline_style_or_script_and_ask_no_other_host() -> None:
    paths = sorted(TEMPLATES.rglob("*.html"))
    assert len(paths) > 15
    assert {path.name: list_faults(path.read_text(encoding="utf-8")) for path in paths} == {
        path.name: [] for path in paths
    }


@pytest.mark.parametrize(
    "text",
    ['<p style="x">', "<style>", '<a onclick="x()">', "<script>x()</script>", '<img src="//a.example/x">'],
)
def test_twin_each_of_these_is_noticed(text: str) -> None:
    assert list_faults(text)


def test_pages_need_no_other_host(browser: Browser, people: Sequence[Person]) -> None:
    page = browser.open(people[0]).text
    assert re.findall(r'(?:src|href)="(?!/|#|mailto:|tel:)', page) == []
    assert apart(browser.client.get, "/favicon.ico").status_code == 404
