import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from aoj_survey.disclosure import (
    BESLOTEN,
    OPENBAAR,
    CaptureClass,
    TableRules,
    audit_sets,
    judge_band,
    judge_share,
    may_benchmark,
    may_print_counts,
    may_show_distribution,
    merge_categories,
    reporting_groups,
    strictest_rules,
    suppress_cells,
)
from aoj_survey.errors import DisclosureError
from aoj_survey.questionnaire import ROLES

STRATA = (
    CaptureClass("ib", ("ib",), 138, 59),
    CaptureClass("zoco", ("zoco",), 29, 14),
    CaptureClass("jeugdhulp", ("jeugdhulp",), 9, 5),
    CaptureClass("beleid", ("beleid_gem", "swv"), 17, 13),
)
ATOMS = {item.code: item.answered for item in STRATA}


def sets(*groups: str) -> list[frozenset[str]]:
    return [frozenset(group.split("+")) for group in groups]


# Reporting groups and the audit of 2015 (test 12) with its twin


def test_groups_of_2015_are_those_that_may_be_shown() -> None:
    assert {group.code: group.answered for group in reporting_groups(STRATA)} == {
        "ib": 59,
        "jeugdhulp+zoco": 19,
        "beleid": 13,
        "professionals": 78,
        "region": 91,
    }


def test_groups_know_their_strata_and_invited() -> None:
    groups = {group.code: group for group in reporting_groups(STRATA)}
    assert groups["jeugdhulp+zoco"].strata == ("zoco", "jeugdhulp")
    assert groups["professionals"].invited == 176
    assert groups["region"].roles == ("ib", "zoco", "jeugdhulp", "beleid_gem", "swv")


def test_published_groups_of_2015_give_no_small_group_away() -> None:
    published = [frozenset(group.strata) for group in reporting_groups(STRATA)]
    assert audit_sets(published, ATOMS) == ()


def test_twin_hiding_the_small_row_still_gives_jeugdhulp_away() -> None:
    published = sets("ib", "zoco", "beleid", "ib+zoco+jeugdhulp")
    assert audit_sets(published, ATOMS) == (frozenset({"jeugdhulp"}),)
    assert ATOMS["jeugdhulp"] == 78 - 59 - 14


def test_nobody_answered_gives_no_group() -> None:
    assert reporting_groups([CaptureClass("ib", ("ib",), 9)]) == ()


def test_fewer_than_ten_in_all_gives_no_group() -> None:
    assert reporting_groups([CaptureClass("ib", ("ib",), 9, 6), CaptureClass("swv", ("swv",), 9, 3)]) == ()


def test_group_with_a_mixed_class_is_not_shown_by_itself() -> None:
    strata = [
        CaptureClass("ib", ("ib",), 50, 20),
        CaptureClass("zoco+swv", ("zoco", "swv"), 30, 15),
        CaptureClass("beleid_gem", ("beleid_gem",), 30, 12),
    ]
    assert [group.code for group in reporting_groups(strata)] == ["ib", "swv+zoco", "beleid_gem", "region"]


counts = st.dictionaries(st.sampled_from(list(ROLES)), st.integers(0, 30), min_size=1, max_size=7)


@given(counts)
def test_no_set_of_reporting_groups_gives_a_small_union_away(answered: dict[str, int]) -> None:
    strata = [CaptureClass(role, (role,), 40, number) for role, number in answered.items()]
    groups = reporting_groups(strata)
    assert all(group.answered >= 10 for group in groups)
    assert len({group.code for group in groups}) == len(groups)
    assert audit_sets([frozenset(group.strata) for group in groups], answered) == ()


# Shares


@pytest.mark.parametrize(
    ("count", "base", "invited", "rule"),
    [
        (5, 9, 40, "hidden"),
        (5, 10, 40, "exact"),
        (1, 13, 17, "at_most"),
        (0, 13, 17, "at_most"),
        (12, 13, 17, "at_least"),
        (13, 13, 17, "at_least"),
        (6, 13, 17, "exact"),
        (3, 29, 60, "exact"),
        (3, 30, 60, "exact"),
        (3, 30, 30, "at_most"),
        (5, 49, 50, "exact"),
        (4, 49, 49, "at_most"),
        (4, 50, 50, "exact"),
        (2, 78, 176, "at_most"),
        (76, 78, 176, "exact"),
        (0, 78, 176, "exact"),
        (78, 78, 176, "exact"),
        (2, 15, 40, "hidden"),
        (13, 15, 40, "exact"),
    ],
)
def test_share_is_printed_by_the_rules(count: int, base: int, invited: int, rule: str) -> None:
    assert judge_share(count, base, invited) == rule


def test_rest_of_two_people_is_an_answer_where_there_are_only_two() -> None:
    assert judge_share(13, 15, 40, two_answers=True) == "hidden"
    assert judge_share(76, 78, 176, two_answers=True) == "at_least"


@given(st.integers(10, 80), st.booleans(), st.data())
def test_bands_are_true_and_exact_answers_hold_nobody_or_three(
    base: int, two_answers: bool, data: st.DataObject
) -> None:
    count = data.draw(st.integers(0, base))
    rule = judge_share(count, base, data.draw(st.integers(base, 120)), two_answers=two_answers)
    if rule == "at_most":
        assert count / base <= 0.1
    elif rule == "at_least":
        assert count / base >= 0.9
    elif rule == "exact":
        assert count not in {1, 2}
        assert not two_answers or base - count not in {1, 2}


@given(st.integers(0, 120), st.data())
def test_two_answers_are_treated_alike(base: int, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, base))
    mirror = {"at_most": "at_least", "at_least": "at_most"}
    rule, other = (judge_share(number, base, 200, two_answers=True) for number in (count, base - count))
    assert mirror.get(rule, rule) == other


@pytest.mark.parametrize(
    ("base", "invited", "shown"),
    [(29, 60, False), (30, 60, True), (49, 49, False), (49, 50, True), (50, 50, True)],
)
def test_distribution_needs_thirty_and_not_everybody_of_a_small_group(
    base: int, invited: int, shown: bool
) -> None:
    assert may_show_distribution(base, invited) is shown


@pytest.mark.parametrize(
    ("counts", "parts"),
    [
        ([26, 18, 34], ((0,), (1,), (2,))),
        ([19, 15, 2], ((0,), (1, 2))),
        ([2, 19, 15], ((0, 1), (2,))),
        ([20, 2, 8], ((0,), (1, 2))),
        ([20, 0, 2, 8], ((0,), (1,), (2, 3))),
        ([20, 0, 2], ((0, 1, 2),)),
        ([1, 1, 40], ((0, 1, 2),)),
        ([2, 1, 40], ((0, 1), (2,))),
        ([40, 0, 0], ((0,), (1,), (2,))),
        ([2], ((0,),)),
        ([], ()),
    ],
)
def test_small_categories_merge_with_a_neighbour(
    counts: list[int], parts: tuple[tuple[int, ...], ...]
) -> None:
    assert merge_categories(counts) == parts


@given(st.lists(st.integers(0, 12), min_size=1, max_size=8))
def test_merged_categories_are_neighbours_and_hold_nobody_or_three(counts: list[int]) -> None:
    assume(sum(counts) >= 3)
    parts = merge_categories(counts)
    assert [position for part in parts for position in part] == list(range(len(counts)))
    assert all(sum(counts[position] for position in part) not in {1, 2} for part in parts)


# Profiles


def test_rules_may_be_tightened_and_never_loosened() -> None:
    assert (OPENBAAR.threshold, OPENBAAR.banded) == (10, False)
    assert (BESLOTEN.threshold, BESLOTEN.banded) == (5, True)
    assert TableRules("openbaar", 20).threshold == 20
    with pytest.raises(DisclosureError, match="threshold of 10, never loosen"):
        TableRules("openbaar", 9)
    with pytest.raises(DisclosureError, match="threshold of 5, never loosen"):
        TableRules("besloten", 4, banded=True)
    with pytest.raises(DisclosureError, match="threshold of 3, never loosen"):
        TableRules("aantallen", 2, counts=True)


rules = st.builds(
    TableRules, st.sampled_from(["core", "region", "module"]), st.integers(10, 30), st.booleans()
)


@given(st.lists(rules, min_size=1, max_size=4))
def test_strictest_rules_are_as_strict_as_each(every: list[TableRules]) -> None:
    found = strictest_rules(*every)
    assert found.profile == every[0].profile
    assert all(found.threshold >= item.threshold for item in every)
    assert any(found.threshold == item.threshold for item in every)
    assert found.banded is any(item.banded for item in every)


@pytest.mark.parametrize(
    ("count", "base", "band"),
    [
        (1, 4, None),
        (0, 5, 0),
        (1, 5, 0),
        (2, 5, 1),
        (3, 5, 2),
        (4, 5, 3),
        (5, 5, 3),
        (2, 8, 1),
        (4, 8, 2),
        (6, 8, 3),
    ],
)
def test_share_in_bands_is_told_from_five_answers(count: int, base: int, band: int | None) -> None:
    assert judge_band(count, base) == band


@given(st.integers(5, 60), st.data())
def test_nobody_and_everybody_share_their_band_with_others(base: int, data: st.DataObject) -> None:
    bands = [judge_band(count, base) for count in range(base + 1)]
    assert bands == sorted(bands, key=str)
    assert set(bands) == {0, 1, 2, 3}
    assert bands.count(0) > 1
    assert bands.count(3) > 1
    assert judge_band(data.draw(st.integers(0, base)), base, base + 1) is None


def test_bands_below_five_answers_are_refused() -> None:
    with pytest.raises(DisclosureError, match="from 5 answers"):
        judge_band(1, 4, threshold=4)


# Other regions (rule 6) and response counts (rule 7)


@pytest.mark.parametrize(
    ("others", "may"),
    [
        ({"a": 5, "b": 3, "c": 2}, True),
        ({"a": 5, "b": 3, "c": 1}, False),
        ({"a": 6, "b": 3, "c": 2}, False),
        ({"a": 50, "b": 50}, False),
        ({"a": 50, "b": 50, "c": 0}, False),
        ({"a": 25, "b": 20, "c": 5}, True),
        ({}, False),
    ],
)
def test_other_regions_are_three_with_ten_answers_and_none_over_half(
    others: dict[str, int], may: bool
) -> None:
    assert may_benchmark(others) is may


@given(st.dictionaries(st.sampled_from("abcde"), st.integers(0, 40)), st.data())
def test_no_region_can_work_out_much_of_another_from_the_rest(
    others: dict[str, int], data: st.DataObject
) -> None:
    if may_benchmark(others):
        own = data.draw(st.sampled_from(sorted(others)))
        rest = sum(others.values()) - others[own]
        assert 2 * rest >= sum(others.values()) >= 10


@pytest.mark.parametrize(
    ("answered", "invited", "may"), [(2, 9, False), (3, 3, True), (0, 9, False), (1, 2, False), (3, 90, True)]
)
def test_response_is_printed_from_three_people(answered: int, invited: int, may: bool) -> None:
    assert may_print_counts(answered, invited) is may


# Hiding parts of a total (rule 4)


def test_hiding_one_small_part_takes_another_with_it() -> None:
    assert suppress_cells({"ib": 59, "zoco": 14, "jeugdhulp": 5}) == {"jeugdhulp", "zoco"}
    assert suppress_cells({"ib": 59, "zoco": 14}) == frozenset()
    assert suppress_cells({"a": 4, "b": 5, "c": 40, "d": 60}) == {"a", "b", "c"}
    assert suppress_cells({"a": 5, "b": 5, "c": 40, "d": 0}) == {"a", "b"}


parts = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 25), min_size=1)


def published_of(sizes: dict[str, int], hidden: frozenset[str]) -> list[frozenset[str]]:
    return [frozenset({code}) for code in sizes if code not in hidden] + [frozenset(sizes)]


@given(parts)
def test_what_is_left_and_the_total_give_nothing_small_away(sizes: dict[str, int]) -> None:
    hidden = suppress_cells(sizes)
    if sum(sizes.values()) >= 10:
        assert audit_sets(published_of(sizes, hidden), sizes) == ()
    assert all(sizes[code] > 0 for code in hidden)
    shown = [sizes[code] for code in sizes if code not in hidden and sizes[code]]
    assert all(size >= 10 for size in shown)
    assert not hidden or not shown or (len(hidden) >= 2 and sum(sizes[code] for code in hidden) >= 10)


def test_twin_hiding_the_small_parts_alone_gives_one_away() -> None:
    sizes = {"ib": 59, "zoco": 14, "jeugdhulp": 5}
    hidden = frozenset(code for code, size in sizes.items() if size < 10)
    assert audit_sets(published_of(sizes, hidden), sizes) == (frozenset({"jeugdhulp"}),)
