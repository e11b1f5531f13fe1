"""Changes to the list while it is in use: what they do, and that none shows or depends on who took part."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID, uuid4

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, insert, select, update

from aoj_survey.db import db
from aoj_survey.errors import ChangeError
from aoj_survey.fieldwork import renew_links
from aoj_survey.invitations import (
    Contact,
    FormerAddress,
    FrameRow,
    Invitation,
    Invitee,
    ListedPerson,
    Message,
    OptOut,
    add_invitations,
    add_person,
    ask_link_again,
    change_address,
    correct_person,
    count_progress,
    counts,
    derive_token,
    find_invitation,
    find_opt_out,
    find_opted_out,
    find_person,
    hash_token,
    list_people,
    open_contact,
    opt_out,
    withdraw_person,
)
from aoj_survey.keys import KeyDirectory
from aoj_survey.statistics import RoleCount, join_small_roles, response_table
from aoj_survey.waves import Participation, ParticipationFacts
from tests.conftest import FixedClock
from tests.factories import make_participation
from tests.responses.boxes import read_rows, snapshot
from tests.staging import ANSWERS, Person, make_plan, plan_wave, send, start_wave
from tests.staging import list_people as list_links

Act = Callable[[Connection], None]
LATE = FrameRow("laat@vuurtoren.example", "ib", "De Vuurtoren", "nl", "po", "Rijnstad", "SWV Rijnmeer")


@pytest.fixture
def facts(app: Flask, keys: KeyDirectory, clock: FixedClock) -> ParticipationFacts:
    return start_wave(keys, clock(), {"ib": 4, "zoco": 2})


@pytest.fixture
def link(facts: ParticipationFacts, keys: KeyDirectory) -> Person:
    return list_links(keys, facts)[0]


@pytest.fixture
def somebody(facts: ParticipationFacts, keys: KeyDirectory, link: Person) -> ListedPerson:
    """The person of `link`."""
    with db.read() as connection:
        return find_person(connection, keys, facts.id, find_invitee(connection, link))


def find_invitee(connection: Connection, link: Person) -> UUID:
    query = select(Invitation.invitee_id).where(Invitation.id == link.invitation)
    found = connection.execute(query).scalar_one()
    assert found is not None
    return found


def people(keys: KeyDirectory, facts: ParticipationFacts) -> tuple[ListedPerson, ...]:
    with db.read() as connection:
        return list_people(connection, keys, facts.id)


def set_mail(link: Person, state: str, kind: str = "invitation", **values: Any) -> None:
    with db.write() as connection:
        connection.execute(
            update(Message)
            .where(Message.invitation_id == link.invitation, Message.kind == kind)
            .values(state=state, attempts=1, **values)
        )


def refused(act: Act) -> str:
    """Why an act is refused; it may have changed nothing."""
    before = snapshot()
    with pytest.raises(ChangeError) as caught, db.write() as connection:
        act(connection)
    assert snapshot() == before
    assert str(caught.value)
    return caught.value.code


def messages(link: Person, *kinds: str) -> list[tuple[str, int, str]]:
    with db.read() as connection:
        rows = connection.execute(
            select(Message.kind, Message.number, Message.state)
            .where(Message.invitation_id == link.invitation, Message.kind.in_(kinds))
            .order_by(Message.kind, Message.number)
        )
        return [(row.kind, row.number, row.state) for row in rows]


def invitation(link: Person) -> dict[str, Any]:
    return next(row for row in read_rows(Invitation) if row["id"] == link.invitation)


# The list


def test_the_list_tells_all_but_who_took_part(
    facts: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    early = list_links(keys, facts)[0]
    with db.write() as connection:
        add_person(connection, keys, facts.id, LATE)
    found = people(keys, facts)
    assert [person.organisation for person in found] == sorted(person.organisation for person in found)
    assert [person.row for person in found if person.address == LATE.address] == [LATE]
    before = found
    send(early, ANSWERS, clock())
    assert people(keys, facts) == before
    assert not {"status", "started", "reminders"} & set(ListedPerson.__slots__)


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        ("due", "waiting"),
        ("claimed", "waiting"),
        ("sent", "sent"),
        ("failed", "failed"),
        ("undelivered", "undelivered"),
        ("uncertain", "uncertain"),
    ],
)
def test_of_mail_only_the_invitation_is_shown(
    facts: ParticipationFacts,
    keys: KeyDirectory,
    link: Person,
    somebody: ListedPerson,
    state: str,
    shown: str,
) -> None:
    set_mail(link, state)
    set_mail(link, "undelivered", "first_reminder")
    found = {person.id: person.mail for person in people(keys, facts)}
    assert found.pop(somebody.id) == shown
    assert set(found.values()) == {"waiting"}


def test_somebody_without_messages_waits(
    facts: ParticipationFacts, keys: KeyDirectory, link: Person, somebody: ListedPerson
) -> None:
    with db.write() as connection:
        connection.execute(delete(Message).where(Message.invitation_id == link.invitation))
    assert {person.mail for person in people(keys, facts)} == {"waiting"}


# Adding


def test_who_is_added_by_a_page_waits_for_the_worker_to_make_the_link(
    facts: ParticipationFacts, keys: KeyDirectory
) -> None:
    (keys.path / str(facts.id) / "link.key").unlink()
    with db.write() as connection:
        add_person(connection, keys, facts.id, LATE)
    [added] = [row for row in read_rows(Invitation) if row["relink"]]
    assert (added["generation"], added["optout_hash"], added["role"]) == (0, None, "ib")
    assert sum(row["invitation_id"] == added["id"] for row in read_rows(Message)) == 3


def test_the_same_address_in_another_role_is_a_second_person_once_confirmed(
    facts: ParticipationFacts, keys: KeyDirectory, somebody: ListedPerson
) -> None:
    def add(row: FrameRow, *, confirmed: bool = False) -> Act:
        return lambda connection: add_person(connection, keys, facts.id, row, confirmed=confirmed)

    for other in (replace(somebody.row, role="zoco"), replace(somebody.row, organisation="De Haven")):
        row = replace(other, address=other.address.upper())
        assert refused(add(row)) == "shared"
        with db.write() as connection:
            add(row, confirmed=True)(connection)
    assert refused(add(somebody.row, confirmed=True)) == "listed"
    assert refused(add(replace(somebody.row, organisation=f" {somebody.organisation.upper()} "))) == "listed"
    assert len(people(keys, facts)) == 8


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"address": ""}, "address_missing"),
        ({"address": "laat@vuurtoren,example"}, "address_comma"),
        ({"role": "swv"}, "role_unasked"),
        ({"role": "kapitein"}, "role_unknown"),
        ({"organisation": " "}, "organisation_missing"),
        ({"organisation": "De\nBcc: x@y.example"}, "control"),
        ({"municipality": "x" * 201}, "too_long"),
        ({"sector": "zeevaart"}, "sector_unknown"),
        ({"language": "xx"}, "language_unknown"),
    ],
)
def test_what_cannot_be_stored_is_refused(
    facts: ParticipationFacts, keys: KeyDirectory, changes: dict[str, str], code: str
) -> None:
    row = replace(LATE, **changes)
    assert refused(lambda connection: add_person(connection, keys, facts.id, row)) == code


def test_who_wants_no_mail_is_not_put_on_the_list_again(
    facts: ParticipationFacts, keys: KeyDirectory, link: Person, somebody: ListedPerson
) -> None:
    with db.write() as connection:
        assert opt_out(connection, keys, derive_token(keys.link(facts.id), "optout", link.invitation, 0))
        withdraw_person(connection, facts.id, somebody.id, "removed")
    assert refused(lambda connection: add_person(connection, keys, facts.id, somebody.row)) == "opted_out"
    with db.write() as connection:
        connection.execute(delete(OptOut))
        add_person(connection, keys, facts.id, somebody.row)


def test_two_who_add_the_same_person_at_once_get_words_not_a_crash(
    facts: ParticipationFacts, keys: KeyDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    with db.write() as connection:
        add_person(connection, keys, facts.id, LATE)
    monkeypatch.setattr("aoj_survey.invitations.changes._require_new", lambda *_, **__: None)
    assert refused(lambda connection: add_person(connection, keys, facts.id, LATE)) == "listed"


@pytest.mark.parametrize("status", ["closed", "opened"])
def test_after_the_close_nothing_changes_but_who_is_taken_off(
    facts: ParticipationFacts, keys: KeyDirectory, somebody: ListedPerson, status: str, clock: FixedClock
) -> None:
    with db.write() as connection:
        connection.execute(update(Participation).values(status=status))
    acts: list[Act] = [
        lambda connection: add_person(connection, keys, facts.id, LATE),
        lambda connection: correct_person(connection, keys, facts.id, somebody.id, LATE),
        lambda connection: change_address(connection, keys, facts.id, somebody.id, LATE.address),
    ]
    assert [refused(act) for act in acts] == ["closed"] * 3
    ask: Act = lambda connection: ask_link_again(connection, facts.id, somebody.id, clock().date())  # noqa: E731 — one line beside the others
    assert refused(ask) == "not_running"
    with db.write() as connection:
        withdraw_person(connection, facts.id, somebody.id, "removed")
    assert somebody.id not in {person.id for person in people(keys, facts)}


# Correcting


def test_all_but_address_and_role_may_always_be_corrected(
    facts: ParticipationFacts, keys: KeyDirectory, link: Person, somebody: ListedPerson
) -> None:
    set_mail(link, "sent")
    with db.write() as connection:
        correct_person(connection, keys, facts.id, somebody.id, LATE)
        found = find_person(connection, keys, facts.id, somebody.id)
        assert found.row == replace(LATE, address=somebody.address)
        assert find_invitation(connection, link.token) is not None
        assert messages(link, "link_again", "moved") == []


def test_a_role_changes_only_before_the_invitation_went_out(
    facts: ParticipationFacts, keys: KeyDirectory, link: Person, somebody: ListedPerson
) -> None:
    def correct(connection: Connection, role: str) -> None:
        correct_person(connection, keys, facts.id, somebody.id, replace(somebody.row, role=role))

    with db.write() as connection:
        correct(connection, "zoco")
    assert invitation(link)["role"] == "zoco"
    for state in ("due", "claimed", "sent", "failed", "undelivered", "uncertain"):
        set_mail(link, state)
        assert refused(lambda connection: correct(connection, "ib")) == "role_sent"


def test_nobody_is_corrected_into_somebody_else(
    facts: ParticipationFacts, keys: KeyDirectory, somebody: ListedPerson
) -> None:
    twin = replace(somebody.row, organisation="De Haven")
    with db.write() as connection:
        add_person(connection, keys, facts.id, twin, confirmed=True)
    assert (
        refused(lambda connection: correct_person(connection, keys, facts.id, somebody.id, twin)) == "listed"
    )


# Another address


def test_before_anything_was_sent_the_invitation_goes_to_the_new_address(
    facts: ParticipationFacts, keys: KeyDirectory, link: Person, somebody: ListedPerson
) -> None:
    with db.write() as connection:
        change_address(connection, keys, facts.id, somebody.id, " Nieuw@vuurtoren.example ")
        assert find_person(connection, keys, facts.id, somebody.id).address == "Nieuw@vuurtoren.example"
        assert find_invitation(connection, link.token) is not None
    assert (invitation(link)["relink"], messages(link, "link_again", "moved")) == (False, [])


@pytest.mark.parametrize(
    ("state", "again", "told"),
    [
        ("due", False, False),
        ("claimed", True, True),
        ("sent", True, True),
        ("failed", True, False),
        ("undelivered", True, False),
        ("uncertain", True, True),
    ],
)
def test_once_a_mail_may_have_left_the_old_link_is_dead_and_mail_goes_to_new_and_former_address(
    facts: ParticipationFacts,
    keys: KeyDirectory,
    link: Person,
    somebody: ListedPerson,
    state: str,
    again: bool,
    told: bool,
) -> None:
    set_mail(link, state)
    with db.write() as connection:
        connection.execute(update(Invitation).values(bounce_hash=None))
        change_address(connection, keys, facts.id, somebody.id, LATE.address)
        assert find_invitation(connection, link.token) is None
    row = invitation(link)
    assert (row["generation"], row["relink"], row["bounce_hash"]) == (1, True, None)
    expected = [("link_again", 1, "due")] if again else []
    assert messages(link, "link_again", "moved") == expected + ([("moved", 1, "due")] if told else [])
    formers = [row["contact"] for row in read_rows(Message) if row["contact"]]
    key = keys.contact(facts.id)
    opened = [open_contact(key, somebody.id, sealed).address for sealed in formers]
    assert opened == ([somebody.address] if told else [])
    assert not any(somebody.address.encode() in sealed for sealed in formers)


def way_out(keys: KeyDirectory, facts: ParticipationFacts, link: Person, generation: int) -> str:
    return derive_token(keys.link(facts.id), "optout", link.invitation, generation)


def test_the_way_out_in_a_mail_ends_mail_to_the_address_it_went_to(
    facts: ParticipationFacts, keys: KeyDirectory, link: Person, somebody: ListedPerson
) -> None:
    set_mail(link, "sent")
    addresses = [somebody.address, "een@vuurtoren.example", "twee@vuurtoren.example"]
    for address in addresses[1:]:
        with db.write() as connection:
            change_address(connection, keys, facts.id, somebody.id, address)
        assert renew_links(db, keys) == 1
    for generation in range(3):
        with db.write() as connection:
            assert find_opt_out(connection, way_out(keys, facts, link, generation)) is not None
            assert opt_out(connection, keys, way_out(keys, facts, link, generation))
            known = find_opted_out(connection, keys, facts.id, addresses)
            assert known == set(addresses[: generation + 1])
            assert find_person(connection, keys, facts.id, somebody.id).opted_out == (generation == 2)


def test_a_second_change_before_there_is_a_link_keeps_the_way_out_of_the_address_that_had_mail(
    facts: ParticipationFacts, keys: KeyDirectory, link: Person, somebody: ListedPerson
) -> None:
    set_mail(link, "sent")
    for address in ("een@vuurtoren.example", "twee@vuurtoren.example"):
        with db.write() as connection:
            change_address(connection, keys, facts.id, somebody.id, address)
    renew_links(db, keys)
    with db.write() as connection:
        assert not opt_out(connection, keys, way_out(keys, facts, link, 1))
        assert opt_out(connection, keys, way_out(keys, facts, link, 0))
        assert find_opted_out(connection, keys, facts.id, [somebody.address, "twee@vuurtoren.example"]) == {
            somebody.address
        }


def test_of_who_was_taken_off_the_list_no_former_address_is_kept_and_its_way_out_still_works(
    facts: ParticipationFacts, keys: KeyDirectory, link: Person, somebody: ListedPerson
) -> None:
    set_mail(link, "sent")
    with db.write() as connection:
        change_address(connection, keys, facts.id, somebody.id, LATE.address)
        withdraw_person(connection, facts.id, somebody.id, "removed")
        assert opt_out(connection, keys, way_out(keys, facts, link, 0))
    [former] = read_rows(FormerAddress)
    assert former["address_hash"] is None
    assert read_rows(OptOut) == []


def test_a_second_change_asks_for_one_link_and_tells_each_former_address(
    facts: ParticipationFacts, keys: KeyDirectory, link: Person, somebody: ListedPerson
) -> None:
    set_mail(link, "sent")
    for address in ("een@vuurtoren.example", "twee@vuurtoren.example"):
        with db.write() as connection:
            change_address(connection, keys, facts.id, somebody.id, address)
    assert messages(link, "link_again", "moved") == [
        ("link_again", 1, "due"),
        ("moved", 1, "due"),
        ("moved", 2, "due"),
    ]
    assert invitation(link)["generation"] == 2


@pytest.mark.parametrize(
    ("state", "told"),
    [("due", False), ("claimed", True), ("sent", True), ("uncertain", True), ("failed", False)],
)
def test_an_address_that_had_only_the_link_sent_again_is_told_too(
    facts: ParticipationFacts,
    keys: KeyDirectory,
    link: Person,
    somebody: ListedPerson,
    state: str,
    told: bool,
) -> None:
    set_mail(link, "undelivered")
    with db.write() as connection:
        change_address(connection, keys, facts.id, somebody.id, "een@vuurtoren.example")
    set_mail(link, state, "link_again")
    with db.write() as connection:
        change_address(connection, keys, facts.id, somebody.id, "twee@vuurtoren.example")
    formers = [row["contact"] for row in read_rows(Message) if row["contact"]]
    opened = [open_contact(keys.contact(facts.id), somebody.id, sealed).address for sealed in formers]
    assert opened == (["een@vuurtoren.example"] if told else [])


def test_a_link_that_is_on_its_way_to_the_former_address_does_not_count_for_the_new_one(
    facts: ParticipationFacts, keys: KeyDirectory, link: Person, somebody: ListedPerson, clock: FixedClock
) -> None:
    set_mail(link, "sent")
    with db.write() as connection:
        ask_link_again(connection, facts.id, somebody.id, clock().date())
    set_mail(link, "claimed", "link_again")
    with db.write() as connection:
        change_address(connection, keys, facts.id, somebody.id, LATE.address)
    assert messages(link, "link_again") == [("link_again", 1, "claimed"), ("link_again", 2, "due")]


def test_who_wants_no_mail_gets_no_link_by_a_change_of_address(
    facts: ParticipationFacts, keys: KeyDirectory, link: Person, somebody: ListedPerson
) -> None:
    set_mail(link, "sent")
    with db.write() as connection:
        connection.execute(update(Invitee).values(opted_out=True))
        change_address(connection, keys, facts.id, somebody.id, LATE.address)
    assert messages(link, "link_again", "moved") == [("moved", 1, "due")]


def test_an_address_of_somebody_else_needs_confirmation(
    facts: ParticipationFacts, keys: KeyDirectory, somebody: ListedPerson
) -> None:
    other = next(person for person in people(keys, facts) if person.id != somebody.id)

    def change(connection: Connection, *, confirmed: bool = False) -> None:
        change_address(connection, keys, facts.id, somebody.id, other.address, confirmed=confirmed)

    assert refused(change) == "shared"
    with db.write() as connection:
        change(connection, confirmed=True)
    same: Act = lambda connection: change_address(connection, keys, facts.id, other.id, other.address.upper())  # noqa: E731 — one line
    assert refused(same) == "same"


# The link again


def test_the_link_is_asked_for_one_at_a_time_and_three_times_a_day(
    facts: ParticipationFacts, link: Person, somebody: ListedPerson, clock: FixedClock
) -> None:
    def ask(connection: Connection) -> None:
        ask_link_again(connection, facts.id, somebody.id, clock().date())

    assert refused(ask) == "not_invited"
    for state in ("due", "claimed"):
        set_mail(link, state)
        assert refused(ask) == "not_invited"
    set_mail(link, "sent")
    for number in (1, 2, 3):
        with db.write() as connection:
            ask(connection)
        assert messages(link, "link_again")[-1] == ("link_again", number, "due")
        assert refused(ask) == "waiting"
        set_mail(link, "claimed", "link_again")
        assert refused(ask) == "waiting"
        set_mail(link, "sent", "link_again", sent_on=clock().date())
    assert refused(ask) == "often"
    clock.pass_time(days=1)
    with db.write() as connection:
        ask(connection)


def test_who_is_not_on_this_list_is_gone(
    app: Flask, facts: ParticipationFacts, keys: KeyDirectory, somebody: ListedPerson, clock: FixedClock
) -> None:
    with db.write() as connection:
        other = make_participation(connection, region_code="duinstreek")
        withdraw_person(connection, facts.id, somebody.id, "removed")
    day = clock().date()
    acts: list[Act] = [
        lambda connection: ask_link_again(connection, facts.id, somebody.id, day),
        lambda connection: change_address(connection, keys, facts.id, somebody.id, LATE.address),
        lambda connection: correct_person(connection, keys, facts.id, somebody.id, LATE),
        lambda connection: withdraw_person(connection, facts.id, somebody.id, "removed"),
        lambda connection: withdraw_person(connection, facts.id, uuid4(), "removed"),
    ]
    assert [refused(act) for act in acts] == ["gone"] * 5
    someone = people(keys, facts)[0]
    assert refused(lambda connection: ask_link_again(connection, other, someone.id, day)) == "gone"


# Taking off the list


def test_taking_somebody_off_erases_address_and_organisation_and_frees_the_address(
    facts: ParticipationFacts, keys: KeyDirectory, link: Person, somebody: ListedPerson
) -> None:
    set_mail(link, "sent")
    with db.write() as connection:
        change_address(connection, keys, facts.id, somebody.id, LATE.address)
        set_waiting_contact(connection, link)
        withdraw_person(connection, facts.id, somebody.id, "removed")
    row = next(row for row in read_rows(Invitee) if row["id"] == somebody.id)
    assert (row["contact"], row["withdrawn"]) == (b"", "removed")
    assert messages(link, "link_again", "moved") == [("moved", 2, "claimed")]
    assert not any(message["contact"] for message in read_rows(Message))
    assert invitation(link)["status"] == "withdrawn"
    assert len(people(keys, facts)) == 5
    with db.write() as connection:
        add_person(connection, keys, facts.id, somebody.row)
        add_person(connection, keys, facts.id, LATE)


def set_waiting_contact(connection: Connection, link: Person) -> None:
    """A second note to a former address, already in the hands of a worker."""
    connection.execute(
        insert(Message).values(
            participation_id=select(Participation.id).scalar_subquery(),
            invitation_id=link.invitation,
            kind="moved",
            number=2,
            contact=b"sealed",
            state="claimed",
        )
    )


def test_who_is_done_stays_done(
    facts: ParticipationFacts, link: Person, somebody: ListedPerson, clock: FixedClock
) -> None:
    send(link, ANSWERS, clock())
    with db.write() as connection:
        withdraw_person(connection, facts.id, somebody.id, "ineligible")
    assert invitation(link)["status"] == "done"
    with db.read() as connection:
        [count, _] = count_progress(connection, facts.id)
    assert (count.invited, count.done, count.started) == (3, 1, 1)


def test_people_removed_at_own_request_still_count_as_invited(
    facts: ParticipationFacts, link: Person, somebody: ListedPerson
) -> None:
    set_mail(link, "sent")
    for reason, invited, delivered in (("removed", 4, 1), ("ineligible", 3, 0)):
        with db.write() as connection:
            connection.execute(update(Invitee).where(Invitee.id == somebody.id).values(withdrawn=None))
            kind: Literal["ineligible", "removed"] = "removed" if reason == "removed" else "ineligible"
            withdraw_person(connection, facts.id, somebody.id, kind)
        with db.read() as connection:
            [count, _] = count_progress(connection, facts.id)
        assert (count.invited, count.delivered) == (invited, delivered)


# Nothing depends on who is done


def play(
    keys: KeyDirectory, facts: ParticipationFacts, chosen: ListedPerson, done: UUID, act: Act
) -> list[Any]:
    """All that can be seen of `chosen` after an act, when the person `done` is done; then all is undone."""
    seen: list[Any] = []
    connection = db.engine.connect()
    with connection, connection.begin() as transaction:
        connection.execute(
            update(Invitation).where(Invitation.invitee_id == done).values(status="done", started=True)
        )
        try:
            act(connection)
        except ChangeError as error:
            seen.append(error.code)
        seen.append(list_people(connection, keys, facts.id))
        rows = connection.execute(
            select(Message.kind, Message.number, Message.state, Message.contact.is_not(None))
            .join(Invitation)
            .where(Invitation.invitee_id == chosen.id)
            .order_by(Message.kind, Message.number)
        )
        seen.append([tuple(row) for row in rows])
        found = count_progress(connection, facts.id)
        seen += [found, join_small_roles(found, minimum=1), response_table(found, fewest=0)]
        transaction.rollback()
    return seen


@pytest.fixture(params=["due", "sent", "failed"])
def mailed(request: pytest.FixtureRequest, link: Person) -> str:
    state: str = request.param
    if state != "due":
        set_mail(link, state, sent_on=datetime(2026, 5, 4, tzinfo=UTC).date())
    return state


def acts_on(
    keys: KeyDirectory, facts: ParticipationFacts, person: ListedPerson, mailed: str
) -> Iterator[Act]:
    day = datetime(2026, 5, 5, tzinfo=UTC).date()
    yield lambda connection: ask_link_again(connection, facts.id, person.id, day)
    yield lambda connection: change_address(connection, keys, facts.id, person.id, LATE.address)
    yield lambda connection: correct_person(connection, keys, facts.id, person.id, LATE)
    yield lambda connection: withdraw_person(connection, facts.id, person.id, "ineligible")
    yield lambda connection: withdraw_person(connection, facts.id, person.id, "removed")
    # Before the invitation went out nobody has a link to be done with.
    if mailed != "due":
        other = replace(LATE, role="zoco")
        yield lambda connection: correct_person(connection, keys, facts.id, person.id, other)


def test_every_act_is_the_same_whoever_is_done(
    facts: ParticipationFacts, keys: KeyDirectory, somebody: ListedPerson, mailed: str
) -> None:
    other = next(p for p in people(keys, facts) if p.role == somebody.role and p.id != somebody.id)
    for act in acts_on(keys, facts, somebody, mailed):
        assert play(keys, facts, somebody, somebody.id, act) == play(keys, facts, somebody, other.id, act)


def count_by_status(counts_of: Callable[..., dict[str, RoleCount]]) -> Callable[..., dict[str, RoleCount]]:
    """The old rule: whoever's invitation is withdrawn is not invited; who is done is."""

    def count(connection: Connection, participation: UUID, role: Any, **also: Any) -> dict[str, RoleCount]:
        found = counts_of(connection, participation, role, **also)
        query = select(Invitation.role).where(
            Invitation.participation_id == participation, Invitation.status != "withdrawn"
        )
        roles = list(connection.execute(query).scalars())
        return {name: replace(value, invited=roles.count(name)) for name, value in found.items()}

    return count


def test_twin_counting_by_status_tells_whether_a_withdrawn_person_is_done(
    facts: ParticipationFacts, keys: KeyDirectory, somebody: ListedPerson, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = count_by_status(counts._count_list)
    monkeypatch.setattr(counts, "_count_list", old)
    with pytest.raises(AssertionError):
        test_every_act_is_the_same_whoever_is_done(facts, keys, somebody, "due")


def fill_roles(
    connection: Connection, keys: KeyDirectory, clock: FixedClock, sizes: list[int]
) -> ParticipationFacts:
    roles: dict[str, int] = dict(zip(("ib", "zoco", "swv"), sizes, strict=True))
    return plan_wave(connection, keys, make_plan(clock(), roles, region=f"r{uuid4().hex[:8]}"), roles)


@given(
    st.lists(st.integers(1, 4), min_size=3, max_size=3),
    st.sampled_from(["ineligible", "removed"]),
    st.data(),
)
def test_whoever_is_withdrawn_no_invited_of_a_row_of_ten_tells_who_is_done(
    sqlite_app: Flask,
    sizes: list[int],
    reason: Literal["ineligible", "removed"],
    data: st.DataObject,
) -> None:
    """Also where the role holds one person, so that there is nobody within it to exchange with."""
    installation = sqlite_app.extensions["aoj"]
    seen: set[tuple[int, ...]] = set()
    with db.engine.connect() as connection, connection.begin() as transaction:
        facts = fill_roles(connection, installation.keys, FixedClock(), sizes)
        links = connection.execute(
            select(Invitation.id, Invitation.invitee_id).order_by(Invitation.role, Invitation.id)
        ).all()
        chosen = links[data.draw(st.integers(0, len(links) - 1), "who is withdrawn")]
        others = [item.id for item in links if item.id != chosen.id]
        also = data.draw(st.sets(st.sampled_from(others), max_size=len(others) - 1), "who else is done")
        connection.execute(
            update(Invitation).where(Invitation.id.in_(also)).values(status="done", started=True)
        )
        for status in ("open", "done"):
            with connection.begin_nested() as nested:
                connection.execute(
                    update(Invitation)
                    .where(Invitation.id == chosen.id)
                    .values(status=status, started=status == "done")
                )
                withdraw_person(connection, facts.id, chosen.invitee_id, reason)
                table = join_small_roles(count_progress(connection, facts.id), minimum=sum(sizes))
                seen.add((sum(row.invited for row in table.rows), len(table.rows)))
                nested.rollback()
        transaction.rollback()
    assert len(seen) == 1


def test_a_contact_of_the_list_holds_the_places_an_organisation_belongs_to(
    facts: ParticipationFacts, keys: KeyDirectory
) -> None:
    with db.write() as connection:
        add_invitations(connection, keys, facts.id, [LATE])
        row = connection.execute(
            select(Invitee.id, Invitee.contact, Invitee.sector).where(Invitee.sector.is_not(None))
        ).one()
        made = connection.execute(
            select(Invitation.id, Invitation.token_hash).where(Invitation.invitee_id == row.id)
        ).one()
    opened = open_contact(keys.contact(facts.id), row.id, row.contact)
    assert (opened, row.sector) == (
        Contact(LATE.address, LATE.organisation, "Rijnstad", "SWV Rijnmeer"),
        "po",
    )
    token = derive_token(keys.link(facts.id), "link", made.id, 0)
    assert made.token_hash == hash_token(token)
