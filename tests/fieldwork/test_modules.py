"""Starting a participation with the modules of its region; a module that fails stops the start."""

from pathlib import Path

import pytest
from flask import Flask

from aoj_survey.db import db
from aoj_survey.errors import AojError, PluginError, QuestionnaireError
from aoj_survey.fieldwork import start_participation
from aoj_survey.hooks import Hooks
from aoj_survey.keys import KeyDirectory
from aoj_survey.questionnaire import Instrument
from aoj_survey.regions import enable_module
from aoj_survey.waves import ParticipationFacts, read_instrument, read_participation, role_digests
from tests.conftest import FixedClock
from tests.hooks.modules import load
from tests.staging import QUESTIONNAIRES, make_plan, plan_wave

OWN = """
@hookimpl
def aoj_overlays():
    place = Path(__file__).with_name("own.yaml")
    place.write_text(OVERLAY)
    return [place]

OVERLAY = '''
format: 1
overlay: widths
edition: "1"
region: rijnmeer
add:
  - before_item: cijfer
    items:
      - {code: rijnmeer_tijd, kind: number, min: 0, max: 9999, text: {nl: Hoeveel?, en: How many?}}
'''
"""


@pytest.fixture
def planned(app: Flask, keys: KeyDirectory, clock: FixedClock) -> ParticipationFacts:
    with db.write() as connection:
        facts = plan_wave(connection, keys, make_plan(clock(), {"ib": 12}), {"ib": 12})
        enable_module(connection, "rijnmeer", "own")
    return facts


def start(facts: ParticipationFacts, clock: FixedClock, hooks: Hooks | None) -> ParticipationFacts:
    with db.write() as connection:
        start_participation(connection, facts, QUESTIONNAIRES, clock(), hooks)
    with db.read() as connection:
        return read_participation(connection, facts.id)


def read_stored(facts: ParticipationFacts) -> Instrument:
    with db.read() as connection:
        return read_instrument(connection, role_digests(connection, facts.id)["ib"])


def test_a_start_freezes_the_questions_of_the_region_with_name_and_version_of_its_module(
    planned: ParticipationFacts, clock: FixedClock, tmp_path: Path
) -> None:
    started = start(planned, clock, load(tmp_path, own=OWN))
    instrument = read_stored(started)
    assert "rijnmeer_tijd" in [item.code for item in instrument.items()]
    assert instrument.modules == ("own 1.0",)


def test_a_module_that_is_not_enabled_here_has_no_say(
    planned: ParticipationFacts, clock: FixedClock, tmp_path: Path
) -> None:
    other = (
        OWN.replace("rijnmeer_tijd", "rijnmeer_geld")
        + "\n@hookimpl\ndef aoj_check_questionnaire():\n    return 1 / 0\n"
    )
    instrument = read_stored(start(planned, clock, load(tmp_path, own=OWN, other=other)))
    assert "rijnmeer_geld" not in [item.code for item in instrument.items()]
    assert instrument.modules == ("own 1.0",)


def test_a_ballot_has_room_for_the_questions_of_the_region(
    planned: ParticipationFacts, clock: FixedClock, tmp_path: Path, app: Flask, keys: KeyDirectory
) -> None:
    with db.write() as connection:
        plain = plan_wave(connection, keys, make_plan(clock(), {"ib": 12}, region="westereiland"), {"ib": 12})
    bare = start(plain, clock, None).ballot_size
    big = OWN.replace("kind: number, min: 0, max: 9999", "kind: open, max_length: 2000")
    own = start(planned, clock, load(tmp_path, own=big)).ballot_size
    assert bare is not None
    assert own is not None
    # Sizes are rounded up to steps of 256 bytes.
    assert own + 256 > bare + 4 * 2000


@pytest.mark.parametrize(
    ("source", "error", "words"),
    [
        ("raise RuntimeError", PluginError, "own is enabled for rijnmeer but it cannot be imported"),
        ("@hookimpl\ndef aoj_overlays():\n    return 1 / 0", PluginError, "own failed in aoj_overlays"),
        (
            "@hookimpl\ndef aoj_check_questionnaire():\n    return 1 / 0",
            PluginError,
            "own failed in aoj_check_questionnaire",
        ),
        (
            "@hookimpl\ndef aoj_message_text():\n    return 1 / 0",
            PluginError,
            "own failed in aoj_message_text",
        ),
        (OWN.replace("rijnmeer_tijd", "tijd"), QuestionnaireError, "overlay-prefix"),
    ],
)
def test_a_module_that_fails_is_named_and_nothing_is_started(
    source: str,
    error: type[AojError],
    words: str,
    planned: ParticipationFacts,
    clock: FixedClock,
    tmp_path: Path,
) -> None:
    with pytest.raises(error, match=words):
        start(planned, clock, load(tmp_path, own=source))
    with db.read() as connection:
        assert read_participation(connection, planned.id).status == "planned"
        assert role_digests(connection, planned.id) == {}


def test_without_its_module_the_region_is_not_started_either(
    planned: ParticipationFacts, clock: FixedClock
) -> None:
    with pytest.raises(PluginError, match="is not among the `modules` of the settings"):
        start(planned, clock, None)
