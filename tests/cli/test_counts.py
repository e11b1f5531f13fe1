"""Commands that count people and mails: no row too small, and a word for it when nothing can be shown."""

import json
from pathlib import Path

from aoj_survey.cli.door import opened
from aoj_survey.db import db
from aoj_survey.tracking import count_days_due
from tests.conftest import FixedClock

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


def test_message_counts_are_for_administrators(planned: Aoj) -> None:
    assert "For administrators only" in planned("messages", "counts", "--help").output
    found = json.loads(planned("messages", "counts", "2026", "rijnmeer", "--json").output)
    assert {(row["kind"], row["state"], row["count"]) for row in found} == {
        ("invitation", "due", 12),
        ("first_reminder", "due", 12),
        ("second_reminder", "due", 12),
    }
