"""`aoj questionnaires import-xlsform` and `export-xlsform`."""

from pathlib import Path

from aoj_survey.questionnaire import load_questionnaire
from tests.authoring.forms import write_workbook
from tests.staging import QUESTIONNAIRES

from .conftest import Aoj

WIDTHS = QUESTIONNAIRES / "widths" / "1.yaml"
HEAD = ("--questionnaire", "terug", "--edition", "1", "--roles", "ib, zoco")


def test_a_questionnaire_goes_out_and_comes_in_again(aoj: Aoj, tmp_path: Path) -> None:
    book, file = tmp_path / "form.xlsx", tmp_path / "form.yaml"
    out = aoj("questionnaires", "export-xlsform", WIDTHS, "--output", book)
    assert (out.exit_code, f"Wrote {book}." in out.output) == (0, True), out.output
    assert "The purpose, the roles and the codes of words are not in it." in out.output
    back = aoj("questionnaires", "import-xlsform", book, *HEAD, "--output", file)
    assert back.exit_code == 0, back.output
    assert "1 carried over otherwise or left out; see above." in back.output
    found, wanted = load_questionnaire(file, ""), load_questionnaire(WIDTHS, "")
    assert [item.code for item in found.items()] == [item.code for item in wanted.items()]
    assert (found.questionnaire, found.roles) == ("terug", ("ib", "zoco"))


def test_what_does_not_compile_is_written_and_told(aoj: Aoj, tmp_path: Path) -> None:
    book, file = tmp_path / "form.xlsx", tmp_path / "form.yaml"
    book.write_bytes(write_workbook([{"type": "text", "name": "a", "label": "A?"}]))
    words = ("questionnaires", "import-xlsform", book, *HEAD[:-1], "niemand", "--output", file)
    result = aoj(*words)
    assert (result.exit_code, "unknown-role" in result.output, file.exists()) == (1, True, True)
    assert "It does not compile yet: 1 to mend" in result.output
    again = aoj(*words)
    assert (again.exit_code, "There is" in again.output) == (1, True)
    assert "to mend" in aoj(*words, "--force").output


def test_rubbish_and_unknown_languages_are_one_line(aoj: Aoj, tmp_path: Path) -> None:
    book, file = tmp_path / "form.xlsx", tmp_path / "form.yaml"
    book.write_bytes(b"PK rubbish")
    result = aoj("questionnaires", "import-xlsform", book, *HEAD, "--output", file)
    assert (result.exit_code, "cannot be read as an XLSX file" in result.output) == (1, True)
    assert not file.exists()
    unknown = aoj(
        "questionnaires", "export-xlsform", WIDTHS, "--language", "fy", "--output", tmp_path / "x.xlsx"
    )
    assert (unknown.exit_code, "is not in the language fy. Choose from: nl, en." in unknown.output) == (
        1,
        True,
    )
