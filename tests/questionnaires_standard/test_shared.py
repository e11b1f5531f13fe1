"""What questionnaires share: the same code is the same question, the same concept the same subject."""

from dataclasses import replace
from itertools import combinations

import pytest

from aoj_survey.datasets.columns import plan_questions
from aoj_survey.questionnaire import Instrument, Item, digest_instrument, dump_instrument, find_item

from .catalogue import STANDARD, compile_edition, questions

MONITOR = [key for key in STANDARD if key[0].startswith("aoj-")]
PAIRS = [(one, other) for one, other in combinations(MONITOR, 2) if one[1] == other[1]]


def as_asked(item: Item) -> Item:
    """The question without what only says where it comes from."""
    return replace(item, concept=None, source=None, seconds=0)


def find_false_friends(one: Instrument, other: Instrument) -> set[str]:
    """The codes that two instruments use for different questions."""
    known = {item.code: as_asked(item) for item in one.items()}
    return {item.code for item in other.items() if known.get(item.code, as_asked(item)) != as_asked(item)}


def find_concept(item: Item) -> str:
    return item.concept or item.code


@pytest.mark.parametrize(
    ("one", "other"), PAIRS, ids=[f"{one[0]}-{other[0]}-{one[1]}" for one, other in PAIRS]
)
def test_a_code_is_one_question_within_a_year(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert find_false_friends(compile_edition(*one), compile_edition(*other)) == set()


def test_a_code_with_two_questions_would_be_found() -> None:
    first = compile_edition("aoj-beleid", "2021")
    theme = first.themes[0]
    item = replace(theme.pages[0].items[0], text={"nl": "Iets anders?", "en": "Something else?"})
    changed = replace(theme, pages=(replace(theme.pages[0], items=(item,)),))
    other = replace(first, themes=(changed, *first.themes[1:]))
    assert find_false_friends(first, other) == {"plannen"}


@pytest.mark.parametrize("edition", ["2015", "2021"])
def test_professionals_and_policy_staff_share_the_mark_and_the_overview(edition: str) -> None:
    professionals, policy = (
        compile_edition("aoj-professionals", edition),
        compile_edition("aoj-beleid", edition),
    )
    shared = {item.code for item in professionals.items()} & {item.code for item in policy.items()}
    assert shared == {"zicht", "cijfer"}
    assert all(find_item(professionals, code) == find_item(policy, code) for code in shared)


@pytest.mark.parametrize("edition", ["2015", "2021"])
def test_what_they_share_becomes_one_column_for_all_roles(edition: str) -> None:
    instruments = {
        digest_instrument(dump_instrument(found)): found
        for found in (compile_edition("aoj-professionals", edition), compile_edition("aoj-beleid", edition))
    }
    roles = {role: digest for digest, found in instruments.items() for role in found.roles}
    columns = {
        column.name: column for question in plan_questions(instruments, roles) for column in question.columns
    }
    for code in ("zicht", "cijfer"):
        assert set(columns[code].roles) == set(roles)
        assert f"{code}_2" not in columns


def test_child_care_gets_a_column_of_its_own_for_what_was_adapted() -> None:
    professionals, child_care = (
        compile_edition("aoj-professionals", "2015"),
        compile_edition("aoj-kinderopvang", "2015"),
    )
    known = {item.code for item in professionals.items()}
    adapted = [item for item in child_care.items() if item.code not in known]
    assert len(adapted) == 7
    for item in adapted:
        assert item.code == f"{item.concept}_ko"
        assert item.concept in known
    assert {find_concept(item) for item in child_care.items()} == known


@pytest.mark.parametrize(
    ("name", "codes"),
    [("aoj-professionals", {"zicht", "cijfer"}), ("aoj-beleid", {"plannen", "zicht", "sturing", "cijfer"})],
)
def test_what_2021_kept_of_2015_is_word_for_word_the_same(name: str, codes: set[str]) -> None:
    old, new = compile_edition(name, "2015"), compile_edition(name, "2021")
    assert {item.code for item in old.items()} & {item.code for item in new.items()} == codes
    for code in codes:
        assert as_asked(find_item(old, code)) == as_asked(find_item(new, code))
    assert old.roles == new.roles


@pytest.mark.parametrize(
    ("code", "concept"), [("org_contact", "contact"), ("org_vroeg", "snel"), ("ev_evaluatie", "evalueren")]
)
def test_a_renewed_question_points_at_its_forerunner(code: str, concept: str) -> None:
    assert find_item(compile_edition("aoj-professionals", "2021"), code).concept == concept
    assert find_item(compile_edition("aoj-professionals", "2015"), concept)


def test_parents_and_young_people_are_asked_the_same_of_the_same() -> None:
    parents, youth = compile_edition("aoj-ouders", "2021"), compile_edition("aoj-jongeren", "2021")
    for one, other in zip(parents.items(), youth.items(), strict=True):
        assert one.code.removeprefix("ouder_") == other.code.removeprefix("jongere_")
        assert (one.kind, one.scale, one.concept) == (other.kind, other.scale, other.concept)
        assert [choice.value for choice in one.choices] == [choice.value for choice in other.choices]


@pytest.mark.parametrize("key", STANDARD, ids=["@".join(key) for key in STANDARD])
def test_a_concept_stands_once_in_an_edition(key: tuple[str, str]) -> None:
    concepts = [find_concept(item) for item in questions(compile_edition(*key))]
    assert len(concepts) == len(set(concepts))
