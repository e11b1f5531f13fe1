"""Group links: made for declared people, found by derived tokens, counted as asked; started once per form."""

from uuid import UUID

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from aoj_survey.db import db
from aoj_survey.errors import NotFoundError, StateError
from aoj_survey.invitations import (
    GroupLink,
    GroupPeople,
    Invitation,
    Message,
    ResumeCode,
    add_group,
    count_groups,
    count_invited,
    count_progress,
    count_starts,
    derive_group_tokens,
    derive_start,
    derive_token,
    find_group,
    find_group_named,
    find_group_page,
    find_invitation,
    hash_token,
    hold_group,
    list_groups,
    make_start_id,
    stop_group,
)
from aoj_survey.invitations.links import TOKEN
from aoj_survey.keys import KeyDirectory
from aoj_survey.statistics import RoleCount
from aoj_survey.waves import ParticipationFacts
from tests.conftest import FixedClock
from tests.factories import make_invitation
from tests.invitations.groups import SCHOOL, begin, let_answer, make_group
from tests.responses.boxes import close, count_rows, read_rows
from tests.staging import make_plan, plan_wave, start_wave

KEY = b"c" * 32
SOMETHING = UUID("11111111-2222-4333-8444-555555555555")

starts = st.binary(min_size=16, max_size=16).map(lambda part: (part.hex() * 2)[:26])


@pytest.fixture
def facts(app: Flask, keys: KeyDirectory, clock: FixedClock) -> ParticipationFacts:
    return start_wave(keys, clock(), {"ib": 12, "zoco": 12})


# Tokens


@given(st.binary(min_size=32, max_size=32), st.uuids())
def test_the_tokens_of_a_link_share_no_value_with_each_other_or_personal_links(
    key: bytes, group: UUID
) -> None:
    tokens = derive_group_tokens(key, group)
    others = {
        derive_token(key, purpose, group, 0) for purpose in ("link", "optout", "bounce", "group", "count")
    }
    assert TOKEN.fullmatch(tokens.link)
    assert TOKEN.fullmatch(tokens.page)
    assert len({tokens.link, tokens.page, *others}) == 7


def test_a_poster_of_today_works_tomorrow() -> None:
    assert derive_group_tokens(KEY, SOMETHING).link == derive_group_tokens(KEY, SOMETHING).link
    assert derive_group_tokens(KEY, SOMETHING) != derive_group_tokens(b"d" * 32, SOMETHING)


def test_the_database_holds_no_token(facts: ParticipationFacts, keys: KeyDirectory) -> None:
    group = make_group(keys, facts, {"ib": 30})
    tokens = derive_group_tokens(keys.contact(facts.id), group.id)
    held = repr([read_rows(table) for table in (GroupLink, GroupPeople)])
    assert tokens.link not in held
    assert tokens.page not in held


def test_each_token_leads_to_the_link_by_its_own_door_only(
    facts: ParticipationFacts, keys: KeyDirectory
) -> None:
    group = make_group(keys, facts, {"ib": 30})
    tokens = derive_group_tokens(keys.contact(facts.id), group.id)
    with db.read() as connection:
        assert find_group(connection, tokens.link) == group
        assert find_group_page(connection, tokens.page) == group
        assert find_group(connection, tokens.page) is None
        assert find_group_page(connection, tokens.link) is None
        assert find_invitation(connection, tokens.link) is None


# Made and stopped


def test_a_link_knows_its_people_per_role_the_most_first(
    facts: ParticipationFacts, keys: KeyDirectory
) -> None:
    group = make_group(keys, facts, {"ib": 2, "zoco": 30}, f"  {SCHOOL} ")
    assert group.name == SCHOOL
    assert [(role.role, role.people) for role in group.roles] == [("zoco", 30), ("ib", 2)]
    assert group.people == 32
    assert all(role.instrument_digest for role in group.roles)
    with db.read() as connection:
        assert list_groups(connection, facts.id) == (group,)


@pytest.mark.parametrize(("people", "most"), [(1, 20), (6, 20), (7, 21), (30, 90)])
def test_a_link_may_be_started_thrice_per_person_and_twenty_times_at_least(
    facts: ParticipationFacts, keys: KeyDirectory, people: int, most: int
) -> None:
    assert make_group(keys, facts, {"ib": people}).most_starts == most


@pytest.mark.parametrize(
    ("name", "people", "what"),
    [
        ("", {"ib": 3}, "the name is missing"),
        ("a\u200bb", {"ib": 3}, "invisible"),
        ("n" * 201, {"ib": 3}, "longer than 200"),
        ("een", {}, "how many people"),
        ("een", {"swv": 3}, "no questionnaire is planned for swv"),
        ("een", {"ib": 0}, "between 1 and 10000 for ib"),
        ("een", {"ib": 10_001}, "between 1 and 10000"),
    ],
)
def test_a_link_that_cannot_be_is_refused_with_what_is_wrong(
    facts: ParticipationFacts, keys: KeyDirectory, name: str, people: dict[str, int], what: str
) -> None:
    with db.write() as connection, pytest.raises(StateError, match=what):
        add_group(connection, keys, facts, name, people)
    assert count_rows(GroupLink) == 0


def test_a_name_is_taken_once(facts: ParticipationFacts, keys: KeyDirectory) -> None:
    make_group(keys, facts, {"ib": 3})
    with db.write() as connection, pytest.raises(StateError, match="already"):
        add_group(connection, keys, facts, SCHOOL, {"ib": 3})


def test_no_link_is_added_after_the_close(
    facts: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    closed = close(facts, clock())
    with db.write() as connection, pytest.raises(StateError, match="closed"):
        add_group(connection, keys, closed, SCHOOL, {"ib": 3})


def test_a_stopped_link_lets_nobody_start_and_keeps_its_people(
    facts: ParticipationFacts, keys: KeyDirectory
) -> None:
    group = make_group(keys, facts, {"ib": 3})
    with db.write() as connection:
        assert hold_group(connection, group.id)
        stop_group(connection, facts, SCHOOL)
        assert not hold_group(connection, group.id)
        assert count_invited(connection, facts.id) == {"ib": 15, "zoco": 12}
        with pytest.raises(NotFoundError, match=SCHOOL):
            find_group_named(connection, facts, "elders")


def test_a_link_stopped_before_the_fieldwork_was_never_there(
    app: Flask, keys: KeyDirectory, clock: FixedClock
) -> None:
    with db.write() as connection:
        facts = plan_wave(connection, keys, make_plan(clock(), {"ib": 3}), {"ib": 3})
        add_group(connection, keys, facts, SCHOOL, {"ib": 3})
        assert count_invited(connection, facts.id) == {"ib": 6}
        stop_group(connection, facts, SCHOOL)
        assert count_invited(connection, facts.id) == {"ib": 3}
        assert list_groups(connection, facts.id) == ()


# Starts


@given(starts, starts)
def test_the_same_form_makes_the_same_start_and_another_one_another(first: str, second: str) -> None:
    same = derive_start("t" * 26, first) == derive_start("t" * 26, second)
    assert same == (first == second)
    assert derive_start("t" * 26, first).token != derive_start("u" * 26, first).token
    assert TOKEN.fullmatch(derive_start("t" * 26, first).token)


def test_every_form_has_another_id_of_128_bits() -> None:
    made = {make_start_id() for _ in range(100)}
    assert len(made) == 100
    assert all(TOKEN.fullmatch(start) for start in made)


def test_a_start_makes_an_invitation_of_nobody_known(
    facts: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    group = make_group(keys, facts, {"ib": 3})
    mails = count_rows(Message)
    token = begin(group)
    with db.read() as connection:
        found = find_invitation(connection, token)
        row = connection.execute(select(Invitation).where(Invitation.group_id == group.id)).one()
        assert count_starts(connection, group.id) == 1
    assert found is not None
    assert (found.role, found.status, found.started, found.by_group) == ("ib", "open", True, True)
    assert (row.invitee_id, row.optout_hash) == (None, None)
    assert count_rows(Message) == mails
    assert token not in repr([read_rows(table) for table in (Invitation, ResumeCode)])


def test_a_start_is_exactly_once(facts: ParticipationFacts, keys: KeyDirectory) -> None:
    """Whatever a door forgets: two invitations of one token cannot be stored."""
    group = make_group(keys, facts, {"ib": 3})
    token = begin(group)
    with db.write() as connection, pytest.raises(IntegrityError):
        make_invitation(connection, facts.id, token_hash=hash_token(token))


def test_an_invitation_is_never_of_an_invitee_and_of_a_group(
    facts: ParticipationFacts, keys: KeyDirectory
) -> None:
    group = make_group(keys, facts, {"ib": 3})
    with db.write() as connection:
        person = make_invitation(connection, facts.id)
        with pytest.raises(IntegrityError), connection.begin_nested():
            connection.execute(update(Invitation).where(Invitation.id == person).values(group_id=group.id))


# Counts


def test_declared_people_count_as_invited_and_the_rate_is_estimated(
    facts: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    group = make_group(keys, facts, {"ib": 30})
    let_answer(group, 4, clock())
    begin(group)
    with db.read() as connection:
        assert count_invited(connection, facts.id) == {"ib": 42, "zoco": 12}
        ib, zoco = count_progress(connection, facts.id)
    assert ib == RoleCount("ib", 42, 0, 5, 4, estimated=True)
    assert zoco == RoleCount("zoco", 12, 0, 0, 0, estimated=False)


def test_more_done_than_declared_count_as_asked(
    facts: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    let_answer(make_group(keys, facts, {"ib": 2, "zoco": 5}), 4, clock())
    with db.read() as connection:
        ib, zoco = count_progress(connection, facts.id)
    assert (ib.invited, ib.done) == (12 + 4, 4)
    assert (zoco.invited, zoco.done) == (12 + 5, 0)


def test_who_ends_in_a_role_the_link_was_not_for_is_counted_there(
    facts: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    group = make_group(keys, facts, {"ib": 3})
    let_answer(group, 2, clock(), role="zoco")
    with db.read() as connection:
        counts = {
            count.role: (count.people, count.asked, count.done)
            for count in count_groups(connection, facts.id)
        }
    assert counts == {"ib": (3, 3, 0), "zoco": (0, 2, 2)}


def test_nobody_of_a_group_gets_mail(facts: ParticipationFacts, keys: KeyDirectory) -> None:
    group = make_group(keys, facts, {"ib": 3})
    begin(group)
    with db.read() as connection:
        of_group = select(Message.kind).join(Invitation).where(Invitation.group_id == group.id)
        assert connection.execute(of_group).all() == []
