"""Links that a region mails itself: of nobody, counted as invited, never mailed, gone with the purge."""

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from aoj_survey.db import db
from aoj_survey.errors import StateError
from aoj_survey.fieldwork import close_participation, purge_due, renew_links, start_participation
from aoj_survey.invitations import (
    Invitation,
    Invitee,
    Message,
    count_dispositions,
    count_invited,
    count_progress,
    counts,
    find_due,
    hash_token,
    make_handout,
)
from aoj_survey.keys import KeyDirectory
from aoj_survey.tracking import count_day, read_overview
from aoj_survey.waves import FinalCount, Participation, StoredCaptureClass, plan_participation
from tests.conftest import FixedClock
from tests.invitations.groups import let_answer, make_group
from tests.invitations.handouts import hand_out, plan_handout, start_handout
from tests.responses.boxes import close, count_rows
from tests.staging import ANSWERS, QUESTIONNAIRES, make_plan, plan_wave, send

WANTED = {"ib": 12, "zoco": 10}


def test_each_link_is_its_own_and_of_nobody(app: Flask, keys: KeyDirectory, clock: FixedClock) -> None:
    facts = plan_handout(keys, clock())
    made = hand_out(keys, facts, WANTED)
    assert [link.number for link in made] == list(range(1, 23))
    assert [link.role for link in made] == ["ib"] * 12 + ["zoco"] * 10
    assert len({link.token for link in made}) == 22
    with db.read() as connection:
        rows = connection.execute(select(Invitation)).all()
    assert {row.token_hash for row in rows} == {hash_token(link.token) for link in made}
    assert {(row.invitee_id, row.group_id, row.optout_hash, row.status) for row in rows} == {
        (None, None, None, "open")
    }
    assert count_rows(Message) == count_rows(Invitee) == 0


def test_later_more_can_be_made_also_while_it_runs(app: Flask, keys: KeyDirectory, clock: FixedClock) -> None:
    facts, people = start_handout(keys, clock(), WANTED)
    more = hand_out(keys, facts, {"ib": 3})
    assert [link.number for link in more] == [1, 2, 3]
    assert not {link.token for link in more} & {person.token for person in people}
    with db.read() as connection:
        assert count_invited(connection, facts.id) == {"ib": 15, "zoco": 10}


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ({}, "say how many"),
        ({"ib": 0}, "1 to 10000 links"),
        ({"ib": -1}, "1 to 10000 links"),
        ({"ib": 10_000, "zoco": 1}, "1 to 10000 links"),
        ({"beleid_gem": 3}, "no questionnaire is planned for beleid_gem"),
    ],
)
def test_what_cannot_be_made_is_refused_whole(
    sqlite_app: Flask, clock: FixedClock, wanted: dict[str, int], words: str
) -> None:
    keys: KeyDirectory = sqlite_app.extensions["aoj"].keys
    facts = plan_handout(keys, clock())
    with pytest.raises(StateError, match=words):
        hand_out(keys, facts, wanted)
    assert count_rows(Invitation) == 0


def test_only_a_region_that_mails_itself_gets_links(sqlite_app: Flask, clock: FixedClock) -> None:
    keys: KeyDirectory = sqlite_app.extensions["aoj"].keys
    with db.write() as connection:
        facts = plan_wave(connection, keys, make_plan(clock(), {"ib": 2}), {"ib": 2})
    with pytest.raises(StateError, match="--sender region"):
        hand_out(keys, facts, {"ib": 1})


def test_after_the_close_none_are_made(sqlite_app: Flask, clock: FixedClock) -> None:
    keys: KeyDirectory = sqlite_app.extensions["aoj"].keys
    facts = close(start_handout(keys, clock(), WANTED)[0], clock())
    with pytest.raises(StateError, match="is closed"):
        hand_out(keys, facts, {"ib": 1})


def test_an_unknown_sender_is_refused(sqlite_app: Flask, clock: FixedClock) -> None:
    keys: KeyDirectory = sqlite_app.extensions["aoj"].keys
    plan = replace(make_plan(clock(), {"ib": 2}), sender="somebody")
    facts = plan_handout(keys, clock())
    assert facts.sender == "region"
    with pytest.raises(StateError, match="sender is installation or region"), db.write() as connection:
        plan_participation(connection, keys, plan)


def test_without_links_it_does_not_start_and_says_how_to_make_them(
    sqlite_app: Flask, clock: FixedClock
) -> None:
    facts = plan_handout(sqlite_app.extensions["aoj"].keys, clock())
    with pytest.raises(StateError, match="aoj invitations links"), db.write() as connection:
        start_participation(connection, facts, QUESTIONNAIRES, clock())


def test_no_mail_ever_goes_out(app: Flask, keys: KeyDirectory, clock: FixedClock) -> None:
    start_handout(keys, clock(), WANTED)
    values: dict[str, Any] = {"sending": "overruled"}
    with db.write() as connection:
        connection.execute(update(Participation).values(**values))
    for _ in range(5):
        with db.write() as connection:
            assert find_due(connection, clock()) == []
        renew_links(db, keys)
        clock.pass_time(days=7)
    assert count_rows(Message) == 0


def test_its_people_count_as_invited_in_counts_classes_and_rates(
    app: Flask, keys: KeyDirectory, clock: FixedClock
) -> None:
    facts, people = start_handout(keys, clock(), WANTED)
    for person in people[:11]:
        assert send(person, ANSWERS, clock()) == "sent"
    with db.write() as connection:
        count_day(connection, facts.id, clock().date())
        rows = {row.roles: row for row in read_overview(connection, facts).rows}
        query = select(StoredCaptureClass.role, StoredCaptureClass.invited)
        classes = {row.role: row.invited for row in connection.execute(query)}
    assert (rows["ib",].invited, rows["ib",].done, rows["ib",].delivered) == (12, 11, 0)
    assert classes == {"ib": 12, "zoco": 10}
    with db.write() as connection:
        close_participation(connection, facts, clock())
        final = connection.execute(select(FinalCount.role, FinalCount.invited, FinalCount.done)).all()
        became = count_dispositions(connection, facts.id)
    assert sorted(map(tuple, final)) == [("ib", 12, 11), ("zoco", 10, 0)]
    assert became.total() == 22


def test_twin_counts_of_the_list_alone_miss_them(
    sqlite_app: Flask, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys: KeyDirectory = sqlite_app.extensions["aoj"].keys
    facts, _ = start_handout(keys, clock(), WANTED)
    monkeypatch.setattr(counts, "_count_list", lambda *_anything, **_more: {})
    with db.read() as connection:
        assert count_progress(connection, facts.id) == ()


def test_a_group_link_beside_them_is_counted_once(app: Flask, keys: KeyDirectory, clock: FixedClock) -> None:
    facts, _ = start_handout(keys, clock(), WANTED)
    group = make_group(keys, facts, {"ib": 30})
    let_answer(group, 2, clock())
    with db.read() as connection:
        found = {count.role: count for count in count_progress(connection, facts.id)}
    assert (found["ib"].invited, found["ib"].done) == (42, 2)


def test_the_purge_takes_them_and_their_key(app: Flask, keys: KeyDirectory, clock: FixedClock) -> None:
    facts = close(start_handout(keys, clock(), WANTED)[0], clock())
    clock.pass_time(days=80)
    assert purge_due(db, keys, clock()) == 1
    assert count_rows(Invitation) == 0
    assert not keys.has(facts.id, "link")


def test_many_links_are_made_in_few_statements(sqlite_app: Flask, clock: FixedClock) -> None:
    keys: KeyDirectory = sqlite_app.extensions["aoj"].keys
    facts = plan_handout(keys, clock())
    with db.write() as connection:
        assert len(make_handout(connection, keys, facts, {"ib": 3000})) == 3000
        assert connection.execute(select(func.count()).select_from(Invitation)).scalar_one() == 3000
