"""Response rates: sums of small enough parts, and no printed difference that isolates one or two people."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aoj_survey.disclosure import derivable_unions
from aoj_survey.questionnaire import ROLES
from aoj_survey.statistics import (
    RateRow,
    Rates,
    ResponseCell,
    add_rows,
    combine_rates,
    find_unions,
    make_rates,
)


def cell(role: str, sector: str, invited: int, done: int, reached: int | None = None) -> ResponseCell:
    return ResponseCell(role, sector, invited, invited if reached is None else reached, done, done)


SCHOOLS = (
    cell("ib", "po", 100, 45, 96),
    cell("ib", "vo", 20, 9),
    cell("zoco", "vo", 30, 14),
    cell("jeugdhulp", "jeugdhulp", 12, 5),
    cell("beleid_gem", "gemeente", 8, 4),
)


@st.composite
def cells(draw: st.DrawFn) -> list[ResponseCell]:
    roles, sectors = list(ROLES)[:5], ["po", "vo", "jeugdhulp", ""]
    drawn: list[ResponseCell] = []
    for role in draw(st.lists(st.sampled_from(roles), unique=True, max_size=4)):
        for sector in draw(st.lists(st.sampled_from(sectors), unique=True, min_size=1, max_size=3)):
            invited = draw(st.integers(1, 12))
            done = draw(st.integers(0, invited))
            drawn.append(cell(role, sector, invited, done, draw(st.integers(done, invited))))
    return drawn


def rows_of(rows: Iterable[RateRow]) -> list[tuple[tuple[str, ...], int, int, int]]:
    return [(row.names, row.invited, row.reached, row.done) for row in rows]


def test_rates_per_role_group_kind_and_in_total() -> None:
    rates = make_rates(SCHOOLS)
    assert rows_of(rates.roles) == [
        (("ib",), 120, 116, 54),
        (("zoco",), 30, 30, 14),
        (("jeugdhulp",), 12, 12, 5),
        (("beleid_gem",), 8, 8, 4),
    ]
    assert rows_of(rates.groups) == [(("professionals",), 162, 158, 73), (("beleid",), 8, 8, 4)]
    assert rows_of(rates.kinds) == [
        (("po",), 100, 96, 45),
        (("vo",), 50, 50, 23),
        (("jeugdhulp",), 12, 12, 5),
        (("gemeente",), 8, 8, 4),
    ]
    assert rates.total is not None
    assert (rates.total.invited, rates.total.rr1, rates.total.rr5) == (170, 45, 46)


def test_nobody_has_no_rates() -> None:
    assert make_rates([]) == Rates()
    assert Rates().total is None
    assert (RateRow((), 0, 0, 0).rr1, RateRow((), 0, 0, 0).rr5) == (None, None)


def test_an_estimate_stays_one_in_every_sum() -> None:
    posters = ResponseCell("ib", "", 40, 40, 9, 9, estimated=True)
    rates = make_rates([*SCHOOLS, posters])
    assert [row.names for row in rates.roles if row.estimated] == [("ib",)]
    assert [row.names for row in rates.kinds if row.estimated] == [("",)]
    assert rates.total is not None
    assert rates.total.estimated


def test_a_group_stands_there_when_it_is_a_sum_of_rows() -> None:
    rates = make_rates([cell("ib", "", 40, 20), cell("zoco", "", 20, 9), cell("swv", "", 2, 2)])
    assert [row.names for row in rates.roles] == [("ib",), ("zoco", "swv")]
    assert rates.groups == ()


def test_a_kind_that_leaves_one_person_of_a_role_is_joined() -> None:
    # The youth workers minus the organisations for youth care: one care coordinator.
    leaking = [
        cell("jeugdhulp", "jeugdhulp", 9, 5),
        cell("zoco", "jeugdhulp", 1, 1),
        cell("zoco", "vo", 20, 9),
        cell("ib", "po", 40, 20),
    ]
    rates = make_rates(leaking)
    assert rows_of(rates.kinds) == [(("po",), 40, 40, 20), (("jeugdhulp", "vo"), 30, 30, 15)]


def test_one_kind_only_is_no_table() -> None:
    assert make_rates([cell("ib", "po", 40, 20), cell("zoco", "po", 20, 9)]).kinds == ()


# What can be worked out


def subtract_all(rates: Rates, cells: Iterable[ResponseCell]) -> None:
    """Try every sum and difference of what is printed, by exact algebra over cells of role and kind."""
    cells = list(cells)
    atoms = {f"{cell.role} {cell.sector}": (cell.invited, cell.done) for cell in cells}
    printed = [
        frozenset(f"{cell.role} {cell.sector}" for cell in cells if getattr(cell, part) in row.names)
        for part, rows in (("role", rates.roles), ("sector", rates.kinds))
        for row in rows
    ]
    for union in derivable_unions(printed, list(atoms)):
        invited, done = (sum(atoms[atom][place] for atom in union) for place in (0, 1))
        assert invited >= 3, f"one or two people can be worked out: {sorted(union)}"
        assert done >= 3, f"one or two people who are done can be worked out: {sorted(union)}"


@given(cells())
def test_nothing_printed_gives_one_or_two_people_away(drawn: list[ResponseCell]) -> None:
    subtract_all(make_rates(drawn), drawn)


@given(cells())
def test_twin_without_joining_small_groups_can_be_worked_out(drawn: list[ResponseCell]) -> None:
    open_handed = make_rates(drawn, fewest=0)
    if any(cell.done < 3 for cell in drawn) and len({cell.role for cell in drawn}) == len(drawn):
        with pytest.raises(AssertionError, match="can be worked out"):
            subtract_all(open_handed, drawn)


def test_twin_kinds_by_themselves_large_enough_give_one_person_away() -> None:
    leaking = [
        cell("jeugdhulp", "jeugdhulp", 19, 10),
        cell("zoco", "jeugdhulp", 1, 1),
        cell("zoco", "vo", 20, 9),
    ]
    rates = make_rates(leaking)
    assert rates.kinds == ()
    apart = Rates(rates.roles, (), (RateRow(("jeugdhulp",), 20, 20, 11), RateRow(("vo",), 20, 20, 9)))
    with pytest.raises(AssertionError, match="one or two people"):
        subtract_all(apart, leaking)


@given(st.dictionaries(st.tuples(st.integers(0, 2), st.integers(0, 2)), st.just((1, 1)), min_size=1))
def test_unions_of_two_tables_are_those_of_exact_algebra(
    crossing: dict[tuple[int, int], tuple[int, int]],
) -> None:
    names = {pair: f"{pair[0]}{pair[1]}" for pair in crossing}
    printed = [
        frozenset(names[pair] for pair in crossing if pair[side] == place)
        for side in (0, 1)
        for place in range(3)
    ]
    brute = {len(union) for union in derivable_unions(printed, list(names.values()))}
    found = {union[0] for union in find_unions(crossing, 10)}
    assert min(found) == min(brute)
    assert found <= brute


@given(cells())
def test_every_table_adds_up_to_the_same_total(drawn: list[ResponseCell]) -> None:
    rates = make_rates(drawn)
    for rows in (rates.roles, rates.kinds):
        if rows:
            assert add_rows(rows, ()) == add_rows(rates.roles, ())
            assert sum(row.invited for row in rows) == sum(cell.invited for cell in drawn)


@given(cells())
def test_rates_lie_between_nothing_and_all_and_rr5_is_the_larger(drawn: list[ResponseCell]) -> None:
    rates = make_rates(drawn)
    for row in (*rates.roles, *rates.groups, *rates.kinds):
        assert row.rr1 is not None
        assert row.rr5 is not None
        assert 0 <= row.rr1 <= row.rr5 <= 100


def test_who_answered_though_not_on_the_list_any_more_is_counted_in_the_row() -> None:
    # Six were listed, three of them wrongly, and five are done: no row can hold fewer people than that.
    rates = make_rates([ResponseCell("ib", "", 3, 2, 5, 5), cell("zoco", "", 20, 9)])
    assert rows_of(rates.roles) == [(("ib",), 5, 5, 5), (("zoco",), 20, 20, 9)]


@given(cells())
def test_the_order_of_cells_does_not_matter(drawn: list[ResponseCell]) -> None:
    assert make_rates(drawn) == make_rates(drawn[::-1])


# Over a wave

NORTH = make_rates(SCHOOLS)
SOUTH = make_rates(
    [cell("ib", "po", 30, 12), cell("zoco", "vo", 12, 2), cell("jeugdhulp", "jeugdhulp", 9, 5)]
)


def test_a_wave_is_the_sum_of_what_its_regions_print() -> None:
    assert [row.names for row in SOUTH.roles] == [("ib",), ("zoco", "jeugdhulp")]
    wave = combine_rates({"noord": NORTH, "zuid": SOUTH})
    assert rows_of(wave.roles) == [
        (("ib",), 150, 146, 66),
        (("zoco", "jeugdhulp"), 63, 63, 26),
        (("beleid_gem",), 8, 8, 4),
    ]
    assert rows_of(wave.regions) == [(("noord",), 170, 166, 77), (("zuid",), 51, 51, 19)]
    assert wave.total == RateRow((), 221, 217, 96)
    assert [row.names for row in wave.groups] == [("professionals",), ("beleid",)]


def test_a_region_that_may_print_nothing_is_left_out() -> None:
    small = make_rates([cell("ib", "po", 20, 2)])
    assert small == Rates()
    wave = combine_rates({"klein": small, "noord": NORTH})
    assert [row.names for row in wave.regions] == [("noord",)]
    assert wave.total == NORTH.total
    assert combine_rates({"klein": small}) == Rates()


def test_kinds_over_a_wave_need_them_in_every_region() -> None:
    unknown = make_rates([cell("ib", "", 30, 12)])
    assert combine_rates({"noord": NORTH}).kinds
    assert combine_rates({"noord": NORTH, "zuid": unknown}).kinds == ()


@given(cells(), cells())
def test_rows_of_a_wave_tell_nothing_the_regions_do_not(
    first: list[ResponseCell], second: list[ResponseCell]
) -> None:
    regions = {"noord": make_rates(first), "zuid": make_rates(second)}
    wave = combine_rates(regions)
    for row in wave.roles:
        parts = [
            part for rates in regions.values() for part in rates.roles if set(part.names) & set(row.names)
        ]
        assert all(set(part.names) <= set(row.names) for part in parts)
        assert add_rows(parts, row.names) == row
