import pytest
from hypothesis import given
from hypothesis import strategies as st

from aoj_survey.disclosure.hierarchies import (
    HIDDEN,
    Hierarchy,
    Level,
    keep_always,
    keep_or_drop,
    merge_by_sector,
    merge_roles,
)
from aoj_survey.errors import DisclosureError
from aoj_survey.questionnaire import ROLES


def test_wave_is_told_as_it_is_and_a_municipality_may_be_dropped() -> None:
    assert keep_always("wave", ["2015", "2026"]).fixed
    place = keep_or_drop("municipality", ["A", "B"])
    assert not place.fixed
    assert place.levels == ({"A": "A", "B": "B"}, {"A": HIDDEN, "B": HIDDEN})


def test_school_partnership_becomes_its_sector() -> None:
    levels = merge_by_sector("swv", {"PO-1": "po", "PO-2": "po", "VO-1": "vo"}).levels
    assert [level["PO-2"] for level in levels] == ["PO-2", "po", HIDDEN]
    assert levels[1]["VO-1"] == "vo"


def test_role_goes_with_its_smallest_sibling_then_to_its_group() -> None:
    levels = merge_roles("role", {"ib": 59, "zoco": 14, "jeugdhulp": 4, "beleid_gem": 4, "swv": 9}, 5).levels
    assert [level["jeugdhulp"] for level in levels] == [
        "jeugdhulp",
        "jeugdhulp+zoco",
        "professionals",
        HIDDEN,
    ]
    assert [level["ib"] for level in levels] == ["ib", "ib", "professionals", HIDDEN]
    assert levels[1]["swv"] == "beleid"


def test_role_that_does_not_exist_is_refused() -> None:
    with pytest.raises(DisclosureError, match="tovenaar"):
        merge_roles("role", {"tovenaar": 4}, 5)


@given(st.dictionaries(st.sampled_from(list(ROLES)), st.integers(0, 30), min_size=1), st.integers(2, 12))
def test_each_level_of_roles_is_coarser_and_stays_in_the_group(counts: dict[str, int], k: int) -> None:
    levels = merge_roles("role", counts, k).levels
    for role, other in ((one, two) for one in counts for two in counts):
        alike = [level[role] == level[other] for level in levels]
        assert alike == sorted(alike)
        assert alike[2] is (ROLES[role].group == ROLES[other].group)
    for group in {ROLES[role].group for role in counts}:
        own = [role for role in counts if ROLES[role].group == group]
        for general in {levels[1][role] for role in own}:
            size = sum(counts[role] for role in own if levels[1][role] == general)
            assert size >= k or len({levels[1][role] for role in own}) == 1


def test_level_that_tells_apart_what_was_merged_is_refused() -> None:
    with pytest.raises(DisclosureError, match="tells apart"):
        Hierarchy("x", ({1: 0, 2: 0}, {1: 1, 2: 2}))


@pytest.mark.parametrize("levels", [(), ({1: 1, 2: 2}, {1: 0})])
def test_level_that_lacks_a_value_is_refused(levels: tuple[Level, ...]) -> None:
    with pytest.raises(DisclosureError, match="'x'"):
        Hierarchy("x", levels)
