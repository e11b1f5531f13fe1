"""The author's preview in a real browser: saving the file shows, without a hand on the page."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from aoj_survey.authoring import Inspection, inspect_file
from aoj_survey.hooks import load_hooks
from aoj_survey.web import make_preview
from tests.serving import serve

from .looking import LAPTOP, open_window, take_screenshot

MOMENT = datetime(2026, 5, 4, 7, 30, tzinfo=UTC)
TEXT = """\
format: 1
questionnaire: proef
edition: "1"
languages: [nl]
title: Hoe werken we samen?
purpose: Met uw antwoorden maken we afspraken.
roles: [ib]
themes:
  - code: begin
    title: Begin
    items:
      - {code: jaren, kind: number, min: 0, max: 50, text: Hoeveel jaar doet u dit werk?}
"""
CORE = load_hooks().of_region("", ())


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "proef" / "1.yaml"
    path.parent.mkdir()
    path.write_text(TEXT, "utf-8")
    return path


@pytest.fixture
def address(file: Path) -> Iterator[str]:
    def look(language: str) -> Inspection:
        return inspect_file(file, CORE, file.parent.parent, language)

    with serve(make_preview(file, look, CORE, MOMENT)) as port:
        yield f"http://127.0.0.1:{port}/"


def find_title(page: Page, title: str) -> None:
    """Wait until the respondent's page within the preview has this title."""
    expect(page.frame_locator("iframe").get_by_role("heading", name=title)).to_be_visible()


def test_a_saved_file_shows_by_itself_and_a_fault_leaves_the_last_good_page(
    chromium: Browser, address: str, file: Path
) -> None:
    with open_window(chromium, LAPTOP) as (page, watch):
        page.goto(address)
        find_title(page, "Hoe werken we samen?")
        file.write_text(TEXT.replace("Hoe werken we samen?", "Werken we goed samen?"), "utf-8")
        find_title(page, "Werken we goed samen?")
        file.write_text(TEXT.replace("kind: number", "kind: getal"), "utf-8")
        expect(page.get_by_text("getal").first).to_be_visible()
        find_title(page, "Werken we goed samen?")
        take_screenshot(page, "preview-fault", LAPTOP)
        assert watch.complaints == []


def test_twin_without_script_the_page_stays_as_it_was(chromium: Browser, address: str, file: Path) -> None:
    with open_window(chromium, LAPTOP, script=False) as (page, _):
        page.goto(address)
        file.write_text(TEXT.replace("Hoe werken we samen?", "Werken we goed samen?"), "utf-8")
        page.wait_for_timeout(2000)
        find_title(page, "Hoe werken we samen?")
        page.reload()
        find_title(page, "Werken we goed samen?")
