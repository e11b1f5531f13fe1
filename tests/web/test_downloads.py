"""Downloads: what was released, with its privacy report beside it; nothing before, nothing else."""

import re
from pathlib import Path
from types import ModuleType
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import insert

from aoj_survey.accounts import RIGHTS, add_account
from aoj_survey.db import db
from aoj_survey.installation import Installation
from aoj_survey.releases import ReleaseFacts, read_bundle, record_release, withdraw_release
from aoj_survey.responses import Opening
from aoj_survey.waves import ParticipationFacts
from aoj_survey.web import coordinator, downloads, files, rights
from aoj_survey.web.downloads import say_size
from tests.factories import MOMENT, make_open_answer, make_open_item, make_response
from tests.releases.bundles import NAME, make_opened, release, write_bundle
from tests.web.browsing import Browser, log_in
from tests.web.conftest import PASSWORD

PAGE = "/coordinator/2026/rijnmeer/downloads"
CSV = f"{PAGE}/{NAME}/data/responses.csv"


@pytest.fixture
def folder(installation: Installation) -> Path:
    return installation.settings.bundles


@pytest.fixture
def released(app: Flask, folder: Path) -> ReleaseFacts:
    return release(make_opened(), write_bundle(folder))


def browser_token(app: Flask) -> str:
    with db.write() as connection:
        return add_account(connection, "Verzonnen Programma", ["download"])[1]


def log_in_as(app: Flask, right: str) -> Browser:
    with db.write() as connection:
        token = add_account(connection, f"Verzonnen {right}", [right])[1]
    return log_in(app, token)


def test_each_file_has_words_a_size_and_an_address_that_works(
    app: Flask, released: ReleaseFacts, folder: Path
) -> None:
    browser = log_in_as(app, "download")
    assert browser.get("/coordinator/").headers["Location"] == PAGE
    page = browser.get(PAGE).text
    assert "Antwoorden (CSV)" in page
    assert "12 rijen, 1 rij per persoon. Zonder mailadres, organisatie en datum." in page
    for file in released.files:
        assert f'href="{PAGE}/{NAME}/{file.path}"' in page
        assert file.sha256 in page
        answer = browser.get(f"{PAGE}/{NAME}/{file.path}")
        assert answer.data == (folder / NAME / file.path).read_bytes()
    assert re.search(r"data/responses\.sav</code>: geen pyreadstat", page)
    assert "Open antwoorden zitten niet in deze bestanden" in page


def test_what_is_of_no_participation_has_a_page_that_others_lead_to(
    app: Flask, released: ReleaseFacts, folder: Path
) -> None:
    small = make_opened("duinstreek")
    for name in ("aoj_rijnmeer_2020_v1", "aoj_joint_2026_v1"):
        place = write_bundle(folder, name, more={"reports/printed.json": b"{}"} if "2020" in name else {})
        with db.write() as connection:
            if "joint" in name:
                connection.execute(
                    insert(Opening).values(
                        participation_id=small.id, opened_at=MOMENT, responses=12, joint=True
                    )
                )
                for _ in range(12):
                    make_response(connection, uuid4(), participation_id=None, wave_code="2026")
            record_release(connection, None, read_bundle(place), MOMENT)
    browser = log_in_as(app, "download")
    page = browser.get(PAGE).text
    for wave, region, title in (
        ("2020", "rijnmeer", "Eerdere meting: rijnmeer, 2020"),
        ("2026", "joint", "Kleine bussen van 2026 samen"),
    ):
        where = f"/coordinator/{wave}/{region}/downloads"
        assert f'href="{where}"' in page
        own = browser.get(where).text
        assert title in own
        found = re.findall(rf'href="({where}/[^"]+)"', own)
        assert len(found) > 5
        assert {browser.get(place).status_code for place in found} == {200}
    assert browser.get("/coordinator/2019/rijnmeer/downloads").status_code == 404
    assert log_in_as(app, "approve").get("/coordinator/2026/joint/downloads").status_code == 403
    index = Browser(app, token=browser_token(app)).get("/api/v1/releases").get_json()["releases"]
    assert {one["origin"] for one in index} == {"box", "joint", "imported"}


def test_the_privacy_report_stands_beside_the_files(app: Flask, released: ReleaseFacts) -> None:
    browser = log_in(app, PASSWORD)
    page = browser.get(PAGE).text
    assert "Niemand staat alleen" in page
    assert "Elke groep in de bestanden heeft minstens 5 mensen." in page
    assert "<dt>Kleinste groep</dt><dd>6 mensen</dd>" in page
    assert "<dt>Samengevoegde functies</dt><dd>1</dd>" in page
    assert "<dt>Kolommen met verborgen cellen</dt><dd>2</dd>" in page
    report = browser.get(f"{PAGE}/{NAME}/reports/privacy.html")
    assert report.headers["Content-Disposition"].startswith("inline")
    assert report.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert browser.get(CSV).headers["Content-Disposition"].startswith("attachment")


def test_what_was_changed_stands_beside_the_files(app: Flask, released: ReleaseFacts) -> None:
    page = log_in(app, PASSWORD).get(PAGE).text
    assert "Wat hebben we aangepast?" in page
    assert "Kleine groepen zijn samengevoegd, zodat elke groep minstens 5 mensen heeft:" in page
    assert "cijfer: intern begeleiders" in page


def add_answers(facts: ParticipationFacts, number: int, outcome: str = "") -> None:
    with db.write() as connection:
        make_open_item(connection, facts.id, kept=number)
        for _ in range(number):
            make_open_answer(connection, facts.id, text="zeldzaamwoord", outcome=outcome)


def test_open_answers_wait_for_two_people_before_they_are_a_file(app: Flask, folder: Path) -> None:
    facts = make_opened()
    release(facts, write_bundle(folder))
    add_answers(facts, 12)
    page = log_in(app, PASSWORD).get(PAGE).text
    assert "Twee mensen bekijken eerst elk antwoord. 12 van de 12 antwoorden wachten nog." in page
    assert "zeldzaamwoord" not in page
    assert f'href="{PAGE.replace("downloads", "answers")}"' not in page
    with db.write() as connection:
        token = add_account(connection, "Verzonnen Lezer", ["download", "review"])[1]
    assert "Controleer open antwoorden" in log_in(app, token).get(PAGE).text


@pytest.mark.parametrize(("number", "outcome"), [(3, ""), (3, "release")])
def test_few_open_answers_are_not_counted_here(sqlite_app: Flask, number: int, outcome: str) -> None:
    installation: Installation = sqlite_app.extensions["aoj"]
    facts = make_opened()
    release(facts, write_bundle(installation.settings.bundles))
    add_answers(facts, number, outcome)
    page = log_in(sqlite_app, PASSWORD).get(PAGE).text
    assert "van de 3" not in page
    assert ("Twee mensen bekijken eerst elk antwoord." in page) == (not outcome)
    assert ("Twee mensen hebben ze allemaal bekeken." in page) == bool(outcome)


def test_released_open_answers_are_a_file_like_the_others(sqlite_app: Flask) -> None:
    installation: Installation = sqlite_app.extensions["aoj"]
    told = {"released": 8, "redacted": 2, "dropped": 3, "waiting": 0, "unkept": 0}
    words = {"data/open_answers.csv": b"wave,region,item,level,text\r\n"}
    facts = make_opened()
    release(facts, write_bundle(installation.settings.bundles, more=words, open_text=told))
    add_answers(facts, 12)
    browser = log_in(sqlite_app, PASSWORD)
    page = browser.get(PAGE).text
    assert "Open antwoorden (CSV)" in page
    assert "8 helemaal vrijgegeven" in page
    assert "Open antwoorden zitten niet" not in page
    assert "Twee mensen bekijken eerst" not in page
    assert browser.get(f"{PAGE}/{NAME}/data/open_answers.csv").data == words["data/open_answers.csv"]


def see_nothing_unreleased(app: Flask, folder: Path) -> None:
    """Look with everybody at a bundle that was written and not released, and at one that was withdrawn."""
    write_bundle(folder, "aoj_rijnmeer_2026_v2")
    with db.write() as connection:
        withdraw_release(connection, NAME, MOMENT)
    browsers = [Browser(app), log_in(app, PASSWORD), *(log_in_as(app, right) for right in RIGHTS)]
    for browser in browsers:
        assert "aoj_rijnmeer_2026" not in browser.get(PAGE).text, "a name is shown"
        for name in (NAME, "aoj_rijnmeer_2026_v2"):
            answer = browser.get(f"{PAGE}/{name}/data/responses.csv")
            assert answer.status_code in {303, 403, 404, 410}, "a file is shown"


def test_nobody_sees_what_is_not_released(app: Flask, released: ReleaseFacts, folder: Path) -> None:
    see_nothing_unreleased(app, folder)


def test_twin_a_page_that_lists_what_was_withdrawn_is_noticed(
    app: Flask, released: ReleaseFacts, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "list_releases", lambda *_anything: (released,))
    with pytest.raises(AssertionError, match="a name is shown"):
        see_nothing_unreleased(app, folder)


def test_files_of_another_region_lie_elsewhere(app: Flask, released: ReleaseFacts) -> None:
    make_opened("heuvelland")
    browser = log_in(app, PASSWORD)
    assert browser.get(CSV.replace("rijnmeer/", "heuvelland/")).status_code == 404
    assert browser.get(CSV).status_code == 200


def see_own_region_only(app: Flask) -> None:
    """Look at two regions with an account for one of them, and with one for public figures."""
    make_opened("heuvelland")
    with db.write() as connection:
        there = add_account(connection, "Verzonnen Heuvel", ["download"], ["heuvelland"])[1]
        public = add_account(connection, "Verzonnen Iedereen", ["download"], [], ["openbaar"])[1]
    browser = log_in(app, there)
    # The only region that this account has opens at once.
    assert browser.get("/coordinator/").headers["Location"] == PAGE.replace("rijnmeer", "heuvelland")
    for place in (PAGE, CSV):
        assert browser.get(place).status_code == 403, "another region is shown"
    assert browser.get(PAGE.replace("rijnmeer", "heuvelland")).status_code == 200
    browser = log_in(app, public)
    assert NAME not in browser.get(PAGE).text, "data under agreement are shown"
    assert browser.get(CSV).status_code == 404, "data under agreement are handed out"


def test_an_account_may_be_limited_to_regions_and_to_readers(app: Flask, released: ReleaseFacts) -> None:
    see_own_region_only(app)


@pytest.mark.parametrize(
    ("module", "name", "told"),
    [
        (rights, "sees_region", "another region"),
        (rights, "may_read", "are shown"),
        (files, "may_read", "handed out"),
    ],
)
def test_twin_a_page_that_asks_for_the_right_only_shows_more(
    app: Flask,
    released: ReleaseFacts,
    monkeypatch: pytest.MonkeyPatch,
    module: ModuleType,
    name: str,
    told: str,
) -> None:
    monkeypatch.setattr(module, name, lambda *_anything: True)
    # The list of regions is another door, which asks by the same name.
    if name == "sees_region":
        monkeypatch.setattr(coordinator, "visitor_sees", lambda region: region == "heuvelland")
    with pytest.raises(AssertionError, match=told):
        see_own_region_only(app)


def test_before_there_are_files_the_page_says_why(app: Flask) -> None:
    make_opened()
    assert "nog geen bestanden vrijgegeven" in log_in(app, PASSWORD).get(PAGE).text


def test_sizes_are_said_in_words(sqlite_app: Flask) -> None:
    with sqlite_app.test_request_context():
        assert [say_size(size) for size in (1, 999, 12_300, 3_440_000)] == [
            "1 byte",
            "999 bytes",
            "12 kB",
            "3,4 MB",
        ]
