"""Region modules at the respondent's pages: their rules, their questions, and no answer lost when they fail."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete

from aoj_survey.db import db
from aoj_survey.fieldwork import start_participation
from aoj_survey.installation import Installation
from aoj_survey.invitations import find_invitation
from aoj_survey.keys import KeyDirectory
from aoj_survey.regions import RegionModule, enable_module
from aoj_survey.responses import read_draft
from aoj_survey.waves import ParticipationFacts, read_instrument, read_participation, role_digests
from tests.hooks.modules import write_module
from tests.staging import QUESTIONNAIRES, Person, list_people, make_plan, plan_wave
from tests.web.browsing import Browser

OWN = """
@hookimpl
def aoj_overlays(questionnaire, edition):
    return find_overlays(__file__, questionnaire, edition)

@hookimpl
def aoj_item_kinds():
    from wtforms import IntegerField
    from wtforms.validators import NumberRange, Optional
    yield ItemKind(
        name="stars", keys=frozenset(), needs=frozenset(), type="number", seconds=5,
        accepts=lambda item, value: type(value) is int and 1 <= value <= 5, largest=lambda item: 1,
        columns=lambda item: (ColumnPlan(item.code, "number"),), cells=lambda item, value: (value,),
        field=FormField(
            build=lambda item, language: IntegerField(
                say(item.text, language), validators=[Optional(), NumberRange(1, 5, "Geef 1 tot en met 5.")]
            ),
            read=lambda item, data: data,
            fill=lambda value: value,
        ),
    )

@hookimpl
def aoj_check_answer(item, value, language, region):
    if value == 13:
        raise RuntimeError(f"secret {value}")
    if value == 12:
        return f"Twaalf mag niet in {region} ({language})."
"""
OVERLAY = """
format: 1
overlay: widths
edition: "1"
region: rijnmeer
roles: {ib: {nl: kwaliteitscoach, en: quality coach}}
add:
  - after_item: jaren
    items:
      - {code: rijnmeer_sterren, kind: stars, text: {nl: Hoeveel sterren?, en: How many stars?}}
"""


@pytest.fixture
def settings_values(tmp_path: Path) -> dict[str, Any]:
    folder = write_module(tmp_path / "plugins", "own", OWN)
    (folder / "overlays").mkdir()
    (folder / "overlays" / "widths@1.yaml").write_text(OVERLAY, encoding="utf-8")
    return {"plugin_directory": str(tmp_path / "plugins"), "modules": "own"}


def start(installation: Installation, region: str, modules: tuple[str, ...]) -> ParticipationFacts:
    keys, now = installation.keys, installation.now()
    plan = make_plan(now, {"ib": 12, "zoco": 12}, region=region)
    with db.write() as connection:
        facts = plan_wave(connection, keys, plan, {"ib": 12, "zoco": 12})
        for module in modules:
            enable_module(connection, region, module)
        start_participation(connection, facts, QUESTIONNAIRES, now, installation.hooks)
        return read_participation(connection, facts.id)


@pytest.fixture
def facts(app: Flask, installation: Installation) -> ParticipationFacts:
    return start(installation, "rijnmeer", ("own",))


def begin(app: Flask, person: Person) -> Browser:
    browser = Browser(app)
    browser.begin(person)
    browser.answer("overleg", overleg="ja")
    return browser


def read_answers(person: Person, facts: ParticipationFacts) -> dict[str, Any]:
    with db.read() as connection:
        draft = read_draft(connection, person.token, facts.id)
    return dict(draft.answers) if draft else {}


def test_a_rule_of_the_region_is_told_at_the_question(
    app: Flask, people: list[Person], facts: ParticipationFacts
) -> None:
    browser = begin(app, people[0])
    response = browser.answer("jaren", jaren="12")
    assert response.status_code == 422
    assert response.text.count("Twaalf mag niet in rijnmeer (nl).") == 2
    assert 'href="#jaren"' in response.text
    assert "jaren" not in read_answers(people[0], facts)
    assert browser.place(browser.answer("jaren", jaren="11")) == "p/rijnmeer_sterren"


def test_people_are_called_as_the_region_calls_them(
    app: Flask, people: list[Person], facts: ParticipationFacts
) -> None:
    assert "kwaliteitscoach" in Browser(app).open(people[0]).text


def test_going_on_later_keeps_what_is_right(
    app: Flask, people: list[Person], facts: ParticipationFacts
) -> None:
    browser = begin(app, people[0])
    assert browser.place(browser.answer("jaren", jaren="12", step_="later")) == "saved"
    assert read_answers(people[0], facts) == {"overleg": "ja"}


def test_when_a_module_fails_the_answer_is_kept_first(
    app: Flask, people: list[Person], facts: ParticipationFacts, caplog: pytest.LogCaptureFixture
) -> None:
    browser = begin(app, people[0])
    response = browser.answer("jaren", jaren="13")
    assert response.status_code == 500
    assert "ook die op deze pagina" in response.text
    assert read_answers(people[0], facts) == {"overleg": "ja", "jaren": 13}
    assert "region module own failed in aoj_check_answer: RuntimeError" in caplog.text
    assert "secret" not in caplog.text
    browser.open(people[0])
    assert browser.place(browser.post("start")) == "p/rijnmeer_sterren?resumed=1"


def test_without_keeping_first_the_answer_would_be_lost(
    app: Flask, people: list[Person], facts: ParticipationFacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aoj_survey.web.respondent.keep_draft", lambda *_: None)
    begin(app, people[0]).answer("jaren", jaren="13")
    assert read_answers(people[0], facts) == {}


def test_a_module_that_was_disabled_has_no_say_any_more(
    app: Flask, people: list[Person], facts: ParticipationFacts
) -> None:
    with db.write() as connection:
        connection.execute(delete(RegionModule))
    browser = begin(app, people[0])
    assert browser.place(browser.answer("jaren", jaren="13")) == "p/rijnmeer_sterren"


def test_a_module_that_is_not_there_any_more_does_not_stop_a_respondent(
    app: Flask, people: list[Person], facts: ParticipationFacts, installation: Installation
) -> None:
    modules = installation.hooks.modules
    assert isinstance(modules, dict)
    modules.pop("own")
    browser = begin(app, people[0])
    assert browser.place(browser.answer("jaren", jaren="13")) == "p/rijnmeer_sterren"


def test_a_module_is_not_asked_about_answers_of_another_region(
    app: Flask, facts: ParticipationFacts, installation: Installation, keys: KeyDirectory
) -> None:
    other = list_people(keys, start(installation, "westereiland", ()))[0]
    browser = begin(app, other)
    assert browser.place(browser.answer("jaren", jaren="13")) == "p/kennen"


def test_a_module_enabled_after_the_start_has_no_say_in_what_was_started(
    app: Flask, facts: ParticipationFacts, installation: Installation, keys: KeyDirectory
) -> None:
    other = list_people(keys, start(installation, "westereiland", ()))[0]
    with db.write() as connection:
        enable_module(connection, "westereiland", "own")
    browser = begin(app, other)
    assert browser.place(browser.answer("jaren", jaren="13")) == "p/kennen"


def test_a_question_of_a_kind_of_a_module_is_shown_checked_kept_and_sent(
    app: Flask, people: list[Person], facts: ParticipationFacts
) -> None:
    browser = begin(app, people[0])
    browser.answer("jaren", jaren="10")
    page = browser.get("p/rijnmeer_sterren").text
    assert 'name="rijnmeer_sterren"' in page
    assert "Hoeveel sterren?" in page
    refused = browser.answer("rijnmeer_sterren", rijnmeer_sterren="6")
    assert refused.status_code == 422
    assert refused.text.count("Geef 1 tot en met 5.") == 2
    assert 'aria-invalid="true"' in refused.text
    browser.answer("rijnmeer_sterren", rijnmeer_sterren="4")
    assert read_answers(people[0], facts)["rijnmeer_sterren"] == 4
    assert 'value="4"' in browser.get("p/rijnmeer_sterren").text
    for name, data in (
        ("kennen", {"taken": "ja", "afspraken": "nee"}),
        ("sturing", {"sturing": ["inkoop"]}),
        ("cijfer", {"cijfer": "8"}),
    ):
        browser.answer(name, **data)
    assert "Hoeveel sterren?" in browser.get("check").text
    assert browser.place(browser.post("send")) == "thanks"
    with db.read() as connection:
        invitation = find_invitation(connection, people[0].token)
    assert invitation is not None
    assert invitation.status == "done"


def test_the_module_is_kept_with_the_questionnaire(app: Flask, facts: ParticipationFacts) -> None:
    with db.read() as connection:
        digest = role_digests(connection, facts.id)["ib"]
        assert read_instrument(connection, digest).modules == ("own 1.0",)
