"""What is told of a group link: from ten up, in steps of ten, and nothing that a subtraction would give away."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations
from uuid import UUID

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from aoj_survey.db import db
from aoj_survey.invitations import GroupFacts
from aoj_survey.keys import KeyDirectory
from aoj_survey.statistics import ResponseRow
from aoj_survey.tracking import LinkCount, choose_told, count_day, read_final_counts, read_overview
from aoj_survey.waves import ParticipationFacts
from tests.conftest import FixedClock
from tests.invitations.groups import let_answer, make_group, read_group
from tests.responses.boxes import close
from tests.staging import ANSWERS, list_people, send, start_wave

DAY = date(2026, 5, 4)
ROLES = ("ib", "zoco", "jeugdhulp", "swv")


def row(roles: str, invited: int, done: int) -> ResponseRow:
    return ResponseRow(tuple(roles.split()), invited, 0, done, done, estimated=True)


def link(number: int, roles: str, asked: int, done: int, told: int = 0) -> LinkCount:
    return LinkCount(UUID(int=number), frozenset(roles.split()), asked, done, told)


def choose(links: Sequence[LinkCount], rows: Sequence[ResponseRow]) -> set[int]:
    return {group.int for group in choose_told(links, rows)}


# The rule


@pytest.mark.parametrize(("done", "told"), [(9, set[int]()), (10, {1}), (30, {1})])
def test_a_number_is_told_from_ten_up(done: int, told: set[int]) -> None:
    assert choose([link(1, "ib", 30, done)], [row("ib", 60, done + 15)]) == told


@pytest.mark.parametrize(("done", "told"), [(10, set[int]()), (19, set[int]()), (20, {1})])
def test_the_next_number_is_told_when_ten_more_are_done(done: int, told: set[int]) -> None:
    assert choose([link(1, "ib", 30, done, told=10)], [row("ib", 60, done + 15)]) == told


def test_a_number_that_leaves_few_others_is_kept_back() -> None:
    """Of four people on the list 2 are done: 27 minus 25."""
    assert choose([link(1, "ib", 30, 25)], [row("ib", 34, 27)]) == set()
    assert choose([link(1, "ib", 30, 25)], [row("ib", 54, 35)]) == {1}


def test_a_link_that_is_the_whole_row_is_told() -> None:
    assert choose([link(1, "ib", 30, 25)], [row("ib", 30, 25)]) == {1}


def test_a_number_that_gives_another_link_away_is_kept_back() -> None:
    """The second link has 9 done, which stays hidden; so must the first, or 34 minus 25 tells it."""
    both = [link(1, "ib", 30, 25), link(2, "ib", 20, 9)]
    assert choose(both, [row("ib", 50, 34)]) == set()


def test_the_smallest_of_several_is_kept_back() -> None:
    """12 on the list of whom 3 are done hide together with the smallest link."""
    three = [link(1, "ib", 30, 25), link(2, "ib", 20, 12), link(3, "ib", 40, 30)]
    assert choose(three, [row("ib", 102, 70)]) == {1, 3}


def test_a_link_of_several_roles_is_weighed_against_their_rows_together() -> None:
    rows = [row("ib", 40, 20), row("zoco", 20, 8), row("swv", 30, 15)]
    assert choose([link(1, "ib zoco", 50, 25)], rows) == set()
    assert choose([link(1, "ib zoco", 60, 28)], rows) == {1}


def test_a_number_told_before_counts_as_known() -> None:
    told, fresh = link(1, "ib", 30, 12, told=12), link(2, "ib", 30, 11)
    assert choose([told, fresh], [row("ib", 70, 25)]) == set()
    assert choose([told, fresh], [row("ib", 70, 33)]) == {2}


parts = st.tuples(
    st.sets(st.sampled_from(ROLES), min_size=1, max_size=2), st.integers(1, 30), st.integers(0, 30)
)


@given(
    st.lists(parts, max_size=4),
    st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=4, max_size=4),
)
def test_no_rows_minus_what_is_told_leave_few_who_are_done(
    groups: list[tuple[set[str], int, int]], listed: list[tuple[int, int]]
) -> None:
    """By brute force over every set of rows and every set of told links inside them."""
    invited = {role: asked for role, (asked, _) in zip(ROLES, listed, strict=True)}
    done = {role: min(asked, sent) for role, (asked, sent) in zip(ROLES, listed, strict=True)}
    links: list[LinkCount] = []
    for number, (roles, people, sent) in enumerate(groups):
        first = min(roles)
        links.append(link(number, " ".join(roles), max(people, sent), sent))
        invited[first] += max(people, sent)
        done[first] += sent
    rows = [row(role, invited[role], done[role]) for role in ROLES]
    told = [item for item in links if item.group in choose_told(links, rows)]
    assert all(item.done >= 10 for item in told)
    for some in (set(some) for size in range(1, 5) for some in combinations(ROLES, size)):
        inside = [item for item in told if item.roles <= some]
        for taken in (taken for size in range(1, len(inside) + 1) for taken in combinations(inside, size)):
            others = sum(invited[role] for role in some) - sum(item.asked for item in taken)
            left = sum(done[role] for role in some) - sum(item.done for item in taken)
            assert others == 0 or left >= 10


# What is stored


@pytest.fixture
def facts(app: Flask, keys: KeyDirectory, clock: FixedClock) -> ParticipationFacts:
    return start_wave(keys, clock(), {"ib": 12, "zoco": 12})


@pytest.fixture
def group(facts: ParticipationFacts, keys: KeyDirectory) -> GroupFacts:
    return make_group(keys, facts, {"ib": 30})


def count(facts: ParticipationFacts, day: date) -> None:
    with db.write() as connection:
        count_day(connection, facts.id, day)


def answer_by_mail(facts: ParticipationFacts, keys: KeyDirectory, clock: FixedClock) -> None:
    """Ten of those on the list answer, so that the link does not stand alone."""
    for person in [person for person in list_people(keys, facts) if person.role == "ib"][:10]:
        send(person, ANSWERS, clock())


def test_a_number_is_as_old_as_the_daily_count(
    facts: ParticipationFacts, group: GroupFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    answer_by_mail(facts, keys, clock)
    let_answer(group, 9, clock())
    count(facts, DAY)
    assert read_group(keys, facts, group.id) == replace(group, told=0, told_on=None)
    let_answer(group, 2, clock())
    assert read_group(keys, facts, group.id).told == 0
    count(facts, DAY + timedelta(days=1))
    assert read_group(keys, facts, group.id) == replace(group, told=11, told_on=DAY + timedelta(days=1))
    let_answer(group, 5, clock())
    count(facts, DAY + timedelta(days=2))
    assert read_group(keys, facts, group.id).told == 11


def test_the_close_tells_by_the_same_rule(
    facts: ParticipationFacts, group: GroupFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    answer_by_mail(facts, keys, clock)
    let_answer(group, 11, clock())
    close(facts, clock())
    assert read_group(keys, facts, group.id).told == 11


def test_a_group_alone_with_few_on_the_list_is_not_told(
    facts: ParticipationFacts, group: GroupFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    let_answer(group, 11, clock())
    count(facts, DAY)
    assert read_group(keys, facts, group.id).told == 0


def test_rows_with_a_group_link_are_estimated_and_so_is_the_total(
    facts: ParticipationFacts, group: GroupFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    count(facts, DAY)
    with db.read() as connection:
        overview = read_overview(connection, facts)
    found = [(row.roles, row.invited, row.estimated) for row in overview.rows]
    assert found == [(("ib",), 42, True), (("zoco",), 12, False)]
    assert overview.total.estimated


def test_final_counts_say_which_are_estimated(
    facts: ParticipationFacts, group: GroupFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    closed = close(facts, clock())
    with db.read() as connection:
        final = read_final_counts(connection, closed.id)
    assert {(count.role, count.invited, count.estimated) for count in final} == {
        ("ib", 42, True),
        ("zoco", 12, False),
    }
