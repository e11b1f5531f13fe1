"""The roles and groups of the monitor, as the rest of the engine relies on them."""

import re

from aoj_survey.questionnaire import GROUPS, NOBODY, ROLES, Context, find_context
from aoj_survey.questionnaire.reserved import RESERVED

SECTORS = {"po", "vo", "mbo", "onderwijs", "jeugdhulp", "gemeente", "kinderopvang", None}


def test_all_twelve_roles_are_there_each_in_a_known_group_and_sector() -> None:
    assert len(ROLES) == 12
    assert {role.group for role in ROLES.values()} == set(GROUPS)
    assert {role.sector for role in ROLES.values()} == SECTORS


def test_a_role_is_found_by_its_own_code() -> None:
    assert all(role.code == code for code, role in ROLES.items())
    assert all(group.code == code for code, group in GROUPS.items())
    assert all(re.fullmatch("[a-z][a-z_]*[a-z]", code) for code in (*ROLES, *GROUPS))


def test_labels_are_in_dutch_and_english_and_none_is_used_twice() -> None:
    labels = [label for role in ROLES.values() for label in (role.label, role.plural)]
    assert {tuple(label) for label in labels} == {("nl", "en")}
    for language in ("nl", "en"):
        shown = [role.label[language] for role in ROLES.values()]
        assert len(shown) == len(set(shown))


def test_people_asked_about_children_are_not_asked_for_a_sector() -> None:
    assert {code for code, role in ROLES.items() if role.sector is None} == {"ouder", "jongere"}


def test_what_is_known_of_a_respondent_follows_from_the_role() -> None:
    assert find_context("ib", "gooi") == Context("ib", "professionals", "po", "gooi")
    assert find_context("ouder", "gooi").names() == {
        "role": "ouder",
        "group": "ouders_jeugd",
        "region": "gooi",
    }
    assert find_context("kapper", "gooi") == Context("kapper", None, None, "gooi")
    assert NOBODY.names() == {}


def test_no_item_can_have_the_name_of_what_is_known() -> None:
    assert set(find_context("ib", "gooi").names()) <= RESERVED
