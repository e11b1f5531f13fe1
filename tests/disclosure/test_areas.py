"""Areas: merged until each holds enough, compared with a search over all ways to divide a region."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aoj_survey.disclosure import (
    NOWHERE,
    REST,
    Area,
    CaptureClass,
    Place,
    class_label,
    classes,
    divide_class,
    find_area,
    forecast_division,
    freeze_areas,
    freeze_classes,
    merge_classes,
    name_area,
    place_area,
    reporting_groups,
)
from aoj_survey.disclosure.areas import MOST_AREAS, MOST_PLACES, merge_nearest
from aoj_survey.errors import DisclosureError

PLACES: list[Place] = [(m, s) for m in ("havendam", "rijnmeer", "") for s in ("swv po", "swv vo", "")]
SIZES: dict[Place, int] = {
    ("havendam", "swv po"): 12,
    ("havendam", "swv vo"): 4,
    ("rijnmeer", "swv po"): 15,
    ("rijnmeer", "swv vo"): 11,
}
lists = st.dictionaries(st.sampled_from(PLACES), st.integers(1, 14), min_size=1, max_size=6)

_Block = frozenset[Place]


def partitions(places: Sequence[Place]) -> Iterator[list[_Block]]:
    """Every way to divide places into areas."""
    if not places:
        yield []
        return
    first, rest = places[0], places[1:]
    for parts in partitions(rest):
        yield [frozenset({first}), *parts]
        for number, part in enumerate(parts):
            yield [*parts[:number], part | {first}, *parts[number + 1 :]]


def size_of(block: _Block, sizes: Mapping[Place, int]) -> int:
    return sum(sizes[place] for place in block)


def merge(sizes: Mapping[Place, int], minimum: int = 10) -> dict[_Block, int]:
    return merge_nearest({frozenset({place}): size for place, size in sizes.items()}, minimum)


# Areas of a region


def test_a_place_of_few_people_merges_in_its_municipality_first() -> None:
    assert freeze_areas(SIZES) == (
        Area("a1", (("havendam", "swv po"), ("havendam", "swv vo")), 16),
        Area("a2", (("rijnmeer", "swv po"),), 15),
        Area("a3", (("rijnmeer", "swv vo"),), 11),
    )


def test_a_municipality_of_few_people_merges_in_its_swv_then_anywhere() -> None:
    sizes = {("havendam", "swv po"): 4, ("rijnmeer", "swv vo"): 10, ("oudeland", "swv po"): 30}
    assert [area.places for area in freeze_areas(sizes)] == [
        (("havendam", "swv po"), ("oudeland", "swv po")),
        (("rijnmeer", "swv vo"),),
    ]


def test_there_are_no_areas_where_one_would_be_left() -> None:
    assert freeze_areas({("havendam", ""): 9, ("rijnmeer", ""): 30}) == ()
    assert freeze_areas({("havendam", ""): 300}) == ()
    assert freeze_areas({}) == ()


def test_very_many_places_are_a_list_to_mend_and_not_areas() -> None:
    assert freeze_areas({(f"m{number}", ""): 10 for number in range(MOST_PLACES + 1)}) == ()
    assert len(freeze_areas({(f"m{number:03}", ""): 10 for number in range(100)})) == MOST_AREAS


@given(lists, st.integers(1, 12))
def test_both_breakdowns_are_sums_of_areas_that_each_hold_enough(
    sizes: dict[Place, int], minimum: int
) -> None:
    areas = freeze_areas(sizes, minimum)
    places = [place for area in areas for place in area.places]
    assert areas == () or sorted(places) == sorted(sizes)
    assert all(area.invited >= minimum for area in areas)
    assert all(area.invited == sum(sizes[place] for place in area.places) for area in areas)
    for part in (0, 1) if areas else ():
        # Municipalities (or swv) that share an area are one row of a breakdown; each row is a sum of areas.
        rows = [{place[part] for place in area.places} for area in areas]
        for name in {place[part] for place in sizes}:
            row = {name}
            while grown := row.union(*(names for names in rows if names & row)) - row:
                row |= grown
            inside = [area for area, names in zip(areas, rows, strict=True) if names <= row]
            assert sum(area.invited for area in inside) == sum(
                size for place, size in sizes.items() if place[part] in row
            )


@given(lists)
def test_nothing_merges_needlessly_by_a_search_over_all_divisions(sizes: dict[Place, int]) -> None:
    found = merge(sizes)
    enough = [
        parts
        for parts in partitions(sorted(sizes))
        if len(parts) == 1 or all(size_of(part, sizes) >= 10 for part in parts)
    ]
    assert set(found) in [set(parts) for parts in enough]
    # Two places that are large enough for themselves never merge: only what is too small goes with another.
    for block in found:
        assert sum(sizes[place] >= 10 for place in block) <= 1
    # Only a municipality that is too small as a whole goes with another.
    totals = Counter[str]()
    for place, size in sizes.items():
        totals[place[0]] += size
    for block in found:
        names = {place[0] for place in block}
        assert len(names) == 1 or any(not name or totals[name] < 10 for name in names)


@given(st.lists(st.integers(1, 14), min_size=2, max_size=6))
def test_in_one_municipality_only_the_last_area_could_be_divided_again(numbers: list[int]) -> None:
    sizes: dict[Place, int] = {("havendam", f"swv {number}"): size for number, size in enumerate(numbers)}
    divisible = [
        block
        for block in merge(sizes)
        if any(
            len(parts) == 2 and all(size_of(part, sizes) >= 10 for part in parts)
            for parts in partitions(sorted(block))
        )
    ]
    assert len(divisible) <= 1


def test_twin_without_merging_four_people_of_a_place_stand_apart() -> None:
    assert min(merge(SIZES, minimum=0).values()) == 4


@given(lists, st.randoms())
def test_order_of_the_list_does_not_matter(sizes: dict[Place, int], random: Random) -> None:
    pairs = list(sizes.items())
    random.shuffle(pairs)
    assert freeze_areas(dict(pairs)) == freeze_areas(sizes)


def test_a_late_place_falls_in_the_area_of_its_municipality_or_swv_or_in_none() -> None:
    areas = freeze_areas(SIZES)
    assert find_area(areas, ("rijnmeer", "swv po")) == "a2"
    assert find_area(areas, ("havendam", "")) == "a1"
    assert find_area(areas, ("rijnmeer", "")) == ""
    assert find_area(areas, ("elders", "swv vo")) == ""
    assert find_area(areas, NOWHERE) == ""
    assert name_area(areas[1]) == "rijnmeer / swv po"


# Classes of a role in areas

AREAS = freeze_areas(SIZES)


def divide(invited: Mapping[str, int], role: str = "ib") -> list[tuple[str, int]]:
    whole = CaptureClass(role, (role,), sum(invited.values()))
    return [(item.code, item.invited) for item in divide_class(whole, AREAS, invited)]


def test_a_class_is_divided_into_areas_of_ten_and_one_for_who_has_no_place() -> None:
    assert divide({"a1": 10, "a2": 12, "a3": 14}) == [
        ("ib@a1", 10),
        ("ib@a2", 12),
        ("ib@a3", 14),
        ("ib@a0", 0),
    ]
    assert divide({"a1": 9, "a2": 12, "a3": 14}) == [("ib@a1+a2", 21), ("ib@a3", 14), ("ib@a0", 0)]


def test_a_class_of_few_people_or_of_several_roles_has_no_area() -> None:
    assert divide({"a1": 9, "a2": 1, "a3": 4}) == [("ib", 14)]
    joined = CaptureClass("ib+zoco", ("ib", "zoco"), 60)
    assert divide_class(joined, AREAS, {"a1": 20, "a2": 20, "a3": 20}) == (joined,)


@given(st.fixed_dictionaries({"a1": st.integers(0, 40), "a2": st.integers(0, 40), "a3": st.integers(0, 40)}))
def test_every_class_of_an_area_holds_ten_of_its_role_and_all_add_up(invited: dict[str, int]) -> None:
    parts = divide(invited)
    assert sum(size for _, size in parts) == sum(invited.values())
    assert parts == [("ib", sum(invited.values()))] or all(
        size >= 10 for code, size in parts if code != f"ib@{REST}"
    )


def test_a_corrected_role_goes_to_a_class_of_its_area_else_to_the_parent() -> None:
    whole = CaptureClass("ib", ("ib",), 36)
    classes = divide_class(whole, AREAS, {"a1": 9, "a2": 13, "a3": 14})
    assert place_area(classes, ("a1",)).code == "ib@a1+a2"
    assert place_area(classes, ("a1", "a3")).code == "ib@a0"
    assert place_area(classes, ()).code == "ib@a0"
    assert place_area((whole,), ("a1",)) == whole


# Opening

DIVIDED = [
    *divide_class(CaptureClass("ib", ("ib",), 36), AREAS, {"a1": 10, "a2": 12, "a3": 14}),
    CaptureClass("zoco", ("zoco",), 20),
]


def open_classes(**answered: int) -> dict[str, tuple[str, int, int]]:
    merged = merge_classes(DIVIDED, {code.replace("_", "@"): size for code, size in answered.items()})
    return {code: (item.code, item.invited, item.answered) for code, item in merged.items()}


def test_an_area_of_few_answers_merges_with_the_smallest_of_its_role() -> None:
    found = open_classes(ib_a1=4, ib_a2=5, ib_a3=6, ib_a0=1, zoco=9)
    assert found["ib@a0"] == found["ib@a1"] == ("ib@a0+a1", 10, 5)
    assert found["ib@a2"] == ("ib@a2", 12, 5)
    assert found["zoco"] == ("zoco", 20, 9)


def test_a_role_whose_areas_all_merge_has_no_area_and_one_that_joins_another_neither() -> None:
    assert set(open_classes(ib_a1=2, ib_a2=2, ib_a3=2, zoco=9).values()) == {("ib", 36, 6), ("zoco", 20, 9)}
    found = open_classes(ib_a1=9, ib_a2=9, ib_a3=9, zoco=4)
    assert set(found.values()) == {("professionals", 56, 31)}


@given(st.lists(st.integers(0, 12), min_size=5, max_size=5))
def test_classes_after_the_opening_hold_five_and_keep_every_sum(numbers: list[int]) -> None:
    answered = dict(zip([item.code for item in DIVIDED], numbers, strict=True))
    final = set(merge_classes(DIVIDED, answered).values())
    assert sum(item.invited for item in final) == 56
    assert sum(item.answered for item in final) == sum(numbers)
    assert len(final) == 1 or all(item.answered >= 5 for item in final)


def test_a_few_people_who_came_later_without_a_place_join_an_area_though_all_of_them_answer() -> None:
    late = [*DIVIDED[:3], CaptureClass("ib@a0", ("ib",), 6)]
    merged = merge_classes(late, {"ib@a1": 9, "ib@a2": 7, "ib@a3": 9, "ib@a0": 6})
    assert (merged["ib@a0"].code, merged["ib@a0"].invited) == ("ib@a0+a2", 18)
    assert merged["ib@a1"].code == "ib@a1"


def test_twin_without_merging_one_person_without_a_place_stands_apart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(classes, "AREA_MINIMUM", 0)
    merged = merge_classes(DIVIDED, {"ib@a0": 1}, minimum=0)
    assert merged["ib@a0"].answered == 1


@given(st.lists(st.integers(5, 16), min_size=6, max_size=6))
def test_areas_merge_before_roles_do_by_a_search_over_all_divisions(numbers: list[int]) -> None:
    """As for a stricter k of data: a role loses its areas before it joins another, and joins only if that fails."""
    sizes: dict[str, int] = dict(
        zip(("ib@a1", "ib@a2", "ib@a3", "zoco@a1", "zoco@a2", "swv"), numbers, strict=True)
    )
    strata = [CaptureClass(code, (code.partition("@")[0],), 30, size) for code, size in sizes.items()]
    merged = merge_classes(strata, sizes, minimum=10)
    blocks = {frozenset(code for code in sizes if merged[code] == union) for union in merged.values()}
    roles = [{code for code in sizes if code.startswith(role)} for role in ("ib", "zoco", "swv")]
    for role in roles:
        total = sum(sizes[code] for code in role)
        alone = {block for block in blocks if block <= role}
        # Only a role of which another has need, or that has too few itself, joins: areas are not in the way.
        assert alone or total < 10 or any(sum(sizes[code] for code in other) < 10 for other in roles)
        if not alone:
            continue
        enough = [
            {frozenset(code for code, _ in block) for block in parts}
            for parts in partitions([(code, "") for code in sorted(role)])
            if all(sum(sizes[code] for code, _ in block) >= 10 for block in parts)
        ]
        assert alone in enough
        finer = [parts for parts in enough if all(any(part <= block for block in alone) for part in parts)]
        assert finer == [alone]


def test_the_example_of_2015_is_the_same_where_nobody_has_an_area() -> None:
    invited = {"ib": 138, "zoco": 29, "jeugdhulp": 9, "beleid_gem": 8, "swv": 9}
    frozen = freeze_classes(invited)
    assert [item for whole in frozen for item in divide_class(whole, (), {})] == list(frozen)


def test_an_area_twice_or_beside_the_whole_role_is_refused() -> None:
    for codes in (("ib@a1", "ib@a1+a2"), ("ib", "ib@a1")):
        with pytest.raises(DisclosureError, match="more than once: ib"):
            merge_classes([CaptureClass(code, ("ib",), 20) for code in codes], {})


def test_figures_of_a_role_are_those_of_all_its_areas_together() -> None:
    strata = [
        CaptureClass("ib@a1", ("ib",), 20, 6),
        CaptureClass("ib@a2", ("ib",), 20, 7),
        CaptureClass("zoco", ("zoco",), 30, 12),
    ]
    groups = {group.code: (group.strata, group.answered) for group in reporting_groups(strata)}
    assert groups["ib"] == (("ib@a1", "ib@a2"), 13)
    assert class_label("ib@a1+a2", ("ib",))["nl"] == "intern begeleiders, gebied a1+a2"


def test_the_forecast_names_the_class_that_a_small_one_will_merge_into() -> None:
    found = {item.code: (item.expected, item.opened_in) for item in forecast_division(DIVIDED, percent=40)}
    assert found == {
        "ib@a1": (4, "ib@a1+a2"),
        "ib@a2": (5, "ib@a1+a2"),
        "ib@a3": (6, "ib@a3"),
        "zoco": (8, "zoco"),
    }
