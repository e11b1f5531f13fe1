"""Answers kept by area: from the list to the strata of the opening, late people and corrected roles included."""

from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import select, update

from aoj_survey.datasets import WaveDataset, read_dataset
from aoj_survey.db import db
from aoj_survey.errors import StateError
from aoj_survey.fieldwork import close_participation, forecast_areas, start_participation
from aoj_survey.hooks import load_hooks
from aoj_survey.invitations import (
    ANSWERING_ROLE,
    Invitation,
    add_group,
    add_person,
    correct_person,
    correct_role,
    find_invitation,
    list_answering_roles,
    list_people,
    read_areas,
)
from aoj_survey.keys import KeyDirectory
from aoj_survey.relinking.order import _classes_of_people
from aoj_survey.relinking.sizes import try_classes
from aoj_survey.responses import approve_opening, open_box, read_strata
from aoj_survey.tracking import read_forecast
from aoj_survey.waves import (
    ParticipationFacts,
    StoredCaptureClass,
    read_participation,
)
from tests import staging
from tests.by_area import HAVENDAM, RIJNMEER, make_row, plan_areas
from tests.conftest import FixedClock
from tests.staging import ANSWERS, QUESTIONNAIRES, send


@pytest.fixture
def facts(app: Flask, keys: KeyDirectory, clock: FixedClock) -> ParticipationFacts:
    planned = plan_areas(keys, clock)
    with db.write() as connection:
        start_participation(connection, planned, QUESTIONNAIRES, clock(), keys=keys)
        return read_participation(connection, planned.id)


def kept(facts: ParticipationFacts) -> Counter[tuple[str, str]]:
    """How many people have which role and area, as anybody could read of the invitations."""
    with db.read() as connection:
        rows = connection.execute(
            select(ANSWERING_ROLE, Invitation.area).where(Invitation.participation_id == facts.id)
        )
        return Counter((row[0], row[1]) for row in rows)


def find_class(token: str) -> str | None:
    with db.read() as connection:
        found = find_invitation(connection, token)
    assert found is not None
    return found.class_code


def open_after_the_close(keys: KeyDirectory, facts: ParticipationFacts, clock: FixedClock) -> WaveDataset:
    with db.write() as connection:
        close_participation(connection, facts, clock())
        for person in ("Verzonnen Een", "Verzonnen Twee"):
            approve_opening(connection, facts.id, person)
    with db.write() as connection:
        open_box(connection, keys, read_participation(connection, facts.id), clock())
        return read_dataset(connection, read_participation(connection, facts.id), load_hooks())


def test_areas_are_frozen_at_the_start_and_only_large_ones_stand_on_an_invitation(
    facts: ParticipationFacts,
) -> None:
    with db.read() as connection:
        areas = read_areas(connection, facts.id)
        classes = connection.execute(
            select(StoredCaptureClass.role, StoredCaptureClass.area, StoredCaptureClass.class_code)
        ).all()
        attempt = try_classes(connection, facts)
        roles = list_answering_roles(connection, facts.id)
        forecast = {found.role: found.invited for found in read_forecast(connection, facts.id)}
    assert [area.places for area in areas] == [(HAVENDAM,), (RIJNMEER,)]
    # Twelve zoco's are too few for two areas of ten.
    assert kept(facts) == {("ib", "a1"): 11, ("ib", "a2"): 13, ("zoco", ""): 12}
    assert {(row.role, row.area): row.class_code for row in classes} == {
        ("ib", ""): "ib@a0",
        ("ib", "a1"): "ib@a1",
        ("ib", "a2"): "ib@a2",
        ("zoco", ""): "zoco",
        ("zoco", "a1"): "zoco",
        ("zoco", "a2"): "zoco",
    }
    assert not attempt.succeeded
    assert attempt.measure["smallest"] == 11
    assert set(roles) == {"ib", "zoco"}
    assert forecast == {"ib": 24, "zoco": 12}


def test_the_forecast_is_the_same_before_and_after_the_start_and_stores_nothing(
    sqlite_app: Flask, keys: KeyDirectory, clock: FixedClock
) -> None:
    planned = plan_areas(keys, clock)
    with db.read() as connection:
        before = forecast_areas(connection, keys, planned)
        assert read_areas(connection, planned.id) == ()
    with db.write() as connection:
        start_participation(connection, planned, QUESTIONNAIRES, clock(), keys=keys)
        areas, after = forecast_areas(connection, keys, read_participation(connection, planned.id))
    assert [area.places for area in before[0]] == [area.places for area in areas]
    assert before[1] == after
    assert [(item.code, item.invited, item.expected, item.apart) for item in after] == [
        ("ib@a1", 11, 5, True),
        ("ib@a2", 13, 6, True),
        ("zoco", 12, 5, True),
    ]


def test_twin_an_area_of_nine_people_of_a_role_is_what_the_attacker_finds(
    facts: ParticipationFacts,
) -> None:
    with db.write() as connection:
        connection.execute(
            update(StoredCaptureClass).where(StoredCaptureClass.class_code == "ib@a1").values(invited=9)
        )
        connection.execute(
            update(StoredCaptureClass)
            .where(StoredCaptureClass.class_code == "ib@a1", StoredCaptureClass.area == "")
            .values(invited=0)
        )
        assert try_classes(connection, facts).succeeded


def test_without_the_choice_places_count_nowhere(
    sqlite_app: Flask, keys: KeyDirectory, clock: FixedClock
) -> None:
    facts = staging.start_wave(keys, clock(), {"ib": 12})
    with db.write() as connection:
        add_person(connection, keys, facts.id, make_row("ib", *HAVENDAM, "laat"))
        assert read_areas(connection, facts.id) == ()
    assert kept(facts) == {("ib", ""): 13}


def test_areas_need_a_key_to_the_list(sqlite_app: Flask, keys: KeyDirectory, clock: FixedClock) -> None:
    planned = plan_areas(keys, clock)
    with pytest.raises(StateError, match="no key to read the list"), db.write() as connection:
        start_participation(connection, planned, QUESTIONNAIRES, clock())


def test_who_comes_later_is_in_a_frozen_class_or_its_parent(
    facts: ParticipationFacts, keys: KeyDirectory
) -> None:
    with db.write() as connection:
        add_person(connection, keys, facts.id, make_row("ib", "HAVENDAM", "swv po rijnmeer", "een"))
        add_person(connection, keys, facts.id, make_row("ib", "Elders", "", "twee"))
        add_person(connection, keys, facts.id, make_row("zoco", *HAVENDAM, "drie"))
    assert kept(facts) == {("ib", "a1"): 12, ("ib", "a2"): 13, ("ib", ""): 1, ("zoco", ""): 13}
    with db.write() as connection:
        lost = next(
            person for person in list_people(connection, keys, facts.id) if person.municipality == "Elders"
        )
        correct_person(connection, keys, facts.id, lost.id, make_row("ib", *RIJNMEER, "twee"))
    assert kept(facts)["ib", "a2"] == 14


def test_who_has_no_place_can_answer_where_only_people_of_a_group_link_had_none(
    sqlite_app: Flask, keys: KeyDirectory, clock: FixedClock
) -> None:
    planned = plan_areas(keys, clock)
    with db.write() as connection:
        add_group(connection, keys, planned, "De Verzonnen Vuurtoren", {"ib": 12})
        start_participation(connection, planned, QUESTIONNAIRES, clock(), keys=keys)
        assert ("", "") in {place for area in read_areas(connection, planned.id) for place in area.places}
        add_person(connection, keys, planned.id, make_row("ib", "", "", "nergens"), linked=True)
    found = {find_class(person.token) for person in staging.list_people(keys, planned)}
    assert None not in found


def test_a_corrected_role_is_in_a_frozen_class_or_its_parent(
    facts: ParticipationFacts, keys: KeyDirectory
) -> None:
    people = staging.list_people(keys, facts)
    one = next(person for person in people if person.role == "ib")
    other = next(person for person in people if person.role == "zoco")
    with db.write() as connection:
        assert correct_role(connection, one.invitation, "zoco")
        assert correct_role(connection, other.invitation, "ib")
    assert (find_class(one.token), find_class(other.token)) == ("zoco", "ib@a0")


def test_strata_and_dataset_tell_the_areas_and_add_up_to_the_list(
    facts: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    with db.write() as connection:
        add_person(connection, keys, facts.id, make_row("ib", "Elders", "", "laat"), linked=True)
    people = staging.list_people(keys, facts)
    wanted = Counter({"ib@a1": 6, "ib@a2": 8, "ib@a0": 1, "zoco": 7})
    for person in people:
        code = find_class(person.token) or ""
        if wanted[code] > 0:
            wanted[code] -= 1
            assert send(person, ANSWERS, clock()) == "sent"
    assert wanted.total() == 0
    dataset = open_after_the_close(keys, facts, clock)
    with db.read() as connection:
        strata = {item.code: (item.invited, item.answered) for item in read_strata(connection, facts.id)}
        attempt = try_classes(connection, read_participation(connection, facts.id))
        classes = Counter(_classes_of_people(connection, facts.id))
    # One answer from nowhere is too few; it went with the smallest area of its role.
    assert strata == {"ib@a0+a1": (12, 7), "ib@a2": (13, 8), "zoco": (12, 7)}
    assert classes == {"ib@a0+a1": 7, "ib@a2": 8, "zoco": 7}
    assert not attempt.succeeded
    places = [column.name for column in dataset.columns].index("area")
    assert Counter(row[places] for row in dataset.rows) == {1: 7, 2: 8, 0: 7}
    labels = [value.text["nl"] for value in dataset.columns[places].values]
    assert labels == [
        "niet naar gebied bewaard",
        "Havendam / swv PO Rijnmeer; plaats niet bekend",
        "gemeente Rijnmeer / swv PO Rijnmeer",
    ]
    weights = [column.name for column in dataset.columns].index("w_region")
    assert round(sum(float(row[weights]) for row in dataset.rows), 3) == 37
