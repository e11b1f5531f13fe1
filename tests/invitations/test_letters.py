"""A region's own words in its mails, and what a module that fails does to mails: those of its region wait."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from aoj_survey.db import db
from aoj_survey.fieldwork import start_participation
from aoj_survey.hooks import Hooks
from aoj_survey.installation import Installation
from aoj_survey.invitations import SendReport, send_due
from aoj_survey.keys import KeyDirectory
from aoj_survey.regions import disable_module, enable_module
from tests.conftest import FixedClock
from tests.hooks.modules import load
from tests.smtp_server import Mailbox
from tests.staging import QUESTIONNAIRES, make_plan, plan_wave, start_wave

WORDS = """
COUNT = []

@hookimpl
def aoj_message_text(kind, language, region):
    COUNT.append(kind)
    return MessageText(f"Eigen {kind}", "Voor onze <eigen> wijken.", "Wij van Rijnmeer")
"""


@pytest.fixture
def send(installation: Installation) -> Callable[[Hooks], SendReport]:
    def run(hooks: Hooks) -> SendReport:
        return send_due(installation.now, installation.keys, installation.settings, hooks=hooks)

    return run


def enable(region: str) -> None:
    with db.write() as connection:
        enable_module(connection, region, "own")


def read(mail: Any, kind: str) -> str:
    return " ".join(mail.get_body((kind,)).get_content().split())


def test_mails_say_it_in_the_words_of_the_region(
    app: Flask,
    keys: KeyDirectory,
    clock: FixedClock,
    mailbox: Mailbox,
    tmp_path: Path,
    send: Callable[[Hooks], SendReport],
) -> None:
    start_wave(keys, clock(), {"ib": 2})
    enable("rijnmeer")
    hooks = load(tmp_path, own=WORDS)
    assert send(hooks).sent == 2
    mail = mailbox.taken[0]
    assert mail["Subject"] == "Eigen invitation"
    assert "Voor onze <eigen> wijken." in read(mail, "plain")
    assert "Voor onze &lt;eigen&gt; wijken." in read(mail, "html")
    assert "Zou u" not in read(mail, "plain").partition("Het")[0]
    for kind in ("plain", "html"):
        assert "Wij van Rijnmeer" in read(mail, kind)
        assert "projectteam" not in read(mail, kind)
        assert "/l/" in read(mail, kind)
    clock.pass_time(days=8)
    assert send(hooks).sent == 2
    reminder = mailbox.taken[-1]
    assert reminder["Subject"] == "Eigen first_reminder"
    assert "Voor onze <eigen> wijken." in read(reminder, "plain")


OVERLAY = """
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
roles: {ib: {nl: kwaliteitscoach, en: quality coach}}
mail: {nl: In het najaar bespreken we de uitkomsten., en: We discuss the results in autumn.}
'''
"""


def test_mails_say_what_the_overlay_of_the_region_adds(
    app: Flask,
    keys: KeyDirectory,
    clock: FixedClock,
    mailbox: Mailbox,
    tmp_path: Path,
    send: Callable[[Hooks], SendReport],
) -> None:
    hooks = load(tmp_path, own=OVERLAY)
    with db.write() as connection:
        facts = plan_wave(connection, keys, make_plan(clock(), {"ib": 2}), {"ib": 2})
        enable_module(connection, "rijnmeer", "own")
        start_participation(connection, facts, QUESTIONNAIRES, clock(), hooks)
    send(hooks)
    clock.pass_time(days=8)
    send(hooks)
    assert len(mailbox.taken) == 4
    for mail in mailbox.taken:
        for kind in ("plain", "html"):
            assert "In het najaar bespreken we de uitkomsten." in read(mail, kind)
            assert "kwaliteitscoach" in read(mail, kind)
            assert "intern begeleider" not in read(mail, kind)


def test_a_module_is_asked_once_a_round_for_each_text(
    app: Flask,
    keys: KeyDirectory,
    clock: FixedClock,
    mailbox: Mailbox,
    tmp_path: Path,
    send: Callable[[Hooks], SendReport],
) -> None:
    start_wave(keys, clock(), {"ib": 5})
    enable("rijnmeer")
    hooks = load(tmp_path, own=WORDS)
    send(hooks)
    assert hooks.plugins.get_plugin("own").__dict__["COUNT"] == ["invitation"]


@pytest.mark.parametrize(
    "source", ["raise RuntimeError", "@hookimpl\ndef aoj_message_text():\n    return 1 / 0"]
)
def test_mails_of_a_region_whose_module_fails_wait_and_others_go(
    source: str,
    app: Flask,
    keys: KeyDirectory,
    clock: FixedClock,
    mailbox: Mailbox,
    tmp_path: Path,
    send: Callable[[Hooks], SendReport],
) -> None:
    start_wave(keys, clock(), {"ib": 3})
    start_wave(keys, clock(), {"ib": 4}, region="westereiland")
    enable("rijnmeer")
    hooks = load(tmp_path, own=source)
    report = send(hooks)
    assert (report.sent, report.failed) == (4, 0)
    assert "The region module own" in report.trouble
    assert {receiver.partition("@")[2].partition("-")[0] for receiver in mailbox.receivers()} == {
        "westereiland"
    }
    with db.write() as connection:
        disable_module(connection, "rijnmeer", "own")
    clock.pass_time(minutes=2)
    assert send(hooks) == SendReport(sent=3, refused=0, failed=0, uncertain=0, trouble="")
