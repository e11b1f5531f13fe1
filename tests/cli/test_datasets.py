import json
from pathlib import Path

from click.testing import CliRunner

from aoj_survey.cli import main
from tests.history.places import DATA, EARLIER, MAPPING, copy_wave


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
