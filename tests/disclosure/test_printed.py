"""Strata beside the printed response table: no difference of the two tells of one or two people, or of nobody."""

from collections.abc import Collection, Mapping
from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from aoj_survey.disclosure import CaptureClass, PrintedCounts, derivable_unions, freeze_classes, merge_classes
from aoj_survey.statistics import RoleCount, list_printed, response_table

INVITED = {"ib": 12, "begeleider": 9, "jeugdhulp": 6, "jgz": 20, "leerplicht": 20, "zoco": 2, "beleid_gem": 3}
DONE = {"ib": 12, "begeleider": 6, "jeugdhulp": 6, "jgz": 1, "leerplicht": 12, "zoco": 0, "beleid_gem": 0}


def count_roles(invited: Mapping[str, int], done: Mapping[str, int]) -> list[RoleCount]:
    return [RoleCount(role, number, number, done[role], done[role]) for role, number in invited.items()]


def merge(
    invited: Mapping[str, int], done: Mapping[str, int], printed: PrintedCounts | None
) -> set[CaptureClass]:
    """The strata of a wave: classes frozen by who was invited, merged by who is done."""
    frozen = freeze_classes(invited)
    answered = {item.code: sum(done[role] for role in item.roles) for item in frozen}
    return set(merge_classes(frozen, answered, printed=printed).values())


def subtract(
    invited: Mapping[str, int], done: Mapping[str, int], strata: Collection[CaptureClass]
) -> set[frozenset[str]]:
    """By trying every sum: the roles of which fewer than three people follow from the table and the strata."""
    rows = response_table(count_roles(invited, done)).rows
    published = [frozenset(row.roles) for row in (*rows, *strata)]
    return {
        union
        for union in derivable_unions(published, sorted(invited))
        if min(sum(numbers[role] for role in union) for numbers in (invited, done)) < 3
    }


def test_twin_strata_by_themselves_tell_that_one_of_a_role_took_part() -> None:
    strata = merge(INVITED, DONE, None)
    assert {item.code for item in strata} == {
        "begeleider+jgz",
        "beleid_gem+jeugdhulp+zoco",
        "ib",
        "leerplicht",
    }
    assert subtract(INVITED, DONE, strata) == {frozenset({"jgz"})}


def test_strata_merge_until_beside_the_table_no_role_of_few_is_told() -> None:
    strata = merge(INVITED, DONE, list_printed(count_roles(INVITED, DONE)))
    assert subtract(INVITED, DONE, strata) == set()
    assert {item.code for item in strata} == {"begeleider+beleid_gem+jeugdhulp+jgz+zoco", "ib", "leerplicht"}
    assert sum(item.invited for item in strata) == sum(INVITED.values())


def test_that_nobody_of_a_role_took_part_is_a_small_number_too() -> None:
    invited = {"leerplicht": 30, "begeleider": 20, "jgz": 9, "jeugdhulp": 6}
    done = {"leerplicht": 12, "begeleider": 6, "jgz": 8, "jeugdhulp": 0}
    found = PrintedCounts(
        (frozenset({"begeleider", "jeugdhulp"}), frozenset({"jgz"}), frozenset({"leerplicht"})), invited, done
    )
    assert found.find_small([("jeugdhulp", "jgz"), ("begeleider",)]) == {frozenset({"jeugdhulp"})}
    assert found.find_small([("begeleider", "jeugdhulp"), ("jgz",)]) == set()


def test_classes_that_tell_nothing_beside_the_table_stay_as_they_are() -> None:
    invited = {"ib": 138, "zoco": 29, "jeugdhulp": 9, "beleid_gem": 8, "swv": 9}
    done = {"ib": 59, "zoco": 14, "jeugdhulp": 5, "beleid_gem": 4, "swv": 9}
    assert merge(invited, done, list_printed(count_roles(invited, done))) == merge(invited, done, None)


def test_role_that_nobody_had_is_no_small_number() -> None:
    printed = list_printed(
        [*count_roles({"ib": 9, "zoco": 9}, {"ib": 6, "zoco": 6}), RoleCount("jgz", 0, 0, 0, 0)]
    )
    assert printed.find_small([("ib",), ("zoco",)]) == set()


ROLES = ("ib", "begeleider", "jeugdhulp", "leerplicht", "beleid_gem", "swv")
waves = st.lists(
    st.sampled_from([1, 2, 4, 6, 9, 20]).flatmap(lambda size: st.tuples(st.just(size), st.integers(0, size))),
    min_size=3,
    max_size=6,
)


@given(waves)
def test_whatever_the_roles_nothing_small_follows_from_strata_and_table(sizes: list[tuple[int, int]]) -> None:
    invited = {role: size for role, (size, _) in zip(ROLES, sizes, strict=False)}
    done = {role: number for role, (_, number) in zip(ROLES, sizes, strict=False)}
    if sum(done.values()) >= 10:
        strata = merge(invited, done, list_printed(count_roles(invited, done)))
        assert subtract(invited, done, strata) == set()
        assert sorted(chain.from_iterable(item.roles for item in strata)) == sorted(invited)
        assert all(item.answered >= 5 for item in strata)
