"""Sets in parts: each by itself gives away what all of them give away together."""

import random
from collections.abc import Iterable, Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aoj_survey.disclosure import audit, audit_sets
from aoj_survey.disclosure.parting import Group, PartedSets
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
    parts = PartedSets(published).parts
    classes = [frozenset().union(*sets) for sets in parts]
    assert sum(map(len, classes)) == len(frozenset().union(*classes))
    assert tell_the_same(published, [group for sets in parts for group in sets])


class Unparted(PartedSets):
    """All sets in one part."""

    def __init__(self, published: Iterable[Group]) -> None:
        super().__init__(())
        self.whole = tuple(dict.fromkeys(published))

    @property
    def parts(self) -> tuple[tuple[Group, ...], ...]:
        return (self.whole,)


def search_unparted(
    published: Sequence[Group], atoms: Mapping[str, int], monkeypatch: pytest.MonkeyPatch
) -> set[Group]:
    with monkeypatch.context() as patched:
        patched.setattr(audit, "PartedSets", Unparted)
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


@given(groupings, st.frozensets(st.sampled_from("abcdefgh")))
def test_parts_tell_what_all_sets_tell(published: list[Group], union: Group) -> None:
    basis = reduce_rows(rows_of(published), 8).rows
    assert PartedSets(published).tell(union) is not any(reduce_row(rows_of([union])[0], basis))


@given(groupings, groupings, sizes)
def test_what_is_told_anyhow_is_left_out_and_nothing_else(
    told: list[Group], published: list[Group], atoms: dict[str, int]
) -> None:
    filled = {atom for atom, number in atoms.items() if number}
    known = PartedSets(group & filled for group in told)
    together = audit_sets([*told, *published], atoms)
    assert (
        set(audit_sets(published, atoms, told=told)) == {union for union in together if not known.tell(union)}
        or len(together) == audit.MOST_TOLD
    )


def test_what_is_told_anyhow_is_left_out_of_a_part_with_something_new() -> None:
    atoms = {"a": 2, "b": 2, "c": 2, "d": 20}
    told, published = [frozenset("abc")], [frozenset("ad")]
    assert audit_sets(published, atoms, told=told) == ()
    assert audit_sets([*told, *published], atoms) == tuple(told)
    assert audit_sets([*published, frozenset("bcd")], atoms, told=told) != ()


def test_small_groups_in_rows_of_many_regions_hold_up_no_figures() -> None:
    rows = [frozenset({f"r{region}/{role}"}) for region in range(60) for role in ("ib", "zoco")]
    atoms = {atom: 20 if atom.endswith("ib") else 4 for group in rows for atom in group}
    regions = [one | other for one, other in zip(rows[::2], rows[1::2], strict=True)]
    assert len(audit_sets([*rows, *regions], atoms)) == audit.MOST_TOLD
    assert audit_sets([*regions, frozenset(atoms)], atoms, told=rows) == ()
    # And what is told of one region by its figures alone is found among them.
    assert audit_sets([*regions, frozenset(atoms)], atoms, told=rows[:-1]) == (rows[-1],)


def test_a_total_over_regions_leaves_them_apart() -> None:
    regions = [[f"{region}/{role}" for role in ("ib", "zoco")] for region in "abc"]
    rows = [frozenset({atom}) for classes in regions for atom in classes]
    total = frozenset(atom for classes in regions for atom in classes)
    assert len(PartedSets([total, *rows]).parts) == 6
    # Of which one has no rows: then the total tells of it, and of nothing else.
    [of_joint] = [
        sets for sets in PartedSets([*rows, total | {"joint/region"}]).parts if "joint/region" in sets[0]
    ]
    assert of_joint == (frozenset({"joint/region"}),)


def test_a_total_that_tells_something_new_of_two_regions_ties_those_together() -> None:
    found = PartedSets([frozenset("ab"), frozenset("cd"), frozenset("ef"), frozenset("acef")]).parts
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
