"""An opened box beside the response table that was seen since its close: neither gives the other's few away."""

import pytest
from flask import Flask

from aoj_survey.db import db
from aoj_survey.keys import KeyDirectory
from aoj_survey.responses import opening, read_strata
from aoj_survey.tracking import read_overview
from tests.conftest import FixedClock
from tests.responses.boxes import close_and_open
from tests.staging import ANSWERS, list_people, send, start_wave

INVITED = {"ib": 8, "zoco": 7, "jeugdhulp": 2, "beleid_gem": 1}
ANSWERED = {"ib": 6, "zoco": 3, "jeugdhulp": 2, "beleid_gem": 1}


def work_out(keys: KeyDirectory, clock: FixedClock) -> set[str]:
    """Open a small wave; return the roles of which one row of the table, less a stratum, tells one or two people."""
    facts = start_wave(keys, clock(), INVITED)
    left = dict(ANSWERED)
    for person in list_people(keys, facts):
        if left[person.role]:
            left[person.role] -= 1
            assert send(person, ANSWERS, clock()) == "sent"
    clock.pass_time(days=33)
    opened = close_and_open(keys, facts, clock())
    with db.read() as connection:
        rows = read_overview(connection, opened).table.rows
        strata = read_strata(connection, opened.id)
    found: set[str] = set()
    for row in rows:
        for stratum in strata:
            if set(row.roles) < set(stratum.roles) and stratum.answered - row.done < 3:
                found |= set(stratum.roles) - set(row.roles)
            if set(row.roles) > set(stratum.roles) and row.done - stratum.answered < 3:
                found |= set(row.roles) - set(stratum.roles)
    return found


def test_no_role_of_one_or_two_follows_from_strata_and_response_table(
    sqlite_app: Flask, clock: FixedClock
) -> None:
    assert work_out(sqlite_app.extensions["aoj"].keys, clock) == set()


def test_twin_without_the_table_beside_them_strata_tell_who_was_there(
    sqlite_app: Flask, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "list_printed", lambda _: None)
    assert work_out(sqlite_app.extensions["aoj"].keys, clock) == {"jeugdhulp", "beleid_gem"}
