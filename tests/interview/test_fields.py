"""The fields of the newer kinds: rankings, dates, answers that go alone, and texts beside choices."""

from dataclasses import replace

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Form

from aoj_survey.interview import (
    drop_off_path,
    fill_data,
    find_errors,
    make_form,
    read_answers,
    unanswered,
    walk,
)
from aoj_survey.questionnaire import Page, Value

from .builders import compile_themes

ITEMS = """\
- code: factoren
  kind: ranking
  first: 2
  text: {nl: Wat helpt?, en: What helps?}
  choices:
    - {code: visie, value: 1, text: {nl: een <visie>, en: a vision}}
    - {code: tijd, value: 2, text: {nl: tijd, en: time}}
    - {code: geld, value: 3, text: {nl: geld, en: money}}
- {code: dag, kind: date, earliest: "2025-08-01", latest: "2026-07-31", text: {nl: Dag?, en: Day?}}
- {code: maand, kind: month, earliest: "2000-01", latest: "2026-12", text: {nl: Maand?, en: Month?}, required: true}
- code: samen
  kind: multiple
  text: {nl: Wat?, en: What?}
  choices:
    - {code: beleid, value: 1, text: {nl: beleid, en: policy}}
    - {code: anders, value: 2, text: {nl: "anders, namelijk", en: "other, namely"}, other: true, max_length: 9}
    - {code: geen, value: 3, text: {nl: geen van deze, en: none of these}, exclusive: true}
    - {code: weet_niet, value: 99, text: {nl: weet ik niet, en: no idea}, dont_know: true}
- {code: uitleg, kind: explanation, text: {nl: Let op, en: Attention}, hint: {nl: Nog even., en: Almost done.}}
"""
INSTRUMENT = compile_themes(ITEMS)
PAGES = {page.code: page for page in INSTRUMENT.pages}


def submit(code: str, *typed: str | tuple[str, str]) -> tuple[Form, Page]:
    page = PAGES[code]
    sent = [(code, part) if isinstance(part, str) else part for part in typed]
    form = make_form(page, "nl")(MultiDict(sent))
    form.validate()
    return form, page


def read(code: str, *typed: str | tuple[str, str]) -> dict[str, Value]:
    form, page = submit(code, *typed)
    assert find_errors(form, page) == ()
    return read_answers(form, page)


def fail(code: str, *typed: str | tuple[str, str]) -> list[tuple[str, dict[str, int], str]]:
    form, page = submit(code, *typed)
    return [(error.code, error.values, error.field_id) for error in find_errors(form, page)]


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        (("geld", "visie"), {"factoren": ("geld", "visie")}),
        (("tijd", ""), {"factoren": ("tijd",)}),
        (("tijd",), {"factoren": ("tijd",)}),
        (("", ""), {}),
        ((), {}),
    ],
)
def test_a_ranking_is_read_in_the_order_of_its_ranks(typed: tuple[str, ...], value: dict[str, Value]) -> None:
    assert read("factoren", *typed) == value


@pytest.mark.parametrize(
    ("typed", "error", "values"),
    [
        (("geld", "geld"), "ranked_twice", {}),
        (("", "geld"), "rank_missing", {"rank": 1}),
        (("geld", "macht"), "forged", {}),
        (("geld", "visie", "tijd"), "forged", {}),
    ],
)
def test_a_ranking_that_cannot_be_is_told(typed: tuple[str, ...], error: str, values: dict[str, int]) -> None:
    assert fail("factoren", *typed) == [(error, values, "factoren-0")]


def test_a_place_that_was_skipped_is_the_control_to_go_to() -> None:
    (item,) = PAGES["factoren"].items
    page = Page("factoren", (replace(item, first=3),))
    typed: list[tuple[str, str]] = [("factoren", "geld"), ("factoren", ""), ("factoren", "tijd")]
    form = make_form(page, "nl")(MultiDict(typed))
    assert not form.validate()
    assert [error.field_id for error in find_errors(form, page)] == ["factoren-1"]


def test_a_ranking_has_a_list_for_each_rank_filled_and_escaped() -> None:
    form = make_form(PAGES["factoren"], "nl")(data=fill_data(PAGES["factoren"], {"factoren": ("geld",)}))
    html = str(form["factoren"]())
    assert [f'id="factoren-{place}"' in html for place in range(3)] == [True, True, False]
    assert html.count("selected") == 1
    assert '<option value="geld" selected>' in html
    assert "een &lt;visie&gt;" in html


@pytest.mark.parametrize(
    ("code", "typed", "value"),
    [
        ("dag", ("3", "5", "2026"), "2026-05-03"),
        ("dag", (" 03 ", "05", "2026"), "2026-05-03"),
        ("maand", ("5", "2026"), "2026-05"),
        ("maand", ("12", "2000"), "2000-12"),
    ],
)
def test_a_date_is_read_from_its_parts(code: str, typed: tuple[str, ...], value: str) -> None:
    assert read(code, *typed) == {code: value}
    data = fill_data(PAGES[code], {code: value})[code]
    assert isinstance(data, list)
    assert read(code, *data) == {code: value}


@pytest.mark.parametrize(
    ("code", "typed", "error"),
    [
        ("dag", ("31", "2", "2026"), "date"),
        ("dag", ("3", "", "2026"), "date"),
        ("dag", ("3", "5"), "date"),
        ("dag", ("3", "5", "26"), "date"),
        ("dag", ("\u00b2", "5", "2026"), "date"),
        ("dag", ("3", "mei", "2026"), "date"),
        ("dag", ("2026-05-03",), "date"),
        ("dag", ("31", "7", "2025"), "too_early"),
        ("dag", ("1", "8", "2026"), "too_late"),
        ("maand", ("12", "1999"), "too_early"),
        ("maand", ("1", "2027"), "too_late"),
        ("maand", ("", ""), "date"),
        ("maand", (), "date"),
    ],
)
def test_what_is_no_date_or_out_of_bounds_is_told(code: str, typed: tuple[str, ...], error: str) -> None:
    assert fail(code, *typed) == [(error, {}, f"{code}-0")]


def test_a_date_may_be_left_open_and_what_was_typed_stays() -> None:
    assert read("dag", "", "", "") == {}
    form, _ = submit("dag", "31", "2", '"2026')
    html = str(form["dag"]())
    assert 'value="31"' in html
    assert 'value="&#34;2026"' in html


@pytest.mark.parametrize("other", ["geen", "weet_niet"])
def test_an_answer_that_goes_alone_is_told_beside_another(other: str) -> None:
    assert fail("samen", "beleid", other) == [("exclusive", {}, "samen-0")]
    assert read("samen", other) == {"samen": (other,)}


def test_a_text_beside_a_choice_is_asked_on_its_page_and_has_its_limit() -> None:
    typed = ("samen", "anders"), ("samen_anders_tekst", " inkoop ")
    assert read("samen", *typed) == {"samen": ("anders",), "samen_anders_tekst": "inkoop"}
    assert fail("samen", ("samen", "anders"), ("samen_anders_tekst", "x" * 10)) == [
        ("too_long", {"surplus": 1}, "samen_anders_tekst")
    ]


def test_a_text_beside_a_choice_counts_only_when_that_choice_was_made() -> None:
    answers: dict[str, Value] = {"samen": ("beleid", "anders"), "samen_anders_tekst": "inkoop"}
    assert drop_off_path(INSTRUMENT, answers) == answers
    assert drop_off_path(INSTRUMENT, {**answers, "samen": ("beleid",)}) == {"samen": ("beleid",)}
    assert drop_off_path(INSTRUMENT, {"samen_anders_tekst": "inkoop"}) == {}


def test_a_text_beside_a_choice_is_never_missing() -> None:
    page = next(page for page in walk(INSTRUMENT, {}).pages if page.code == "samen")
    assert [item.code for item in unanswered(page, {})] == ["samen"]
    assert unanswered(page, {"samen": ("anders",)}) == ()


def test_an_explanation_asks_nothing() -> None:
    page = PAGES["uitleg"]
    form, _ = submit("uitleg")
    assert list(form) == []
    assert read_answers(form, page) == {}
    assert unanswered(page, {}) == ()
    assert page in walk(INSTRUMENT, {}).pages
