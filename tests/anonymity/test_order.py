"""Test 2: after the opening, nothing of the order in which people sent can be found back."""

import json
import re
from collections import deque
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text

from aoj_survey.db import db
from aoj_survey.fieldwork import finish_openings
from aoj_survey.keys import KeyDirectory
from aoj_survey.open_answers import Gathered, OpenAnswer, OpenItems
from aoj_survey.questionnaire import Answers
from aoj_survey.relinking import LIMIT, find_file_places, rank_correlation, read_storage_order
from aoj_survey.responses import Response, read_responses
from aoj_survey.waves import ParticipationFacts
from tests.conftest import FixedClock
from tests.responses.boxes import close_and_open, read_rows
from tests.staging import list_people, send, start_wave

SENT = 200
PLACE = re.compile(r"plaats (\d{3})")


def answers_of(place: int) -> Answers:
    """Tell the place in numbers, which stay in the response, and in words, which are kept apart."""
    years, mark = divmod(place, 10)
    words: Answers = {"sturing": ("visie",), "visie_hoe": f"plaats {place:03d}"}
    return {"overleg": "ja", "jaren": years, "cijfer": mark + 1, **words}


def tell_place(answers: Answers) -> int:
    return int(str(answers["jaren"])) * 10 + int(str(answers["cijfer"])) - 1


def play(keys: KeyDirectory, clock: FixedClock, *, finish: bool = True) -> ParticipationFacts:
    """Two hundred people send one after the other, each with answers that tell the place; the box is opened."""
    facts = start_wave(keys, clock(), {"ib": SENT})
    for place, person in enumerate(list_people(keys, facts)):
        assert send(person, answers_of(place), clock()) == "sent"
    opened = close_and_open(keys, facts, clock())
    if finish:
        assert finish_openings(db, keys, clock())
    return opened


def read_places(facts: ParticipationFacts) -> dict[UUID, int]:
    """The place at which each response was sent, which its answers tell."""
    rows = [row for row in read_rows(Response) if row["participation_id"] == facts.id]
    return {row["id"]: tell_place(json.loads(row["content"])["answers"]) for row in rows}


def storage_order(facts: ParticipationFacts) -> list[int]:
    """The places in the order in which the database stores the rows."""
    known = read_places(facts)
    with db.read() as connection:
        return [known[item] for item in read_storage_order(connection, facts.id)]


def read_order(facts: ParticipationFacts) -> list[int]:
    with db.read() as connection:
        responses = read_responses(connection, facts.id)
    return [tell_place(item.answers) for item in responses]


def words_order() -> list[int]:
    """The places that answers in own words tell, in the order in which the database stores them."""
    order = "id" if db.engine.dialect.name == "sqlite" else "ctid"
    with db.read() as connection:
        texts = connection.execute(select(OpenAnswer.text).order_by(text(order))).scalars()
        return [int(PLACE.findall(found)[0]) for found in texts]


def words_beside_responses(facts: ParticipationFacts) -> list[int]:
    """By the place of a response in the table, that of the answer in own words which lies as deep in its own."""
    places = {place: depth for depth, place in enumerate(words_order())}
    return [places[place] for place in storage_order(facts)]


def file_order(path: Path, facts: ParticipationFacts) -> list[int]:
    """The places in the order in which the rows lie in a file."""
    known = read_places(facts)
    found = find_file_places(path.read_bytes(), list(known), facts.id)
    return [known[item] for item in sorted(found, key=lambda item: found[item])]


def check_unordered(order: Sequence[int]) -> None:
    assert len(order) == SENT
    assert abs(rank_correlation(order)) < LIMIT


def test_storage_and_reading_tell_nothing_of_the_order(
    app: Flask, keys: KeyDirectory, clock: FixedClock
) -> None:
    facts = play(keys, clock)
    check_unordered(storage_order(facts))
    check_unordered(read_order(facts))
    check_unordered(words_order())
    check_unordered(words_beside_responses(facts))


def test_the_file_tells_nothing_of_the_order_either(
    sqlite_app: Flask, clock: FixedClock, tmp_path: Path
) -> None:
    facts = play(KeyDirectory(tmp_path / "keys"), clock)
    check_unordered(file_order(tmp_path / "aoj.sqlite3", facts))
    assert PLACE.findall((tmp_path / "aoj.sqlite3-wal").read_bytes().decode("latin-1")) == []


def test_the_file_of_the_server_tells_nothing_of_the_order_either(
    postgresql_app: Flask, keys_of_postgresql: KeyDirectory, clock: FixedClock
) -> None:
    facts = play(keys_of_postgresql, clock)
    check_unordered(file_order(response_file(), facts))


@pytest.fixture
def keys_of_postgresql(tmp_path: Path) -> KeyDirectory:
    return KeyDirectory(tmp_path / "keys")


def response_file() -> Path:
    """Where the server keeps the responses; skips when the server runs elsewhere."""
    with db.read() as connection:
        folder = Path(connection.exec_driver_sql("SHOW data_directory").scalar_one())
        name = connection.exec_driver_sql("SELECT pg_relation_filepath('response')").scalar_one()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("CHECKPOINT")
    if not (folder / name).exists():
        pytest.skip("the files of this PostgreSQL cannot be read from here")
    return folder / name


# Twins


def keep_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let an opening insert in the order of the box."""

    def sort_all_but_responses(rows: Iterable[Any], key: Any = None) -> list[Any]:
        return sorted(rows) if key is None else list(rows)

    monkeypatch.setattr("aoj_survey.responses.writing.sorted", sort_all_but_responses, raising=False)


def allow_rowids() -> None:
    """Make the tables of answers ordinary tables, which SQLite numbers."""
    with db.write() as connection:
        for name in ("ballot", "response"):
            query = "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL ORDER BY type DESC"
            statements = connection.exec_driver_sql(query, (name,)).scalars().all()
            connection.exec_driver_sql(f"DROP TABLE {name}")
            for statement in statements:
                connection.exec_driver_sql(statement.replace("WITHOUT ROWID", ""))


def test_twin_rows_inserted_in_box_order_show_the_order(
    postgresql_app: Flask,
    keys_of_postgresql: KeyDirectory,
    clock: FixedClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keep_order(monkeypatch)
    facts = play(keys_of_postgresql, clock)
    with pytest.raises(AssertionError):
        check_unordered(storage_order(facts))
    with pytest.raises(AssertionError):
        check_unordered(file_order(response_file(), facts))


def test_twin_numbered_rows_in_box_order_show_the_order(
    sqlite_app: Flask, clock: FixedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow_rowids()
    keep_order(monkeypatch)
    facts = play(KeyDirectory(tmp_path / "keys"), clock)
    with pytest.raises(AssertionError):
        check_unordered(storage_order(facts))
    with pytest.raises(AssertionError):
        check_unordered(file_order(tmp_path / "aoj.sqlite3", facts))


def test_twin_reading_without_the_random_ids_shows_the_order(
    app: Flask, keys: KeyDirectory, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ids that count (as those of version 7 would) give the order away to whoever reads by id."""
    numbers = iter(range(10**6))

    def count() -> UUID:
        return UUID(int=next(numbers))

    monkeypatch.setattr("aoj_survey.responses.submission.uuid4", count)
    monkeypatch.setattr("aoj_survey.responses.writing.uuid4", count)
    facts = play(keys, clock)
    with pytest.raises(AssertionError):
        check_unordered(read_order(facts))


def test_twin_words_with_the_id_of_their_response_lie_in_one_order(
    app: Flask, keys: KeyDirectory, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[UUID] = []

    def draw() -> UUID:
        drawn.append(uuid4())
        return drawn[-1]

    def draw_again() -> UUID:
        return again.popleft() if again else uuid4()

    again: deque[UUID] = deque()
    gather = Gathered.gather

    def note(self: Gathered, answers: Answers, stratum: str, items: OpenItems) -> None:
        # Responses are dealt with in the order of their ids.
        again.append(sorted(drawn)[len(again)])
        gather(self, answers, stratum, items)

    monkeypatch.setattr(Gathered, "gather", note)
    monkeypatch.setattr("aoj_survey.responses.writing.uuid4", draw)
    monkeypatch.setattr("aoj_survey.open_answers.texts.uuid4", draw_again)
    facts = play(keys, clock)
    with pytest.raises(AssertionError):
        check_unordered(words_beside_responses(facts))


# The measure itself


def test_rank_correlation_of_known_orders() -> None:
    assert rank_correlation([0, 1, 2, 3]) == 1
    assert rank_correlation([3, 2, 1, 0]) == -1
    assert rank_correlation([1, 0, 3, 2]) == pytest.approx(0.6)


@given(st.permutations(list(range(12))))
def test_rank_correlation_turns_with_the_order(order: list[int]) -> None:
    assert rank_correlation(order[::-1]) == pytest.approx(-rank_correlation(order))
    assert -1 <= rank_correlation(order) <= 1
