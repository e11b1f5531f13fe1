"""Commands that count people and mails: no row too small, and a word for it when nothing can be shown."""

import json
import re
from pathlib import Path

from aoj_survey.cli.door import opened
from aoj_survey.db import db
from aoj_survey.questionnaire import ROLES
from aoj_survey.tracking import count_days_due
from aoj_survey.waves import find_participation
from tests.conftest import FixedClock
from tests.responses.boxes import fill_box

from .conftest import Aoj


def count_day_of(folder: Path, clock: FixedClock) -> None:
    with opened(folder), db.write() as connection:
        count_days_due(connection, clock())


def test_counts_are_those_of_the_day_and_given_as_json(
    planned: Aoj, instance: Path, clock: FixedClock
) -> None:
    planned("waves", "start", "2026", "rijnmeer")
    assert "no count yet" in planned("invitations", "counts", "2026", "rijnmeer").output
    count_day_of(instance, clock)
    text = planned("invitations", "counts", "2026", "rijnmeer").output
    assert "total" in text.splitlines()[-1]
    document = json.loads(planned("invitations", "counts", "2026", "rijnmeer", "--json").output)
    assert document["total"]["invited"] == 12
    assert document["rows"][0]["roles"] == ["ib"]
    assert not document["too_small"]


def test_counts_of_a_group_too_small_are_refused_in_words(planned: Aoj) -> None:
    planned("waves", "start", "2026", "rijnmeer")
    planned("waves", "close", "2026", "rijnmeer")
    assert "the group is too small" in planned("invitations", "counts", "2026", "rijnmeer").output
    document = json.loads(planned("invitations", "counts", "2026", "rijnmeer", "--json").output)
    assert (document["rows"], document["total"], document["too_small"]) == ([], None, True)


def answer(folder: Path, clock: FixedClock, number: int) -> None:
    with opened(folder) as installation:
        with db.read() as connection:
            facts = find_participation(connection, "2026", "rijnmeer")
        fill_box(installation.keys, facts, clock(), number)


def test_rates_of_a_region_and_of_its_wave_after_the_close(
    planned: Aoj, instance: Path, clock: FixedClock
) -> None:
    planned("waves", "start", "2026", "rijnmeer")
    answer(instance, clock, 5)
    assert "There are no rates" in planned("invitations", "rates", "2026", "rijnmeer").output
    planned("waves", "close", "2026", "rijnmeer")
    text = planned("invitations", "rates", "2026", "rijnmeer").output
    assert re.search(r"^total +12 +5 +5 +42% +100%$", text, re.MULTILINE)
    # Whole, though longer than its column: of joined roles all but the first would fall off.
    assert ROLES["ib"].plural["en"] in text
    region = json.loads(planned("invitations", "rates", "2026", "rijnmeer", "--json").output)
    wave = json.loads(planned("invitations", "rates", "2026", "--json").output)
    assert region["total"] == wave["total"] | {"names": []}
    assert (wave["regions"][0]["names"], wave["total"]["rr1"]) == (["rijnmeer"], 42)
    assert "per region" in planned("invitations", "rates", "2026").output


def test_two_people_who_are_done_have_no_rates(planned: Aoj, instance: Path, clock: FixedClock) -> None:
    planned("waves", "start", "2026", "rijnmeer")
    answer(instance, clock, 2)
    planned("waves", "close", "2026", "rijnmeer")
    for place in (("2026", "rijnmeer"), ("2026",)):
        assert "too small" in planned("invitations", "rates", *place).output
        document = json.loads(planned("invitations", "rates", *place, "--json").output)
        assert document == {"regions": [], "roles": [], "groups": [], "kinds": [], "total": None}


def test_dispositions_are_for_administrators_and_add_up(
    planned: Aoj, instance: Path, clock: FixedClock
) -> None:
    assert "For administrators only" in planned("invitations", "dispositions", "--help").output
    planned("waves", "start", "2026", "rijnmeer")
    answer(instance, clock, 5)
    assert json.loads(planned("invitations", "dispositions", "2026", "rijnmeer", "--json").output) == []
    planned("waves", "close", "2026", "rijnmeer")
    found = json.loads(planned("invitations", "dispositions", "2026", "rijnmeer", "--json").output)
    assert found == [{"disposition": "1.1", "people": 5}, {"disposition": "3.11", "people": 7}]
    assert "no invitation sent" in planned("invitations", "dispositions", "2026", "rijnmeer").output


def test_message_counts_are_for_administrators(planned: Aoj) -> None:
    assert "For administrators only" in planned("messages", "counts", "--help").output
    found = json.loads(planned("messages", "counts", "2026", "rijnmeer", "--json").output)
    assert {(row["kind"], row["state"], row["count"]) for row in found} == {
        ("invitation", "due", 12),
        ("first_reminder", "due", 12),
        ("second_reminder", "due", 12),
    }
