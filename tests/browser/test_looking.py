"""The watch over a window: what must never happen in one is seen when it does."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser

from aoj_survey.web.headers import join_headers
from tests.serving import serve

from .looking import PHONE, open_window

PAGE = '<!doctype html><html lang="nl"><title>Proef</title><main><h1>Proef</h1>{}</main>'


@pytest.fixture
def base() -> Iterator[str]:
    """A website with our headers that shows whatever is asked."""
    app = Flask("proof")
    join_headers(app, secure=False)
    app.add_url_rule("/style", "style", lambda: PAGE.format('<p style="color: red">x</p>'))
    app.add_url_rule("/script", "script", lambda: PAGE.format("<script>window.x = 1</script>"))
    app.add_url_rule("/elsewhere", "elsewhere", lambda: PAGE.format("<img src='//cdn.example/x.png' alt=''>"))
    app.add_url_rule("/clean", "clean", lambda: PAGE.format("<p>x</p>"))
    app.add_url_rule("/refused", "refused", lambda: (PAGE.format("<p>x</p>"), 422))
    app.add_url_rule("/favicon.ico", "icon", lambda: "")
    with serve(app) as port:
        yield f"http://127.0.0.1:{port}"


def look(chromium: Browser, address: str, act: str = "0") -> list[str]:
    with open_window(chromium, PHONE) as (page, watch):
        page.goto(address)
        page.evaluate(act)
        page.wait_for_load_state("networkidle")
        return watch.complaints


@pytest.mark.parametrize(
    ("path", "named"),
    [("style", "style-src"), ("script", "script-src"), ("elsewhere", "another host: http://cdn.example")],
)
def test_what_the_policy_forbids_is_seen(chromium: Browser, base: str, path: str, named: str) -> None:
    assert any(named in complaint for complaint in look(chromium, f"{base}/{path}"))


def test_a_fault_of_a_script_is_seen(chromium: Browser, base: str) -> None:
    failing = "setTimeout(() => { throw new Error('kapot') })"
    assert any("kapot" in complaint for complaint in look(chromium, f"{base}/clean", failing))


@pytest.mark.parametrize("path", ["clean", "refused"])
def test_a_clean_page_gives_no_complaint_nor_does_the_status_of_an_error(
    chromium: Browser, base: str, path: str
) -> None:
    assert look(chromium, f"{base}/{path}") == []
