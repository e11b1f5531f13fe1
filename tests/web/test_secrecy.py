"""Swap (15), silence (9) and GET-safety (7) of the anonymity tests, over the route table, each with its twin."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, delete, insert, select, update

from aoj_survey.accounts import RIGHTS, add_account, list_accounts, renew_token
from aoj_survey.db import db
from aoj_survey.fieldwork import close_participation, closing, start_participation
from aoj_survey.installation import Installation
from aoj_survey.invitations import (
    GroupPeople,
    Invitation,
    Invitee,
    Message,
    add_group,
    add_start,
    derive_start,
    due,
    list_groups,
    mark_started,
    send_due,
    sending,
    stretch_code,
)
from aoj_survey.keys import KeyDirectory
from aoj_survey.tracking import DailyCount, count_day, counts
from aoj_survey.waves import (
    FinalClassCount,
    FinalCount,
    FinalDisposition,
    Participation,
    ParticipationFacts,
    read_participation,
)
from aoj_survey.web import coordinator
from aoj_survey.web.guesses import join_guesses
from tests.by_area import plan_areas
from tests.conftest import FixedClock
from tests.releases.bundles import write_bundle
from tests.smtp_server import SmtpServer
from tests.staging import ANSWERS, QUESTIONNAIRES, Person, list_people, send
from tests.web.browsing import Browser, log_in
from tests.web.conftest import PASSWORD, PASSWORD_HASH
from tests.web.places import crawl, find_values, list_places

MARKER = "zeldzaamwoord"


@pytest.fixture
def post() -> Iterator[SmtpServer]:
    server = SmtpServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def settings_values(post: SmtpServer) -> dict[str, Any]:
    return {"coordinator_password_hash": PASSWORD_HASH, "smtp_port": post.port}


def read_rows() -> dict[str, list[str]]:
    """Every row of every table."""
    with db.read() as connection:
        return {
            table.name: sorted(repr(tuple(row)) for row in connection.execute(select(table)))
            for table in db.metadata.sorted_tables
        }


# Swap


def look_with_every_account(app: Flask, places: list[str]) -> list[dict[str, str]]:
    join_guesses(app)  # Links of groups nobody made are unknown ones; each look begins with none counted.
    tokens = make_accounts()
    browsers = [Browser(app), log_in(app, PASSWORD), *(log_in(app, token) for token in tokens)]
    programs = [Browser(app, token=token) for token in tokens]
    return [crawl(browser, places) for browser in browsers] + [
        crawl(program, [place for place in places if place.startswith("/api/")]) for program in programs
    ]


def make_accounts() -> list[str]:
    """An account with each right, made anew for each look; return the codes."""
    with db.write() as connection:
        known = {account.name for account in list_accounts(connection)}
        names = {f"Verzonnen {right}": right for right in RIGHTS}
        return [
            renew_token(connection, name)[1] if name in known else add_account(connection, name, [right])[1]
            for name, right in names.items()
        ]


def set_status(connection: Connection, person: Person, status: str) -> None:
    values = {"status": status, "started": status == "done"}
    connection.execute(update(Invitation).where(Invitation.id == person.invitation).values(**values))


def list_places_of(
    app: Flask, keys: KeyDirectory, facts: ParticipationFacts, people: Sequence[Person]
) -> list[str]:
    return [place for person in people for place in list_places(app, find_values(keys, facts, person))]


def exchange_who_is_done(
    app: Flask, keys: KeyDirectory, facts: ParticipationFacts, people: Sequence[Person], clock: FixedClock
) -> None:
    """Look, exchange who is done within a role, count anew, look again: nothing may differ."""
    first, second = [person for person in people if person.role == "ib"][:2]
    day = clock().date()
    send(first, ANSWERS, clock())
    looks: list[list[dict[str, str]]] = []
    for done, not_done in ((first, second), (second, first)):
        with db.write() as connection:
            set_status(connection, done, "done")
            set_status(connection, not_done, "open")
            connection.execute(delete(DailyCount))
            count_day(connection, facts.id, day)
        looks.append(look_with_every_account(app, list_places_of(app, keys, facts, (first, second))))
    assert looks[0] == looks[1], "somebody could see the exchange"


@pytest.mark.both_databases
def test_no_page_of_any_account_changes_when_two_of_a_role_change_places(
    app: Flask, keys: KeyDirectory, facts: ParticipationFacts, people: list[Person], clock: FixedClock
) -> None:
    exchange_who_is_done(app, keys, facts, people, clock)


def exchange_within_an_area(
    app: Flask, keys: KeyDirectory, facts: ParticipationFacts, clock: FixedClock
) -> None:
    """Look while people can answer and after the close, with one or the other of a role and area done."""
    everybody = list_people(keys, facts)
    with db.read() as connection:
        here = (Invitation.participation_id == facts.id) & (Invitation.area == "a1")
        inside = set(connection.execute(select(Invitation.id).where(here)).scalars())
    pair = [person for person in everybody if person.invitation in inside][:2]
    others = [person for person in everybody if person not in pair]
    looks: list[list[dict[str, str]]] = []
    for done, not_done in (pair, pair[::-1]):
        with db.write() as connection:
            connection.execute(update(Participation).values(status="running", closed_at=None))
            for table in (DailyCount, FinalCount, FinalClassCount, FinalDisposition):
                connection.execute(delete(table))
            for person, status in (
                (done, "done"),
                (not_done, "open"),
                *((one, "done") for one in others[::2]),
            ):
                set_status(connection, person, status)
            count_day(connection, facts.id, clock().date())
        looks.append(look_with_every_account(app, list_places_of(app, keys, facts, pair)))
        with db.write() as connection:
            close_participation(connection, facts, clock())
        looks.append(look_with_every_account(app, list_places_of(app, keys, facts, pair)))
    assert looks[:2] == looks[2:], "somebody could see the exchange"


@pytest.fixture
def facts_by_area(app: Flask, keys: KeyDirectory, clock: FixedClock) -> ParticipationFacts:
    planned = plan_areas(keys, clock)
    with db.write() as connection:
        start_participation(connection, planned, QUESTIONNAIRES, clock(), keys=keys)
        return read_participation(connection, planned.id)


def test_no_page_changes_when_two_of_a_role_and_area_change_places(
    app: Flask, keys: KeyDirectory, facts_by_area: ParticipationFacts, clock: FixedClock
) -> None:
    exchange_within_an_area(app, keys, facts_by_area, clock)


def test_twin_a_page_that_counts_who_is_done_by_place_fails_the_swap(
    app: Flask, keys: KeyDirectory, facts_by_area: ParticipationFacts, clock: FixedClock
) -> None:
    def show_places_of_who_is_done() -> str:
        with db.read() as connection:
            done = connection.execute(
                select(Invitation.invitee_id).where(Invitation.status == "done").order_by(Invitation.id)
            )
            return " ".join(str(row[0]) for row in done)

    app.add_url_rule("/test-places", view_func=show_places_of_who_is_done)
    with pytest.raises(AssertionError, match="exchange"):
        exchange_within_an_area(app, keys, facts_by_area, clock)


def test_twin_a_page_with_a_status_per_person_fails_the_swap(
    app: Flask, keys: KeyDirectory, facts: ParticipationFacts, people: list[Person], clock: FixedClock
) -> None:
    def show_who_is_done() -> str:
        with db.read() as connection:
            rows = connection.execute(select(Invitation.id, Invitation.status).order_by(Invitation.id))
            return "\n".join(f"{row.id} {row.status}" for row in rows)

    app.add_url_rule("/coordinator/respondents", view_func=show_who_is_done)
    with pytest.raises(AssertionError, match="somebody could see the exchange"):
        exchange_who_is_done(app, keys, facts, people, clock)


UNSENT: dict[str, Any] = {"state": "due", "sent_on": None, "attempts": 0, "retry_at": None}
OTHERS = 12
"""So many are done on the first day, whatever the two do who change places."""


class Stage:
    """A wave of some weeks that can be played again, by the same clock and with real mail."""

    def __init__(
        self,
        installation: Installation,
        facts: ParticipationFacts,
        people: Sequence[Person],
        clock: FixedClock,
        post: SmtpServer,
    ) -> None:
        self.installation, self.facts, self.people, self.clock = installation, facts, people, clock
        self.mailbox = post.mailbox
        self.start = clock()
        of_ib = [person for person in people if person.role == "ib"]
        self.early, self.late = of_ib[:2]
        # Enough of each role for a table after the close.
        self.others = [*of_ib[2:7], *(person for person in people if person.role != "ib")][:OTHERS]
        self.rows_of_late = self.take_late_off()

    def take_late_off(self) -> list[tuple[type[Any], list[dict[str, Any]]]]:
        """Remove the late one from the list; return the rows, to put them back as they were."""
        with db.write() as connection:
            mine = Invitation.id == self.late.invitation
            invitee = connection.execute(select(Invitation.invitee_id).where(mine)).scalar_one_or_none()
            of_late: list[tuple[Any, Any]] = [
                (Message, Message.invitation_id == self.late.invitation),
                (Invitation, mine),
                (Invitee, Invitee.id == invitee),
            ]
            rows: list[tuple[type[Any], list[dict[str, Any]]]] = []
            for table, those in of_late:
                found = connection.execute(select(*table.__table__.columns).where(those))
                rows.insert(0, (table, [dict(row) for row in found.mappings()]))
                connection.execute(delete(table).where(those))
        return rows

    def put_late_on(self) -> None:
        """Put the late one on the list."""
        with db.write() as connection:
            for table, rows in self.rows_of_late:
                connection.execute(insert(table), rows)

    def clear(self) -> None:
        """Begin anew: nobody is done, nothing was sent, and the late one is not on the list yet."""
        self.clock.moment = self.start
        self.take_late_off()
        with db.write() as connection:
            running: dict[str, Any] = {"status": "running", "closed_at": None}
            connection.execute(update(Participation).values(**running))
            for table in (DailyCount, FinalCount, FinalDisposition):
                connection.execute(delete(table))
            connection.execute(update(Message).values(**UNSENT))
            connection.execute(update(Invitation).values(counted=False))
            for person in self.people:
                set_status(connection, person, "open")

    def turn(self, day: int) -> None:
        """What the worker does on a day: send what is due, make the daily count."""
        self.clock.moment = self.start + timedelta(days=day)
        send_due(self.clock, self.installation.keys, self.installation.settings)
        with db.write() as connection:
            count_day(connection, self.facts.id, self.clock().date())

    def look(self, app: Flask) -> list[dict[str, str]]:
        """What every account sees."""
        places = list_places_of(app, self.installation.keys, self.facts, (self.early, self.late))
        return look_with_every_account(app, places)

    def play(self, app: Flask, done: Person | None) -> list[list[dict[str, str]]]:
        """Invite, let others answer, add somebody on day 7, let `done` answer, remind; return what was seen."""
        self.clear()
        self.turn(0)
        with db.write() as connection:
            for person in self.others:
                set_status(connection, person, "done")
        self.turn(1)
        self.put_late_on()
        self.turn(7)
        if done:
            with db.write() as connection:
                set_status(connection, done, "done")
        looks: list[list[dict[str, str]]] = []
        # On day 8 all others are reminded; who came on day 7 rests until day 10.
        for day in (8, 10):
            self.turn(day)
            looks.append(self.look(app))
        with db.write() as connection:
            close_participation(connection, self.facts, self.clock())
        return [*looks, self.look(app)]


def watch_somebody_added_late(stage: Stage, app: Flask) -> None:
    """Play the wave with nobody done, then with the late one: before the close nothing seen may differ.

    After the close it may not matter whether the late one is done or somebody else.
    """
    nobody, late, early = (stage.play(app, done) for done in (None, stage.late, stage.early))
    assert nobody[:-1] == late[:-1], "somebody could see what the late one did"
    assert late[-1] == early[-1], "somebody could see the exchange"


@pytest.fixture
def stage(
    installation: Installation,
    facts: ParticipationFacts,
    people: list[Person],
    clock: FixedClock,
    post: SmtpServer,
) -> Stage:
    return Stage(installation, facts, people, clock, post)


def test_no_page_tells_what_somebody_added_late_did(app: Flask, stage: Stage, post: SmtpServer) -> None:
    watch_somebody_added_late(stage, app)
    # In each play all were invited, and all who were not done were reminded.
    assert len(post.mailbox.taken) == 3 * 28 + (28 - OTHERS) + 2 * (27 - OTHERS)


def test_twin_counts_of_reminders_while_people_can_answer_tell_it(
    app: Flask, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coordinator, "may_count", lambda *_anything, **_more: True)
    monkeypatch.setattr(coordinator, "ENDED", ("running", "closed", "opened"))
    with pytest.raises(AssertionError, match="what the late one did"):
        watch_somebody_added_late(stage, app)


def test_twin_daily_counts_with_somebody_at_once_tell_it(
    app: Flask, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def admit_at_once(connection: Connection, *_others: object) -> None:
        connection.execute(update(Invitation).values(counted=True))

    monkeypatch.setattr(counts, "admit_cohorts", admit_at_once)
    with pytest.raises(AssertionError, match="what the late one did"):
        watch_somebody_added_late(stage, app)


def test_twin_the_days_after_somebody_came_beside_the_final_count_tell_it(
    app: Flask, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closing, "cut_series", lambda *_: None)
    with pytest.raises(AssertionError, match="somebody could see the exchange"):
        watch_somebody_added_late(stage, app)


# Mail that the server refuses


UNKNOWN = 4
"""So many invitations are refused for good: one reminder more, and a server is thought to refuse everybody."""


def watch_refused_mail(stage: Stage, app: Flask, invited: int) -> None:
    """Let the server refuse all mail, once with nobody left to remind and once with one: nothing may differ.

    `invited`: so many were not invited yet, and are refused as well.
    """
    looks: list[list[dict[str, str]]] = []
    waiting = [person.invitation for person in stage.others[:invited]]
    for status in ("done", "open"):
        stage.clear()
        stage.turn(0)
        with db.write() as connection:
            for person in stage.people:
                set_status(connection, person, "done")
            for invitation in waiting:
                connection.execute(
                    update(Invitation).where(Invitation.id == invitation).values(status="open")
                )
            of_waiting = (Message.invitation_id.in_(waiting), Message.kind == "invitation")
            connection.execute(update(Message).where(*of_waiting).values(**UNSENT))
            set_status(connection, stage.early, status)
        stage.clock.moment = stage.start + timedelta(days=8)
        stage.mailbox.unknown = {"@"}
        send_due(stage.clock, stage.installation.keys, stage.installation.settings)
        stage.mailbox.unknown = set()
        looks.append(stage.look(app))
    assert looks[0] == looks[1], "somebody could see who was still to be reminded"


def test_no_page_tells_that_a_reminder_was_refused(app: Flask, stage: Stage) -> None:
    watch_refused_mail(stage, app, UNKNOWN)
    with db.read() as connection:
        refused = select(Message.kind, Message.state).where(Message.attempts == 1, Message.sent_on.is_(None))
        kinds = connection.execute(refused).all()
    assert sorted(kinds) == [("first_reminder", "failed"), *[("invitation", "failed")] * UNKNOWN]


def test_twin_reminders_and_invitations_that_judge_the_server_together_tell_it(
    app: Flask, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "STREAMS", {sending.MAIL_NOTE: due.ORDER})
    with pytest.raises(AssertionError, match="still to be reminded"):
        watch_refused_mail(stage, app, UNKNOWN)


def watch_a_late_group(
    app: Flask, keys: KeyDirectory, facts: ParticipationFacts, people: Sequence[Person], clock: FixedClock
) -> None:
    """Make a group link after the first count; whether who started by it is done may not be seen."""
    with db.write() as connection:
        count_day(connection, facts.id, clock().date())
        add_group(connection, keys, facts, "De Verzonnen Vuurtoren", {"ib": 3})
        [group] = list_groups(connection, facts.id)
        secrets = derive_start("a" * 26, "b" * 26)
        add_start(connection, group, "ib", secrets.token, stretch_code(keys.secret(), secrets.code))
        started = Invitation.group_id == group.id
        person = Person(connection.execute(select(Invitation.id).where(started)).scalar_one(), "ib", "")
    clock.pass_time(days=1)
    looks: list[list[dict[str, str]]] = []
    for status in ("open", "done"):
        with db.write() as connection:
            set_status(connection, person, status)
            connection.execute(delete(DailyCount).where(DailyCount.day == clock().date()))
            count_day(connection, facts.id, clock().date())
        looks.append(look_with_every_account(app, list_places_of(app, keys, facts, people[:1])))
    assert looks[0] == looks[1], "somebody could see what the late one did"


def test_no_page_tells_what_somebody_of_a_group_made_late_did(
    app: Flask, keys: KeyDirectory, facts: ParticipationFacts, people: list[Person], clock: FixedClock
) -> None:
    watch_a_late_group(app, keys, facts, people, clock)


def test_twin_a_group_made_late_that_is_counted_at_once_tells_it(
    app: Flask,
    keys: KeyDirectory,
    facts: ParticipationFacts,
    people: list[Person],
    clock: FixedClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def admit_at_once(connection: Connection, *_others: object) -> None:
        connection.execute(update(GroupPeople).values(counted=True))

    monkeypatch.setattr(counts, "admit_cohorts", admit_at_once)
    with pytest.raises(AssertionError, match="what the late one did"):
        watch_a_late_group(app, keys, facts, people, clock)


def test_a_route_these_tests_cannot_fill_in_is_reported(
    app: Flask, keys: KeyDirectory, facts: ParticipationFacts, people: list[Person]
) -> None:
    app.add_url_rule("/people/<number>", view_func=str)
    with pytest.raises(AssertionError, match="number"):
        list_places(app, find_values(keys, facts, people[0]))


# Silence


def listen_everywhere(
    app: Flask, keys: KeyDirectory, facts: ParticipationFacts, people: Sequence[Person], clock: FixedClock
) -> None:
    """Type a rare word, send it with one link and keep it with another, and look for it everywhere."""
    browser = Browser(app)
    for person, sends in ((people[0], True), (people[1], False)):
        browser.begin(person)
        browser.answer_all()
        browser.answer("visie_hoe", visie_hoe=MARKER)
        assert MARKER in browser.get("check").text
        if sends:
            assert browser.place(browser.post("send")) == "thanks"
    with db.write() as connection:
        count_day(connection, facts.id, clock().date())
    # A bundle that was written and not released, whatever it holds, lies where nobody's address leads.
    installed: Installation = app.extensions["aoj"]
    write_bundle(installed.settings.bundles, more={"data/responses.csv": MARKER.encode()})
    places = list_places(app, find_values(keys, facts, people[0]))
    for look in look_with_every_account(app, places):
        assert not [place for place, text in look.items() if MARKER in text], "an answer is shown"


@pytest.mark.both_databases
def test_no_page_of_any_account_holds_an_answer(
    app: Flask, keys: KeyDirectory, facts: ParticipationFacts, people: list[Person], clock: FixedClock
) -> None:
    listen_everywhere(app, keys, facts, people, clock)


def test_twin_a_page_that_shows_an_answer_is_heard(
    app: Flask, keys: KeyDirectory, facts: ParticipationFacts, people: list[Person], clock: FixedClock
) -> None:
    app.add_url_rule("/coordinator/answers", view_func=lambda: f"somebody wrote {MARKER}")
    with pytest.raises(AssertionError, match="an answer is shown"):
        listen_everywhere(app, keys, facts, people, clock)


# A GET changes nothing


def look_around(app: Flask, keys: KeyDirectory, facts: ParticipationFacts, people: Sequence[Person]) -> None:
    """Open everything with GET and HEAD, without and with an opened link: no row may change."""
    before = read_rows()
    browser = Browser(app)
    browser.open(people[0])
    values = find_values(keys, facts, people[0])
    own = [browser.base + place for place in ("", "p/overleg", "p/cijfer", "check", "thanks", "saved")]
    for place in [*list_places(app, values), *own]:
        browser.get(f"/l/{people[0].token}")  # the saved page forgets it
        browser.get(place)
        browser.head(place)
    assert read_rows() == before, "a row changed"


@pytest.mark.both_databases
def test_get_and_head_change_no_row(
    app: Flask, keys: KeyDirectory, facts: ParticipationFacts, people: list[Person]
) -> None:
    look_around(app, keys, facts, people)


def test_twin_a_get_that_writes_is_noticed(
    app: Flask, keys: KeyDirectory, facts: ParticipationFacts, people: list[Person]
) -> None:
    def start_at_once() -> str:
        with db.write() as connection:
            mark_started(connection, people[0].invitation)
        return ""

    app.add_url_rule("/quick", view_func=start_at_once)
    with pytest.raises(AssertionError, match="a row changed"):
        look_around(app, keys, facts, people)
