"""Every published indicator is asked, with its answers, of whom it was asked; nothing else is."""

from collections.abc import Callable
from itertools import product

import pytest

from aoj_survey.interview import walk
from aoj_survey.questionnaire import (
    ROLES,
    compile_questionnaire,
    dump_instrument,
    find_item,
    list_names,
    load_instrument,
)

from .catalogue import FOLDER, STANDARD, compile_edition, find_differences, questions, read_yaml

EDITIONS = pytest.mark.parametrize(("name", "edition"), STANDARD, ids=["@".join(key) for key in STANDARD])


@EDITIONS
def test_an_edition_asks_the_indicators_of_the_catalogue_and_nothing_else(name: str, edition: str) -> None:
    assert find_differences(compile_edition(name, edition), STANDARD[name, edition]) == []


def test_the_standard_set_is_complete() -> None:
    shipped = {(path.parent.name, path.stem) for path in FOLDER.glob("*/*.yaml")}
    assert shipped == set(STANDARD)


FAULTS: list[tuple[str, str, Callable[[str], str], str]] = [
    (
        "aoj-beleid",
        "2021",
        lambda text: text.replace("code: plannen\n", "code: plan\n"),
        "plannen is missing",
    ),
    ("aoj-beleid", "2021", lambda text: text.replace("code: plannen\n", "code: plan\n"), "plan is too much"),
    (
        "aoj-professionals",
        "2021",
        lambda text: text.replace('ask_if: mdo == "ja"', 'ask_if: mdo != "nee"', 1),
        "mdo_ouders has another condition",
    ),
    (
        "aoj-professionals",
        "2021",
        lambda text: text.replace("ask_if: cijfer < 10", "ask_if: cijfer < 9"),
        "eenhoger has another condition",
    ),
    (
        "aoj-professionals",
        "2021",
        lambda text: text.replace('            ask_if: mdo == "ja"\n', ""),
        "mdo_jeugd has another condition",
    ),
    (
        "landelijke-inventarisatie",
        "2018",
        lambda text: text.replace("code: opbouw, value: 3", "code: opbouw, value: 5"),
        "fase has another answers",
    ),
    (
        "landelijke-inventarisatie",
        "2018",
        lambda text: text.replace("kind: ranking\n        first: 3", "kind: multiple"),
        "factoren has another kind",
    ),
    ("aoj-ouders", "2021", lambda text: text.replace("NJI\n", "D15\n"), "ouder_hulp has another source"),
]


@pytest.mark.parametrize(("name", "edition", "spoil", "expected"), FAULTS, ids=[fault[3] for fault in FAULTS])
def test_a_departure_from_the_catalogue_would_be_found(
    name: str, edition: str, spoil: Callable[[str], str], expected: str
) -> None:
    text = read_yaml(name, edition)
    assert spoil(text) != text
    spoiled = compile_questionnaire(spoil(text), "spoiled.yaml", "proef")
    assert expected in find_differences(spoiled, STANDARD[name, edition])


@pytest.mark.parametrize(
    ("name", "roles"),
    [
        ("aoj-professionals", ["ib", "zoco", "zoco_mbo", "begeleider", "jeugdhulp", "jgz", "leerplicht"]),
        ("aoj-beleid", ["beleid_gem", "swv"]),
        ("aoj-kinderopvang", ["kinderopvang"]),
        ("aoj-ouders", ["ouder"]),
        ("aoj-jongeren", ["jongere"]),
        ("landelijke-inventarisatie", ["swv", "beleid_gem"]),
    ],
)
def test_the_roles_decide_the_questionnaire(name: str, roles: list[str]) -> None:
    for found, edition in STANDARD:
        if found == name:
            assert list(compile_edition(found, edition).roles) == roles


def test_every_role_of_the_monitor_has_exactly_one_questionnaire_of_it() -> None:
    names = {name: edition for name, edition in STANDARD if name.startswith("aoj-")}
    asked = [role for name, edition in names.items() for role in compile_edition(name, edition).roles]
    assert sorted(asked) == sorted(ROLES)


@EDITIONS
def test_nothing_is_routed_by_role_so_that_merged_roles_lose_no_answers(name: str, edition: str) -> None:
    """At the opening, answers to questions that not all roles of a class were asked are protected."""
    routed = [item for item in compile_edition(name, edition).items() if list_names(item.ask_if)[1]]
    assert routed == []


@EDITIONS
def test_an_edition_is_stored_and_read_back_the_same(name: str, edition: str) -> None:
    stored = dump_instrument(compile_edition(name, edition))
    assert load_instrument(stored) == compile_edition(name, edition)
    assert dump_instrument(load_instrument(stored)) == stored


@pytest.mark.parametrize(
    ("helped", "count"), [("school", 12), ("jeugdhulp", 12), ("allebei", 17), ("geen", 4), ("weet_niet", 12)]
)
@pytest.mark.parametrize(("name", "who"), [("aoj-ouders", "ouder"), ("aoj-jongeren", "jongere")])
def test_families_are_asked_about_the_help_they_get(name: str, who: str, helped: str, count: int) -> None:
    path = walk(compile_edition(name, "2021"), {f"{who}_hulp": helped})
    asked = [item.code for page in path.pages for item in page.items]
    assert len(asked) == count
    assert asked[-3:] == [f"{who}_cijfer", f"{who}_goed", f"{who}_beter"]


def test_the_inventory_asks_about_pilots_and_bottlenecks_only_where_there_are() -> None:
    instrument = compile_edition("landelijke-inventarisatie", "2018")
    for pilots, bottlenecks in product(("ja", "nee"), repeat=2):
        path = walk(instrument, {"pilots": pilots, "knelpunten": bottlenecks})
        asked = {item.code for page in path.pages for item in page.items}
        assert ({"pilots_aantal", "pilot_onderwerp"} <= asked) == (pilots == "ja")
        assert ("knelpunt_soort" in asked) == (bottlenecks == "ja")


def test_the_inventory_ranks_the_three_that_help_most_and_counts_from_one() -> None:
    instrument = compile_edition("landelijke-inventarisatie", "2018")
    assert find_item(instrument, "factoren").first == 3
    number = find_item(instrument, "pilots_aantal")
    assert (number.minimum, number.maximum) == (1, 99)


@pytest.mark.parametrize("code", ["knelpunt_soort", "pilot_onderwerp"])
def test_subjects_published_without_shares_leave_room_for_another(code: str) -> None:
    instrument = compile_edition("landelijke-inventarisatie", "2018")
    (beside,) = [item for item in instrument.items() if item.beside == (code, "anders")]
    assert beside.max_length


def test_none_of_these_goes_with_no_other_yield() -> None:
    item = find_item(compile_edition("landelijke-inventarisatie", "2018"), "opbrengst")
    assert [choice.code for choice in item.choices if choice.exclusive] == ["geen"]


@pytest.mark.parametrize(
    ("name", "edition", "facts"),
    [
        ("aoj-professionals", "2015", {"contact"}),
        ("aoj-kinderopvang", "2015", {"contact"}),
        ("aoj-professionals", "2021", {"org_contact", "mdo", "aanbod"}),
        ("aoj-beleid", "2021", {"thuiszitterspact"}),
        ("landelijke-inventarisatie", "2018", {"pilots", "pilots_aantal"}),
        ("aoj-ouders", "2021", set[str]()),
    ],
)
def test_facts_are_what_has_one_true_answer(name: str, edition: str, facts: set[str]) -> None:
    assert {item.code for item in questions(compile_edition(name, edition)) if item.fact} == facts


@pytest.mark.parametrize(
    ("name", "edition", "sensitive"),
    [
        ("aoj-professionals", "2021", {"cijfer", "privacy", "veiligheid"}),
        ("aoj-beleid", "2021", {"cijfer"}),
        ("aoj-kinderopvang", "2015", {"cijfer_ko"}),
        ("aoj-ouders", "2021", {"ouder_hulp", "ouder_tevreden", "ouder_cijfer"}),
        ("aoj-jongeren", "2021", {"jongere_hulp", "jongere_tevreden", "jongere_cijfer"}),
    ],
)
def test_what_could_harm_when_known_is_sensitive(name: str, edition: str, sensitive: set[str]) -> None:
    assert {item.code for item in questions(compile_edition(name, edition)) if item.sensitive} == sensitive
