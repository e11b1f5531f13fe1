"""The catalogue of problems: stable codes, whole sentences, and a report in file order."""

import re
from string import Formatter

import pytest

from aoj_survey.questionnaire import CATALOGUE
from aoj_survey.questionnaire.problems import Mark, Report

CODES = pytest.mark.parametrize("code", sorted(CATALOGUE))


def find_values(template: str) -> dict[str, str | int]:
    """A value for every name in a template; numbers where it formats a number."""
    return {
        name: 0 if specification else name.upper()
        for _, name, specification, _ in Formatter().parse(template)
        if name
    }


@CODES
def test_a_problem_is_two_sentences_what_and_what_to_do(code: str) -> None:
    what, remedy = CATALOGUE[code]
    for template in (what, remedy):
        assert template.startswith("{") or template[0].isupper() or template[0] == "`"
        assert template.endswith((".", "`", "}"))


@CODES
def test_a_problem_fills_its_texts_with_the_values_given(code: str) -> None:
    what, remedy = CATALOGUE[code]
    report = Report("f.yaml")
    report.add(code, Mark(3, 7), **find_values(what + remedy))
    (problem,) = report.problems
    assert (problem.code, problem.file, problem.line, problem.column) == (code, "f.yaml", 3, 7)
    assert not re.search(r"\{[a-z]+\}", problem.what + problem.remedy)


@CODES
def test_a_code_is_words_with_hyphens(code: str) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code)


def test_the_same_problem_at_the_same_place_is_told_once() -> None:
    report = Report("f.yaml")
    for column in (1, 1, 2):
        report.add("unknown-scale", Mark(1, column), value="x", known="y")
    assert [problem.column for problem in report.problems] == [1, 2]


def test_a_report_sorts_by_line_then_column_then_code() -> None:
    report = Report("f.yaml")
    report.add("yaml", Mark(2, 1), reason="x")
    report.add("tag", Mark(1, 9), tag="x")
    report.add("anchor", Mark(1, 9))
    report.add("text-empty", Mark(1, 2))
    assert [problem.code for problem in report.sort()] == ["text-empty", "anchor", "tag", "yaml"]


def test_braces_in_a_file_are_shown_as_they_are() -> None:
    report = Report("f.yaml")
    report.add("unknown-kind", Mark(1, 1), value="{0.__class__}", known="{x}")
    assert "`{0.__class__}`" in report.problems[0].what
