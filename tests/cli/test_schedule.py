"""`aoj waves`: the schedule and what changes it, with days off refused, reasons kept and nobody's state told."""

from pathlib import Path
from typing import Any

import pytest

from aoj_survey.app import create_app
from aoj_survey.config import load_settings
from aoj_survey.db import db
from aoj_survey.waves import Act, find_participation, list_acts
from tests.conftest import FixedClock

from .conftest import PLAN, Aoj

BY = ("--as", "C. Coördinator")
PLACE = ("2026", "rijnmeer")


@pytest.fixture
def region(aoj: Aoj) -> Aoj:
    """`aoj`, with a region in the south."""
    result = aoj("regions", "add", "rijnmeer", "Rijnmeer", "--school-area", "zuid")
    assert result.exit_code == 0, result.output
    return aoj


def change(old: str, new: str) -> list[str]:
    """The words of a plan, one replaced."""
    return [new if word == old else word for word in PLAN]


def read_acts(instance: Path) -> list[Act]:
    app = create_app(load_settings(instance))
    with app.app_context():
        with db.read() as connection:
            facts = find_participation(connection, "2026", "rijnmeer")
            acts = [act for act in list_acts(connection, facts.id) if act.code != "list_imported"]
        db.engine.dispose()
    return acts


def codes(instance: Path) -> list[tuple[Any, ...]]:
    return [(act.code, *act.values.values()) for act in read_acts(instance)]


# Planning


@pytest.mark.parametrize(
    ("moment", "reason", "better"),
    [
        ("2026-05-25 09:00", "a public holiday (Tweede Pinksterdag)", "Tuesday 2026-05-26"),
        ("2026-05-23 09:00", "a weekend", "Tuesday 2026-05-26"),
        ("2026-05-30 09:00", "a weekend", "Monday 2026-06-01"),
    ],
)
def test_a_day_off_is_refused_with_the_reason_and_a_better_day(
    region: Aoj, moment: str, reason: str, better: str
) -> None:
    result = region(*change("2026-05-26 09:00", moment))
    assert result.exit_code == 1
    assert "the second reminder on" in result.output
    assert reason in result.output
    assert f"{better} would do" in result.output
    assert region("waves", "show").output == ""


def test_school_holidays_count_in_their_own_area_only(aoj: Aoj) -> None:
    autumn = [word.replace("2026-05-", "2027-10-").replace("2026-06-05", "2027-11-20") for word in PLAN]
    aoj("regions", "add", "rijnmeer", "Rijnmeer", "--school-area", "zuid")
    result = aoj(*autumn)
    assert "in the school holidays of the region (Herfstvakantie)" in result.output
    assert "Monday 2027-11-01 would do" in result.output
    assert aoj("regions", "school-area", "rijnmeer", "noord").exit_code == 0
    assert aoj(*autumn).exit_code == 0


def test_anyway_plans_on_a_day_off_and_keeps_that(region: Aoj, instance: Path) -> None:
    result = region(*change("2026-05-26 09:00", "2026-05-25 09:00"), "--anyway")
    assert result.exit_code == 0, result.output
    assert "Note: the second reminder on Monday 2026-05-25 is a public holiday" in result.output
    assert codes(instance) == [("mail_planned_anyway", "second_reminder", "2026-05-25", "public_holiday")]


def test_a_day_alone_means_nine_o_clock(region: Aoj) -> None:
    assert region(*change("2026-05-26 09:00", "2026-05-26")).exit_code == 0
    assert "second reminder: 2026-05-26 09:00" in region("waves", "show").output


def test_years_that_the_calendar_does_not_know_are_told(region: Aoj) -> None:
    later = [word.replace("2026-0", "2031-0") for word in PLAN]
    result = region(*later, "--anyway")
    assert result.exit_code == 0, result.output
    assert "does not know the holidays around 2031-05-12" in result.output


def test_a_region_without_school_area_is_told_so(aoj: Aoj) -> None:
    aoj("regions", "add", "rijnmeer", "Rijnmeer")
    assert "the region has no school area" in aoj(*PLAN).output


@pytest.mark.parametrize(
    "words", [("regions", "school-area", "rijnmeer", "oost"), ("regions", "school-area", "nergens", "zuid")]
)
def test_no_other_areas_and_regions(region: Aoj, words: tuple[str, ...]) -> None:
    assert region(*words).exit_code != 0


def test_a_calendar_of_your_own_takes_the_place_of_ours(region: Aoj, instance: Path) -> None:
    own = instance / "own.yaml"
    own.write_text("format: 1\nwrong", encoding="utf-8")
    settings = instance / "settings.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8") + f'\ncalendar_file = "{own}"\n', encoding="utf-8"
    )
    result = region(*PLAN)
    assert result.exit_code == 1
    assert f"{own}:" in result.output


# The schedule


def test_the_schedule_shows_who_gets_what_and_when(planned: Aoj, clock: FixedClock) -> None:
    before = planned("waves", "schedule", *PLACE).output
    assert (
        "1. invitation: 2026-05-04 09:00, going out since then\n   to everybody on the list: ib 12" in before
    )
    assert (
        "3. second reminder: 2026-05-26 09:00, to come\n   to whoever is not done by then, of the list: ib 12"
        in before
    )
    assert "4. closes after 2026-06-05; the wave ends on no day yet" in before
    assert "Mail: off until a test mail is confirmed" in before


def test_a_mail_moves_and_a_day_off_is_refused(planned: Aoj, instance: Path) -> None:
    refused = planned("waves", "move", *PLACE, "second_reminder", "2026-05-25", *BY)
    assert refused.exit_code == 1
    assert "Tuesday 2026-05-26 would do" in refused.output
    moved = planned("waves", "move", *PLACE, "second_reminder", "2026-05-27", *BY)
    assert moved.exit_code == 0, moved.output
    assert "second reminder: 2026-05-27 09:00" in planned("waves", "show").output
    planned("waves", "move", *PLACE, "second_reminder", "2026-05-25 10:00", *BY, "--anyway")
    assert ("mail_moved", "second_reminder", "2026-05-27 09:00") in codes(instance)
    anyway = ("mail_moved_anyway", "second_reminder", "2026-05-25 10:00", "public_holiday")
    assert anyway in codes(instance)
    assert {act.made_by for act in read_acts(instance)} == {BY[1]}


def test_pausing_is_shown_and_undone(planned: Aoj, instance: Path) -> None:
    assert planned("waves", "pause", *PLACE, *BY).exit_code == 0
    assert "planned, paused" in planned("waves", "schedule", *PLACE).output
    assert planned("waves", "pause", *PLACE, *BY).exit_code == 1
    assert planned("waves", "resume", *PLACE, *BY).exit_code == 0
    assert "paused\n" not in planned("waves", "schedule", *PLACE).output
    assert set(codes(instance)) == {("paused",), ("resumed",)}


def test_a_wave_with_a_deadline_leaves_room_to_extend(planned: Aoj, instance: Path) -> None:
    told = planned("waves", "deadline", "2026", "2026-06-30").output
    assert told == "The wave 2026 ends on 2026-06-30; its addresses are destroyed on 2026-07-30.\n"
    assert planned("waves", "start", *PLACE).exit_code == 0
    assert planned("waves", "extend", *PLACE, "2026-07-01", *BY).exit_code == 1
    assert planned("waves", "extend", *PLACE, "2026-06-12", *BY).exit_code == 0
    assert "2026-05-04 to 2026-06-12" in planned("waves", "show").output
    assert ("extended", "2026-06-05", "2026-06-12") in codes(instance)
    assert planned("waves", "deadline", "2026", "2026-07-30").exit_code == 1


def test_a_goal_is_set_and_taken_away(planned: Aoj, instance: Path) -> None:
    assert planned("waves", "goal", *PLACE, "60", *BY).output == "2026 rijnmeer: the goal is 60 %.\n"
    assert planned("waves", "goal", *PLACE, "0", *BY).exit_code == 0
    assert planned("waves", "goal", *PLACE, "101", *BY).exit_code == 2
    assert set(codes(instance)) == {("goal_set", 60), ("goal_removed",)}


def test_sending_is_allowed_with_a_reason_that_is_kept(planned: Aoj, instance: Path) -> None:
    assert planned("waves", "allow-sending", *PLACE, *BY).exit_code == 2
    assert planned("waves", "allow-sending", *PLACE, "--reason", " ", *BY).exit_code == 2
    done = planned("waves", "allow-sending", *PLACE, "--reason", "DNS komt maandag", *BY)
    assert done.exit_code == 0, done.output
    assert "Mail: on; that was overruled with a reason" in planned("waves", "schedule", *PLACE).output
    assert codes(instance) == [("sending_overruled", "DNS komt maandag")]


def test_a_start_says_whether_mail_goes_out(planned: Aoj) -> None:
    assert "Mail waits until a test mail is confirmed" in planned("waves", "start", *PLACE).output
    other = planned("waves", "allow-sending", *PLACE, "--reason", "proef", *BY)
    assert other.exit_code == 0
