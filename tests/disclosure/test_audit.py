"""The audit of published sets against searches that know no more algebra than rank, and its witnesses."""

import random
import time
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aoj_survey.disclosure import (
    Change,
    Leak,
    audit,
    audit_release,
    audit_sets,
    derivable_unions,
    explain_leak,
    find_leaks,
)
from aoj_survey.disclosure.span import Span
from aoj_survey.errors import DisclosureError

Group = frozenset[str]

ATOMS = {"ib": 59, "zoco": 14, "jeugdhulp": 5, "beleid": 13}


def sets(*groups: str) -> list[Group]:
    return [frozenset(group.split("+")) for group in groups]


# By hand


def test_twin_without_algebra_a_difference_stays_unseen(monkeypatch: pytest.MonkeyPatch) -> None:
    published = sets("ib", "zoco", "beleid", "ib+zoco+jeugdhulp")
    assert audit_sets(published, ATOMS) == tuple(sets("jeugdhulp"))
    monkeypatch.setattr(audit, "reduce_rows", lambda *_: Span({}, ()))
    assert audit_sets(published, ATOMS) == ()


def test_difference_found_over_three_overlapping_groups() -> None:
    atoms = {"a": 20, "b": 20, "c": 20, "d": 4}
    assert audit_sets(sets("a+b", "b+c", "a+c+d"), atoms) == ()
    assert audit_sets(sets("a+b", "b+c", "a+c", "a+c+d"), atoms) == tuple(sets("d"))


def test_halves_need_division_not_only_differences() -> None:
    # One a is half of the first two sets less the third.
    atoms = {"a": 3, "b": 20, "c": 20}
    published = sets("a+b", "a+c", "b+c")
    assert audit_sets(published, atoms) == tuple(sets("a"))
    assert str(explain_leak(frozenset("a"), published)) == "a = [(a + b) + (a + c) - (b + c)] / 2"


def test_class_without_respondents_is_left_out_of_the_audit() -> None:
    assert audit_sets(sets("a", "a+b"), {"a": 20, "b": 0}) == ()
    # 'b' is empty, so 'a+b+c' minus 'a' is 'c' alone.
    atoms = {"a": 20, "b": 0, "c": 4}
    assert audit_sets(sets("a", "a+b+c"), atoms) == tuple(sets("c"))
    assert [str(leak) for leak in find_leaks(sets("a", "a+b+c"), atoms)] == ["c = (a + c) - (a)"]


def test_a_union_of_two_small_classes_is_found_where_neither_is() -> None:
    atoms = {"a": 20, "b": 4, "c": 4, "d": 30}
    assert audit_sets(sets("a+b", "a+d", "d+c", "d+a+b+c"), atoms) == tuple(sets("b+c"))


def test_threshold_of_five_lets_five_pass() -> None:
    published = sets("ib", "zoco", "beleid", "ib+zoco+jeugdhulp")
    assert audit_sets(published, ATOMS, 5) == ()
    assert audit_sets(published, ATOMS | {"jeugdhulp": 4}, 5) == tuple(sets("jeugdhulp"))


def test_many_parts_can_be_checked() -> None:
    atoms = {f"a{number}": 20 for number in range(200)}
    assert audit_sets([frozenset({atom}) for atom in atoms], atoms) == ()
    assert audit_sets([frozenset(atoms)], atoms) == ()


def test_nothing_published_gives_nothing_away() -> None:
    assert audit_sets([], ATOMS) == ()
    assert audit_sets(sets("ib"), {}) == ()
    assert list(derivable_unions([], "ab")) == []


def ring(number: int) -> tuple[list[Group], dict[str, int]]:
    """Each class in two sets of two: of an odd number every class follows, and no set tells one by itself."""
    names = [f"a{place:03}" for place in range(number)]
    return [frozenset((names[place - 1], name)) for place, name in enumerate(names)], dict.fromkeys(names, 1)


def test_no_more_leaks_are_told_than_can_be_read() -> None:
    found = audit_sets(*ring(21))
    assert len(found) == audit.MOST_TOLD
    assert [len(union) for union in found] == sorted(len(union) for union in found)


def test_more_combinations_than_can_be_tried_are_refused() -> None:
    with pytest.raises(DisclosureError, match="merge small classes first"):
        audit_sets(*ring(201))


def test_more_independent_sets_than_can_be_tried_are_refused() -> None:
    atoms = [f"a{number}" for number in range(17)]
    with pytest.raises(DisclosureError, match="at most 16"):
        list(derivable_unions([frozenset({atom}) for atom in atoms], atoms))


# Against a search by rank


def rank(rows: Sequence[Sequence[int]]) -> int:
    matrix = [[Fraction(value) for value in row] for row in rows]
    found = 0
    for column in range(len(matrix[0]) if matrix else 0):
        pivot = next((row for row in range(found, len(matrix)) if matrix[row][column]), None)
        if pivot is None:
            continue
        matrix[found], matrix[pivot] = matrix[pivot], matrix[found]
        for row in range(found + 1, len(matrix)):
            factor = matrix[row][column] / matrix[found][column]
            matrix[row] = [a - factor * b for a, b in zip(matrix[row], matrix[found], strict=True)]
        found += 1
    return found


def follows_by_rank(union: Group, published: Sequence[Group], atoms: Sequence[str]) -> bool:
    rows = [[int(atom in group) for atom in atoms] for group in published]
    return rank([*rows, [int(atom in union) for atom in atoms]]) == rank(rows)


def unions_by_rank(published: Sequence[Group], atoms: Sequence[str]) -> set[Group]:
    """A small set of independent rows spans the same, and ranks are quicker over few rows."""
    few: list[Group] = []
    for group in published:
        few += [] if follows_by_rank(group, few, atoms) else [group]
    every = [frozenset(union) for size in range(1, len(atoms) + 1) for union in combinations(atoms, size)]
    return {union for union in every if follows_by_rank(union, few, atoms)}


groupings = st.lists(st.frozensets(st.sampled_from("abcdef"), min_size=1), max_size=5)
sizes = st.lists(st.integers(0, 12), min_size=6, max_size=6)


@given(groupings)
def test_derivable_unions_are_all_that_a_rank_search_finds(published: list[Group]) -> None:
    found = list(derivable_unions(published, "abcdef"))
    assert set(found) == unions_by_rank(published, "abcdef")
    assert len(found) == len(set(found))


@given(groupings, sizes, st.integers(2, 12))
def test_audit_reports_exactly_the_small_unions(
    published: list[Group], numbers: list[int], threshold: int
) -> None:
    atoms: Mapping[str, int] = dict(zip("abcdef", numbers, strict=True))
    filled = [atom for atom in atoms if atoms[atom]]
    restricted = [group & set(filled) for group in published]
    expected = {
        union
        for union in unions_by_rank(restricted, filled)
        if sum(atoms[atom] for atom in union) < threshold
    }
    found = audit_sets(published, atoms, threshold)
    assert set(found) <= expected
    assert len(found) == len(set(found))
    assert {union for union in add_apart(found) if sum(atoms[atom] for atom in union) < threshold} == expected


def add_apart(found: Sequence[Group]) -> set[Group]:
    """The unions, and all sums of those that have no class in common."""
    every: set[Group] = set()
    for union in found:
        every |= {union, *(other | union for other in every if not other & union)}
    return every


def add_up(leak: Leak, atoms: Mapping[str, int]) -> Fraction:
    return Fraction(
        sum(factor * sum(atoms[atom] for atom in group) for factor, group in leak.terms), leak.divisor
    )


@given(groupings, sizes)
def test_every_leak_comes_with_sums_that_make_it(published: list[Group], numbers: list[int]) -> None:
    atoms: Mapping[str, int] = dict(zip("abcdef", numbers, strict=True))
    filled = frozenset(atom for atom in atoms if atoms[atom])
    for leak in find_leaks(published, atoms):
        assert {group for _, group in leak.terms} <= {group & filled for group in published}
        assert leak.divisor > 0
        assert all(factor for factor, _ in leak.terms)
        # Not by chance for these sizes: for every number of answers in each class.
        for atom in "abcdef":
            alone = {other: int(other == atom) for other in "abcdef"}
            assert add_up(leak, alone) == (atom in leak.union)
        assert add_up(leak, atoms) == sum(atoms[atom] for atom in leak.union) < 10


@given(groupings, st.frozensets(st.sampled_from("abcdef"), min_size=1))
def test_what_does_not_follow_cannot_be_explained(published: list[Group], union: Group) -> None:
    if follows_by_rank(union, published, "abcdef"):
        assert explain_leak(union, published).union == union
    else:
        with pytest.raises(DisclosureError, match="does not follow"):
            explain_leak(union, published)


def test_witness_is_a_plain_difference_where_there_is_one() -> None:
    published = sets("a+b", "c+d", "a+b+c+d", "a+c", "b+d", "a+b+c")
    assert str(explain_leak(frozenset("d"), published)) == "d = (a + b + c + d) - (a + b + c)"
    assert str(explain_leak(frozenset("ab"), published)) == "a + b = (a + b)"


def test_witness_of_2015_is_what_a_reader_would_subtract() -> None:
    leaks = find_leaks(sets("ib", "zoco", "beleid", "ib+zoco+jeugdhulp"), ATOMS)
    assert [str(leak) for leak in leaks] == ["jeugdhulp = (ib + jeugdhulp + zoco) - (ib) - (zoco)"]


# Large ones


def draw_balanced(source: random.Random, atoms: Sequence[str], ratio: int) -> Iterator[Group]:
    """Sets that hold `ratio` of the first classes for each of the last four: rank falls one short."""
    first, last = atoms[:-4], atoms[-4:]
    for _ in range(500):
        times = source.randint(1, len(first) // ratio)
        yield frozenset(source.sample(first, ratio * times) + source.sample(last, times))


def test_forty_single_people_behind_500_sets_are_searched_to_the_end() -> None:
    atoms = {f"a{number:02}": 1 for number in range(40)}
    began = time.process_time()
    published = list(draw_balanced(random.Random(3), list(atoms), 9))
    # Nine of one and one of the others are the fewest that balance: ten people.
    assert audit_sets(published, atoms) == ()
    assert time.process_time() - began < 10
    one = frozenset(list(atoms)[:1])
    assert audit_sets([*published, one], atoms)[0] == one


def test_twin_one_class_less_on_the_other_side_is_found() -> None:
    atoms = {f"a{number:02}": 1 for number in range(40)}
    published = list(draw_balanced(random.Random(3), list(atoms), 8))
    found = audit_sets(published, atoms)
    assert found
    assert all(len(union) == 9 and len(union & set(list(atoms)[-4:])) == 1 for union in found)


# Releases after each other (rule 8)


def test_same_release_again_gives_nothing_more_away() -> None:
    release = {"ib": frozenset({"ib"}), "all": frozenset({"ib", "zoco"})}
    assert audit_release(release, release, {"ib": 59, "zoco": 14}) == ()


@pytest.mark.parametrize(("late", "told"), [(9, True), (10, False)])
def test_release_with_a_few_late_responses_is_refused(late: int, told: bool) -> None:
    atoms = {"ib": 59, "zoco": 14, "late": late}
    before = {"all": frozenset({"ib", "zoco"})}
    now = {"all": frozenset({"ib", "zoco", "late"})}
    found = audit_release(before, now, atoms)
    assert bool(found) is told
    if told:
        assert [str(item) for item in found] == [
            "late = (ib + late + zoco) - (ib + zoco)",
            "all differs from the former release: late came",
        ]


def test_five_who_left_and_five_who_came_are_not_nobody() -> None:
    atoms = {"ib": 59, "came": 5, "left": 5}
    before, now = {"all": frozenset({"ib", "left"})}, {"all": frozenset({"ib", "came"})}
    assert audit_release(before, now, atoms) == (Change("all", frozenset({"came"}), frozenset({"left"})),)
    assert "came came, left left" in str(audit_release(before, now, atoms)[0])


def test_a_few_who_left_are_told_too() -> None:
    atoms = {"ib": 59, "left": 5}
    before, now = {"all": frozenset({"ib", "left"})}, {"all": frozenset({"ib"})}
    assert Change("all", frozenset(), frozenset({"left"})) in audit_release(before, now, atoms)


def test_another_breakdown_may_not_give_away_what_the_former_hid() -> None:
    atoms = {"a": 20, "b": 4, "c": 30}
    before = {"first": frozenset({"a", "b"})}
    assert audit_release({}, before, atoms) == ()
    assert audit_release({}, {"second": frozenset({"a"})}, atoms) == ()
    found = audit_release(before, {"second": frozenset({"a"})}, atoms)
    assert [str(item) for item in found] == ["b = (a + b) - (a)"]


@given(groupings, groupings, sizes)
def test_releases_together_are_as_safe_as_one_of_all_sets(
    before: list[Group], now: list[Group], numbers: list[int]
) -> None:
    atoms = dict(zip("abcdef", numbers, strict=True))
    found = audit_release(
        {f"before{number}": group for number, group in enumerate(before)},
        {f"now{number}": group for number, group in enumerate(now)},
        atoms,
    )
    unions = [item.union for item in found if isinstance(item, Leak)]
    assert unions == list(audit_sets([*before, *now], atoms))
    assert len(unions) == len(found)
