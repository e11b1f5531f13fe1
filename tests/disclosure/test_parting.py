"""Sets in parts: each by itself gives away what all of them give away together."""

import random
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aoj_survey.disclosure import audit, audit_sets
from aoj_survey.disclosure.parting import Group, part_sets
from aoj_survey.disclosure.span import reduce_row, reduce_rows

groupings = st.lists(st.frozensets(st.sampled_from("abcdefgh"), min_size=1), max_size=7)
sizes = st.fixed_dictionaries({atom: st.integers(0, 12) for atom in "abcdefgh"})


def rows_of(sets: Sequence[Group]) -> list[list[int]]:
    return [[int(atom in group) for atom in "abcdefgh"] for group in sets]


def tell_the_same(first: Sequence[Group], second: Sequence[Group]) -> bool:
    """Each set of the one follows from those of the other."""
    bases = [reduce_rows(rows_of(sets), 8).rows for sets in (first, second)]
    return not any(
        any(reduce_row(row, basis))
        for sets, basis in ((second, bases[0]), (first, bases[1]))
        for row in rows_of(sets)
    )


@given(groupings)
def test_parts_share_no_class_and_tell_the_same(published: list[Group]) -> None:
    parts = part_sets(published)
    classes = [frozenset().union(*sets) for sets in parts]
    assert sum(map(len, classes)) == len(frozenset().union(*classes))
    assert tell_the_same(published, [group for sets in parts for group in sets])


def search_unparted(
    published: Sequence[Group], atoms: Mapping[str, int], monkeypatch: pytest.MonkeyPatch
) -> set[Group]:
    with monkeypatch.context() as patched:
        patched.setattr(audit, "part_sets", lambda sets: (tuple(dict.fromkeys(sets)),))
        return set(audit_sets(published, atoms))


@given(groupings, sizes)
def test_the_parted_audit_finds_what_the_unparted_finds(
    published: list[Group], atoms: dict[str, int]
) -> None:
    parted = audit_sets(published, atoms)
    together: set[Group] = set()
    for union in parted:
        together |= {union, *(other | union for other in together if not other & union)}
    with pytest.MonkeyPatch.context() as patched:
        unparted = search_unparted(published, atoms, patched)
    assert set(parted) <= unparted
    assert {union for union in together if sum(atoms[atom] for atom in union) < audit.THRESHOLD} == unparted


def test_a_total_over_regions_leaves_them_apart() -> None:
    regions = [[f"{region}/{role}" for role in ("ib", "zoco")] for region in "abc"]
    rows = [frozenset({atom}) for classes in regions for atom in classes]
    total = frozenset(atom for classes in regions for atom in classes)
    assert len(part_sets([total, *rows])) == 6
    # Of which one has no rows: then the total tells of it, and of nothing else.
    [of_joint] = [sets for sets in part_sets([*rows, total | {"joint/region"}]) if "joint/region" in sets[0]]
    assert of_joint == (frozenset({"joint/region"}),)


def test_a_total_that_tells_something_new_of_two_regions_ties_those_together() -> None:
    found = part_sets([frozenset("ab"), frozenset("cd"), frozenset("ef"), frozenset("acef")])
    assert sorted(map(len, found)) == [1, 3]


def test_many_regions_with_totals_are_searched_to_the_end() -> None:
    source = random.Random(6)
    atoms = {f"r{region:02}/{number}": source.randint(5, 60) for region in range(40) for number in range(20)}
    regions = [[atom for atom in atoms if atom.startswith(f"r{region:02}/")] for region in range(40)]
    pairs = [frozenset(classes[start : start + 2]) for classes in regions for start in range(0, 20, 2)]
    totals = [frozenset().union(*source.sample(pairs, 300)) for _ in range(5)]
    published = [*pairs, *totals, frozenset(atoms)]
    assert audit_sets(published, atoms) == ()
    small = regions[7][0]
    assert audit_sets([*published, frozenset(atoms) - {small}], atoms | {small: 5}) == (frozenset({small}),)
