"""docs/editions.md against the files: what it says of each question is so, and no question is left out."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from aoj_survey.questionnaire import Change, diff_editions

from .catalogue import FOLDER, STANDARD, compile_edition, questions

PAGE = (Path(__file__).parents[2] / "docs" / "editions.md").read_text("utf-8")
TABLES = {"aoj-professionals": "Professionals, 2015 to 2021", "aoj-beleid": "Policy staff, 2015 to 2021"}
SOURCES = {"D15", "L18", "NJI", "A21"}


@dataclass(frozen=True, slots=True)
class Row:
    old: str
    new: str
    name: str


def read_rows(page: str, heading: str) -> list[list[str]]:
    """The cells of the first table under a heading, without its own head."""
    section = page.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in lines[2:]]


def read_changes(page: str, heading: str) -> list[Row]:
    return [Row(*row[:3]) for row in read_rows(page, heading)]


def find_changes(name: str) -> set[Row]:
    """What became of each question between 2015 and 2021."""
    found = diff_editions(compile_edition(name, "2015"), compile_edition(name, "2021"))
    return {Row(item.before or "", item.after or "", item.change.name.lower()) for item in found}


@pytest.mark.parametrize(("name", "heading"), TABLES.items(), ids=TABLES)
def test_the_tables_say_what_became_of_every_question(name: str, heading: str) -> None:
    listed = read_changes(PAGE, heading)
    assert len(listed) == len(set(listed))
    assert set(listed) == find_changes(name)


@pytest.mark.parametrize(
    ("said", "instead"),
    [
        ("| `zicht` | `zicht` | identical |", "| `zicht` | `zicht` | wording |"),
        ("| `contact` | `org_contact` | scale |", "| `contact` | `org_contact` | wording |"),
        ("| `taken` | | gone | |\n", ""),
        ("| | `mdo` | new | |\n", ""),
    ],
)
def test_a_false_row_would_be_found(said: str, instead: str) -> None:
    assert said in PAGE
    wrong = PAGE.replace(said, instead)
    assert set(read_changes(wrong, TABLES["aoj-professionals"])) != find_changes("aoj-professionals")


def test_every_class_of_change_is_explained() -> None:
    assert [row[0] for row in read_rows(PAGE, "How a change is classed")] == [
        change.name.lower() for change in Change
    ]


def test_the_set_is_listed_with_its_numbers_of_questions() -> None:
    listed = {(row[0], row[1]): int(row[3]) for row in read_rows(PAGE, "The set")[: len(STANDARD)]}
    assert listed == {key: len(questions(compile_edition(*key))) for key in STANDARD}


def test_every_source_a_question_names_is_explained() -> None:
    named = {
        source
        for key in STANDARD
        for item in questions(compile_edition(*key))
        for source in (item.source or "").split(", ")
        if source
    }
    assert named == SOURCES
    assert all(re.search(rf"^\| {source} \|", PAGE, re.MULTILINE) for source in SOURCES)


def test_the_page_names_what_child_care_was_asked_otherwise() -> None:
    adapted = [
        item.code
        for item in questions(compile_edition("aoj-kinderopvang", "2015"))
        if item.code.endswith("_ko")
    ]
    assert all(f"`{code}`" in PAGE for code in adapted)


@pytest.mark.parametrize(
    "path", sorted(FOLDER.glob("*/*.yaml")), ids=lambda path: f"{path.parent.name}-{path.stem}"
)
def test_no_file_names_a_place_outside_the_repository(path: Path) -> None:
    assert "../" not in path.read_text("utf-8")
