from collections.abc import Mapping
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aoj_survey.disclosure import CaptureClass, class_label, freeze_classes, merge_classes, place_role
from aoj_survey.disclosure.classes import merge_small
from aoj_survey.errors import DisclosureError
from aoj_survey.questionnaire import ROLES

INVITED = {"ib": 138, "zoco": 29, "jeugdhulp": 9, "beleid_gem": 8, "swv": 9}
ANSWERED = {"ib": 59, "zoco": 14, "jeugdhulp": 5, "beleid_gem": 4, "swv": 9}

counts = st.dictionaries(st.sampled_from(list(ROLES)), st.integers(0, 20), min_size=1)


def sizes(classes: Mapping[str, CaptureClass]) -> dict[str, int]:
    return {item.code: item.answered for item in classes.values()}


def groups_of(roles: tuple[str, ...]) -> set[str]:
    return {ROLES[role].group for role in roles}


# The example of 2015 (test 11) and its twin


def test_classes_of_2015_are_stored_as_published_in_the_design() -> None:
    frozen = freeze_classes(INVITED)
    assert [item.code for item in frozen] == ["ib", "zoco", "jeugdhulp", "beleid_gem", "swv"]
    merged = merge_classes(frozen, ANSWERED)
    assert sizes(merged) == {"ib": 59, "zoco": 14, "jeugdhulp": 5, "beleid": 13}
    assert merged["beleid_gem"] == merged["swv"] == CaptureClass("beleid", ("beleid_gem", "swv"), 17, 13)


def test_twin_without_merging_four_policy_officers_stand_apart() -> None:
    merged = merge_classes(freeze_classes(INVITED), ANSWERED, minimum=0)
    assert sizes(merged)["beleid_gem"] == 4


# Single rules


def test_small_class_merges_with_its_smallest_sibling_in_the_group() -> None:
    frozen = freeze_classes({"ib": 138, "zoco": 29, "jeugdhulp": 4, "swv": 9})
    assert [item.code for item in frozen] == ["ib", "jeugdhulp+zoco", "swv"]


def test_group_too_small_as_a_whole_takes_only_the_smallest_class_with_it() -> None:
    frozen = freeze_classes({"ib": 138, "zoco": 29, "jeugdhulp": 9, "beleid_gem": 1, "swv": 2})
    assert [(item.code, item.invited) for item in frozen] == [
        ("ib", 138),
        ("zoco", 29),
        ("beleid_gem+jeugdhulp+swv", 12),
    ]


def test_everybody_is_one_class_when_there_are_too_few() -> None:
    assert freeze_classes({"ib": 2, "swv": 1}) == (CaptureClass("region", ("ib", "swv"), 3),)


def test_role_with_nobody_invited_is_in_no_class() -> None:
    assert freeze_classes({"ib": 12, "zoco": 0}) == (CaptureClass("ib", ("ib",), 12),)


def test_nobody_invited_gives_no_class() -> None:
    assert freeze_classes({}) == ()


def test_group_code_covers_the_roles_that_are_present() -> None:
    assert [item.code for item in freeze_classes({"ib": 6, "ouder": 3, "jongere": 3})] == [
        "ib",
        "ouders_jeugd",
    ]


def test_class_without_responses_merges_since_it_has_no_weight() -> None:
    merged = merge_classes(freeze_classes({"ib": 20, "zoco": 10, "swv": 9}), {"ib": 12, "swv": 6})
    assert merged["zoco"] == CaptureClass("professionals", ("ib", "zoco"), 30, 12)


def test_unknown_role_is_refused_by_name() -> None:
    with pytest.raises(DisclosureError, match="directeur"):
        freeze_classes({"directeur": 9})


def test_negative_number_is_refused() -> None:
    with pytest.raises(DisclosureError, match="ib"):
        freeze_classes({"ib": -1})


def test_responses_of_a_class_never_frozen_are_refused() -> None:
    with pytest.raises(DisclosureError, match="zoco"):
        merge_classes(freeze_classes({"ib": 9}), {"ib": 5, "zoco": 5})


def test_role_in_two_classes_is_refused() -> None:
    overlap = [CaptureClass("ib", ("ib",), 9), CaptureClass("both", ("ib", "zoco"), 9)]
    with pytest.raises(DisclosureError, match="more than once: ib"):
        merge_classes(overlap, {})


@pytest.mark.parametrize(
    ("code", "roles", "label"),
    [
        ("ib", ("ib",), "intern begeleiders"),
        ("beleid", ("beleid_gem", "swv"), "beleid"),
        ("jeugdhulp+zoco", ("zoco", "jeugdhulp"), "zorgcoördinatoren en jeugdhulpverleners"),
        ("region", ("ib", "swv"), "alle functies"),
    ],
)
def test_label_names_a_class_in_dutch(code: str, roles: tuple[str, ...], label: str) -> None:
    assert class_label(code, roles)["nl"] == label


# Properties


@given(counts, st.integers(1, 12))
def test_frozen_classes_are_a_partition_that_keeps_every_sum(invited: dict[str, int], minimum: int) -> None:
    frozen = freeze_classes(invited, minimum)
    roles = [role for item in frozen for role in item.roles]
    assert sorted(roles) == sorted(role for role, number in invited.items() if number)
    assert all(item.invited == sum(invited[role] for role in item.roles) for item in frozen)
    assert len({item.code for item in frozen}) == len(frozen)
    assert len(frozen) <= 1 or all(item.invited >= minimum for item in frozen)


@given(counts, st.integers(1, 12))
def test_groups_merge_only_when_one_of_them_is_too_small_as_a_whole(
    invited: dict[str, int], minimum: int
) -> None:
    totals: dict[str, int] = {}
    for role, number in invited.items():
        totals[ROLES[role].group] = totals.get(ROLES[role].group, 0) + number
    for item in freeze_classes(invited, minimum):
        groups = groups_of(item.roles)
        assert len(groups) == 1 or any(totals[group] < minimum for group in groups)


@given(counts, st.integers(1, 12))
def test_class_that_was_large_enough_is_merged_only_by_a_smaller_one(
    invited: dict[str, int], minimum: int
) -> None:
    for item in freeze_classes(invited, minimum):
        assert len(item.roles) == 1 or min(invited[role] for role in item.roles) < minimum


@given(counts, st.integers(1, 12))
def test_merging_twice_changes_nothing(invited: dict[str, int], minimum: int) -> None:
    once = merge_small({(role,): number for role, number in invited.items()}, minimum)
    assert merge_small(once, minimum) == once


@given(counts, st.randoms())
def test_order_of_the_roles_does_not_matter(invited: dict[str, int], random: Random) -> None:
    pairs = list(invited.items())
    random.shuffle(pairs)
    assert freeze_classes(dict(pairs)) == freeze_classes(invited)


@given(counts, st.data())
def test_opened_classes_are_unions_of_frozen_ones_with_their_sums(
    invited: dict[str, int], data: st.DataObject
) -> None:
    frozen = freeze_classes(invited)
    answered = {item.code: data.draw(st.integers(0, item.invited)) for item in frozen}
    merged = merge_classes(frozen, answered)
    assert set(merged) == {item.code for item in frozen}
    final = set(merged.values())
    assert sum(item.invited for item in final) == sum(item.invited for item in frozen)
    assert sum(item.answered for item in final) == sum(answered.values())
    assert len(final) <= 1 or all(item.answered >= 5 for item in final)
    assert all(set(item.roles) <= set(merged[item.code].roles) for item in frozen)


def test_a_role_that_nobody_had_joins_the_smallest_class_of_its_group() -> None:
    classes = freeze_classes({"ib": 138, "zoco": 29, "jeugdhulp": 9, "beleid_gem": 8, "swv": 9})
    assert place_role(classes, "jgz").code == "jeugdhulp"
    assert place_role(classes, "ouder").code == "beleid_gem"


def test_a_role_cannot_be_placed_without_any_class_or_when_it_does_not_exist() -> None:
    with pytest.raises(DisclosureError):
        place_role([], "ib")
    with pytest.raises(DisclosureError):
        place_role(freeze_classes({"ib": 9}), "kok")
