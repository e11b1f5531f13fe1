"""Overlays in the database: only what compiles is kept, and it counts for what starts after it."""

from pathlib import Path

import pytest
from flask import Flask

from aoj_survey.db import db
from aoj_survey.errors import NotFoundError, PluginError, QuestionnaireError
from aoj_survey.fieldwork import start_participation
from aoj_survey.hooks import RegionHooks, load_hooks
from aoj_survey.keys import KeyDirectory
from aoj_survey.questionnaire import Instrument, OverlayText
from aoj_survey.regions import (
    add_region,
    compile_of_region,
    list_overlays,
    read_overlays,
    remove_overlay,
    save_overlay,
)
from aoj_survey.waves import ParticipationFacts, read_instrument, role_digests
from tests.conftest import FixedClock
from tests.hooks.modules import ask_region, load
from tests.staging import QUESTIONNAIRES, make_plan, plan_wave

WIDTHS = QUESTIONNAIRES / "widths" / "1.yaml"
TEXT = """
format: 1
overlay: widths
edition: "1"
region: rijnmeer
add:
  - before_item: cijfer
    items:
      - {code: rijnmeer_tijd, kind: number, min: 0, max: 40, text: {nl: Hoeveel?, en: How many?}}
"""
ADDS = f"""
@hookimpl
def aoj_overlays():
    place = Path(__file__).with_name("own.yaml")
    place.write_text('''{TEXT}''')
    return [place]
"""


@pytest.fixture
def hooks(app: Flask) -> RegionHooks:
    with db.write() as connection:
        add_region(connection, "rijnmeer", "Rijnmeer")
        add_region(connection, "westereiland", "Westereiland")
    return load_hooks().of_region("rijnmeer", ())


def save(hooks: RegionHooks, text: str = TEXT) -> str:
    with db.write() as connection:
        return save_overlay(connection, hooks, QUESTIONNAIRES, OverlayText(text, "own.yaml"))


def codes(hooks: RegionHooks) -> list[str]:
    with db.read() as connection:
        return [item.code for item in compile_of_region(connection, hooks, WIDTHS).items()]


def kept(region: str = "rijnmeer") -> tuple[str, ...]:
    with db.read() as connection:
        return list_overlays(connection, region)


def test_what_is_kept_is_asked_in_its_region_and_edition_only(hooks: RegionHooks) -> None:
    assert save(hooks) == "widths@1"
    with db.read() as connection:
        assert [overlay.text for overlay in read_overlays(connection, "rijnmeer", "widths", "1")] == [TEXT]
        assert read_overlays(connection, "rijnmeer", "widths", "2") == ()
        assert read_overlays(connection, "rijnmeer", "demo", "1") == ()
    assert "rijnmeer_tijd" in codes(hooks)
    assert "rijnmeer_tijd" not in codes(load_hooks().of_region("westereiland", ()))
    assert (kept(), kept("westereiland")) == (("widths@1",), ())


def test_twin_without_the_overlay_the_question_is_not_asked(hooks: RegionHooks) -> None:
    assert "rijnmeer_tijd" not in codes(hooks)


def test_a_second_one_takes_the_place_of_the_first_and_can_be_removed(hooks: RegionHooks) -> None:
    save(hooks)
    save(hooks, TEXT.replace("rijnmeer_tijd", "rijnmeer_geld"))
    assert {"rijnmeer_tijd", "rijnmeer_geld"}.intersection(codes(hooks)) == {"rijnmeer_geld"}
    with db.write() as connection:
        assert remove_overlay(connection, "rijnmeer", "widths", "1")
        assert not remove_overlay(connection, "rijnmeer", "widths", "1")
    assert "rijnmeer_geld" not in codes(hooks)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("rijnmeer_tijd", "tijd"), "overlay-prefix"),
        (("rijnmeer_tijd", "cijfer"), "overlay-shared"),
        (("region: rijnmeer", "region: almere"), "overlay-region"),
        (("before_item: cijfer", "before_item: niets"), "overlay-place"),
        (("How many?", "How\0many?"), "control-character"),
        (("format: 1", "format: 1\n- x"), "yaml"),
    ],
)
def test_what_does_not_compile_is_not_kept(hooks: RegionHooks, change: tuple[str, str], code: str) -> None:
    with pytest.raises(QuestionnaireError) as caught:
        save(hooks, TEXT.replace(*change))
    assert code in [problem.code for problem in caught.value.problems]
    assert {problem.file for problem in caught.value.problems} == {"own.yaml"}
    assert kept() == ()


def test_a_refused_one_leaves_the_one_before_it(hooks: RegionHooks) -> None:
    save(hooks)
    with pytest.raises(QuestionnaireError):
        save(hooks, TEXT.replace("rijnmeer_tijd", "tijd"))
    assert "rijnmeer_tijd" in codes(hooks)


@pytest.mark.parametrize("name", ["nergens", "../questionnaires/widths", "", "/etc"])
def test_only_a_questionnaire_that_is_there_can_be_named(hooks: RegionHooks, name: str) -> None:
    with pytest.raises(NotFoundError, match=r"no such questionnaire.* There are: .*widths@1"):
        save(hooks, TEXT.replace("overlay: widths", f"overlay: {name}"))


def test_a_region_nobody_knows_keeps_nothing(hooks: RegionHooks) -> None:
    with pytest.raises(NotFoundError, match="no region nergens"):
        save(load_hooks().of_region("nergens", ()), TEXT.replace("rijnmeer", "nergens"))


def test_it_must_go_together_with_what_modules_add(hooks: RegionHooks, tmp_path: Path) -> None:
    both = ask_region(tmp_path, ADDS)
    with pytest.raises(QuestionnaireError, match="duplicate-code"):
        save(both)
    save(both, TEXT.replace("rijnmeer_tijd", "rijnmeer_geld"))
    assert {"rijnmeer_tijd", "rijnmeer_geld"} <= set(codes(both))


def test_a_module_that_is_missing_stops_keeping_too(hooks: RegionHooks, tmp_path: Path) -> None:
    with pytest.raises(PluginError, match="is not among the `modules`"):
        save(load(tmp_path).of_region("rijnmeer", ["gone"]))


# What is started


@pytest.fixture
def planned(hooks: RegionHooks, keys: KeyDirectory, clock: FixedClock) -> ParticipationFacts:
    with db.write() as connection:
        return plan_wave(connection, keys, make_plan(clock(), {"ib": 12}), {"ib": 12})


def start(facts: ParticipationFacts, clock: FixedClock) -> None:
    with db.write() as connection:
        start_participation(connection, facts, QUESTIONNAIRES, clock())


def read_started(facts: ParticipationFacts) -> Instrument:
    with db.read() as connection:
        return read_instrument(connection, role_digests(connection, facts.id)["ib"])


def test_a_start_takes_along_what_was_kept_and_later_changes_leave_it_alone(
    hooks: RegionHooks, planned: ParticipationFacts, clock: FixedClock
) -> None:
    save(hooks)
    start(planned, clock)
    before = read_started(planned)
    assert "rijnmeer_tijd" in [item.code for item in before.items()]
    save(hooks, TEXT.replace("rijnmeer_tijd", "rijnmeer_geld"))
    assert read_started(planned) == before
    with db.write() as connection:
        remove_overlay(connection, "rijnmeer", "widths", "1")
    assert read_started(planned) == before


def test_twin_what_is_kept_after_the_start_is_not_asked(
    hooks: RegionHooks, planned: ParticipationFacts, clock: FixedClock
) -> None:
    start(planned, clock)
    save(hooks)
    assert "rijnmeer_tijd" not in [item.code for item in read_started(planned).items()]
