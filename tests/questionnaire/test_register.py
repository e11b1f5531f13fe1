"""The register: a published edition stays what it was."""

import json
from pathlib import Path

import pytest

from aoj_survey.errors import InstrumentError, QuestionnaireError
from aoj_survey.questionnaire import REGISTER, check_register, register_edition

from .test_corpus import CORPUS

SOURCE = (CORPUS / "valid" / "two-languages.yaml").read_text("utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one registered edition."""
    (tmp_path / "proef").mkdir()
    edition_file(tmp_path).write_text(SOURCE, "utf-8")
    register_edition(tmp_path, edition_file(tmp_path))
    return tmp_path


def edition_file(folder: Path) -> Path:
    return folder / "proef" / "1.yaml"


def edit(folder: Path, old: str, new: str) -> list[str]:
    """Edit the edition and return the codes of what the register says."""
    text = edition_file(folder).read_text("utf-8")
    assert old in text
    edition_file(folder).write_text(text.replace(old, new), "utf-8")
    return [problem.code for problem in check_register(folder)]


def test_an_edition_as_it_was_is_no_problem(folder: Path) -> None:
    assert check_register(folder) == ()
    register = json.loads((folder / REGISTER).read_text("utf-8"))
    assert list(register) == ["proef@1"]
    assert register["proef@1"]["languages"] == ["nl", "en"]


@pytest.mark.parametrize(
    ("old", "new"), [("Proef", "Proefje"), ("Trial", "Test"), ("Begin", "Start"), ("[ib]", "[zoco]")]
)
def test_an_edited_edition_says_to_make_a_new_one(folder: Path, old: str, new: str) -> None:
    assert edit(folder, old, new) == ["edition-edited"]
    (problem,) = check_register(folder)
    assert "make a new edition" in problem.remedy
    assert problem.file == str(edition_file(folder))


def test_comments_and_layout_may_be_edited(folder: Path) -> None:
    assert edit(folder, "format: 1\n", "# Een opmerking.\nformat:   1\n\n") == []


def test_a_language_may_be_added_later_and_then_stays_free_until_it_is_registered(folder: Path) -> None:
    assert edit(folder, "[nl, en]", "[nl, en, tr]") == []
    assert edit(folder, "{en: Trial, nl: Proef}", "{en: Trial, nl: Proef, tr: Deneme}") == []


def test_a_language_may_not_be_taken_away(folder: Path) -> None:
    assert edit(folder, "[nl, en]", "[nl, {code: en, unchecked: true}]") == ["edition-edited"]


def test_an_edition_that_is_gone_or_broken_is_told(folder: Path) -> None:
    assert edit(folder, "kind: ", "knd: ") != []
    edition_file(folder).unlink()
    assert [problem.code for problem in check_register(folder)] == ["edition-gone"]


def test_an_edition_is_registered_once(folder: Path) -> None:
    with pytest.raises(InstrumentError, match="Make a new edition"):
        register_edition(folder, edition_file(folder))
    (folder / "proef" / "2.yaml").write_text(SOURCE.replace('edition: "1"', 'edition: "2"'), "utf-8")
    register_edition(folder, folder / "proef" / "2.yaml")
    assert check_register(folder) == ()
    assert list(json.loads((folder / REGISTER).read_text("utf-8"))) == ["proef@1", "proef@2"]


def test_what_does_not_compile_is_not_registered(folder: Path) -> None:
    broken = folder / "proef" / "3.yaml"
    broken.write_text("format: 1\n", "utf-8")
    with pytest.raises(QuestionnaireError):
        register_edition(folder, broken)


def test_a_folder_without_register_has_no_published_editions(tmp_path: Path) -> None:
    assert check_register(tmp_path) == ()


@pytest.mark.parametrize("text", ["", "[]", '{"proef@1": {}}', '{"proef@1": 1}'])
def test_a_damaged_register_is_told(folder: Path, text: str) -> None:
    (folder / REGISTER).write_text(text, "utf-8")
    with pytest.raises(InstrumentError, match="damaged"):
        check_register(folder)
