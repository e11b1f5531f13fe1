"""The report shows every attempt, and what was not looked at before anything else."""

from flask import Flask

from aoj_survey.installation import Installation
from aoj_survey.relinking import describe_report, render_report
from tests.conftest import FixedClock

from .test_joint import open_small
from .waves import attack, run_wave


def test_attempts_on_small_boxes_together_stand_on_the_page(sqlite_app: Flask, clock: FixedClock) -> None:
    installation: Installation = sqlite_app.extensions["aoj"]
    open_small(installation, clock)
    report = attack(installation, clock)
    page = render_report(report)
    parts = len({attempt.region for attempt in report.attempts})
    assert page.count("<tr ") == len(report.attempts) + parts
    assert "Kleine stembussen samen" in page


def test_what_was_not_looked_at_is_told_once_and_not_counted_as_passed(
    sqlite_app: Flask, clock: FixedClock
) -> None:
    installation: Installation = sqlite_app.extensions["aoj"]
    for region in ("rijnmeer", "zuidvaart"):
        run_wave(installation, clock, region=region)
    report = attack(installation, clock)
    told = [gap.en for gap in report.gaps]
    assert told == [
        "No backup was given (--backup).",
        "No log files were given (--logs).",
        "The files of the installation were not given.",
    ]
    untried = sum(attempt.outcome == "not_tried" for attempt in report.attempts)
    assert report.made == len(report.attempts) - untried < len(report.attempts)
    page = render_report(report)
    assert page.index("Niet bekeken") < page.index("<table")
    assert f"Geen van de {report.made} pogingen" in page
    assert [gap["en"] for gap in describe_report(report)["not_looked_at"]] == told
