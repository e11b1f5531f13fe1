"""A plan belongs to one instrument, whatever others look like it."""

from dataclasses import replace

from aoj_survey.interview import walk
from aoj_survey.interview.plan import plan_walk
from tests.questionnaire.strategies import WIDTHS

from .builders import ask, compile_themes, list_codes


def test_an_instrument_is_planned_once() -> None:
    assert plan_walk(WIDTHS) is plan_walk(WIDTHS)


def test_an_equal_instrument_has_a_plan_of_its_own() -> None:
    twin = replace(WIDTHS)
    assert twin == WIDTHS
    assert plan_walk(twin) is not plan_walk(WIDTHS)


def test_a_plan_holds_the_items_in_order_with_their_conditions() -> None:
    plan = plan_walk(WIDTHS)
    assert [item.code for item, _ in plan.steps] == [item.code for item in WIDTHS.items()]
    assert [item.code for item, condition in plan.steps if condition] == [
        "afspraken",
        "sturing",
        "visie_hoe",
        "beter",
    ]
    assert set(plan.items) == {item.code for item in WIDTHS.items()}


def test_many_instruments_made_and_thrown_away_never_get_anothers_plan() -> None:
    """Identities of what is gone are used again; a plan kept under one alone would come back wrong."""
    for number in range(300):
        wanted = "ja" if number % 2 else "nee"
        instrument = compile_themes(ask("a") + ask("b", f'a == "{wanted}"'))
        assert list_codes(walk(instrument, {"a": "ja"})) == ([["a"], ["b"]] if number % 2 else [["a"]])
