"""Tables of figures on the page: what is released and nothing else; nine answers tell nothing by any door (test 14)."""

import csv
import re
from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from jsonschema import Draft202012Validator

from aoj_survey.accounts import add_account
from aoj_survey.datasets import Column, WaveDataset
from aoj_survey.db import db
from aoj_survey.disclosure import OPENBAAR, AuditedPlan, Plan, ledger
from aoj_survey.installation import Installation
from aoj_survey.releases import ReleaseFacts, withdraw_release
from aoj_survey.results import figures, make_closed_tables, make_tables
from aoj_survey.results.tallies import Tally, tally_column
from aoj_survey.web.api_description import describe_api
from tests.factories import MOMENT
from tests.results.tables import NINE, make_nine, release_tables
from tests.web.browsing import Browser, log_in

NAME = "aoj_rijnmeer_2026_tables_v1"
DOWNLOADS = "/coordinator/2026/rijnmeer/downloads"
PAGE = f"{DOWNLOADS}/{NAME}/figures"
API = f"/api/v1/releases/{NAME}/files"
LABEL = "zorgcoördinatoren"
TOO_FEW = "te weinig antwoorden"


@pytest.fixture
def folder(installation: Installation) -> Path:
    return installation.settings.bundles


@pytest.fixture
def released(app: Flask, folder: Path) -> ReleaseFacts:
    return release_tables(folder)


def add(right: str = "download") -> str:
    with db.write() as connection:
        return add_account(connection, f"Verzonnen {right}", [right])[1]


def read_doors(app: Flask) -> Mapping[str, list[Any]]:
    """What each door says of the mark of nine people."""
    token = add()
    page = log_in(app, token).get(PAGE).text
    table = next(part for part in page.split("<section") if 'id="cijfer"' in part)
    rows = [row for row in table.split("<tr>") if f'<th scope="row">{LABEL}</th>' in row]
    program = Browser(app, token=token)
    told = {
        name: list(csv.DictReader(StringIO(browser.get(f"{place}/data/tables.csv").text)))
        for name, browser, place in (
            ("CSV", log_in(app, token), f"{DOWNLOADS}/{NAME}"),
            ("API", program, API),
        )
    }
    joined = list(csv.DictReader(StringIO(program.get("/api/v1/tables/figures.csv").text)))
    told["joined CSV"] = [row for row in joined if row["release"] == NAME]
    rest = program.get("/api/v1/tables/figures.json").get_json()["rows"]
    described = log_in(app, token).get(f"{DOWNLOADS}/{NAME}/data/tables.json").get_json()
    (marks,) = [one for one in described["tables"] if one["code"] == "cijfer"]
    return {
        "page": re.findall(r'<td class="rate"[^>]*>([^<]*)</td><td[^>]*>([^<]*)', "".join(rows)),
        "chart": re.findall(r'<circle cx="([^"]*)"|<rect width="([^"]*)"', "".join(rows)),
        "alt text": re.findall(r'aria-label="([^"]*)"', "".join(rows)),
        "JSON": [
            (one["text"]["nl"], one["value"], one["n"], one["interval"])
            for one in marks["figures"]
            if one["group"] == NINE
        ],
        "joined JSON": [
            (one["text_nl"], one["value"], one["n"] or one["low"] or one["high"])
            for one in rest
            if (one["table"], one["group"]) == ("cijfer", NINE)
        ],
        **{
            name: [
                (row["text_nl"], row["value"], row["n"] + row["low"] + row["high"])
                for row in lines
                if (row["table"], row["group"]) == ("cijfer", NINE)
            ]
            for name, lines in told.items()
        },
    }


HIDDEN = {
    "page": [(TOO_FEW, "\u2013")],
    "chart": [],
    "alt text": [],
    "JSON": [(TOO_FEW, None, None, None)],
    "joined JSON": [(TOO_FEW, None, None)],
    "joined CSV": [(TOO_FEW, "", "")],
    "CSV": [(TOO_FEW, "", "")],
    "API": [(TOO_FEW, "", "")],
}


def test_nine_answers_are_too_few_by_every_door(app: Flask, released: ReleaseFacts) -> None:
    assert read_doors(app) == HIDDEN


def test_twin_without_the_threshold_every_door_tells_the_mean_of_nine(
    app: Flask, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def show_all(dataset: WaveDataset, column: Column) -> Tally:
        return tally_column(dataset, column, 5)

    def accept(column: Column, planned: Mapping[str, object], *_: object) -> AuditedPlan:
        return AuditedPlan(Plan(column.name, dict.fromkeys(planned, frozenset({"all"}))), OPENBAAR, "")

    monkeypatch.setattr(ledger, "_PROOF", None)
    monkeypatch.setattr(figures, "tally_column", show_all)
    monkeypatch.setattr(figures, "audit_groups", accept)
    release_tables(folder)
    told = read_doors(app)
    assert all(told[door] != HIDDEN[door] for door in HIDDEN), told
    assert told["JSON"][0] == ("8,6", 8.6, 9, None)


def test_the_page_is_a_table_whose_bars_have_words(app: Flask, released: ReleaseFacts) -> None:
    page = log_in(app, add()).get(PAGE).text
    assert "<caption>Sneller?" in page
    assert "Gevraagd aan: intern begeleiders" in page
    assert 'aria-label="professionals, ja: 49 %"><rect width="49%"' in page
    assert "Bij minder dan 10 antwoorden tonen we geen cijfer." in page
    assert '49 % <span class="small">42 tot 56</span>' in page
    assert "style=" not in page


def test_it_speaks_english_too(app: Flask, released: ReleaseFacts) -> None:
    page = log_in(app, add(), "en").get(PAGE).text
    assert 'aria-label="professionals, yes: 49 %"' in page
    assert "too few answers" in page


def test_downloads_lead_to_the_figures_and_their_files(app: Flask, released: ReleaseFacts) -> None:
    browser = log_in(app, add())
    page = browser.get(DOWNLOADS).text
    assert f'href="{PAGE}"' in page
    assert "<dt>Minste antwoorden achter een cijfer</dt><dd>10</dd>" in page
    for file in released.files:
        assert browser.get(f"{DOWNLOADS}/{NAME}/{file.path}").status_code == 200
    report = browser.get(f"{DOWNLOADS}/{NAME}/reports/privacy.html")
    assert report.headers["Content-Disposition"].startswith("inline")


def test_what_was_not_released_or_is_no_table_has_no_page(
    app: Flask, released: ReleaseFacts, folder: Path
) -> None:
    browser = log_in(app, add())
    (folder / NAME).rename(folder / "aoj_rijnmeer_2026_tables_v2")
    assert browser.get(PAGE.replace("_v1", "_v2")).status_code == 404
    assert Browser(app).get(PAGE).status_code == 303
    assert log_in(app, add("approve")).get(PAGE).status_code == 403
    with db.write() as connection:
        withdraw_release(connection, NAME, MOMENT)
    assert browser.get(PAGE).status_code == 410


def test_figures_of_all_releases_are_one_table_of_the_newest(
    app: Flask, released: ReleaseFacts, folder: Path
) -> None:
    made = make_tables(make_nine("vrijdal", "2024"))
    release_tables(folder, made)
    program = Browser(app, token=add())
    answer = program.get("/api/v1/tables/figures.json")
    described = describe_api()
    schema = described["paths"]["/api/v1/tables/figures.json"]["get"]["responses"]["200"]["content"]
    validator = Draft202012Validator(
        schema["application/json"]["schema"] | {"components": described["components"]}
    )
    validator.validate(answer.get_json())
    rows = list(csv.DictReader(StringIO(program.get("/api/v1/tables/figures.csv").text)))
    assert [(row["release"], row["text_nl"]) for row in rows] == [
        (row["release"], row["text_nl"]) for row in answer.get_json()["rows"]
    ]
    assert {row["release"] for row in rows} == {NAME, "aoj_vrijdal_2024_tables_v1"}
    assert program.get("/api/v1/tables/response.json").get_json() == {"rows": []}
    with db.write() as connection:
        withdraw_release(connection, NAME, MOMENT)
    assert NAME not in program.get("/api/v1/tables/figures.csv").text


def test_bands_are_drawn_where_they_lie_and_only_their_readers_see_them(app: Flask, folder: Path) -> None:
    release_tables(folder, make_closed_tables(make_nine()))
    page = log_in(app, add()).get(PAGE).text
    assert "Bij minder dan 5 antwoorden tonen we geen cijfer." in page
    assert "Aandelen in kwarten." in page
    assert 'zorgcoördinatoren, ja: een kwart tot de helft"><rect x="25%" width="25%"' in page
    with db.write() as connection:
        token = add_account(connection, "Verzonnen lezer", ["download"], profiles=["openbaar"])[1]
    assert log_in(app, token).get(PAGE).status_code == 404
    assert Browser(app, token=token).get("/api/v1/tables/figures.json").get_json() == {"rows": []}
