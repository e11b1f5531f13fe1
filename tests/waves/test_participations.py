"""Looking up participations, and when people can take part."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import insert, select
from sqlalchemy.exc import NoResultFound

from aoj_survey.db import db
from aoj_survey.errors import NotFoundError
from aoj_survey.questionnaire import dump_instrument, load_questionnaire
from aoj_survey.waves import (
    Participation,
    find_participation,
    hold_running,
    list_participations,
    participation_facts,
    read_instrument,
    read_moments,
    read_participation,
    role_digests,
    select_participations,
)
from tests.factories import (
    make_instrument,
    make_mail_moment,
    make_participation,
    make_region,
    make_role_instrument,
    make_wave,
)
from tests.staging import QUESTIONNAIRES

OPENS = datetime(2026, 5, 3, 22, 0, tzinfo=UTC)
CLOSES = datetime(2026, 6, 5, 22, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("status", "moment", "phase"),
    [
        ("planned", OPENS, "not_open"),
        ("planned", CLOSES, "closed"),
        ("running", OPENS - SECOND, "not_open"),
        ("running", OPENS, "open"),
        ("running", CLOSES - SECOND, "open"),
        ("running", CLOSES, "closed"),
        ("closed", OPENS, "closed"),
        ("opened", OPENS - SECOND, "closed"),
    ],
)
def test_people_can_take_part_while_it_runs_and_within_its_window(
    sqlite_app: Flask, status: str, moment: datetime, phase: str
) -> None:
    with db.write() as connection:
        facts = read_participation(connection, make_participation(connection, status=status))
    assert facts.phase(moment) == phase


def test_facts_hold_region_and_wave_too(app: Flask) -> None:
    with db.write() as connection:
        make_region(connection, name="Rijnmeer e.o.", time_zone="Atlantic/Azores")
        make_wave(connection, purge_on=date(2026, 7, 5))
        facts = read_participation(connection, make_participation(connection))
    assert (facts.region_name, facts.time_zone, facts.purge_on) == (
        "Rijnmeer e.o.",
        "Atlantic/Azores",
        date(2026, 7, 5),
    )
    assert facts.opens_at == OPENS
    assert (facts.first_day, facts.last_day) == (date(2026, 5, 3), date(2026, 6, 5))


def test_more_columns_may_follow_the_facts(app: Flask) -> None:
    with db.write() as connection:
        place = make_participation(connection)
        query = select_participations(Participation.approval).where(Participation.id == place)
        row = connection.execute(query).one()
        assert participation_facts(row) == read_participation(connection, place)
        assert row[-1] == "two_people"


def test_an_id_that_does_not_exist_is_an_error(app: Flask) -> None:
    with pytest.raises(NoResultFound), db.read() as connection:
        read_participation(connection, uuid4())


def test_a_participation_is_found_by_wave_and_region(app: Flask) -> None:
    with db.write() as connection:
        place = make_participation(connection)
        make_participation(connection, region_code="duinstreek")
        assert find_participation(connection, "2026", "rijnmeer").id == place


def test_one_that_does_not_exist_is_answered_with_those_that_do(app: Flask) -> None:
    with pytest.raises(NotFoundError, match="Known: none yet"), db.write() as connection:
        find_participation(connection, "2026", "rijnmeer")
    with db.write() as connection:
        make_participation(connection)
    told = r"no participation 2027 rijnmeer\. Known: 2026 rijnmeer\."
    with pytest.raises(NotFoundError, match=told), db.read() as connection:
        find_participation(connection, "2027", "rijnmeer")


def test_lists_are_newest_first_and_of_the_asked_statuses(app: Flask) -> None:
    with db.write() as connection:
        make_participation(
            connection, wave_code="2025", opens_at=OPENS - timedelta(days=365), status="opened"
        )
        make_participation(connection, region_code="zeekant")
        make_participation(connection, region_code="duinstreek", status="closed")
        listed = [(item.wave, item.region) for item in list_participations(connection)]
        ended = [item.region for item in list_participations(connection, "closed", "opened")]
    assert listed == [("2026", "duinstreek"), ("2026", "zeekant"), ("2025", "rijnmeer")]
    assert ended == ["duinstreek", "rijnmeer"]


@pytest.mark.parametrize(("status", "running"), [("planned", False), ("running", True), ("closed", False)])
def test_only_a_running_participation_is_held(app: Flask, status: str, running: bool) -> None:
    with db.write() as connection:
        assert hold_running(connection, make_participation(connection, status=status)) == running


def test_instruments_are_read_from_what_was_stored(app: Flask) -> None:
    instrument = load_questionnaire(QUESTIONNAIRES / "demo" / "1.yaml", "rijnmeer")
    digest = uuid4().hex * 2
    with db.write() as connection:
        make_instrument(connection, dump_instrument(instrument), digest=digest)
        assert read_instrument(connection, digest) == instrument
        with pytest.raises(NoResultFound):
            read_instrument(connection, "f" * 64)


def test_a_stored_instrument_is_parsed_once_per_process(app: Flask) -> None:
    instrument = load_questionnaire(QUESTIONNAIRES / "demo" / "1.yaml", "rijnmeer")
    digest = uuid4().hex * 2
    with db.write() as connection:
        make_instrument(connection, dump_instrument(instrument), digest=digest)
        assert read_instrument(connection, digest) is read_instrument(connection, digest)


def test_digests_are_listed_for_roles_that_have_one(app: Flask) -> None:
    with db.write() as connection:
        place = make_participation(connection)
        digest = make_instrument(connection, "{}")
        make_role_instrument(connection, place, role="ib", instrument_digest=digest)
        make_role_instrument(connection, place, role="zoco")
        assert role_digests(connection, place) == {"ib": digest}


def test_moments_of_another_participation_stay_out(app: Flask) -> None:
    with db.write() as connection:
        place = make_participation(connection)
        make_mail_moment(connection, place, at=OPENS)
        make_mail_moment(connection, make_participation(connection, region_code="duinstreek"), at=CLOSES)
        assert read_moments(connection, place) == {"invitation": OPENS}


def test_a_region_has_one_row_per_wave_in_the_database_too(app: Flask) -> None:
    with db.write() as connection:
        make_participation(connection)
        taken = connection.execute(select(db.metadata.tables["participation"])).mappings().one()
    with pytest.raises(Exception, match=r"(?i)unique"), db.write() as connection:
        connection.execute(insert(Participation).values({**taken, "id": uuid4()}))
