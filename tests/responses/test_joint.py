"""Small boxes open together, last of their wave, ten ballots at least; their answers are of no region."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from aoj_survey.datasets import read_dataset, read_joint_dataset
from aoj_survey.db import db
from aoj_survey.disclosure import REGION, DisclosureRule
from aoj_survey.errors import StateError
from aoj_survey.fieldwork import finish_openings
from aoj_survey.hooks import load_hooks
from aoj_survey.keys import KeyDirectory
from aoj_survey.regions import JOINT_REGION, add_region, set_own_rule
from aoj_survey.responses import (
    Ballot,
    Opening,
    OpeningRefusedError,
    Response,
    list_small_boxes,
    open_together,
    read_joint,
    read_responses,
    record_bundle,
    unlock_key,
)
from aoj_survey.tracking import read_joint_table
from aoj_survey.waves import ParticipationFacts, list_acts, read_participation
from tests.conftest import FixedClock
from tests.responses.boxes import (
    approve,
    close,
    count_rows,
    fill_box,
    make_small,
    open_now,
    read_rows,
    snapshot,
)
from tests.responses.custodians import pair, start_twice
from tests.staging import make_plan, plan_wave, start_wave

WAVE = "2026"


@pytest.fixture
def small(app: Flask, keys: KeyDirectory, clock: FixedClock) -> list[ParticipationFacts]:
    """Two regions of one wave: seven answers of ib in one, four of policy staff in the other."""
    return [make_small(keys, clock, "duinstreek", 7), make_small(keys, clock, "rijnmeer", 4, "beleid_gem")]


def open_small(keys: KeyDirectory, clock: FixedClock) -> int:
    with db.write() as connection:
        return open_together(connection, keys, WAVE, clock())


def refuse(keys: KeyDirectory, clock: FixedClock, reason: str) -> None:
    """Expect a refusal that leaves everything as it was."""
    before = snapshot()
    with pytest.raises(OpeningRefusedError, match=reason):
        open_small(keys, clock)
    assert snapshot() == before


def test_small_boxes_open_together_as_answers_of_no_region(
    small: list[ParticipationFacts], keys: KeyDirectory, clock: FixedClock
) -> None:
    assert open_small(keys, clock) == 11
    assert count_rows(Ballot) == 0
    rows = read_rows(Response)
    assert {(row["participation_id"], row["wave_code"], row["stratum"]) for row in rows} == {
        (None, WAVE, REGION)
    }
    with db.read() as connection:
        assert [read_responses(connection, facts.id) for facts in small] == [(), ()]
        assert {read_participation(connection, facts.id).status for facts in small} == {"opened"}
        assert {list_acts(connection, facts.id)[0].code for facts in small} == {"box_opened_together"}
        joint = read_joint(connection, WAVE)
    assert joint is not None
    assert (joint.stratum.invited, joint.stratum.answered) == (24, 11)
    assert joint.stratum.roles == ("ib", "beleid_gem")
    assert set(joint.members) == {facts.id for facts in small}


def check_nothing_tells_the_region(small: list[ParticipationFacts]) -> None:
    """No response may hold a code of a region, an id, or items and documents that one region had only."""
    documents = [json.loads(row["content"]) for row in read_rows(Response)]
    assert {tuple(document["answers"]) for document in documents} == {("cijfer", "overleg")}
    assert len({tuple(document["instruments"]) for document in documents}) == 1
    with db.read() as connection:
        joint = read_joint(connection, WAVE)
        assert joint is not None
        dataset = read_joint_dataset(connection, WAVE, load_hooks())
    told = json.dumps(dataset.codebook) + repr(dataset.rows) + repr(rows_of_responses())
    assert not any(
        word in told for facts in small for word in (facts.region, facts.region_name, str(facts.id))
    )


def rows_of_responses() -> Iterator[dict[str, object]]:
    return iter(read_rows(Response))


def test_nothing_of_a_joint_answer_tells_its_region(
    small: list[ParticipationFacts], keys: KeyDirectory, clock: FixedClock
) -> None:
    open_small(keys, clock)
    check_nothing_tells_the_region(small)


def test_twin_with_all_items_kept_an_answer_tells_its_region(
    small: list[ParticipationFacts], keys: KeyDirectory, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "aoj_survey.responses.writing.write_content",
        lambda answers, shown: json.dumps(
            {"format": 1, "instruments": shown.digests, "answers": dict(sorted(answers.items()))}
        ),
    )
    open_small(keys, clock)
    with pytest.raises(AssertionError):
        check_nothing_tells_the_region(small)


def test_the_dataset_of_small_boxes_has_a_region_of_its_own(
    small: list[ParticipationFacts], keys: KeyDirectory, clock: FixedClock
) -> None:
    with db.read() as connection, pytest.raises(StateError, match="No small boxes of 2026 were opened"):
        read_joint_dataset(connection, WAVE, load_hooks())
    open_small(keys, clock)
    with db.read() as connection:
        dataset = read_joint_dataset(connection, WAVE, load_hooks())
        joint = read_joint(connection, WAVE)
        table = read_joint_table(connection, joint.members if joint else ())
        with pytest.raises(StateError, match="joint in the place of the region"):
            read_dataset(connection, read_participation(connection, small[0].id), load_hooks())
    assert dataset.region == JOINT_REGION
    assert dataset.privacy.consent == ("two_people",)
    assert len(dataset.rows) == 11
    assert {item.code for item in dataset.strata} == {REGION}
    assert [column.item for column in dataset.columns if column.item] == ["overleg", "cijfer"]
    assert [(row.invited, row.done) for row in table.rows] == [(24, 11)]


def test_the_dataset_of_small_boxes_is_as_strict_as_each_of_their_regions(
    small: list[ParticipationFacts], keys: KeyDirectory, clock: FixedClock
) -> None:
    open_small(keys, clock)
    with db.write() as connection:
        set_own_rule(connection, small[0].region, DisclosureRule(k=7))
        set_own_rule(connection, small[1].region, DisclosureRule(threshold=12))
        privacy = read_joint_dataset(connection, WAVE, load_hooks()).privacy
    assert (privacy.k, privacy.threshold) == (7, 12)


def test_no_region_can_be_called_joint(app: Flask) -> None:
    with db.write() as connection, pytest.raises(StateError, match="No region can be called 'joint'"):
        add_region(connection, JOINT_REGION, "Samen")


def test_each_key_of_a_small_box_is_destroyed_too(
    small: list[ParticipationFacts], keys: KeyDirectory, clock: FixedClock
) -> None:
    open_small(keys, clock)
    with db.write() as connection:
        record_bundle(connection, small[0].id, "d" * 64)
    assert finish_openings(db, keys, clock())
    assert [keys.has(facts.id, "box") for facts in small] == [False, True]
    clock.pass_time(days=7)
    finish_openings(db, keys, clock())
    assert not keys.has(small[1].id, "box")
    assert {row["tables_rewritten"] for row in read_rows(Opening)} == {True}


# What is refused, and leaves everything as it was


def test_fewer_than_ten_together_stay_sealed(app: Flask, keys: KeyDirectory, clock: FixedClock) -> None:
    make_small(keys, clock, "duinstreek", 5)
    make_small(keys, clock, "rijnmeer", 4)
    refuse(keys, clock, "hold 9 ballots together")


def test_twin_without_the_minimum_nine_answers_would_be_readable(
    app: Flask, keys: KeyDirectory, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aoj_survey.responses.joint._check_total", lambda *_: None)
    make_small(keys, clock, "duinstreek", 5)
    make_small(keys, clock, "rijnmeer", 4)
    with pytest.raises(pytest.fail.Exception, match="DID NOT RAISE"):
        refuse(keys, clock, "hold 9 ballots")


def test_small_boxes_wait_for_the_last_opening_of_the_wave(
    small: list[ParticipationFacts], keys: KeyDirectory, clock: FixedClock
) -> None:
    large = start_wave(keys, clock(), {"ib": 12}, region="heuvelrug")
    refuse(keys, clock, "first come: heuvelrug")
    fill_box(keys, large, clock(), 10)
    closed = close(large, clock())
    approve(closed)
    refuse(keys, clock, "first come: heuvelrug")
    open_now(keys, closed, clock())
    assert open_small(keys, clock) == 11


def test_who_never_started_and_who_got_no_answer_hold_nobody_up(
    small: list[ParticipationFacts], keys: KeyDirectory, clock: FixedClock
) -> None:
    empty = close(start_wave(keys, clock(), {"ib": 12}, region="heuvelrug"), clock())
    with db.write() as connection:
        plan_wave(connection, keys, make_plan(clock(), {"ib": 3}, region="kustland"), {"ib": 3})
    refuse(keys, clock, "first come: kustland")
    clock.pass_time(days=40)
    with db.read() as connection:
        assert empty.id not in {facts.id for facts in list_small_boxes(connection, WAVE)}
    assert open_small(keys, clock) == 11


def test_every_small_box_must_be_approved(
    small: list[ParticipationFacts], keys: KeyDirectory, clock: FixedClock
) -> None:
    other = start_wave(keys, clock(), {"ib": 12}, region="heuvelrug")
    fill_box(keys, other, clock(), 3)
    close(other, clock())
    refuse(keys, clock, "0 did so far")


def test_they_open_once(small: list[ParticipationFacts], keys: KeyDirectory, clock: FixedClock) -> None:
    open_small(keys, clock)
    make_small(keys, clock, "heuvelrug", 3)
    refuse(keys, clock, "were opened before")


def test_custodians_open_their_small_box_among_the_others(
    small: list[ParticipationFacts], keys: KeyDirectory, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aoj_survey.responses.custodians.COST", 2**4)
    sealed = start_twice(keys, clock(), {"ib": 12}, region="heuvelrug")
    fill_box(keys, sealed, clock(), 2)
    closed = close(sealed, clock())
    approve(closed)
    refuse(keys, clock, "passphrases of two custodians")
    with db.write() as connection:
        key = unlock_key(connection, closed, pair(2, 3))
        assert open_together(connection, keys, WAVE, clock() + timedelta(days=1), {closed.id: key}) == 13
