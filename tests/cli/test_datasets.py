import csv
import json
from collections import Counter
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner

from aoj_survey.cli import datasets as cli_datasets
from aoj_survey.cli import main
from aoj_survey.disclosure import CORE_RULE
from tests.history.places import DATA, EARLIER, MAPPING, copy_wave
from tests.hooks.modules import write_module

from .conftest import Aoj, settle


def run(instance: Path, *arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["--instance", str(instance), "datasets", "import", *arguments])
    return result.exit_code, result.output


def test_report_is_printed_and_nothing_written_without_a_folder(tmp_path: Path) -> None:
    code, said = run(tmp_path / "none", str(EARLIER / MAPPING))
    assert code == 0
    assert "rijnmeer in 2020: 44 responses in 3 classes" in said
    assert "invited (all): printed 91, found 94: DIFFERS" in said
    assert "11 printed totals: 9 agree, 2 differ, 0 could not be worked out." in said
    assert list(tmp_path.iterdir()) == []


def test_bundle_is_written_and_json_tells_where(tmp_path: Path) -> None:
    code, said = run(tmp_path / "none", str(EARLIER / MAPPING), "--to", str(tmp_path / "bundels"), "--json")
    told = json.loads(said)
    assert (code, told["differ"]) == (0, 2)
    assert told["bundle"] == str(tmp_path / "bundels" / "aoj_rijnmeer_2020_v1")
    assert (tmp_path / "bundels" / "aoj_rijnmeer_2020_v1" / "reports" / "printed.json").exists()


def test_profile_for_everybody_is_that_of_the_bundle(tmp_path: Path) -> None:
    code, _ = run(tmp_path / "none", str(EARLIER / MAPPING), "--to", str(tmp_path), "--profile", "openbaar")
    privacy = json.loads((tmp_path / "aoj_rijnmeer_2020_v1" / "reports" / "privacy.json").read_bytes())
    assert (code, privacy["profile"]) == (0, "openbaar")
    assert privacy["smallest"] >= 10


def test_faults_are_shown_by_file_line_and_column_and_nothing_is_written(tmp_path: Path) -> None:
    mapping = copy_wave(tmp_path / "wave", DATA, "\n3;1;", "\n3;8;")
    code, said = run(tmp_path / "none", str(mapping), "--to", str(tmp_path / "bundels"))
    assert code == 1
    assert f"{tmp_path / 'wave' / DATA}:4:2: cell: functie holds '8': no role has this code." in said
    assert not (tmp_path / "bundels").exists()


# Stricter numbers of a region and of its modules

STRICT = """
@hookimpl
def aoj_disclosure_rule():
    return DisclosureRule(k=14, threshold=20)
"""


def import_wave(aoj: Aoj, folder: Path) -> dict[str, Any]:
    """The privacy report of the earlier wave, imported."""
    result = aoj("datasets", "import", EARLIER / MAPPING, "--to", folder)
    assert result.exit_code == 0, result.output
    return json.loads((folder / "aoj_rijnmeer_2020_v1/reports/privacy.json").read_text())


def read_classes(aoj: Aoj, folder: Path) -> tuple[int, int, int]:
    """k, the fewest rows alike and the fewest answers behind a figure, as the report tells them."""
    privacy = import_wave(aoj, folder)
    with (folder / "aoj_rijnmeer_2020_v1/data/responses.csv").open(newline="", encoding="utf-8") as file:
        sizes = Counter(row["stratum"] for row in csv.DictReader(file))
    assert privacy["smallest"] == min(sizes.values())
    return privacy["k"], privacy["smallest"], privacy["threshold"]


def test_an_earlier_wave_is_held_to_the_rule_of_its_region(aoj: Aoj, tmp_path: Path) -> None:
    aoj("regions", "add", "rijnmeer", "Rijnmeer")
    assert read_classes(aoj, tmp_path / "core") == (5, 13, 10)
    assert aoj("regions", "rule", "rijnmeer", "--k", "14", "--threshold", "20").exit_code == 0
    assert read_classes(aoj, tmp_path / "region") == (14, 16, 20)
    # The rule of one region is not that of another.
    assert aoj("regions", "add", "elders", "Elders").exit_code == 0
    assert aoj("regions", "rule", "elders", "--k", "30").exit_code == 0
    assert read_classes(aoj, tmp_path / "other") == (14, 16, 20)


def test_an_earlier_wave_is_held_to_the_rule_of_a_module(
    aoj: Aoj, instance: Path, plugins: Path, tmp_path: Path
) -> None:
    write_module(plugins, "own", STRICT)
    settle(instance, 'modules = "own"')
    aoj("regions", "add", "rijnmeer", "Rijnmeer")
    assert read_classes(aoj, tmp_path / "core") == (5, 13, 10)
    assert aoj("plugins", "enable", "own", "rijnmeer").exit_code == 0
    assert read_classes(aoj, tmp_path / "module") == (14, 16, 20)
    # A module that is enabled and cannot be used keeps its rule: nothing is written without it.
    write_module(tmp_path / "broken", "own", "raise RuntimeError")
    settle(instance, f'plugin_directory = "{tmp_path / "broken"}"', instead="plugin_directory")
    result = aoj("datasets", "import", EARLIER / MAPPING, "--to", tmp_path / "none")
    assert result.exit_code == 1
    assert "own" in result.output
    assert not (tmp_path / "none").exists()


def test_a_stack_holds_an_earlier_wave_to_the_same_rule(aoj: Aoj, tmp_path: Path) -> None:
    aoj("regions", "add", "rijnmeer", "Rijnmeer")
    aoj("regions", "rule", "rijnmeer", "--k", "14")
    result = aoj("exports", "partitioned", "--imported", EARLIER / MAPPING, "--to", tmp_path / "stack")
    assert result.exit_code == 0, result.output
    table = pl.read_parquet(tmp_path / "stack/data/wave=2020/region=rijnmeer/responses.parquet")
    assert min(table["stratum"].value_counts()["count"]) == 16


def test_twin_without_the_rule_thirteen_people_stand_in_a_class(
    aoj: Aoj, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli_datasets, "gather_rule", lambda *_: CORE_RULE)
    aoj("regions", "add", "rijnmeer", "Rijnmeer")
    aoj("regions", "rule", "rijnmeer", "--k", "14")
    assert read_classes(aoj, tmp_path / "core") == (5, 13, 10)
