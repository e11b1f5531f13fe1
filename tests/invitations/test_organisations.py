"""Municipality and school partnership of a row: checked against the region, and linked by the organisation."""

import pytest
from flask import Flask

from aoj_survey.db import db
from aoj_survey.errors import FrameError
from aoj_survey.invitations import FrameFile, FrameReading, import_frame, list_people, read_frame
from aoj_survey.keys import KeyDirectory
from aoj_survey.questionnaire import ROLES
from aoj_survey.regions import Members, set_members
from aoj_survey.waves import ParticipationFacts
from tests.conftest import FixedClock
from tests.staging import make_plan, plan_wave

MEMBERS = Members(
    ("Havendam", "Rijnmeer"), ("swv PO Rijnmeer", "swv VO Rijnmeer", "swv VO Noordelijk Rijnmeer")
)
HEADER = "e-mail;rol;organisatie;gemeente;swv\n"
PLAIN = FrameReading({})


def read(*rows: str, members: Members | None = MEMBERS, reading: FrameReading = PLAIN) -> FrameFile:
    lines = "".join(f"p{number}@school.example;ib;{row}\n" for number, row in enumerate(rows))
    return read_frame((HEADER + lines).encode(), ROLES, ("nl",), reading, members)


def refuse(*rows: str, members: Members | None = MEMBERS) -> list[tuple[int, str, str]]:
    with pytest.raises(FrameError) as error:
        read(*rows, members=members)
    return [(fault.row, fault.code, fault.proposal) for fault in error.value.faults]


@pytest.mark.parametrize(
    ("typed", "municipality", "swv"),
    [
        ("gemeente havendam;po rijnmeer", "Havendam", "swv PO Rijnmeer"),
        ("HAVENDAM;swv vo rijnmeer", "Havendam", "swv VO Rijnmeer"),
        ("Rijnmeer;Samenwerkingsverband VO Noordelijk Rijnmeer", "Rijnmeer", "swv VO Noordelijk Rijnmeer"),
        ("Rijnmeer;noordelijk rijnmeer", "Rijnmeer", "swv VO Noordelijk Rijnmeer"),
        (";", "", ""),
    ],
)
def test_members_are_known_by_what_lists_call_them(typed: str, municipality: str, swv: str) -> None:
    [row] = read(f"De Haven;{typed}").rows
    assert (row.municipality, row.swv) == (municipality, swv)


@pytest.mark.parametrize(
    ("typed", "code", "proposal"),
    [
        ("Havendm;", "municipality_unknown", "Havendam"),
        ("Verweggistad;", "municipality_unknown", ""),
        (";swv PO Rijnmer", "swv_unknown", "swv PO Rijnmeer"),
    ],
)
def test_a_place_outside_the_region_is_a_fault_with_what_was_probably_meant(
    typed: str, code: str, proposal: str
) -> None:
    [(row, found, meant)] = refuse(f"De Haven;{typed}")
    assert (row, found) == (2, code)
    assert meant == proposal


def test_twin_without_members_any_place_is_taken() -> None:
    [row] = read("De Haven;Verweggistad;Rijnmeer", members=None).rows
    assert (row.municipality, row.swv) == ("Verweggistad", "Rijnmeer")


def test_an_organisation_in_two_municipalities_is_a_fault_to_resolve() -> None:
    rows = "De Haven;Havendam;", "de  haven;Rijnmeer;"
    assert refuse(*rows) == [(3, "organisation_municipality", "Havendam")]
    assert len(read(*rows, reading=FrameReading({}, spread=True)).rows) == 2


def test_an_organisation_has_one_partnership_of_each_sector_at_most() -> None:
    both = "De Haven;;swv PO Rijnmeer", "De Haven;;swv VO Rijnmeer"
    assert len(read(*both).rows) == 2
    assert refuse(*both, "De Haven;;swv VO Noordelijk Rijnmeer") == [
        (4, "organisation_swv", "swv VO Rijnmeer")
    ]


def test_what_a_row_leaves_open_follows_from_its_organisation() -> None:
    rows = read(
        "De Haven;;",
        "de haven;Havendam;PO Rijnmeer",
        "Elders;;",
        "Elders;;PO Rijnmeer",
        "Elders;;VO Rijnmeer",
    ).rows
    assert [(row.municipality, row.swv) for row in rows[:3]] == [
        ("Havendam", "swv PO Rijnmeer"),
        ("Havendam", "swv PO Rijnmeer"),
        # Of two partnerships it does not follow which one it is.
        ("", ""),
    ]


@pytest.fixture
def facts(sqlite_app: Flask, keys: KeyDirectory, clock: FixedClock) -> ParticipationFacts:
    with db.write() as connection:
        planned = plan_wave(connection, keys, make_plan(clock(), {"ib": 0}), {})
        set_members(connection, planned.region, (*MEMBERS.municipalities, *MEMBERS.partnerships))
        import_frame(connection, keys, planned.id, read("De Haven;Havendam;PO Rijnmeer"))
    return planned


def test_a_later_list_may_not_move_an_organisation_unless_somebody_says_so(
    facts: ParticipationFacts, keys: KeyDirectory
) -> None:
    later = read_frame(
        f"{HEADER}nieuw@school.example;ib;De Haven;Rijnmeer;\n".encode(), ROLES, ("nl",), PLAIN, MEMBERS
    )
    with pytest.raises(FrameError, match="'Havendam' on the list"), db.write() as connection:
        import_frame(connection, keys, facts.id, later)
    with db.write() as connection:
        import_frame(connection, keys, facts.id, later, spread=True)
        people = list_people(connection, keys, facts.id)
    assert {person.municipality for person in people} == {"Havendam", "Rijnmeer"}
