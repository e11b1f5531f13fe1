"""One browser per test process, one window per test; a window in which something went wrong fails its test."""

import os
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from tests.serving import serve

from .chromium import NONE_FOUND, find_chromium, list_arguments
from .looking import PHONE, open_window
from .stage import Site
from .theatre import Theatre, open_theatre


def give_up(reason: str) -> NoReturn:
    """Skip where a person works; fail in CI, where nobody would see that nothing was tested."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


# The package's, not the session's: Playwright keeps an event loop in this thread, which no other tests should meet.
@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="package")
def chromium(playwright: Playwright) -> Generator[Browser]:
    program = find_chromium(os.environ, Path(playwright.chromium.executable_path))
    if program is None:
        give_up(NONE_FOUND)
    with playwright.chromium.launch(executable_path=program, args=list_arguments(os.getuid())) as browser:
        yield browser


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    """A window of 390 px with script; nothing may go wrong in it."""
    with open_window(chromium, PHONE) as (page, watch):
        yield page
        assert watch.complaints == []


@pytest.fixture
def site(sqlite_app: Flask) -> Iterator[Site]:
    """The application of the test, served on a port."""
    with serve(sqlite_app) as port:
        yield Site(sqlite_app, f"http://127.0.0.1:{port}")


@pytest.fixture(scope="package")
def theatre(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Theatre]:
    with open_theatre(migrated_sqlite, tmp_path_factory.mktemp("theatre")) as opened:
        yield opened
