"""docs/editions.md against the files: what it says of each question is so, and no question is left out."""

import re
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from aoj_survey.questionnaire import Instrument, Item

from .catalogue import FOLDER, STANDARD, compile_edition, questions

PAGE = (Path(__file__).parents[2] / "docs" / "editions.md").read_text("utf-8")
TABLES = {"aoj-professionals": "Professionals, 2015 to 2021", "aoj-beleid": "Policy staff, 2015 to 2021"}
SOURCES = {"D15", "L18", "NJI", "A21"}


@dataclass(frozen=True, slots=True)
class Change:
    old: str
    new: str
    name: str


def read_rows(page: str, heading: str) -> list[list[str]]:
    """The cells of the first table under a heading, without its own head."""
    section = page.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in lines[2:]]


def read_changes(page: str, heading: str) -> list[Change]:
    return [Change(*row[:3]) for row in read_rows(page, heading)]


def classify(old: Item, new: Item) -> str:
    same = {"concept": None, "source": None, "seconds": 0}
    if replace(old, **same) == replace(new, **same):
        return "identical"
    answers = [(item.kind, [(choice.code, choice.value) for choice in item.choices]) for item in (old, new)]
    return "wording" if answers[0] == answers[1] else "scale"


def find_changes(old: Instrument, new: Instrument) -> set[Change]:
    """What became of each question, found by code or by the concept of the new one."""
    before = {item.code: item for item in questions(old)}
    after = {item.concept if item.concept in before else item.code: item for item in questions(new)}
    kept = {
        Change(code, after[code].code, classify(before[code], after[code])) for code in before.keys() & after
    }
    gone = {Change(code, "", "gone") for code in before.keys() - after.keys()}
    return kept | gone | {Change("", code, "new") for code in after.keys() - before.keys()}


@pytest.mark.parametrize(("name", "heading"), TABLES.items(), ids=TABLES)
def test_the_tables_say_what_became_of_every_question(name: str, heading: str) -> None:
    listed = read_changes(PAGE, heading)
    assert len(listed) == len(set(listed))
    assert set(listed) == find_changes(compile_edition(name, "2015"), compile_edition(name, "2021"))


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
    found = find_changes(
        compile_edition("aoj-professionals", "2015"), compile_edition("aoj-professionals", "2021")
    )
    assert set(read_changes(wrong, TABLES["aoj-professionals"])) != found


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
