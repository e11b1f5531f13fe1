"""Kinds of a module that are answered in own words: taken apart at the opening as the engine's own, or refused."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from aoj_survey.datasets import read_dataset
from aoj_survey.db import db
from aoj_survey.errors import QuestionnaireError
from aoj_survey.fieldwork import start_participation
from aoj_survey.hooks import compile_for_region, load_hooks
from aoj_survey.installation import Installation
from aoj_survey.invitations import find_invitation
from aoj_survey.open_answers import OpenAnswer, load_marks, texts
from aoj_survey.questionnaire import Instrument
from aoj_survey.regions import enable_module
from aoj_survey.responses import Response, submit
from aoj_survey.waves import ParticipationFacts, read_participation
from tests.conftest import FixedClock
from tests.hooks.modules import write_module
from tests.responses.boxes import close_and_open, read_rows
from tests.staging import QUESTIONNAIRES, list_people, make_plan, plan_wave
from tests.web.browsing import Browser

STORY = """
@hookimpl
def aoj_overlays(questionnaire, edition):
    return find_overlays(__file__, questionnaire, edition)

@hookimpl
def aoj_item_kinds():
    from wtforms import StringField
    yield ItemKind(
        name="story", keys=frozenset(), needs=frozenset(), type="{type}", seconds=60, max_length={most},
        accepts=lambda item, value: isinstance(value, str) and len(value.split()) > 1, largest=lambda item: 400,
        columns=lambda item: {columns}, cells=lambda item, value: (),
        field=FormField(
            build=lambda item, language: StringField(say(item.text, language)),
            read=lambda item, data: data or None, fill=str,
        ),
    )
"""
OVERLAY = """
format: 1
overlay: widths
edition: "1"
region: rijnmeer
add:
  - after_item: jaren
    items:
      - {code: rijnmeer_verhaal, kind: story, text: {nl: Vertel het zelf., en: Tell it yourself.}}
      - {code: rijnmeer_dank, kind: number, min: 0, max: 9, ask_if: has(rijnmeer_verhaal), text: {nl: Hoe vaak?, en: How often?}}
"""
MARKER = "zeldzaamwoord"


def write_story(folder: Path, kind: str = "open", most: str = "100", columns: str = "()") -> None:
    place = write_module(folder, "own", STORY.format(type=kind, most=most, columns=columns))
    (place / "overlays").mkdir()
    (place / "overlays" / "widths@1.yaml").write_text(OVERLAY, encoding="utf-8")


@pytest.fixture
def settings_values(tmp_path: Path) -> dict[str, Any]:
    write_story(tmp_path / "plugins")
    return {"plugin_directory": str(tmp_path / "plugins"), "modules": "own"}


@pytest.fixture
def installation(sqlite_app: Flask) -> Installation:
    found: Installation = sqlite_app.extensions["aoj"]
    return found


@pytest.fixture
def facts(installation: Installation) -> ParticipationFacts:
    now = installation.now()
    with db.write() as connection:
        plan = make_plan(now, {"ib": 12}, region="rijnmeer")
        found = plan_wave(connection, installation.keys, plan, {"ib": 12})
        enable_module(connection, "rijnmeer", "own")
        start_participation(connection, found, QUESTIONNAIRES, now, installation.hooks)
        return read_participation(connection, found.id)


def tell_stories(installation: Installation, facts: ParticipationFacts, clock: FixedClock) -> None:
    """Twelve people tell one, and the box opens."""
    for number, person in enumerate(list_people(installation.keys, facts)):
        told = {"rijnmeer_verhaal": f"{MARKER} bij school {number}", "rijnmeer_dank": 3}
        answers = {"overleg": "ja", "jaren": 4, "taken": "ja", "afspraken": "ja", "sturing": ("inkoop",)}
        with db.write() as connection:
            found = find_invitation(connection, person.token, for_update=True)
            assert found is not None
            given = {**answers, **told, "cijfer": 8}
            kinds = installation.hooks.kinds
            assert submit(connection, person.token, found, given, clock(), kinds) == "sent"
    close_and_open(installation.keys, facts, clock())


def check_no_response_holds_one() -> None:
    for row in read_rows(Response):
        assert MARKER not in row["content"], "a response holds own words"


def test_own_words_of_a_module_are_taken_apart_too(
    installation: Installation, facts: ParticipationFacts, clock: FixedClock
) -> None:
    tell_stories(installation, facts, clock)
    check_no_response_holds_one()
    rows = read_rows(OpenAnswer)
    assert {(row["item"], row["level"]) for row in rows} == {("rijnmeer_verhaal", "ib")}
    assert len(rows) == 12
    assert all(
        [mark.kind for mark in load_marks(row["marks"])] == ["organisation"]
        for row in rows
        if not row["text"].endswith(" 0")
    )
    assert {json.loads(row["content"])["answers"]["rijnmeer_verhaal"] for row in read_rows(Response)} == {"…"}
    with db.read() as connection:
        dataset = read_dataset(connection, read_participation(connection, facts.id), installation.hooks)
    names = [column.name for column in dataset.columns]
    assert "rijnmeer_verhaal" not in names
    assert {row[names.index("rijnmeer_dank")] for row in dataset.rows} == {3}


def test_twin_an_opening_that_knows_the_engines_own_kind_only_is_noticed(
    installation: Installation,
    facts: ParticipationFacts,
    clock: FixedClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    find = texts.find_open_items

    def forget(*given: Any) -> texts.OpenItems:
        found = find(*given)
        own = {code: item for code, item in found.items.items() if item.kind == "open"}
        return texts.OpenItems(own, found.looked_at, found.told, found.known)

    monkeypatch.setattr("aoj_survey.responses.opening.find_open_items", forget)
    tell_stories(installation, facts, clock)
    with pytest.raises(AssertionError, match="holds own words"):
        check_no_response_holds_one()


def test_a_page_asks_for_no_names_there_and_shows_what_was_typed(
    sqlite_app: Flask, installation: Installation, facts: ParticipationFacts
) -> None:
    browser = Browser(sqlite_app)
    browser.begin(list_people(installation.keys, facts)[0])
    browser.answer("overleg", overleg="ja")
    browser.answer("jaren", jaren="4")
    assert "Schrijf geen namen op" in browser.get("p/rijnmeer_verhaal").text
    assert browser.place(browser.answer("rijnmeer_verhaal", rijnmeer_verhaal="")) != "p/rijnmeer_verhaal"
    browser.answer("rijnmeer_verhaal", rijnmeer_verhaal="wij samen")
    for name, data in (
        ("rijnmeer_dank", {"rijnmeer_dank": "3"}),
        ("kennen", {"taken": "ja", "afspraken": "nee"}),
        ("sturing", {"sturing": ["inkoop"]}),
        ("cijfer", {"cijfer": "8"}),
    ):
        browser.answer(name, **data)
    assert ' dir="auto"' in browser.get("check").text


def compile_with(folder: Path, **said: str) -> Instrument:
    write_story(folder, **said)
    hooks = load_hooks(folder, ["own"]).of_region("rijnmeer", ["own"])
    return compile_for_region(QUESTIONNAIRES / "widths" / "1.yaml", hooks)


def test_a_kind_that_says_so_makes_items_in_own_words(tmp_path: Path) -> None:
    items = {item.code: item for item in compile_with(tmp_path).items()}
    assert {code for code, item in items.items() if item.is_text} >= {"rijnmeer_verhaal", "beter"}
    assert not items["jaren"].is_text


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"kind": "code", "most": "None"}, "text-not-said"),
        ({"kind": "code"}, "text-not-said"),
        ({"most": "None"}, "text-with-columns"),
        ({"columns": '(ColumnPlan(item.code, "number"),)'}, "text-with-columns"),
    ],
)
def test_a_kind_that_takes_own_words_and_hides_it_does_not_compile(
    tmp_path: Path, said: dict[str, str], code: str
) -> None:
    with pytest.raises(QuestionnaireError) as refused:
        compile_with(tmp_path, **said)
    assert [problem.code for problem in refused.value.problems] == [code]


def test_twin_without_the_check_it_compiles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aoj_survey.questionnaire.items.check_own_words", lambda *_: None)
    items = {item.code: item for item in compile_with(tmp_path, kind="code", most="None").items()}
    assert not items["rijnmeer_verhaal"].is_text
