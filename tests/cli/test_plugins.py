"""`aoj plugins`: what is there, for whom, a new module that works, and switching one on and off."""

import json
import os
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest
from click.testing import CliRunner

from aoj_survey.cli import main
from aoj_survey.config import ROOT
from tests.hooks.modules import write_module

from .conftest import Aoj, settle

OWN = """
@hookimpl
def aoj_region():
    return Region("rijnmeer", "Rijnmeer", members=("swv PO Rijnmeer",))
"""


def run_tests(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--rootdir",
        str(folder),
        str(folder),
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


# new


def test_a_new_module_works_at_once(aoj: Aoj, instance: Path, plugins: Path) -> None:
    made = aoj("plugins", "new", "rijn-meer", "--name", "Rijnmeer aan Zee")
    assert made.exit_code == 0, made.output
    folder = plugins / "rijn_meer"
    assert {path.name for path in folder.iterdir()} == {
        *("__init__.py", "conftest.py", "test_rijn_meer.py", "README.md", "overlays")
    }
    tested = run_tests(folder)
    assert tested.returncode == 0, tested.stdout
    assert "2 passed" in tested.stdout
    settle(instance, 'modules = "rijn_meer"')
    listed = aoj("plugins", "list").output
    assert "rijn_meer 1.0: loaded" in listed
    assert "for: rijn-meer" in listed
    assert "brings the region: Rijnmeer aan Zee (rijn-meer)" in listed


def test_the_test_of_a_new_module_fails_when_its_question_is_gone(aoj: Aoj, plugins: Path) -> None:
    aoj("plugins", "new", "rijnmeer")
    overlay = plugins / "rijnmeer" / "overlays" / "aoj-professionals@2021.yaml"
    overlay.write_text(overlay.read_text(encoding="utf-8").replace("rijnmeer_vraag", "rijnmeer_ander"))
    assert run_tests(plugins / "rijnmeer").returncode == 1


@pytest.mark.parametrize(
    "questionnaire", ["aoj-beleid@2015", "aoj-ouders@2021", "landelijke-inventarisatie@2018"]
)
def test_a_new_module_suits_each_questionnaire(questionnaire: str, aoj: Aoj, plugins: Path) -> None:
    made = aoj("plugins", "new", "rijnmeer", "--questionnaire", questionnaire)
    assert made.exit_code == 0, made.output
    assert run_tests(plugins / "rijnmeer").returncode == 0


def test_a_module_that_is_there_is_left_alone(aoj: Aoj, plugins: Path) -> None:
    folder = write_module(plugins, "rijnmeer", OWN)
    before = (folder / "__init__.py").read_bytes()
    result = aoj("plugins", "new", "rijnmeer")
    assert (result.exit_code, "nothing was changed" in result.output) == (1, True)
    assert (folder / "__init__.py").read_bytes() == before


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("2rijnmeer",), "cannot be the name of a module"),
        (("../rijnmeer",), "cannot be the name of a module"),
        (("r" * 21,), "at most 20"),
        (("rijnmeer", "--questionnaire", "nergens"), "Write it as NAME@EDITION"),
        (("rijnmeer", "--name", 'Rijn"meer'), "leave out quotes"),
        (("rijnmeer", "--name", "Rijn\nmeer"), "leave out quotes"),
        (("rijnmeer", "--questionnaire", "nergens@2021"), "cannot be read"),
    ],
)
def test_what_cannot_be_made_is_refused_in_words(
    words: tuple[str, ...], told: str, aoj: Aoj, plugins: Path
) -> None:
    result = aoj("plugins", "new", *words)
    assert (result.exit_code, told in result.output, "Traceback" in result.output) == (1, True, False)
    assert list(plugins.iterdir()) == []


# list


def test_the_list_says_of_each_module_what_it_is_and_what_became_of_it(
    aoj: Aoj, instance: Path, plugins: Path
) -> None:
    write_module(plugins, "own", OWN)
    write_module(plugins, "broken", "import nergens_te_vinden")
    write_module(plugins, "waiting", "")
    settle(instance, 'modules = "own broken"')
    listed = aoj("plugins", "list")
    assert listed.exit_code == 0, listed.output
    assert "broken: it cannot be imported: ModuleNotFoundError" in listed.output
    assert "brings the region: Rijnmeer (rijnmeer) with swv PO Rijnmeer" in listed.output
    assert "waiting: not loaded; add it to `modules` in settings.toml" in listed.output
    rows = {row["name"]: row for row in json.loads(aoj("plugins", "list", "--json").stdout)}
    assert rows["own"]["regions"] == ["rijnmeer"]
    assert rows["own"]["hooks"] == ["aoj_region"]
    assert (rows["own"]["version"], rows["own"]["state"]) == ("1.0", "loaded")


def test_an_empty_list_says_where_was_looked(aoj: Aoj, plugins: Path) -> None:
    assert f"There are no region modules in {plugins}." in aoj("plugins", "list").output


def test_a_misspelt_hook_stops_every_command_with_one_clear_line(
    aoj: Aoj, instance: Path, plugins: Path
) -> None:
    write_module(plugins, "own", "@hookimpl\ndef aoj_overlay():\n    ...")
    settle(instance, 'modules = "own"')
    result = aoj("waves", "show")
    assert result.exit_code == 1
    assert result.output.strip() == (
        "Error: The region module own implements aoj_overlay, which is no hook. Did you mean aoj_overlays?"
    )


# enable, disable


def test_a_module_is_enabled_and_disabled(aoj: Aoj, instance: Path, plugins: Path) -> None:
    write_module(plugins, "own", "")
    settle(instance, 'modules = "own"')
    aoj("regions", "add", "almere", "Almere")
    assert "Enabled own for almere." in aoj("plugins", "enable", "own", "almere").output
    assert "was enabled for almere already" in aoj("plugins", "enable", "own", "almere").output
    assert "for: almere" in aoj("plugins", "list").output
    assert "Disabled own for almere." in aoj("plugins", "disable", "own", "almere").output
    assert "own was not enabled for almere." in aoj("plugins", "disable", "own", "almere").output
    assert "for: no region yet" in aoj("plugins", "list").output


@pytest.mark.parametrize(
    ("module", "region", "told"),
    [
        ("nergens", "almere", "The region module nergens is not loaded"),
        ("broken", "almere", "The region module broken cannot be used: it cannot be imported"),
        ("own", "nergens", "There is no region nergens"),
    ],
)
def test_what_cannot_be_enabled_is_told(
    module: str, region: str, told: str, aoj: Aoj, instance: Path, plugins: Path
) -> None:
    write_module(plugins, "own", "")
    write_module(plugins, "broken", "raise RuntimeError")
    settle(instance, 'modules = "own broken"')
    aoj("regions", "add", "almere", "Almere")
    result = aoj("plugins", "enable", module, region)
    assert (result.exit_code, told in result.output) == (1, True)


def test_a_module_that_is_gone_can_still_be_disabled(aoj: Aoj, instance: Path, plugins: Path) -> None:
    folder = write_module(plugins, "own", OWN)
    settle(instance, 'modules = "own"')
    aoj("plugins", "list")
    (folder / "__init__.py").unlink()
    assert "there is no module with this name" in aoj("plugins", "list").output
    assert "Disabled own for rijnmeer." in aoj("plugins", "disable", "own", "rijnmeer").output


# Starting by command


def test_a_start_by_command_asks_the_modules_of_the_region(
    planned: Aoj, instance: Path, tmp_path: Path
) -> None:
    write_module(tmp_path / "plugins", "own", "@hookimpl\ndef aoj_overlays():\n    return 1 / 0")
    settle(instance, f'plugin_directory = "{tmp_path / "plugins"}"')
    settle(instance, 'modules = "own"')
    assert planned("plugins", "enable", "own", "rijnmeer").exit_code == 0
    refused = planned("waves", "start", "2026", "rijnmeer")
    assert (refused.exit_code, "The region module own failed in aoj_overlays" in refused.output) == (1, True)
    planned("plugins", "disable", "own", "rijnmeer")
    assert planned("waves", "start", "2026", "rijnmeer").exit_code == 0


# Checking


def check(aoj: Aoj, *options: str) -> tuple[int, str]:
    result = aoj("questionnaires", "check", ROOT / "questionnaires" / "aoj-beleid" / "2021.yaml", *options)
    return result.exit_code, result.output


def test_a_check_for_a_region_asks_its_modules(aoj: Aoj, instance: Path, plugins: Path) -> None:
    rule = """
    @hookimpl
    def aoj_check_questionnaire(instrument, region):
        yield make_problem(instrument, "own-rule", f"{region} wants more.", "Ask more.")
    """
    write_module(plugins, "own", OWN + dedent(rule))
    settle(instance, 'modules = "own"')
    fine = "1 file checked, no faults, no pieces of advice.\n"
    assert check(aoj) == (0, fine)
    assert check(aoj, "--region", "elders") == (0, fine)
    status, output = check(aoj, "--region", "rijnmeer")
    assert status == 1
    assert output.startswith("aoj-beleid@2021\n  1:1      fault: own-rule: rijnmeer wants more.\n")


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("raise RuntimeError", "The region module own cannot be used: it cannot be imported: RuntimeError"),
        (
            OWN + "\n@hookimpl\ndef aoj_overlays():\n    return 1 / 0",
            "The region module own failed in aoj_overlays",
        ),
    ],
)
def test_a_module_that_fails_stops_the_check_and_is_named(
    source: str, told: str, aoj: Aoj, instance: Path, plugins: Path
) -> None:
    write_module(plugins, "own", source)
    settle(instance, 'modules = "own"')
    status, output = check(aoj, "--region", "rijnmeer")
    assert (status, told in output, "Traceback" in output) == (1, True, False)


def test_a_check_needs_no_installation(tmp_path: Path) -> None:
    words = ["--instance", str(tmp_path / "nergens"), "questionnaires", "check"]
    file = ROOT / "questionnaires" / "aoj-beleid" / "2021.yaml"
    assert CliRunner().invoke(main, [*words, str(file), "--region", "rijnmeer"]).exit_code == 0
