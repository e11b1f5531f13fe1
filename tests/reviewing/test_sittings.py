"""Sittings: whoever proposes or decides stands in the audit, and the report counts them from there."""

from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import Connection

from aoj_survey.db import db
from aoj_survey.reviewing import (
    People,
    Place,
    Suggestion,
    Verdict,
    count_people,
    count_proposals,
    find_desk,
    keep_suggestions,
    keep_verdicts,
    list_desks,
    list_proposed,
    list_sittings,
    read_released,
)
from tests.conftest import FixedClock
from tests.factories import make_open_answer, make_open_item, make_opening, make_participation, make_wave

ONE, TWO, THREE = "Verzonnen Een", "Verzonnen Twee", "Verzonnen Drie"
NOW = FixedClock()()


def make_place(connection: Connection) -> tuple[Place, list[UUID]]:
    participation = make_participation(connection, status="opened")
    make_opening(connection, participation, tables_rewritten=True)
    make_open_item(connection, participation, kept=3)
    return Place(participation), [make_open_answer(connection, participation) for _ in range(3)]


def suggest(connection: Connection, place: Place, answers: list[UUID], by: str) -> None:
    chosen = [Suggestion(answer, "release") for answer in answers]
    assert keep_suggestions(connection, place, "beter", chosen, by, NOW) == {}


def rule(connection: Connection, place: Place, by: str, *, agrees: bool) -> tuple[int, int]:
    shown = list_proposed(connection, place, "beter", "", 99)
    verdicts = [Verdict(one.id, one.seal, agrees) for one in shown]
    agreed, returned = keep_verdicts(connection, place, "beter", verdicts, by, NOW)
    return len(agreed), len(returned)


def test_who_proposed_and_decided_is_kept_and_counted(app: Flask) -> None:
    with db.write() as connection:
        place, (first, second, third) = make_place(connection)
        suggest(connection, place, [first, second], ONE)
        suggest(connection, place, [third], TWO)
        assert count_proposals(connection, place, "beter") == {ONE: 2, TWO: 1}
        assert rule(connection, place, ONE, agrees=True) == (1, 0), "own proposals are passed over"
        assert rule(connection, place, TWO, agrees=False) == (0, 2)
        suggest(connection, place, [first], THREE)
        assert rule(connection, place, ONE, agrees=True) == (1, 0)
        assert count_people(connection, place) == People(proposed=3, decided=1)
        assert len(read_released(connection, place)) == 2
        told = {
            (act.made_by, act.code, act.values.get("words", "")) for act in list_sittings(connection, place)
        }
    assert told == {
        (ONE, "answers_proposed", ""),
        (TWO, "answers_proposed", ""),
        (THREE, "answers_proposed", ""),
        (ONE, "answers_decided", TWO),
        (ONE, "answers_decided", THREE),
        (TWO, "answers_sent_back", ""),
    }


def test_what_is_wrong_with_a_shortened_text_is_told_and_nothing_is_kept(sqlite_app: Flask) -> None:
    with db.write() as connection:
        place, (first, *_) = make_place(connection)
        chosen = [Suggestion(first, "redact", "geld"), Suggestion(uuid4(), "drop")]
        wrong = keep_suggestions(connection, place, "beter", chosen, ONE, NOW)
        assert (list(wrong), wrong[first].code) == ([first], "added")
        assert list_sittings(connection, place) == ()


@pytest.mark.parametrize("region", ["rijnmeer", "joint"])
def test_each_place_has_a_desk_and_an_audit_of_its_own(sqlite_app: Flask, region: str) -> None:
    with db.write() as connection:
        make_place(connection)
        for wave in ("2031", "2032"):
            make_wave(connection, code=wave)
            make_open_item(connection, None, wave_code=wave)
            answer = make_open_answer(connection, None, wave_code=wave)
            suggest(connection, Place(wave=wave), [answer], ONE if wave == "2031" else TWO)
        [desk] = [one for one in list_desks(connection) if one.region == region and one.wave != "2031"]
        assert desk == find_desk(connection, desk.wave, region)
        [*acts] = list_sittings(connection, desk.place)
    assert [act.made_by for act in acts] == ([TWO] if region == "joint" else [])
