"""Forms: one field per item, typed values out, errors as codes, and nothing forged gets in."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from wtforms import Form

from aoj_survey.interview import (
    FIELDS,
    FormError,
    check_answers,
    fill_data,
    find_errors,
    make_form,
    read_answers,
    walk,
)
from aoj_survey.questionnaire import KINDS, Answers, Instrument, Page, Value, say
from tests.questionnaire.strategies import WIDTHS, answered

PAGES = {page.code: page for page in WIDTHS.pages}


def submit(page: Page, *typed: tuple[str, str]) -> Form:
    form = make_form(page, "nl")(MultiDict(typed))
    form.validate()
    return form


def list_options(form: Form, code: str) -> list[Any]:
    field: Any = form[code]
    return list(field)


def read(code: str, *typed: tuple[str, str]) -> dict[str, Value]:
    form = submit(PAGES[code], *typed)
    assert find_errors(form, PAGES[code]) == ()
    return read_answers(form, PAGES[code])


def fail(code: str, *typed: tuple[str, str]) -> list[tuple[str, str, dict[str, int], str]]:
    form = submit(PAGES[code], *typed)
    assert form.errors
    return [(e.item.code, e.code, e.values, e.field_id) for e in find_errors(form, PAGES[code])]


def test_every_kind_has_a_form_field() -> None:
    assert set(FIELDS) == {kind.name for kind in KINDS.values() if kind.type != "none"}


def test_a_page_has_one_field_per_item_in_order_worded_in_the_language() -> None:
    form = make_form(PAGES["kennen"], "en")()
    assert [field.name for field in form] == ["taken", "afspraken"]
    assert form["taken"].label.text == "I know their tasks."
    assert [str(option.label.text) for option in list_options(form, "taken")] == [
        "yes",
        "no",
        "I don\u2019t know",
    ]


def test_nothing_is_chosen_beforehand() -> None:
    for page in WIDTHS.pages:
        html = "".join(str(field()) for field in make_form(page, "nl")())
        assert "checked" not in html


def test_marks_are_offered_from_1_to_10_with_dont_know_last() -> None:
    options = list_options(make_form(PAGES["cijfer"], "nl")(), "cijfer")
    assert [option.data for option in options] == [*map(str, range(1, 11)), "weet_niet"]
    assert options[-1].label.text == "weet ik niet of geen mening"


# Values out


@pytest.mark.parametrize(
    ("page", "typed", "value"),
    [
        ("overleg", [("overleg", "ja")], {"overleg": "ja"}),
        ("jaren", [("jaren", " 12 ")], {"jaren": 12}),
        ("jaren", [("jaren", "007")], {"jaren": 7}),
        ("jaren", [("jaren", "0")], {"jaren": 0}),
        ("jaren", [("jaren", "   ")], {}),
        ("jaren", [], {}),
        ("kennen", [("taken", "weet_niet")], {"taken": "weet_niet"}),
        ("kennen", [("taken", "ja"), ("afspraken", "nee")], {"taken": "ja", "afspraken": "nee"}),
        ("kennen", [("taken", "")], {}),
        ("sturing", [("sturing", "anders"), ("sturing", "visie")], {"sturing": ("visie", "anders")}),
        ("sturing", [("sturing", "visie"), ("sturing", "visie")], {"sturing": ("visie",)}),
        ("sturing", [], {}),
        ("cijfer", [("cijfer", "10")], {"cijfer": 10}),
        ("cijfer", [("cijfer", "weet_niet")], {"cijfer": "weet_niet"}),
        ("beter", [("beter", " Meer\r\ntijd\x00 ")], {"beter": "Meer\ntijd"}),
        ("beter", [("beter", " \x07\n ")], {}),
        ("beter", [("beter", "<b>&amp;</b>")], {"beter": "<b>&amp;</b>"}),
        ("beter", [("beter", "x" * 38 + "\r\ny")], {"beter": "x" * 38 + "\ny"}),
        ("overleg", [("overleg", "ja"), ("taken", "ja")], {"overleg": "ja"}),
    ],
)
def test_what_was_sent_becomes_typed_answers(page: str, typed: list[tuple[str, str]], value: Answers) -> None:
    assert read(page, *typed) == value


# Errors


@pytest.mark.parametrize(
    "typed", ["abc", "-1", "51", "1.5", "1,5", "\uff11\uff12", "9" * 5000, "1e1", "0x1", "\u00b2"]
)
def test_a_number_that_is_not_whole_or_out_of_bounds_is_told_with_its_bounds(typed: str) -> None:
    assert fail("jaren", ("jaren", typed)) == [("jaren", "number", {"minimum": 0, "maximum": 50}, "jaren")]


def test_a_routing_question_must_be_answered_and_others_need_not() -> None:
    assert fail("overleg") == [("overleg", "choose", {}, "overleg-0")]
    assert fail("overleg", ("overleg", "")) == [("overleg", "choose", {}, "overleg-0")]
    assert read("cijfer") == {}


def test_a_text_that_is_too_long_is_told_by_how_much_and_kept() -> None:
    assert fail("beter", ("beter", "x" * 52)) == [("beter", "too_long", {"surplus": 12}, "beter")]
    form = submit(PAGES["beter"], ("beter", "x" * 52))
    assert "x" * 52 in str(form["beter"]())


def test_the_limit_counts_what_is_kept_not_what_was_sent() -> None:
    assert read("beter", ("beter", "  " + "e\u0301" * 40 + "\x00")) == {"beter": "\u00e9" * 40}


@pytest.mark.parametrize(
    ("page", "typed"),
    [
        ("overleg", "misschien"),
        ("overleg", "weet_niet"),
        ("kennen", "ja "),
        ("sturing", "alles"),
        ("cijfer", "11"),
        ("cijfer", "0"),
        ("cijfer", "06"),
        ("cijfer", "99"),
    ],
)
def test_a_choice_that_was_never_offered_is_refused(page: str, typed: str) -> None:
    code = PAGES[page].items[0].code
    assert fail(page, (code, typed)) == [(code, "forged", {}, f"{code}-0")]


def test_one_forged_code_among_good_ones_is_refused() -> None:
    assert fail("sturing", ("sturing", "visie"), ("sturing", "alles")) == [
        ("sturing", "forged", {}, "sturing-0")
    ]


def test_a_number_that_was_typed_wrong_stays_in_the_field() -> None:
    form = submit(PAGES["jaren"], ("jaren", "vijf"))
    assert 'value="vijf"' in str(form["jaren"]())


def test_errors_come_in_the_order_of_the_items() -> None:
    form = submit(PAGES["kennen"], ("afspraken", "x"), ("taken", "y"))
    errors: tuple[FormError, ...] = find_errors(form, PAGES["kennen"])
    assert [error.item.code for error in errors] == ["taken", "afspraken"]


def test_the_first_control_of_an_error_exists_in_the_page() -> None:
    for code, page in PAGES.items():
        form = submit(page, *((item.code, "\u00a0forged" * 100) for item in page.items))
        html = "".join(str(field()) for field in form)
        errors = find_errors(form, page)
        assert errors, code
        assert all(f'id="{error.field_id}"' in html for error in errors)


# There and back


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(pair=answered())
def test_answers_filled_in_and_sent_again_are_the_same(pair: tuple[Instrument, Answers]) -> None:
    instrument, answers = pair
    for page in instrument.pages:
        filled = make_form(page, "nl")(data=fill_data(page, answers))
        shown: list[tuple[str, str]] = []
        for field in filled:
            values = field.data if isinstance(field.data, list) else [field.data]
            shown += [(field.name, value) for value in values if value is not None]
        form = submit(page, *shown)
        expected = {item.code: answers[item.code] for item in page.items if item.code in answers}
        missing = {item.code for item in page.items if item.required} - set(expected)
        assert {error.item.code for error in find_errors(form, page)} == missing
        if not missing:
            assert read_answers(form, page) == expected


def test_a_given_answer_is_shown_as_chosen() -> None:
    form = make_form(PAGES["cijfer"], "nl")(data=fill_data(PAGES["cijfer"], {"cijfer": 6}))
    options = list_options(form, "cijfer")
    assert [option.data for option in options if option.checked] == ["6"]


@settings(deadline=None, max_examples=200)
@given(
    typed=st.lists(
        st.tuples(
            st.sampled_from([item.code for item in WIDTHS.items()]),
            st.text(st.characters(), max_size=60)
            | st.sampled_from(["ja", "nee", "visie", "anders", "7", "weet_niet"]),
        ),
        max_size=6,
    )
)
def test_whatever_is_sent_only_answers_that_may_be_stored_come_out(typed: list[tuple[str, str]]) -> None:
    for page in WIDTHS.pages:
        form = submit(page, *typed)
        if not form.errors:
            answers = read_answers(form, page)
            items = {item.code: item for item in page.items}
            assert all(KINDS[items[code].kind].accepts(items[code], value) for code, value in answers.items())
            check_answers(WIDTHS, answers)


def test_the_twin_without_cleaning_would_store_what_may_not_be_stored() -> None:
    item = PAGES["beter"].items[0]
    assert not KINDS["open"].accepts(item, " Meer\r\ntijd\x00 ")


def test_a_page_on_the_path_asks_only_its_open_items() -> None:
    path = walk(WIDTHS, {"overleg": "nee"})
    page = next(page for page in path.pages if page.code == "kennen")
    assert [field.name for field in make_form(page, "nl")()] == ["taken"]


def test_the_hint_comes_with_the_field() -> None:
    field = make_form(PAGES["sturing"], "nl")()["sturing"]
    hint = PAGES["sturing"].items[0].hint
    assert hint is not None
    assert field.description == say(hint, "nl")
