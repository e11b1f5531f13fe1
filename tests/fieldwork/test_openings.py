"""What a page asks for is opened by the worker, once it is closed and approved; twice does no harm."""

import threading

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import delete, event

from aoj_survey.db import db
from aoj_survey.fieldwork import TurnError, open_asked
from aoj_survey.hooks import load_hooks
from aoj_survey.keys import KeyDirectory
from aoj_survey.responses import (
    Approval,
    Ballot,
    OpeningRefusedError,
    Response,
    list_asked_openings,
    request_opening,
)
from aoj_survey.waves import Act, ParticipationFacts, list_acts
from tests.conftest import FixedClock
from tests.responses.boxes import approve, close, count_rows, fill_box, read_rows, reread
from tests.responses.custodians import plan_twice
from tests.staging import start_wave

ASKER = "Verzonnen Vrager"


def make_closed(
    keys: KeyDirectory, clock: FixedClock, answered: int = 10, region: str = "rijnmeer"
) -> ParticipationFacts:
    facts = start_wave(keys, clock(), {"ib": 12}, region=region)
    fill_box(keys, facts, clock(), answered)
    return close(facts, clock())


def ask(facts: ParticipationFacts, clock: FixedClock) -> None:
    with db.write() as connection:
        request_opening(connection, facts, ASKER, clock())


def list_refusals() -> list[str]:
    with db.read() as connection:
        return [asked.refused for asked in list_asked_openings(connection)]


def test_a_box_is_opened_when_it_is_asked_for_and_approved(
    app: Flask, keys: KeyDirectory, clock: FixedClock
) -> None:
    facts = make_closed(keys, clock)
    assert open_asked(db, keys, load_hooks(), clock()) == 0
    ask(facts, clock)
    ask(facts, clock)
    approve(facts, ("Verzonnen Een",))
    assert open_asked(db, keys, load_hooks(), clock()) == 0
    assert (count_rows(Ballot), list_refusals()) == (10, [""])
    approve(facts)
    assert open_asked(db, keys, load_hooks(), clock()) == 10
    assert (reread(facts.id).status, count_rows(Ballot), list_refusals()) == ("opened", 0, [])
    assert open_asked(db, keys, load_hooks(), clock()) == 0
    with db.read() as connection:
        acts = list_acts(connection, facts.id)
    assert [act for act in acts if act.code == "opening_asked"] == [Act(clock(), ASKER, "opening_asked")]
    assert [act.made_by for act in acts if act.code == "box_opened"] == [ASKER]


def test_twin_without_the_approval_the_worker_opens_what_is_asked_for(
    app: Flask, keys: KeyDirectory, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aoj_survey.responses.consents.APPROVERS", 0)
    ask(make_closed(keys, clock), clock)
    assert open_asked(db, keys, load_hooks(), clock()) == 10


def test_it_waits_for_the_announced_delay(app: Flask, keys: KeyDirectory, clock: FixedClock) -> None:
    facts = start_wave(keys, clock(), {"ib": 12}, approval="delay")
    fill_box(keys, facts, clock(), 10)
    ask(close(facts, clock()), clock)
    clock.pass_time(hours=72, seconds=-1)
    assert open_asked(db, keys, load_hooks(), clock()) == 0
    clock.pass_time(seconds=1)
    assert open_asked(db, keys, load_hooks(), clock()) == 10


def test_two_workers_open_once(app: Flask, keys: KeyDirectory, clock: FixedClock) -> None:
    facts = make_closed(keys, clock)
    approve(facts)
    ask(facts, clock)
    opened: list[int] = []
    together = threading.Barrier(2)

    def work() -> None:
        with app.app_context():
            together.wait(20)
            opened.append(open_asked(db, keys, load_hooks(), clock()))

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(opened) == [0, 10]
    assert count_rows(Response) == 10


def test_why_it_could_not_be_opened_is_kept_until_somebody_asks_again(
    app: Flask, keys: KeyDirectory, clock: FixedClock
) -> None:
    facts = make_closed(keys, clock, 11)
    approve(facts)
    ask(facts, clock)
    [first, *_] = read_rows(Ballot)
    with db.write() as connection:
        connection.execute(delete(Ballot).where(Ballot.id == first["id"]))
    assert open_asked(db, keys, load_hooks(), clock()) == 0
    assert list_refusals() == ["numbers"]
    with db.write() as connection:
        connection.execute(Ballot.__table__.insert().values(first))  # pyright: ignore[reportAttributeAccessIssue]
    assert open_asked(db, keys, load_hooks(), clock()) == 0
    ask(facts, clock)
    assert open_asked(db, keys, load_hooks(), clock()) == 11


def test_a_key_that_is_gone_is_told_and_keeps_nobody_else(
    app: Flask, keys: KeyDirectory, clock: FixedClock
) -> None:
    broken, whole = make_closed(keys, clock), make_closed(keys, clock, region="duinstreek")
    for facts in (broken, whole):
        approve(facts)
        ask(facts, clock)
    keys.destroy(broken.id, "box")
    with pytest.raises(TurnError, match="rijnmeer: The key"):
        open_asked(db, keys, load_hooks(), clock())
    assert (reread(broken.id).status, reread(whole.id).status) == ("closed", "opened")
    assert list_refusals() == ["fault"]


def test_a_database_that_stops_halfway_leaves_the_box_and_the_next_round_opens_it(
    postgresql_app: Flask, clock: FixedClock
) -> None:
    keys = postgresql_app.extensions["aoj"].keys
    boxes = [make_closed(keys, clock), make_closed(keys, clock, region="duinstreek")]
    for facts in boxes:
        approve(facts)
        ask(facts, clock)
    other = sa.create_engine(db.engine.url, isolation_level="AUTOCOMMIT")

    def stop_once(connection: sa.Connection, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("INSERT INTO response"):
            event.remove(db.engine, "before_cursor_execute", stop_once)
            process = connection.connection.driver_connection.info.backend_pid  # pyright: ignore[reportOptionalMemberAccess]
            with other.connect() as line:
                line.execute(sa.text("SELECT pg_terminate_backend(:process)"), {"process": process})

    event.listen(db.engine, "before_cursor_execute", stop_once)
    with pytest.raises(TurnError, match="OperationalError"):
        open_asked(db, keys, load_hooks(), clock())
    other.dispose()
    assert sorted(reread(facts.id).status for facts in boxes) == ["closed", "opened"]
    assert (count_rows(Ballot), count_rows(Response), list_refusals()) == (10, 10, [""])
    assert open_asked(db, keys, load_hooks(), clock()) == 10


def test_small_boxes_open_when_the_last_is_asked_for(
    app: Flask, keys: KeyDirectory, clock: FixedClock
) -> None:
    first, second = make_closed(keys, clock, 4), make_closed(keys, clock, 7, "duinstreek")
    large = make_closed(keys, clock, 10, "heuvelrug")
    for facts in (first, second, large):
        approve(facts)
    ask(first, clock)
    ask(large, clock)
    assert open_asked(db, keys, load_hooks(), clock()) == 10
    assert open_asked(db, keys, load_hooks(), clock()) == 0
    ask(second, clock)
    with db.write() as connection:
        connection.execute(delete(Approval).where(Approval.participation_id == first.id))
    assert open_asked(db, keys, load_hooks(), clock()) == 0
    approve(first)
    assert open_asked(db, keys, load_hooks(), clock()) == 11
    assert list_refusals() == []


def test_what_custodians_sealed_or_is_open_cannot_be_asked_of_the_worker(
    app: Flask, keys: KeyDirectory, clock: FixedClock
) -> None:
    with pytest.raises(OpeningRefusedError, match="open it themselves"):
        ask(plan_twice(keys, clock(), {"ib": 12}), clock)
    facts = make_closed(keys, clock, region="duinstreek")
    approve(facts)
    ask(facts, clock)
    open_asked(db, keys, load_hooks(), clock())
    with pytest.raises(OpeningRefusedError, match="opened before"):
        ask(reread(facts.id), clock)
