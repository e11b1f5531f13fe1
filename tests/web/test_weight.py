"""What a page costs: statements to the database and bytes over the line."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from aoj_survey.db import db
from aoj_survey.web.static import FOLDER
from tests.staging import Person
from tests.web.browsing import SEND_ALL, Browser


@contextmanager
def count_statements() -> Generator[list[str], None, None]:
    """The statements sent to the database, those that begin and end transactions left out."""
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        # How long a transaction waits for another is set as it begins, and asks the database nothing.
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA busy_timeout")):
            found.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_a_question_page_takes_at_most_4_statements_and_a_save_6(
    browser: Browser, people: Sequence[Person]
) -> None:
    browser.begin(people[0])
    for page, data in SEND_ALL:
        with count_statements() as reading:
            browser.get(f"p/{page}")
        with count_statements() as saving:
            browser.answer(page, **data)
        assert 0 < len(reading) <= 4, reading
        assert 0 < len(saving) <= 6, saving


def test_sending_takes_few_statements_too(browser: Browser, people: Sequence[Person]) -> None:
    browser.begin(people[0])
    browser.answer_all()
    browser.get("check")
    with count_statements() as sending:
        assert browser.place(browser.post("send")) == "thanks"
    assert len(sending) <= 8, sending


def test_pages_are_light(browser: Browser, people: Sequence[Person]) -> None:
    assert len(browser.begin(people[0]).data) < 25_000
    for page, data in SEND_ALL:
        shown = browser.get(f"p/{page}")
        assert shown.status_code == 200
        assert len(shown.data) < 25_000
        browser.answer(page, **data)


def test_style_script_and_font_are_light() -> None:
    assert (FOLDER / "monitor.css").stat().st_size < 30_000
    assert (FOLDER / "monitor.js").stat().st_size < 6_000
    assert (FOLDER / "fonts" / "source-sans-3-latin.woff2").stat().st_size < 30_000
