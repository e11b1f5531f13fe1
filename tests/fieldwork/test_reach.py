"""A wave does not start with what pages and datasets cannot show or protect yet."""

from pathlib import Path

import pytest
from flask import Flask

from aoj_survey.db import db
from aoj_survey.errors import StateError
from aoj_survey.fieldwork import start_participation
from aoj_survey.keys import KeyDirectory
from aoj_survey.waves import read_participation
from tests.conftest import FixedClock
from tests.staging import make_plan, plan_wave

HEAD = """\
format: 1
questionnaire: ahead
edition: "1"
languages: [nl]
title: Een proef
purpose: Deze vragen proberen het uit.
roles: [ib, zoco]
themes:
  - code: start
    title: Start
    items:
      - {code: jaren, kind: number, min: 0, max: 9, text: Hoeveel jaar?}
"""
AHEAD = {
    "the kind date": "{code: dag, kind: date, earliest: 2026-01-01, latest: 2026-12-31, text: Welke dag?}",
    "a condition on role": '{code: tip, kind: open, text: Een tip?, ask_if: role == "ib"}',
    "a condition with has()": "{code: tip, kind: open, text: Een tip?, ask_if: has(jaren)}",
    "a mark as quasi-identifier": (
        "{code: plek, kind: number, min: 0, max: 9, quasi_identifier: true, text: Welke plek?}"
    ),
    "excludes others": (
        "{code: wat, kind: multiple, text: Wat doet u?, choices: [{code: a, value: 1, text: a},"
        " {code: geen, value: 2, text: geen van deze, exclusive: true}]}"
    ),
}


def start(keys: KeyDirectory, clock: FixedClock, folder: Path, item: str = "") -> str:
    """Start a wave with this item at the end of its questionnaire; return the status afterwards."""
    (folder / "ahead").mkdir()
    extra = f"      - {item}\n" if item else ""
    (folder / "ahead" / "1.yaml").write_text(HEAD + extra, encoding="utf-8")
    plan = make_plan(clock(), {"ib": 12}, questionnaire=("ahead", "1"))
    with db.write() as connection:
        facts = plan_wave(connection, keys, plan, {"ib": 12})
    try:
        with db.write() as connection:
            start_participation(connection, facts, folder, clock())
    finally:
        with db.read() as connection:
            status = read_participation(connection, facts.id).status
        assert status in {"planned", "running"}
    return status


@pytest.mark.parametrize("what", AHEAD)
def test_what_is_out_of_reach_is_named_and_nothing_starts(
    app: Flask, keys: KeyDirectory, clock: FixedClock, tmp_path: Path, what: str
) -> None:
    with pytest.raises(StateError, match=f"cannot be used in a wave yet.*{what}".replace("()", r"\(\)")):
        start(keys, clock, tmp_path, AHEAD[what])


def test_what_is_in_reach_starts(app: Flask, keys: KeyDirectory, clock: FixedClock, tmp_path: Path) -> None:
    assert start(keys, clock, tmp_path) == "running"


def test_twin_without_the_check_a_wave_starts_with_what_cannot_be_protected(
    app: Flask, keys: KeyDirectory, clock: FixedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aoj_survey.fieldwork.start.refuse_out_of_reach", lambda _instrument: None)
    assert start(keys, clock, tmp_path, AHEAD["a condition on role"]) == "running"
