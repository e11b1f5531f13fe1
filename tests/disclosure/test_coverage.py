"""Strata of a role joined by municipality and swv, against every node of the lattice, worked out by hand."""

from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aoj_survey.disclosure import CaptureClass, Coverage, JoinedStrata, join_strata, lattice
from aoj_survey.errors import DisclosureError

SECTORS = {"": "", "p1": "po", "p2": "po", "v1": "vo"}
LIMIT = Fraction(1, 20)


def lie(*places: tuple[str, str]) -> Coverage:
    """A stratum that lies in these places, each a municipality and a swv."""
    partnerships = {swv for _, swv in places}
    return Coverage(
        tuple(sorted({municipality for municipality, _ in places})),
        tuple(sorted(partnerships)),
        tuple(sorted({SECTORS[swv] for swv in partnerships})),
    )


def join(
    sizes: Sequence[int], places: Sequence[Coverage], k: int, limit: Fraction = LIMIT
) -> tuple[JoinedStrata, list[CaptureClass]]:
    strata = [
        CaptureClass(f"ib@a{number}", ("ib",), 2 * size, size) for number, size in enumerate(sizes, start=1)
    ]
    coverage = dict(zip((item.code for item in strata), places, strict=True))
    return join_strata(strata, coverage, k, limit), strata


def split(joined: JoinedStrata) -> set[frozenset[str]]:
    """Which strata went together."""
    parts = defaultdict[str, set[str]](set)
    for code, item in joined.strata.items():
        parts[item.code].add(code)
    return {frozenset(part) for part in parts.values()}


# Every node, from the definitions


def tell(place: Coverage, levels: tuple[int, int]) -> tuple[object, object]:
    return (place.municipalities, -6)[levels[0]], (place.partnerships, place.sectors, -6)[levels[1]]


def judge(
    sizes: Sequence[int], places: Sequence[Coverage], levels: tuple[int, int], k: int
) -> tuple[Fraction, int, set[frozenset[int]]] | None:
    """The loss of a node, the rows it suppresses and the strata it leaves, by number; None when it cannot do."""
    groups = defaultdict[object, list[int]](list)
    for number, place in enumerate(places):
        groups[tell(place, levels)].append(number)

    def count(members: Sequence[int]) -> int:
        return sum(sizes[number] for number in members)

    ordered = [groups[told] for told in sorted(groups, key=lambda told: (count(groups[told]), repr(told)))]
    small = [members for members in ordered if count(members) < k]
    large = [members for members in ordered if count(members) >= k]
    hidden = [number for members in small for number in members]
    while 0 < count(hidden) < k:
        if not large:
            return None
        hidden += large.pop(0)
    loss = Fraction(0)
    values = ({place.municipalities for place in places}, {place.partnerships for place in places})
    for number in (number for members in large for number in members):
        for column, own in enumerate(values):
            if len(own) == 1:
                # A column of one value has nothing to lose but itself.
                loss += sizes[number] * (levels[column] == (1, 2)[column])
                continue
            alike = {
                other
                for other in own
                if any(
                    (place.municipalities, place.partnerships)[column] == other
                    and tell(place, levels)[column] == tell(places[number], levels)[column]
                    for place in places
                )
            }
            loss += sizes[number] * Fraction(len(alike) - 1, len(own) - 1)
    parts = {frozenset(members) for members in large} | ({frozenset(hidden)} if hidden else set())
    return loss + 2 * count(hidden), count(hidden), parts


areas = st.lists(
    st.tuples(
        st.integers(3, 40),
        st.sampled_from(
            [
                lie(("A", "p1")),
                lie(("A", "p2")),
                lie(("B", "p2")),
                lie(("B", "v1")),
                lie(("C", "v1")),
                lie(("A", "p1"), ("B", "p1")),
                lie(("C", "p1"), ("C", "v1")),
                lie(("", "")),
            ]
        ),
    ),
    min_size=2,
    max_size=7,
    unique_by=lambda area: area[1].municipalities + area[1].partnerships,
)


@given(areas, st.integers(4, 15), st.sampled_from([Fraction(0), LIMIT, Fraction(1, 5)]))
def test_strata_join_by_the_best_node_of_all(
    drawn: list[tuple[int, Coverage]], k: int, limit: Fraction
) -> None:
    sizes, places = [size for size, _ in drawn], [place for _, place in drawn]
    if sum(sizes) < k:
        return
    joined, strata = join(sizes, places, k, limit)
    judged = {levels: judge(sizes, places, levels, k) for levels in product((0, 1), (0, 1, 2))}
    possible = {levels: found for levels, found in judged.items() if found and found[1] <= limit * sum(sizes)}
    least = min(loss for loss, _, _ in possible.values())
    best = min(levels for levels, (loss, _, _) in possible.items() if loss == least)
    assert tuple(joined.levels["ib"].values()) == best
    _, hidden, parts = possible[best]
    assert joined.suppressed.get("ib", 0) == hidden
    assert split(joined) == {frozenset(strata[number].code for number in part) for part in parts}


@given(areas, st.integers(4, 15))
def test_every_stratum_holds_k_and_nobody_is_lost(drawn: list[tuple[int, Coverage]], k: int) -> None:
    sizes, places = [size for size, _ in drawn], [place for _, place in drawn]
    if sum(sizes) < k:
        return
    joined, strata = join(sizes, places, k)
    classes = joined.classes()
    assert all(item.answered >= k for item in classes)
    assert sum(item.answered for item in classes) == sum(sizes)
    assert sum(item.invited for item in classes) == 2 * sum(sizes)
    assert sum(joined.suppressed.values()) <= sum(sizes) / 20
    # Nothing joins where nothing has to.
    if min(sizes) >= k:
        assert classes == tuple(strata)
    # The levels found do it again.
    coverage = dict(zip((item.code for item in strata), places, strict=True))
    assert join_strata(strata, coverage, k, LIMIT, joined.levels) == joined


# By hand

PLACES = (lie(("A", "p1")), lie(("B", "p1")), lie(("B", "p2")), lie(("C", "v1")))


def test_municipality_goes_first_and_swv_is_told_by_its_sector_before_it_goes_too() -> None:
    assert join([20, 20, 20, 20], PLACES, 10)[0].levels == {"ib": {"municipality": 0, "swv": 0}}
    # A and B under p1 are too small apart.
    by_swv, _ = join([8, 8, 20, 20], PLACES, 10)
    assert by_swv.levels == {"ib": {"municipality": 1, "swv": 0}}
    assert {item.code: item.answered for item in by_swv.classes()} == {
        "ib@a1+a2": 16,
        "ib@a3": 20,
        "ib@a4": 20,
    }
    by_sector, _ = join([4, 4, 20, 20], PLACES, 10)
    assert by_sector.levels == {"ib": {"municipality": 1, "swv": 1}}
    assert {item.code for item in by_sector.classes()} == {"ib@a1+a2+a3", "ib@a4"}
    dropped, _ = join([20, 20, 20, 8], PLACES, 10)
    assert dropped.levels == {"ib": {"municipality": 1, "swv": 2}}
    assert {item.code for item in dropped.classes()} == {"ib"}


def test_few_of_many_lose_their_place_and_the_others_keep_it() -> None:
    joined, _ = join([150, 150, 150, 6, 5], (*PLACES, lie(("D", "v1"))), 10)
    assert joined.suppressed == {"ib": 11}
    assert {item.code: item.answered for item in joined.classes()} == {
        "ib@a1": 150,
        "ib@a2": 150,
        "ib@a3": 150,
        "ib@a4+a5": 11,
    }


def test_twin_without_a_class_of_their_own_few_who_lost_their_place_stand_apart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lattice, "_choose_hidden", lambda *_: frozenset())
    joined, _ = join([150, 150, 150, 6, 5], (*PLACES, lie(("D", "v1"))), 10)
    assert min(item.answered for item in joined.classes()) < 10


def test_the_role_comes_first_and_one_that_joins_another_keeps_no_place() -> None:
    strata = [
        CaptureClass("ib@a1", ("ib",), 40, 12),
        CaptureClass("ib@a2", ("ib",), 40, 11),
        CaptureClass("zoco", ("zoco",), 20, 9),
        CaptureClass("swv", ("swv",), 20, 10),
    ]
    coverage = {"ib@a1": PLACES[0], "ib@a2": PLACES[1], "zoco": lie(), "swv": lie()}
    joined = join_strata(strata, coverage, 10)
    assert {item.code: item.answered for item in joined.classes()} == {"professionals": 32, "swv": 10}
    assert joined.levels == {}
    assert joined.strata["ib@a1"].invited == 100


def test_each_role_has_levels_of_its_own() -> None:
    strata = [
        CaptureClass("ib@a1", ("ib",), 40, 30),
        CaptureClass("ib@a2", ("ib",), 40, 30),
        CaptureClass("zoco@a1", ("zoco",), 20, 6),
        CaptureClass("zoco@a2", ("zoco",), 20, 6),
    ]
    coverage = {item.code: PLACES[int(item.code[-1]) - 1] for item in strata}
    joined = join_strata(strata, coverage, 10)
    assert {item.code for item in joined.classes()} == {"ib@a1", "ib@a2", "zoco"}
    assert joined.levels == {
        "ib": {"municipality": 0, "swv": 0},
        # All lie in one swv, so nothing more than the municipality goes.
        "zoco": {"municipality": 1, "swv": 0},
    }


def test_levels_of_a_former_file_are_used_again_or_refused() -> None:
    strata = [CaptureClass(f"ib@a{number}", ("ib",), 40, 20) for number in (1, 2)]
    coverage = {"ib@a1": PLACES[0], "ib@a2": PLACES[1]}
    kept = {"ib": {"municipality": 0, "swv": 0}}
    assert join_strata(strata, coverage, 10, LIMIT, kept).levels == kept
    # What a former file did not keep is kept by no other.
    for former in ({}, {"ib": {"municipality": 1, "swv": 2}}):
        assert {item.code for item in join_strata(strata, coverage, 10, LIMIT, former).classes()} == {"ib"}
    few = [CaptureClass("ib@a1", ("ib",), 40, 20), CaptureClass("ib@a2", ("ib",), 40, 8)]
    with pytest.raises(DisclosureError, match="coarser node"):
        join_strata(few, coverage, 10, LIMIT, kept)
