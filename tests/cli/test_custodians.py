"""`aoj custodians`: a plain dialogue, in which nothing typed is shown."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from aoj_survey.cli import main
from tests.responses.custodians import THREE, WORDS

from .conftest import PLAN, Aoj

PLACE = ("2026", "rijnmeer")
NAMES = tuple(word for name, _ in THREE for word in ("--name", name))
ONE, TWO, THIRD = WORDS.values()


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aoj_survey.responses.custodians.COST", 2**4)


@pytest.fixture
def sealed(aoj: Aoj, tmp_path: Path) -> None:
    """A participation planned with custodians, with one person on its list."""
    frame = tmp_path / "frame.csv"
    frame.write_text("e-mail,functie,organisatie,taal\npost@a.example,ib,school,nl\n")
    aoj("regions", "add", "rijnmeer", "Rijnmeer")
    assert "aoj custodians set 2026 rijnmeer" in aoj(*PLAN, "--sealing", "custodians").output
    aoj("frame", "import", *PLACE, frame)


def type_in(instance: Path, *words: str, lines: tuple[str, ...]) -> Result:
    """Run a command of custodians and type these lines."""
    typed = "".join(f"{line}\n" for line in lines)
    return CliRunner().invoke(main, ["--instance", str(instance), *words], input=typed)


@pytest.mark.usefixtures("sealed")
def test_custodians_are_set_tested_and_asked_for_at_the_opening(aoj: Aoj, instance: Path) -> None:
    assert "aoj custodians set" in aoj("waves", "start", *PLACE).output
    twice = (ONE, ONE, TWO, TWO, THIRD, THIRD)
    made = type_in(instance, "custodians", "set", *PLACE, *NAMES, lines=twice)
    assert made.exit_code == 0, made.output
    assert "the answers are lost for good" in made.output
    assert "aoj custodians test" in aoj("waves", "start", *PLACE).output
    tested = type_in(instance, "custodians", "test", *PLACE, lines=(ONE, "", THIRD))
    assert "Still to be tested: Verzonnen Anker and Verzonnen Boei." in tested.output
    tested = type_in(instance, "custodians", "test", *PLACE, lines=(ONE, TWO, THIRD))
    assert (tested.exit_code, "Still to be tested" in tested.output) == (0, False)
    assert aoj("custodians", "show", *PLACE).output == "".join(
        f"{number}. {name}\n" for number, (name, _) in enumerate(THREE, start=1)
    )
    assert "Started" in aoj("waves", "start", *PLACE).output
    aoj("waves", "close", *PLACE)
    wrong = type_in(instance, "responses", "open", *PLACE, lines=(ONE, "iets anders dan dat"))
    assert (wrong.exit_code, "typed differently" in wrong.output) == (1, True)
    right = type_in(instance, "responses", "open", *PLACE, lines=("", TWO, THIRD))
    assert (right.exit_code, "Two people must approve" in right.output) == (1, True)
    for result in (made, tested, wrong, right):
        assert not any(words in result.output for words in WORDS.values())


@pytest.mark.usefixtures("sealed")
def test_three_names_are_needed(instance: Path) -> None:
    result = type_in(instance, "custodians", "set", *PLACE, *NAMES[:4], lines=())
    assert (result.exit_code, "exactly three times" in result.output) == (2, True)
    assert "has no custodians" in type_in(instance, "custodians", "show", *PLACE, lines=()).output
