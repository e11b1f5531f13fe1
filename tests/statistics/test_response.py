"""The response table: what may be printed after the close, and what may be seen day by day before it."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aoj_survey.disclosure import audit_sets
from aoj_survey.questionnaire import ROLES
from aoj_survey.statistics import ResponseRow, ResponseTable, RoleCount, join_small_roles, response_table

COUNTS_2015 = (
    RoleCount("ib", 138, 135, 70, 59),
    RoleCount("zoco", 29, 29, 15, 14),
    RoleCount("jeugdhulp", 9, 9, 5, 5),
    RoleCount("beleid_gem", 8, 7, 5, 4),
    RoleCount("swv", 9, 9, 9, 9),
)


def count(role: str, invited: int, done: int) -> RoleCount:
    return RoleCount(role, invited, invited, done, done)


def table_of(table: ResponseTable) -> list[tuple[tuple[str, ...], int, int]]:
    return [(row.roles, row.invited, row.done) for row in table.rows]


@st.composite
def role_counts(draw: st.DrawFn) -> list[RoleCount]:
    roles = draw(st.lists(st.sampled_from(list(ROLES)), unique=True, max_size=8))
    counts: list[RoleCount] = []
    for role in roles:
        invited = draw(st.integers(0, 25))
        done = draw(st.integers(0, invited))
        started = draw(st.integers(done, invited))
        counts.append(RoleCount(role, invited, draw(st.integers(done, invited)), started, done))
    return counts


# After the close


def test_table_of_2015_adds_up_unlike_the_printed_one() -> None:
    table = response_table(COUNTS_2015)
    assert [(row.invited, row.done, row.rate) for row in table.rows] == [
        (138, 59, 43),
        (29, 14, 48),
        (9, 5, 56),
        (8, 4, 50),
        (9, 9, 100),
    ]
    assert (table.total.invited, table.total.done, table.total.rate) == (193, 91, 47)


def test_rate_of_those_reached_leaves_undelivered_mail_out() -> None:
    table = response_table([RoleCount("ib", 193, 187, 91, 91)])
    assert (table.total.rate, table.total.rate_reached) == (47, 49)


def test_somebody_done_counts_as_reached_though_the_mail_bounced() -> None:
    assert ResponseRow(("ib",), 10, 2, 5, 5).rate_reached == 100


def test_nobody_invited_has_no_rate() -> None:
    empty = response_table([]).total
    assert (empty.rate, empty.rate_reached) == (None, None)


@pytest.mark.parametrize("done", [0, 1, 2])
def test_row_with_one_or_two_done_or_none_joins_the_next_smallest_of_its_group(done: int) -> None:
    table = response_table(
        [count("ib", 40, 20), count("zoco", 20, 9), count("jgz", 8, done), count("swv", 9, 4)]
    )
    assert table_of(table) == [
        (("ib",), 40, 20),
        (("zoco", "jgz"), 28, 9 + done),
        (("swv",), 9, 4),
    ]


def test_small_row_alone_in_its_group_joins_the_smallest_of_all() -> None:
    table = response_table([count("ib", 40, 20), count("zoco", 20, 9), count("swv", 2, 2)])
    assert table_of(table) == [(("ib",), 40, 20), (("zoco", "swv"), 22, 11)]


def test_role_whose_people_were_all_listed_wrongly_is_joined_and_none_who_is_done_is_lost() -> None:
    for done in (0, 1):
        counts = [count("ib", 19, 5), count("swv", 0, done)]
        assert table_of(response_table(counts)) == [(("ib", "swv"), 19, 5 + done)]
        assert table_of(join_small_roles(counts)) == [(("ib", "swv"), 19, 5 + done)]


def test_row_holds_as_many_invited_as_are_done() -> None:
    for table in (response_table, join_small_roles):
        assert table_of(table([count("ib", 11, 12)])) == [(("ib",), 12, 12)]


@pytest.mark.parametrize(
    "counts",
    [
        [],
        [count("ib", 2, 2)],
        [count("ib", 20, 2)],
        [count("ib", 20, 0)],
        [count("ib", 20, 1), count("swv", 5, 1)],
        [count("ib", 1, 1), count("swv", 1, 1)],
    ],
)
def test_one_or_two_people_in_all_or_none_have_no_table(counts: list[RoleCount]) -> None:
    assert response_table(counts).rows == ()


def test_three_people_in_all_have_one_row() -> None:
    assert table_of(response_table([count("ib", 9, 2), count("swv", 5, 1)])) == [(("ib", "swv"), 14, 3)]


def test_twin_without_the_rule_one_person_is_a_table() -> None:
    assert table_of(response_table([count("ib", 1, 1)], fewest=0)) == [(("ib",), 1, 1)]


def test_twin_without_the_rule_two_people_stand_in_a_row() -> None:
    table = response_table([count("ib", 40, 20), count("jgz", 8, 2)], fewest=0)
    assert (("jgz",), 8, 2) in table_of(table)


@given(role_counts())
def test_total_is_the_sum_of_the_printed_rows_and_of_the_roles(counts: list[RoleCount]) -> None:
    for table in (response_table(counts), join_small_roles(counts)):
        if not table.rows:
            continue
        for name in ("invited", "delivered", "started", "done"):
            printed = [getattr(row, name) for row in table.rows]
            assert getattr(table.total, name) == sum(printed) == sum(getattr(item, name) for item in counts)


def test_twin_the_total_typed_by_hand_in_2015_is_not_the_sum() -> None:
    assert response_table(COUNTS_2015).total.invited != 190


@given(role_counts())
def test_rows_after_the_close_are_a_partition_without_ones_and_twos(counts: list[RoleCount]) -> None:
    table = response_table(counts)
    roles = [role for row in table.rows for role in row.roles]
    enough = sum(item.done for item in counts) >= 3
    assert sorted(roles) == sorted(item.role for item in counts if enough)
    assert all(row.invited >= 3 and row.done >= 3 for row in table.rows)


@given(role_counts())
def test_order_of_counting_does_not_matter(counts: list[RoleCount]) -> None:
    assert response_table(counts) == response_table(counts[::-1])
    assert join_small_roles(counts) == join_small_roles(counts[::-1])


# While the fieldwork runs


def test_small_roles_of_2015_share_one_row() -> None:
    assert table_of(join_small_roles(COUNTS_2015)) == [
        (("ib",), 138, 59),
        (("zoco",), 29, 14),
        (("jeugdhulp", "beleid_gem", "swv"), 26, 18),
    ]


def test_one_small_role_takes_the_next_smallest_with_it() -> None:
    counts = [count("ib", 138, 1), count("zoco", 29, 1), count("jeugdhulp", 9, 1)]
    assert table_of(join_small_roles(counts)) == [(("ib",), 138, 1), (("zoco", "jeugdhulp"), 38, 2)]


def test_small_roles_below_ten_together_take_the_next_smallest_too() -> None:
    counts = [count("ib", 138, 1), count("zoco", 29, 1), count("jeugdhulp", 4, 1), count("swv", 5, 1)]
    assert table_of(join_small_roles(counts)) == [(("ib",), 138, 1), (("zoco", "jeugdhulp", "swv"), 38, 3)]


def test_large_roles_keep_their_own_rows() -> None:
    counts = [count("ib", 10, 1), count("zoco", 12, 0)]
    assert table_of(join_small_roles(counts)) == [(("ib",), 10, 1), (("zoco",), 12, 0)]


@given(role_counts())
def test_running_rows_hold_ten_people_and_joined_ones_two_roles(counts: list[RoleCount]) -> None:
    table = join_small_roles(counts)
    assert all(row.invited >= 10 for row in table.rows)
    small = {item.role for item in counts if 0 < item.invited < 10}
    assert all(len(row.roles) >= 2 for row in table.rows if small & set(row.roles))
    assert bool(table.rows) == (sum(item.invited for item in counts) >= 10)


def test_fewer_than_ten_people_in_all_have_no_table_while_it_runs() -> None:
    assert join_small_roles([count("ib", 5, 1), count("swv", 4, 1)]).rows == ()
    assert table_of(join_small_roles([count("ib", 6, 1), count("swv", 4, 1)])) == [(("ib", "swv"), 10, 2)]


def test_twin_without_joining_a_role_of_nine_has_its_own_row() -> None:
    assert (("jeugdhulp",), 9, 5) in table_of(join_small_roles(COUNTS_2015, minimum=0))


# From day to day

Day = Mapping[str, int]
Tables = Callable[[Day, ResponseTable | None], ResponseTable]
SUBTRACTED: list[Day] = [
    {"ib": 30, "zoco": 12, "jeugdhulp": 5, "swv": 11},
    {"ib": 30, "zoco": 12, "jeugdhulp": 5, "swv": 13},
]
"""Made anew, the rows of the second day join jeugdhulp with another role: subtracting tells who is done."""


def make_table(invited: Day, earlier: ResponseTable | None) -> ResponseTable:
    return join_small_roles([count(role, number, 0) for role, number in invited.items()], earlier)


def grow(additions: Sequence[Day]) -> list[Day]:
    """The number invited per role day by day, by what is added each day."""
    total: Counter[str] = Counter()
    days: list[Day] = []
    for added in additions:
        total.update(added)
        days.append(dict(total))
    return days


def subtract_all(days: Sequence[Day], make: Tables = make_table) -> None:
    """See all rows of all days so far, every day, and try every sum and difference of them."""
    seen: list[frozenset[str]] = []
    earlier: ResponseTable | None = None
    for invited in days:
        table = make(invited, earlier)
        earlier = table if table.rows else earlier
        seen += [frozenset(row.roles) for row in table.rows]
        small = audit_sets(seen, invited, 10)
        assert not small, f"somebody can work out {sorted(map(sorted, small))}"


@st.composite
def additions(draw: st.DrawFn) -> list[Day]:
    roles = st.sampled_from(list(ROLES)[:6])
    return draw(st.lists(st.dictionaries(roles, st.integers(1, 14), max_size=6), min_size=1, max_size=5))


@given(additions())
@example([{"ib": 30, "zoco": 12, "jeugdhulp": 5}, {"swv": 3}, {"beleid_gem": 9}])
def test_the_rows_of_all_days_together_give_no_small_group_away(added: list[Day]) -> None:
    subtract_all(grow(added))


def test_the_joining_of_the_first_day_stays() -> None:
    subtract_all(SUBTRACTED)
    first = make_table(SUBTRACTED[0], None)
    assert [row.roles for row in first.rows] == [("ib",), ("zoco",), ("jeugdhulp", "swv")]
    second = make_table(SUBTRACTED[1], first)
    assert table_of(second) == [(("ib",), 30, 0), (("zoco",), 12, 0), (("jeugdhulp", "swv"), 18, 0)]


def test_twin_rows_made_anew_each_day_can_be_subtracted() -> None:
    with pytest.raises(AssertionError, match="can work out"):
        subtract_all(SUBTRACTED, lambda invited, _earlier: make_table(invited, None))


LATE: list[Day] = [
    {"ib": 30, "zoco": 12, "jeugdhulp": 5},
    {"ib": 30, "zoco": 12, "jeugdhulp": 5, "swv": 6},
    {"ib": 30, "zoco": 12, "jeugdhulp": 5, "swv": 6, "beleid_gem": 4},
]
"""Two roles that come later; together they are ten people."""


def test_roles_that_come_later_join_the_joined_row_once_they_are_ten() -> None:
    first = make_table(LATE[0], None)
    second = make_table(LATE[1], first)
    third = make_table(LATE[2], second)
    assert table_of(second) == table_of(first) == [(("ib",), 30, 0), (("zoco", "jeugdhulp"), 17, 0)]
    assert [(set(row.roles), row.invited) for row in third.rows] == [
        ({"ib"}, 30),
        ({"zoco", "jeugdhulp", "beleid_gem", "swv"}, 27),
    ]
    subtract_all(LATE)


def test_roles_that_come_later_join_the_smallest_row_when_none_is_joined() -> None:
    first = make_table({"ib": 30, "zoco": 12}, None)
    assert table_of(make_table({"ib": 30, "zoco": 12, "swv": 10}, first)) == [
        (("ib",), 30, 0),
        (("zoco", "swv"), 22, 0),
    ]


def test_twin_a_late_role_of_six_counted_at_once_can_be_subtracted() -> None:
    def add_at_once(invited: Day, earlier: ResponseTable | None) -> ResponseTable:
        table = make_table(invited, earlier)
        late = set(invited) - {role for row in table.rows for role in row.roles}
        *rest, joined = table.rows
        more = ResponseRow((*joined.roles, *late), joined.invited, 0, 0, 0)
        return ResponseTable((*rest, more))

    with pytest.raises(AssertionError, match=r"can work out .*swv"):
        subtract_all(LATE[:2], add_at_once)


def test_rows_that_shrink_by_withdrawals_are_joined_and_vanish_below_ten() -> None:
    first = make_table({"ib": 30, "zoco": 12, "jeugdhulp": 10}, None)
    joined = make_table({"ib": 30, "zoco": 12, "jeugdhulp": 9}, first)
    assert table_of(joined) == [(("ib",), 30, 0), (("zoco", "jeugdhulp"), 21, 0)]
    assert make_table({"ib": 5, "zoco": 4}, first).rows == ()
    assert make_table({"swv": 40}, first).rows == ()
