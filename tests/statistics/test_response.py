import pytest
from hypothesis import given
from hypothesis import strategies as st

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


def test_role_with_nobody_invited_has_no_row() -> None:
    assert table_of(response_table([count("ib", 9, 5), count("swv", 0, 0)])) == [(("ib",), 9, 5)]


def test_single_row_stays_however_small() -> None:
    assert table_of(response_table([count("ib", 2, 1)])) == [(("ib",), 2, 1)]


def test_twin_without_the_rule_two_people_stand_in_a_row() -> None:
    table = response_table([count("ib", 40, 20), count("jgz", 8, 2)], fewest=0)
    assert (("jgz",), 8, 2) in table_of(table)


@given(role_counts())
def test_total_is_the_sum_of_the_printed_rows_and_of_the_roles(counts: list[RoleCount]) -> None:
    for table in (response_table(counts), join_small_roles(counts)):
        for name in ("invited", "delivered", "started", "done"):
            printed = [getattr(row, name) for row in table.rows]
            assert (
                getattr(table.total, name)
                == sum(printed)
                == sum(getattr(item, name) for item in counts if item.invited)
            )


def test_twin_the_total_typed_by_hand_in_2015_is_not_the_sum() -> None:
    assert response_table(COUNTS_2015).total.invited != 190


@given(role_counts())
def test_rows_after_the_close_are_a_partition_without_ones_and_twos(counts: list[RoleCount]) -> None:
    table = response_table(counts)
    roles = [role for row in table.rows for role in row.roles]
    assert sorted(roles) == sorted(item.role for item in counts if item.invited)
    assert len(table.rows) <= 1 or all(row.invited >= 3 and row.done >= 3 for row in table.rows)


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
    if len(table.rows) > 1:
        assert all(row.invited >= 10 for row in table.rows)
        small = {item.role for item in counts if 0 < item.invited < 10}
        assert all(len(row.roles) >= 2 for row in table.rows if small & set(row.roles))


def test_twin_without_joining_a_role_of_nine_has_its_own_row() -> None:
    assert (("jeugdhulp",), 9, 5) in table_of(join_small_roles(COUNTS_2015, minimum=0))
