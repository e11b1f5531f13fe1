"""At the opening what was written in own words is taken out of the responses and stored apart, marked."""

import json
from collections import Counter
from collections.abc import Callable

import pytest
from flask import Flask

from aoj_survey.db import db
from aoj_survey.keys import KeyDirectory
from aoj_survey.open_answers import OpenAnswer, OpenItem, load_marks, texts
from aoj_survey.questionnaire import Answers
from aoj_survey.responses import Response, open_together
from aoj_survey.waves import ParticipationFacts
from tests.conftest import FixedClock
from tests.responses.boxes import approve, close, close_and_open, make_small, open_now, read_rows
from tests.staging import list_people, send, start_wave

MEETS: Answers = {
    "overleg": "ja",
    "jaren": 4,
    "taken": "ja",
    "afspraken": "ja",
    "sturing": ("visie",),
    "cijfer": 5,
}


def fill(
    keys: KeyDirectory, facts: ParticipationFacts, clock: FixedClock, wrote: Callable[[int], Answers]
) -> None:
    for number, person in enumerate(list_people(keys, facts)):
        assert send(person, {**MEETS, **wrote(number)}, clock()) == "sent"


@pytest.fixture
def running(app: Flask, keys: KeyDirectory, clock: FixedClock) -> ParticipationFacts:
    return start_wave(keys, clock(), {"ib": 14, "zoco": 11})


def say_something(number: int) -> Answers:
    return {"visie_hoe": f"wij overleggen {number} keer met school {number}", "beter": "meer tijd"}


def test_texts_stand_apart_with_ids_of_their_own_and_marks(
    running: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    fill(keys, running, clock, say_something)
    close_and_open(keys, running, clock())
    answers, responses = read_rows(OpenAnswer), read_rows(Response)
    assert Counter((row["item"], row["level"]) for row in answers) == {
        ("beter", "ib"): 14,
        ("beter", "zoco"): 11,
        ("visie_hoe", "ib"): 14,
        ("visie_hoe", "zoco"): 11,
    }
    assert not {row["id"] for row in answers} & {row["id"] for row in responses}
    assert {row["id"].version for row in answers} == {4}
    contents = [json.loads(row["content"])["answers"] for row in responses]
    assert {tuple(content) for content in contents} == {
        ("afspraken", "cijfer", "jaren", "overleg", "sturing", "taken")
    }
    marked = [row for row in answers if "school 5" in row["text"]]
    [mark] = load_marks(marked[0]["marks"])
    assert (marked[0]["text"][mark.start : mark.end], mark.kind) == ("school 5", "organisation")
    items = {row["item"]: (row["kept"], row["unkept"], row["names_sought"]) for row in read_rows(OpenItem)}
    assert items == {"beter": (25, 0, True), "visie_hoe": (25, 0, True)}


def test_without_the_contact_key_the_forms_are_marked_and_that_is_noted(
    running: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    fill(keys, running, clock, lambda _: {"beter": "bel school 5: 0612345678"})
    closed = close(running, clock())
    approve(closed)
    keys.destroy(running.id, "contact")
    open_now(keys, closed, clock())
    assert {row["names_sought"] for row in read_rows(OpenItem)} == {False}
    assert {mark.kind for row in read_rows(OpenAnswer) for mark in load_marks(row["marks"])} == {"phone"}


def let_few_write(keys: KeyDirectory, facts: ParticipationFacts, clock: FixedClock) -> None:
    """Four come to a question by another answer: their responses would tell who wrote what stands there."""

    def wrote(number: int) -> Answers:
        return {"visie_hoe": "geheim plan", "beter": "tijd"} if number < 4 else {"sturing": ("inkoop",)}

    fill(keys, facts, clock, wrote)
    close_and_open(keys, facts, clock())


def check_few_are_not_kept() -> None:
    assert {row["item"] for row in read_rows(OpenAnswer)} == {"beter"}, "a text of few people is kept"


def test_what_only_four_could_have_written_is_not_kept(
    running: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    let_few_write(keys, running, clock)
    check_few_are_not_kept()
    assert {row["item"]: row["unkept"] for row in read_rows(OpenItem)} == {"beter": 0, "visie_hoe": 4}
    assert not [row for row in read_rows(OpenAnswer) if row["level"]]


def test_twin_without_the_minimum_it_is_kept(
    running: ParticipationFacts, keys: KeyDirectory, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(texts, "FEWEST", 1)
    let_few_write(keys, running, clock)
    with pytest.raises(AssertionError, match="few people is kept"):
        check_few_are_not_kept()


def test_small_boxes_opened_together_give_open_answers_of_the_wave(
    app: Flask, keys: KeyDirectory, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.responses.boxes.ANSWERS", {**MEETS, "beter": "meer tijd"})
    for region in ("duinstreek", "rijnmeer"):
        make_small(keys, clock, region, 6)
    with db.write() as connection:
        assert open_together(connection, keys, "2026", clock()) == 12
    rows = read_rows(OpenAnswer)
    assert {(row["wave_code"], row["participation_id"], row["level"]) for row in rows} == {
        ("2026", None, "region")
    }
    assert len(rows) == 12
    assert all("meer tijd" not in row["content"] for row in read_rows(Response))
