"""The desk: two people, or nothing is released; what is dropped is gone."""

from pathlib import Path
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import Connection, select

from aoj_survey.db import db
from aoj_survey.fieldwork import finish_openings
from aoj_survey.keys import KeyDirectory
from aoj_survey.open_answers import Mark, OpenAnswer, dump_marks, load_marks
from aoj_survey.responses import Opening
from aoj_survey.reviewing import (
    Decision,
    Place,
    Progress,
    RedactionError,
    ReviewError,
    confirm,
    count_decisions,
    desk,
    list_progress,
    list_proposed,
    list_waiting,
    propose,
    read_released,
    send_back,
)
from tests.conftest import FixedClock
from tests.factories import make_open_answer, make_open_item, make_opening, make_participation
from tests.responses.boxes import read_rows

ONE, TWO = "Verzonnen Een", "Verzonnen Twee"
SECRET = "zeldzaamwoord van juf Truus"


@pytest.fixture
def place(app: Flask) -> Place:
    with db.write() as connection:
        participation = make_participation(connection, status="opened")
        make_opening(connection, participation, tables_rewritten=True)
        make_open_item(connection, participation, kept=3)
        for text in ("meer tijd", "minder papier", SECRET):
            marks = dump_marks([Mark(0, 4, "place")])
            make_open_answer(connection, participation, text=text, marks=marks)
    return Place(participation)


def find(connection: Connection, text: str) -> UUID:
    return connection.execute(select(OpenAnswer.id).where(OpenAnswer.text == text)).scalar_one()


def suggest(place: Place, text: str, decision: Decision, by: str = ONE, shortened: str = "") -> UUID:
    with db.write() as connection:
        identity = find(connection, text)
        propose(connection, place, "beter", identity, decision, by, shortened=shortened)
    return identity


def agree(place: Place, identity: UUID, by: str = TWO) -> None:
    with db.write() as connection:
        [found] = [item for item in list_proposed(connection, place, "beter", "", 99) if item.id == identity]
        confirm(connection, place, "beter", identity, by, seal=found.seal)


def released(place: Place) -> list[str]:
    with db.read() as connection:
        return sorted(answer.text for answer in read_released(connection, place))


def progress(place: Place) -> Progress:
    with db.read() as connection:
        [found] = list_progress(connection, place)
    return found


def test_two_people_release_shorten_and_drop(place: Place) -> None:
    agree(place, suggest(place, "meer tijd", "release"))
    agree(place, suggest(place, SECRET, "redact", shortened="zeldzaamwoord van juf"))
    agree(place, suggest(place, "minder papier", "drop"))
    assert released(place) == ["meer tijd", "zeldzaamwoord van juf […]"]
    assert progress(place) == Progress("beter", 0, 0, 1, 1, 1, 0, names_sought=True)
    assert {(row["proposed_by"], row["proposal"], row["proposed_text"]) for row in read_rows(OpenAnswer)} == {
        ("", "", "")
    }
    assert {load_marks(row["marks"]) for row in read_rows(OpenAnswer)} == {()}, "marks tell what was left out"


def release_alone(place: Place, by: str) -> None:
    """One person proposes and confirms."""
    identity = suggest(place, "meer tijd", "release")
    with pytest.raises(ReviewError, match="Another person"):
        agree(place, identity, by)
    assert released(place) == []


@pytest.mark.parametrize("by", [ONE, " verzonnen  EEN ", ""])
def test_one_person_releases_nothing(place: Place, by: str) -> None:
    release_alone(place, by)
    with db.read() as connection:
        assert list_proposed(connection, place, "beter", by_others_than=ONE, most=9) == ()


def test_twin_without_the_second_person_one_releases(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "refuse_same_person", lambda *_: None)
    with pytest.raises(pytest.fail.Exception, match="DID NOT RAISE"):
        release_alone(place, ONE)


def test_what_is_proposed_is_not_released_yet(place: Place) -> None:
    suggest(place, "meer tijd", "release")
    assert released(place) == []
    found = progress(place)
    assert (found.waiting, found.proposed, found.decided, found.total) == (2, 1, 0, 3)


def test_what_is_sent_back_waits_again_and_can_be_proposed_by_another(place: Place) -> None:
    identity = suggest(place, "meer tijd", "drop")
    with db.write() as connection:
        [found] = list_proposed(connection, place, "beter", TWO, 9)
        assert (found.by, found.decision, found.result) == (ONE, "drop", "")
        with pytest.raises(ReviewError, match="Another person"):
            send_back(connection, place, "beter", identity, ONE, seal=found.seal)
        send_back(connection, place, "beter", identity, TWO, seal=found.seal)
        assert len(list_waiting(connection, place, "beter", 9)) == 3
    agree(place, suggest(place, "meer tijd", "release", TWO), ONE)
    assert released(place) == ["meer tijd"]


def test_nobody_confirms_another_proposal_than_was_shown(place: Place) -> None:
    identity = suggest(place, SECRET, "redact", shortened="zeldzaamwoord")
    with db.read() as connection:
        [shown] = list_proposed(connection, place, "beter", TWO, 9)
    with db.write() as connection:
        send_back(connection, place, "beter", identity, "Verzonnen Drie", seal=shown.seal)
    suggest(place, SECRET, "release")
    with db.write() as connection, pytest.raises(ReviewError, match="meanwhile"):
        confirm(connection, place, "beter", identity, TWO, seal=shown.seal)
    assert released(place) == []


@pytest.mark.parametrize("decision", ["release", "drop"])
def test_what_was_decided_or_is_elsewhere_is_not_decided_again(place: Place, decision: Decision) -> None:
    identity = suggest(place, "meer tijd", "release")
    agree(place, identity)
    with db.write() as connection:
        for where, answer in ((place, identity), (Place(wave="2026"), identity), (place, uuid4())):
            with pytest.raises(ReviewError, match="meanwhile"):
                propose(connection, where, "beter", answer, decision, TWO)


def test_a_proposal_needs_a_name_and_words_that_were_there(place: Place) -> None:
    with pytest.raises(ReviewError, match="name"):
        suggest(place, "meer tijd", "release", " ")
    with pytest.raises(RedactionError, match="'geld'"):
        suggest(place, "meer tijd", "redact", shortened="meer geld")
    assert progress(place).waiting == 3


def test_what_was_decided_is_counted_for_the_audit(place: Place) -> None:
    for text in ("meer tijd", "minder papier"):
        suggest(place, text, "drop")
    with db.read() as connection:
        found = list_proposed(connection, place, "beter", TWO, 9)
    assert count_decisions(found) == {"released": 0, "redacted": 0, "dropped": 2}


def test_levels_are_told_by_what_was_released(app: Flask) -> None:
    with db.write() as connection:
        place = Place(make_participation(connection))
        for number in range(25):
            level = "ib" if number < 13 else "zoco"
            make_open_answer(
                connection, place.participation, level=level, outcome="release" if number < 22 else ""
            )
        found = read_released(connection, place)
        joined = read_released(connection, place, {"zoco": "professionals", "ib": "professionals"})
    # Thirteen and nine: neither may be told.
    assert [answer.level for answer in found] == [""] * 22
    assert [answer.level for answer in joined] == ["professionals"] * 22


def test_what_is_released_stands_in_the_order_of_random_ids(sqlite_app: Flask) -> None:
    with db.write() as connection:
        place = Place(make_participation(connection))
        made = {
            make_open_answer(
                connection, place.participation, text=f"{number:02}", outcome="release"
            ): f"{number:02}"
            for number in range(20)
        }
        found = [answer.text for answer in read_released(connection, place)]
    assert found == [made[identity] for identity in sorted(made)]
    assert found != sorted(found), "in the order in which they came"


# Gone


def drop_for_good(
    app: Flask, keys: KeyDirectory, clock: FixedClock, place: Place, decision: Decision = "drop"
) -> None:
    """Drop an answer, or its first word, let the worker do its turn, and look for it in the file and its log."""
    agree(place, suggest(place, SECRET, decision, shortened="van juf Truus"))
    assert [row["tables_rewritten"] for row in read_rows(Opening)] == [False]
    assert finish_openings(db, keys, clock())
    file = Path(str(db.engine.url.database))
    for path in (file, file.with_name(f"{file.name}-wal")):
        assert b"zeldzaamwoord" not in path.read_bytes(), "the dropped text is still there"


@pytest.fixture
def sqlite_place(sqlite_app: Flask) -> Place:
    with db.write() as connection:
        participation = make_participation(connection, status="opened")
        make_opening(connection, participation, tables_rewritten=True, key_destroyed_at=FixedClock()())
        make_open_answer(connection, participation, text=SECRET)
    return Place(participation)


@pytest.fixture
def sqlite_keys(tmp_path: Path) -> KeyDirectory:
    return KeyDirectory(tmp_path / "keys")


@pytest.mark.parametrize("decision", ["drop", "redact"])
def test_a_dropped_answer_or_word_is_in_no_file(
    sqlite_app: Flask,
    sqlite_keys: KeyDirectory,
    clock: FixedClock,
    sqlite_place: Place,
    decision: Decision,
) -> None:
    drop_for_good(sqlite_app, sqlite_keys, clock, sqlite_place, decision)


def test_twin_a_drop_that_only_hides_is_noticed(
    sqlite_app: Flask,
    sqlite_keys: KeyDirectory,
    clock: FixedClock,
    sqlite_place: Place,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(desk, "delete", lambda table: _Nothing())
    with pytest.raises(AssertionError, match="still there"):
        drop_for_good(sqlite_app, sqlite_keys, clock, sqlite_place)


class _Nothing:
    """A statement that changes nothing."""

    def where(self, *_: object) -> object:
        return select(OpenAnswer.id).where(OpenAnswer.id == uuid4())
