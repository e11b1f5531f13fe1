"""What each kind makes of an item when the file says nothing, and the room its answer takes."""

import json

import pytest
from werkzeug.datastructures import MultiDict

from aoj_survey.errors import QuestionnaireError
from aoj_survey.interview import check_answers, fill_data, make_form, read_answers
from aoj_survey.questionnaire import (
    DONT_KNOW,
    DONT_KNOW_VALUE,
    KINDS,
    Instrument,
    Item,
    Value,
    compile_questionnaire,
    dump_instrument,
    find_item,
    largest_answers,
    load_instrument,
    load_questionnaire,
)
from tests.interview.builders import compile_themes

from .module_kind import KINDS_WITH_SLIDER, SLIDER
from .test_corpus import CORPUS

ITEMS = {
    "choice": "- {code: x, kind: choice, scale: jn, text: {nl: x, en: x}}",
    "multiple": "- {code: x, kind: multiple, scale: jn, text: {nl: x, en: x}}",
    "mark": "- {code: x, kind: mark, dont_know: {nl: geen idee, en: no idea}, text: {nl: x, en: x}}",
    "number": "- {code: x, kind: number, min: 2, max: 1500, text: {nl: x, en: x}}",
    "open": "- {code: x, kind: open, text: {nl: x, en: x}}",
    "ranking": "- {code: x, kind: ranking, scale: jn, text: {nl: x, en: x}}",
    "date": '- {code: x, kind: date, earliest: "2025-01-01", latest: "2026-12-31", text: {nl: x, en: x}}',
    "month": '- {code: x, kind: month, earliest: "2025-01", latest: "2026-12", text: {nl: x, en: x}}',
    "explanation": "- {code: x, kind: explanation, text: {nl: x, en: x}}",
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
        ("ranking", 40, (None, None), None, False),
        ("date", 20, (None, None), None, False),
        ("month", 20, (None, None), None, False),
        ("explanation", 20, (None, None), None, False),
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
        ("ranking", ("nee", "ja")),
        ("date", "2026-12-31"),
        ("month", "2026-12"),
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


# What fills the dataset


def test_each_kind_fills_as_many_cells_as_it_has_columns() -> None:
    given: dict[str, Value] = {
        "choice": "ja", "multiple": ("nee",), "ranking": ("nee", "ja"), "mark": 7, "number": 12,
        "date": "2026-05-31", "month": "2026-05", "open": "Ja.",
    }  # fmt: skip
    cells: dict[str, tuple[int, ...]] = {}
    for kind, value in given.items():
        item = compile_item(kind)
        assert KINDS[kind].accepts(item, value)
        cells[kind] = KINDS[kind].cells(item, value)
        assert len(cells[kind]) == len(KINDS[kind].columns(item))
    assert cells == {
        "choice": (1,), "multiple": (0, 1), "ranking": (2, 1), "mark": (7,), "number": (12,),
        "date": (20260531,), "month": (202605,), "open": (),
    }  # fmt: skip


def test_columns_are_named_by_item_and_choice() -> None:
    plans = KINDS["ranking"].columns(compile_item("ranking"))
    assert [(plan.name, plan.holds, plan.choice and plan.choice.code) for plan in plans] == [
        ("x_ja", "rank", "ja"),
        ("x_nee", "rank", "nee"),
    ]
    assert KINDS["explanation"].columns(compile_item("explanation")) == ()


def test_dont_know_of_a_mark_is_its_value_in_the_dataset() -> None:
    assert KINDS["mark"].cells(compile_item("mark"), "weet_niet") == (99,)


@pytest.mark.parametrize(
    ("value", "accepted"),
    [
        (("geld", "visie"), True),
        (("tijd",), True),
        (("geld", "visie", "tijd"), False),
        (("geld", "geld"), False),
        ((), False),
        (("macht",), False),
        ("geld", False),
    ],
)
def test_a_ranking_holds_different_choices_up_to_as_many_as_are_asked(value: object, accepted: bool) -> None:
    item = find_item(load_questionnaire(CORPUS / "valid" / "ranking.yaml", "proef"), "factoren")
    assert KINDS["ranking"].accepts(item, value) is accepted


@pytest.mark.parametrize(
    ("kind", "value", "accepted"),
    [
        ("date", "2025-01-01", True),
        ("date", "2024-12-31", False),
        ("date", "2027-01-01", False),
        ("date", "2026-02-30", False),
        ("date", "2026-2-3", False),
        ("date", 20260203, False),
        ("month", "2026-12", True),
        ("month", "2026-13", False),
        ("month", "2026-05-01", False),
        ("explanation", "x", False),
    ],
)
def test_dates_are_real_ones_within_their_bounds(kind: str, value: object, accepted: bool) -> None:
    assert KINDS[kind].accepts(compile_item(kind), value) is accepted


def test_none_of_these_goes_with_nothing_else() -> None:
    item = find_item(load_questionnaire(CORPUS / "valid" / "multiple-exclusive.yaml", "proef"), "samen")
    assert KINDS["multiple"].accepts(item, ("geen",))
    assert KINDS["multiple"].accepts(item, ("beleid", "inkoop"))
    assert not KINDS["multiple"].accepts(item, ("beleid", "geen"))


def test_a_text_beside_a_choice_is_an_open_item_of_its_own() -> None:
    instrument = load_questionnaire(CORPUS / "valid" / "other-text.yaml", "proef")
    assert [item.code for item in instrument.items()] == [
        "samen", "samen_anders_tekst", "waar", "waar_anders_tekst",
    ]  # fmt: skip
    text = find_item(instrument, "samen_anders_tekst")
    assert (text.kind, text.max_length, text.beside) == ("open", 60, ("samen", "anders"))
    assert find_item(instrument, "waar_anders_tekst").max_length == 100
    assert [page.code for page in instrument.pages] == ["samen", "waar"]
    assert [len(page.items) for page in instrument.pages] == [2, 2]


# A kind of a module

SLIDER_ITEM = "- {code: x, kind: slider, min: 0, max: 100, step: 5, text: {nl: x, en: x}}"


def compile_slider(item: str = SLIDER_ITEM) -> Instrument:
    text = (CORPUS / "valid" / "two-languages.yaml").read_text("utf-8").rstrip()
    return compile_questionnaire(f"{text}\n      {item}\n", "f.yaml", "proef", kinds=KINDS_WITH_SLIDER)


def test_a_kind_of_a_module_is_compiled_stored_and_bounded_like_ours() -> None:
    instrument = compile_slider()
    item = find_item(instrument, "x")
    assert (item.kind, item.settings, item.seconds) == ("slider", (("step", 5),), 10)
    assert load_instrument(dump_instrument(instrument)) == instrument
    assert largest_answers(instrument, KINDS_WITH_SLIDER) > 0
    assert SLIDER.cells(item, 25) == (25,)


def test_a_kind_of_a_module_is_asked_read_and_checked_by_its_own_field() -> None:
    instrument = compile_slider()
    page = instrument.pages[-1]
    typed: list[tuple[str, str]] = [("x", "25")]
    form = make_form(page, "nl", KINDS_WITH_SLIDER)(MultiDict(typed))
    assert form.validate()
    answers = read_answers(form, page, KINDS_WITH_SLIDER)
    assert answers == {"x": 25}
    assert fill_data(page, answers, KINDS_WITH_SLIDER) == {"x": "25"}
    assert check_answers(instrument, answers, kinds=KINDS_WITH_SLIDER) == {"x": 25}


def test_without_the_module_its_kind_and_its_key_are_unknown() -> None:
    text = (CORPUS / "valid" / "two-languages.yaml").read_text("utf-8").rstrip()
    with pytest.raises(QuestionnaireError, match="unknown-kind"):
        compile_questionnaire(f"{text}\n      {SLIDER_ITEM}\n", "f.yaml", "proef")
    with pytest.raises(QuestionnaireError, match="unknown-key"):
        compile_slider(SLIDER_ITEM.replace("kind: slider", "kind: number"))
    with pytest.raises(QuestionnaireError, match="missing-key"):
        compile_slider(SLIDER_ITEM.replace("max: 100, ", ""))
