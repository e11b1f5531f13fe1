"""Which browser is taken and how it is started, whatever this machine has."""

from pathlib import Path

import pytest

from .chromium import FETCH, FETCH_DEBIAN, choose_fetch, find_chromium, list_arguments
from .conftest import give_up


def make_program(folder: Path, name: str) -> Path:
    folder.mkdir(exist_ok=True)
    program = folder / name
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    return program


def test_the_named_one_comes_first_then_the_path_then_playwrights_own(tmp_path: Path) -> None:
    named, own = make_program(tmp_path / "named", "my-browser"), make_program(tmp_path / "own", "chrome")
    google = make_program(tmp_path / "path", "google-chrome")
    path = {"PATH": str(tmp_path / "path")}
    assert find_chromium({"PATH": ""}, own) == own
    assert find_chromium(path, own) == google
    chromium = make_program(tmp_path / "path", "chromium")
    assert find_chromium(path, own) == chromium
    assert find_chromium({**path, "CHROMIUM": str(named)}, own) == named


def test_without_any_there_is_none_and_a_wrong_name_is_said(tmp_path: Path) -> None:
    assert find_chromium({"PATH": str(tmp_path)}, tmp_path / "absent") is None
    with pytest.raises(FileNotFoundError, match="CHROMIUM names /nowhere/chromium"):
        find_chromium({"CHROMIUM": "/nowhere/chromium"}, tmp_path / "absent")


def test_the_sandbox_is_given_up_for_root_only() -> None:
    assert "--no-sandbox" in list_arguments(0)
    assert "--no-sandbox" not in list_arguments(1000)


def test_root_on_debian_fetches_debians_others_playwrights() -> None:
    assert choose_fetch(0, has_apt=True) == FETCH_DEBIAN
    assert choose_fetch(0, has_apt=False) == choose_fetch(1000, has_apt=True) == FETCH


def test_without_a_browser_ci_fails_and_a_person_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="make browser"):
        give_up("Run `make browser`")
    monkeypatch.setenv("CI", "1")
    with pytest.raises(pytest.fail.Exception, match="make browser"):
        give_up("Run `make browser`")
