"""Guesses at links: few are let through, nobody's address is kept, and a right link always works."""

import gc
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import chain

import pytest
from flask import Flask

from aoj_survey.web import guesses as module
from aoj_survey.web.guesses import EACH, SPAN, TOGETHER, Guesses, join_neighbours
from tests.conftest import FixedClock
from tests.staging import Person
from tests.web.browsing import Browser, apart

NOW = datetime(2026, 5, 4, 7, 30, tzinfo=UTC)
UNKNOWN = "a" * 26


def guess(app: Flask, address: str = "192.0.2.7", place: str = f"/l/{UNKNOWN}") -> int:
    """Open an unknown link from an address; return the status."""
    client = app.test_client()
    return apart(client.get, place, environ_overrides={"REMOTE_ADDR": address}).status_code


# The pages


def test_too_many_unknown_links_from_one_address_have_to_wait(sqlite_app: Flask) -> None:
    assert [guess(sqlite_app) for _ in range(EACH + 2)] == [404] * EACH + [429] * 2
    assert guess(sqlite_app, "192.0.2.8") == 404, "somebody else"
    browser = Browser(sqlite_app)
    browser.client.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    page = browser.get(f"/l/{UNKNOWN}")
    assert "Even wachten" in page.text
    assert "over 5 minuten opnieuw" in page.text


@pytest.mark.parametrize("place", ["/l/x", "/g/{}", "/o/{}", "/l/{}"])
def test_guesses_at_every_kind_of_link_are_counted(sqlite_app: Flask, place: str) -> None:
    places = [guess(sqlite_app, place=place.format(UNKNOWN)) for _ in range(EACH + 1)]
    assert places[-2:] == [404, 429]


def test_after_the_span_one_may_try_again(sqlite_app: Flask, clock: FixedClock) -> None:
    assert [guess(sqlite_app) for _ in range(EACH + 1)][-1] == 429
    clock.pass_time(seconds=SPAN.total_seconds())
    assert guess(sqlite_app) == 404


def go_on_beside_a_guesser(app: Flask, browser: Browser, people: Sequence[Person]) -> None:
    """Somebody with a right link, at the address from which far too many links were guessed."""
    for _ in range(EACH + 5):
        guess(app, "127.0.0.1")
    for person in people[:2]:
        assert browser.open(person).status_code == 200
        assert browser.place(browser.post("start")) == "p/overleg"
        assert browser.place(browser.answer("overleg", overleg="ja")) == "p/jaren"


def test_guesses_of_others_never_stop_a_right_link(
    app: Flask, browser: Browser, people: Sequence[Person]
) -> None:
    go_on_beside_a_guesser(app, browser, people)


def test_twin_a_budget_asked_before_the_link_is_looked_up_would_stop_it(
    app: Flask, browser: Browser, people: Sequence[Person]
) -> None:
    def refuse() -> tuple[str, int] | None:
        return ("", 429) if module.is_guessing() else None

    app.before_request_funcs.setdefault(None, []).append(refuse)
    with pytest.raises(AssertionError):
        go_on_beside_a_guesser(app, browser, people)


# The count


def count_up(found: Guesses, times: int, address: Callable[[int], str]) -> list[bool]:
    return [found.add(address(time), NOW) for time in range(times)]


def test_all_together_have_a_budget_too() -> None:
    found = Guesses()
    spread = count_up(found, TOGETHER + 3, lambda time: f"10.{time // 250}.0.{time % 250}")
    assert spread == [False] * TOGETHER + [True] * 3


def test_neighbours_of_ipv6_count_as_one_and_what_is_no_address_too() -> None:
    assert join_neighbours("2001:db8::1") == join_neighbours("2001:db8::ffff:2")
    assert join_neighbours("2001:db8::1") != join_neighbours("2001:db8:0:1::1")
    assert join_neighbours("192.0.2.1") != join_neighbours("192.0.2.2")
    assert join_neighbours("unix:") == join_neighbours("") == ""


def find_traces(found: Guesses, address: str) -> list[object]:
    """What is held of the counter, directly or by others, in which the address can be read."""
    held = list(chain.from_iterable(gc.get_referents(part) for part in [found, *gc.get_referents(found)]))
    parts = [*held, *chain.from_iterable(gc.get_referents(part) for part in held)]
    return [
        part
        for part in parts
        if (isinstance(part, str) and address in part)
        or (isinstance(part, bytes) and address.encode() in part)
    ]


def test_no_address_is_kept() -> None:
    found = Guesses()
    found.add("192.0.2.77", NOW)
    assert find_traces(found, "192.0.2.77") == []


def test_twin_an_address_that_is_kept_is_found() -> None:
    found = Guesses()
    found._key = b"192.0.2.77"  # pyright: ignore[reportPrivateUsage] — what must not be there
    assert find_traces(found, "192.0.2.77")


def read_marks(found: Guesses) -> set[bytes]:
    return set(found._counts)  # pyright: ignore[reportPrivateUsage] — no other way to see them


def test_the_same_address_has_another_mark_in_each_span_and_each_process() -> None:
    first, second = Guesses(), Guesses()
    first.add("192.0.2.7", NOW)
    second.add("192.0.2.7", NOW)
    before = read_marks(first)
    assert len(before) == 1
    assert not before & read_marks(second)
    first.add("192.0.2.7", NOW + SPAN)
    assert len(read_marks(first)) == 1, "the span before is forgotten"
    assert not before & read_marks(first)


@pytest.mark.parametrize("step", [SPAN, timedelta(days=1), timedelta(days=-1)])
def test_a_span_ends_also_when_a_clock_is_set_back(step: timedelta) -> None:
    found = Guesses()
    assert count_up(found, EACH + 1, lambda _: "192.0.2.7")[-1] is True
    assert found.add("192.0.2.7", NOW + step) is False
