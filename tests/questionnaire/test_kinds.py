"""What each kind makes of an item when the file says nothing, and the room its answer takes."""

import json

import pytest

from aoj_survey.questionnaire import DONT_KNOW, DONT_KNOW_VALUE, KINDS, Item, compile_questionnaire, find_item
from tests.interview.builders import compile_themes

ITEMS = {
    "choice": "- {code: x, kind: choice, scale: jn, text: {nl: x, en: x}}",
    "multiple": "- {code: x, kind: multiple, scale: jn, text: {nl: x, en: x}}",
    "mark": "- {code: x, kind: mark, dont_know: {nl: geen idee, en: no idea}, text: {nl: x, en: x}}",
    "number": "- {code: x, kind: number, min: 2, max: 1500, text: {nl: x, en: x}}",
    "open": "- {code: x, kind: open, text: {nl: x, en: x}}",
}


def compile_item(kind: str) -> Item:
    return find_item(compile_themes(ITEMS[kind]), "x")


def test_every_kind_is_tried_here() -> None:
    assert set(ITEMS) == set(KINDS)


@pytest.mark.parametrize(
    ("kind", "seconds", "bounds", "max_length", "sensitive"),
    [
        ("choice", 15, (None, None), None, False),
        ("multiple", 25, (None, None), None, False),
        ("mark", 15, (1, 10), None, True),
        ("number", 15, (2, 1500), None, False),
        ("open", 60, (None, None), 500, False),
    ],
)
def test_an_item_that_says_nothing_gets_what_its_kind_has(
    kind: str, seconds: int, bounds: tuple[int | None, int | None], max_length: int | None, sensitive: bool
) -> None:
    item = compile_item(kind)
    assert item.seconds == seconds
    assert (item.minimum, item.maximum) == bounds
    assert item.max_length == max_length
    assert item.sensitive is sensitive
    assert (item.required, item.fact, item.concept, item.ask_if, item.hint) == (
        False,
        False,
        None,
        None,
        None,
    )


@pytest.mark.parametrize(
    ("kind", "longest"),
    [
        ("choice", "nee"),
        ("multiple", ("ja", "nee")),
        ("mark", "weet_niet"),
        ("number", 1500),
        ("open", "\U0001f642" * 500),
    ],
)
def test_the_largest_answer_of_a_kind_takes_what_it_says(kind: str, longest: object) -> None:
    item = compile_item(kind)
    assert KINDS[kind].accepts(item, longest)
    written = json.dumps(longest, separators=(",", ":"), ensure_ascii=False)
    assert len(written.encode()) == KINDS[kind].largest(item)


def test_a_mark_offers_dont_know_as_its_only_choice_with_the_value_of_every_dataset() -> None:
    (choice,) = compile_item("mark").choices
    assert (choice.code, choice.value, choice.dont_know) == (DONT_KNOW, DONT_KNOW_VALUE, True)
    assert choice.text == {"nl": "geen idee", "en": "no idea"}


def test_a_choice_can_be_looked_up_by_its_code() -> None:
    item = compile_item("choice")
    assert item.choice("nee").value == 2
    with pytest.raises(KeyError):
        item.choice("misschien")


def test_statements_take_scale_and_kind_from_their_group_and_less_time() -> None:
    group = (
        "- group: samen\n  text: {nl: a, en: a}\n  scale: jn\n  items:\n"
        "    - {code: een, text: {nl: b, en: b}}\n"
        "    - {code: twee, text: {nl: c, en: c}, seconds: 33, required: true}\n"
    )
    page = compile_themes(group).pages[0]
    assert [(item.kind, item.scale, item.seconds, item.required) for item in page.items] == [
        ("choice", "jn", 10, False),
        ("choice", "jn", 33, True),
    ]
    assert [choice.code for choice in page.items[1].choices] == ["ja", "nee"]


def test_texts_are_kept_plain_in_nfc_without_spaces_around() -> None:
    text = (
        'format: 1\nquestionnaire: proef\nedition: "1"\nlanguages: [nl]\nroles: [ib]\n'
        'title: "  Me\u0301e\u0301r <b>zorg</b> "\npurpose: "&amp;"\n'
        "themes: [{code: a, title: a, items: [{code: een, kind: open, text: Hoe?}]}]\n"
    )
    instrument = compile_questionnaire(text, "f.yaml", "proef")
    assert instrument.title == {"nl": "M\u00e9\u00e9r <b>zorg</b>"}
    assert instrument.purpose == {"nl": "&amp;"}
    assert instrument.region == "proef"
