"""The catalogue of problems: stable codes, whole sentences, and a report in file order."""

import re
from string import Formatter

import pytest

from aoj_survey.errors import QuestionnaireError
from aoj_survey.questionnaire import CATALOGUE, compile_questionnaire
from aoj_survey.questionnaire.problems import MAX_PROBLEMS, Mark, Report

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


def test_as_many_problems_as_there_may_be_are_all_told() -> None:
    report = Report("f.yaml")
    for _ in range(2):
        for line in range(1, MAX_PROBLEMS + 1):
            report.add("anchor", Mark(line, 1))
    assert len(report.sort()) == MAX_PROBLEMS


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "text",
    [
        "a: 1\n" * 150_000,
        "".join(f"k{number}: 1\n" for number in range(90_000)),
        "".join(f"k{number}: &a 1\n" for number in range(70_000)),
        "themes: [" + "1, " * 300_000 + "]\n",
        "themes: [{items: [" + "{}, " * 200_000 + "]}]\n",
    ],
    ids=["same-key", "unknown-keys", "anchors", "themes", "items"],
)
def test_a_file_full_of_problems_is_not_read_to_its_end(text: str) -> None:
    with pytest.raises(QuestionnaireError) as caught:
        compile_questionnaire(text, "f.yaml", "proef")
    *told, last = caught.value.problems
    assert len(told) == MAX_PROBLEMS
    assert last.code == "too-many-problems"
    assert "200 problems" in last.what
