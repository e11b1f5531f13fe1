"""Commands on an instance of their own, with a clock that stands still."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from aoj_survey.cli import main
from aoj_survey.cli.init import make_instance
from aoj_survey.config import ROOT, SETTINGS_FILE
from tests.conftest import FixedClock
from tests.staging import QUESTIONNAIRES

Aoj = Callable[..., Result]


@pytest.fixture
def instance(tmp_path: Path, no_real_clock: None, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("aoj_survey.app.read_clock", clock)
    folder = tmp_path / "instance"
    make_instance(folder, {"questionnaire_directory": str(QUESTIONNAIRES)})
    return folder


@pytest.fixture
def aoj(instance: Path) -> Aoj:
    """Run `aoj` with these words on the instance; `typed` is what somebody answers when it asks."""

    def run(*words: str | Path, typed: str = "") -> Result:
        given = f"{typed}\n" if typed else None
        return CliRunner().invoke(main, ["--instance", str(instance), *map(str, words)], input=given)

    return run


@pytest.fixture
def planned(aoj: Aoj, tmp_path: Path) -> Aoj:
    """`aoj`, with a participation planned and twelve people on its list."""
    frame = tmp_path / "frame.csv"
    lines = [f"Persoon {number},post@school-{number}.example,ib,school {number},nl" for number in range(12)]
    frame.write_text("\n".join(["naam,e-mail,functie,organisatie,taal", *lines]), encoding="utf-8")
    for words in (
        ("regions", "add", "rijnmeer", "Rijnmeer"),
        PLAN,
        ("frame", "import", "2026", "rijnmeer", frame),
    ):
        result = aoj(*words)
        assert result.exit_code == 0, result.output
    return aoj


@pytest.fixture
def plugins(instance: Path, tmp_path: Path) -> Path:
    """The folder of modules of the instance, empty."""
    folder = tmp_path / "plugins"
    folder.mkdir()
    settle(instance, f'plugin_directory = "{folder}"')
    settle(
        instance, f'questionnaire_directory = "{ROOT / "questionnaires"}"', instead="questionnaire_directory"
    )
    return folder


def settle(instance: Path, line: str, instead: str = "nothing") -> None:
    """Write a line in the settings, in place of one that begins so."""
    file = instance / SETTINGS_FILE
    kept = [old for old in file.read_text().splitlines() if not old.startswith(instead)]
    file.write_text("\n".join([*kept, line, ""]))


PLAN = (
    *("waves", "plan", "2026", "rijnmeer", "--name", "voorjaar 2026"),
    *("--first-day", "2026-05-04", "--last-day", "2026-06-05", "--questionnaire", "widths@1=ib"),
    *("--invite", "2026-05-04 09:00", "--remind", "2026-05-12 09:00", "--remind", "2026-05-26 09:00"),
    *("--contact-mail", "monitor@rijnmeer.example", "--contact-phone", "085 000 00 00"),
)
