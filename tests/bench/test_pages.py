"""The question page that `make bench` measures: what it may cost, and that the count is a real one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from aoj_survey.db import db
from bench.pages import QuestionPage, count_statements, open_page


@pytest.fixture
def page(tmp_path: Path) -> Iterator[QuestionPage]:
    with open_page(tmp_path) as opened:
        yield opened


def test_a_question_page_takes_at_most_4_statements_shown_and_6_saved(page: QuestionPage) -> None:
    page.save()
    assert 0 < count_statements(page.show) <= 4
    assert 0 < count_statements(page.save) <= 6


def test_the_measured_page_is_a_question_that_keeps_its_answer(page: QuestionPage) -> None:
    assert b"checked" not in page.show()
    page.save()
    assert b"checked" in page.show()
    assert len(page.show()) < 25_000


def test_a_page_with_one_more_statement_counts_one_more(page: QuestionPage) -> None:
    def show_more() -> None:
        page.show()
        with db.read() as connection:
            connection.execute(text("SELECT 1"))

    assert count_statements(show_more) == count_statements(page.show) + 1
    assert count_statements(lambda: None) == 0
