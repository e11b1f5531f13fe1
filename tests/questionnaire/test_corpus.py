"""One small file per feature and per fault; the first line of each names the problem codes expected."""

from pathlib import Path

import pytest

from aoj_survey.errors import QuestionnaireError
from aoj_survey.questionnaire import CATALOGUE, load_questionnaire

CORPUS = Path(__file__).parent / "corpus"
FILES = sorted([*CORPUS.glob("valid/*.yaml"), *CORPUS.glob("invalid/*.yaml")])
OVERLAYS = sorted(CORPUS.glob("overlays/*.yaml"))
BASE = CORPUS / "overlay-base.yaml"

# These need bytes or sizes that no small text file has; `test_compiler.py` tests them by name.
NOT_IN_CORPUS = {
    *("too-large", "too-many-problems", "not-utf8", "control-character"),
    *("text-not-said", "text-with-columns"),  # of kinds of modules: tests/open_answers/test_modules.py
}
# These take more than one file: `test_overlay.py`, `test_register.py` and `test_inspection.py` have them.
WITH_MORE_FILES = {"overlay-twice", "overlay-empty", "edition-edited", "edition-gone", "overlay-base"}


def read_expected(path: Path) -> list[str]:
    first = path.read_text("utf-8").splitlines()[0]
    assert first.startswith("# expect:"), f"{path.name} does not say what to expect"
    return first.removeprefix("# expect:").split()


def find_problem_codes(path: Path) -> list[str]:
    try:
        if path in OVERLAYS:
            load_questionnaire(BASE, "buurt", [path])
        else:
            load_questionnaire(path, "proef")
    except QuestionnaireError as error:
        return [problem.code for problem in error.problems]
    return []


@pytest.mark.parametrize(
    "path", [*FILES, *OVERLAYS], ids=[f"{path.parent.name}-{path.stem}" for path in [*FILES, *OVERLAYS]]
)
def test_a_file_has_the_problems_it_says(path: Path) -> None:
    assert sorted(find_problem_codes(path)) == sorted(read_expected(path))


def test_the_folders_say_which_files_compile() -> None:
    assert all(not read_expected(path) for path in (CORPUS / "valid").iterdir())
    assert all(read_expected(path) for path in (CORPUS / "invalid").iterdir())


def test_every_problem_of_the_catalogue_is_in_the_corpus() -> None:
    expected = {code for path in (*FILES, *OVERLAYS) for code in read_expected(path)}
    assert expected == set(CATALOGUE) - NOT_IN_CORPUS - WITH_MORE_FILES


def test_there_is_a_file_for_each_feature() -> None:
    assert len(FILES) + len(OVERLAYS) >= 60
