"""The path: what opens and closes, where a page stands, and a brute force that knows no order."""

import pytest
from hypothesis import HealthCheck, given, settings

from aoj_survey.errors import NotFoundError
from aoj_survey.interview import (
    Path,
    drop_off_path,
    find_page,
    first_unanswered,
    minutes,
    page_after,
    page_before,
    progress,
    unanswered,
    walk,
)
from aoj_survey.questionnaire import Answers, Instrument, Item, Value, holds
from tests.questionnaire.strategies import WIDTHS, answered

from .builders import ask, compile_themes, list_codes

GROUP = """\
- group: samen
  text: {nl: Samen?, en: Together?}
  scale: jn
  items:
    - {code: c, text: {nl: c, en: c}, ask_if: a == "ja"}
    - {code: d, text: {nl: d, en: d}, ask_if: b == "ja"}
"""
CHAIN = compile_themes(ask("a"), ask("b", 'a == "ja"') + ask("e", 'b == "ja"'), GROUP)


def walk_chain(**answers: str) -> list[list[str]]:
    return list_codes(walk(CHAIN, dict(answers)))


def test_at_the_start_only_what_needs_no_answer_is_open() -> None:
    path = walk(CHAIN, {})
    assert list_codes(path) == [["a"]]
    assert [theme.code for theme in path.themes] == ["thema_1"]


def test_an_answer_opens_a_page_a_theme_and_part_of_a_group() -> None:
    assert walk_chain(a="ja") == [["a"], ["b"], ["c"]]
    assert walk_chain(a="ja", b="ja") == [["a"], ["b"], ["e"], ["c", "d"]]


def test_going_back_and_changing_an_answer_leaves_no_stale_route() -> None:
    assert walk_chain(a="nee", b="ja") == [["a"]]


def test_an_answer_off_the_path_is_dropped_and_opens_nothing() -> None:
    given_before: Answers = {"a": "nee", "b": "ja", "e": "ja", "d": "nee"}
    assert drop_off_path(CHAIN, given_before) == {"a": "nee"}
    assert drop_off_path(CHAIN, {**given_before, "a": "ja"}) == {**given_before, "a": "ja"}


def test_answers_are_kept_in_the_order_of_the_items() -> None:
    assert list(drop_off_path(CHAIN, {"d": "ja", "b": "ja", "a": "ja"})) == ["a", "b", "d"]


def stays(item: Item, kept: Answers) -> bool:
    if item.beside:
        chosen = kept.get(item.beside[0], ())
        return item.beside[1] in (chosen if isinstance(chosen, tuple) else (chosen,))
    return holds(item.ask_if, kept)


def drop_by_brute_force(instrument: Instrument, answers: Answers) -> dict[str, Value]:
    """Throw out every answer whose condition fails, again and again until nothing changes."""
    kept = dict(answers)
    while True:
        items = {item.code: item for item in instrument.items()}
        left = {code: answers[code] for code in answers if stays(items[code], kept)}
        if left == kept:
            return kept
        kept = left


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(pair=answered())
def test_one_pass_finds_what_brute_force_finds(pair: tuple[Instrument, Answers]) -> None:
    instrument, answers = pair
    assert drop_off_path(instrument, answers) == drop_by_brute_force(instrument, answers)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(pair=answered())
def test_a_path_holds_no_empty_page_or_theme_and_keeps_the_order(pair: tuple[Instrument, Answers]) -> None:
    instrument, answers = pair
    path = walk(instrument, answers)
    order = [item.code for item in instrument.items()]
    on_path = [item.code for page in path.pages for item in page.items]
    assert all(page.items for page in path.pages)
    assert all(theme.pages for theme in path.themes)
    assert [page for theme in path.themes for page in theme.pages] == list(path.pages)
    assert on_path == sorted(on_path, key=order.index)
    beside = {item.code for item in instrument.items() if item.beside}
    kept = set(drop_off_path(instrument, answers))
    assert kept <= set(on_path) & set(answers)
    assert set(on_path) & set(answers) <= kept | beside


def test_brute_force_and_one_pass_differ_when_dropped_answers_still_count() -> None:
    """The twin: a walk that looks at all answers, dropped ones too, keeps what it should not."""
    answers: Answers = {"a": "nee", "b": "ja", "e": "ja"}
    careless = {item.code for item in CHAIN.items() if item.code in answers and holds(item.ask_if, answers)}
    assert careless != set(drop_by_brute_force(CHAIN, answers))


# Steps


def test_steps_go_through_the_open_pages_only() -> None:
    path = walk(CHAIN, {"a": "ja"})
    after = page_after(path, "a")
    assert after is not None
    assert after.code == "b"
    assert page_after(path, "samen") is None
    before = page_before(path, "samen")
    assert before is not None
    assert before.code == "b"
    assert page_before(path, "a") is None


def test_a_page_off_the_path_is_not_found() -> None:
    path = walk(CHAIN, {"a": "nee"})
    assert find_page(path, "b") is None
    for step in (page_after, page_before, progress):
        with pytest.raises(NotFoundError, match="'b'"):
            step(path, "b")


def test_the_first_unanswered_page_is_found_and_skips_what_is_answered() -> None:
    answers: dict[str, Value] = {"a": "ja", "b": "ja", "e": "nee", "c": "ja"}
    path = walk(CHAIN, answers)
    page = first_unanswered(path, answers)
    assert page is not None
    assert page.code == "samen"
    assert [item.code for item in unanswered(page, answers)] == ["d"]
    assert first_unanswered(path, {**answers, "d": "nee"}) is None


def test_the_walk_forward_meets_every_page_once() -> None:
    path = walk(WIDTHS, {"overleg": "ja", "sturing": ("visie",), "cijfer": 4})
    met = [path.pages[0]]
    while (page := page_after(path, met[-1].code)) is not None:
        met.append(page)
    assert tuple(met) == path.pages
    assert [page.code for page in met] == [
        "overleg", "jaren", "kennen", "sturing", "visie_hoe", "cijfer", "beter",
    ]  # fmt: skip


# Progress and time


def test_progress_counts_open_themes_and_shows_the_fraction_of_ones_own() -> None:
    path = walk(WIDTHS, {"overleg": "ja", "sturing": ("visie",)})
    first, middle, last = progress(path, "overleg"), progress(path, "visie_hoe"), progress(path, "cijfer")
    assert (first.theme_number, first.themes, first.title["nl"]) == (1, 3, "Uw werk")
    assert first.fractions == (0.25, 0.0, 0.0)
    assert middle.fractions == (1.0, pytest.approx(2 / 3), 0.0)
    assert last.fractions == (1.0, 1.0, 0.5)


def test_progress_only_grows_along_the_path() -> None:
    path = walk(WIDTHS, {"overleg": "ja", "sturing": ("visie",), "cijfer": 4})
    totals = [sum(progress(path, page.code).fractions) for page in path.pages]
    assert totals == sorted(set(totals))


def test_a_theme_that_is_closed_is_not_counted() -> None:
    path = walk(WIDTHS, {"overleg": "nee"})
    assert [theme.code for theme in path.themes] == ["werk", "oordeel"]
    assert progress(path, "cijfer").theme_number == 2


@pytest.mark.parametrize(("seconds", "expected"), [(1, 1), (60, 1), (61, 2), (120, 2), (600, 10)])
def test_minutes_round_up_and_are_at_least_one(seconds: int, expected: int) -> None:
    instrument = compile_themes(ask("a", seconds=str(seconds)))
    assert minutes(walk(instrument, {}).pages) == expected


def test_nothing_left_is_still_a_minute() -> None:
    assert minutes(Path((), ()).pages) == 1
