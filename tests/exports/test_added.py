"""Data files of region modules in a bundle, and derived columns in each of its descriptions."""

import json
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from aoj_survey.config import ROOT
from aoj_survey.datasets import WaveDataset, derive_columns
from aoj_survey.exports import Bundle, added, verify_bundle, write_bundle
from aoj_survey.exports.ddi import NAMESPACE
from aoj_survey.exports.stack import stack_datasets
from aoj_survey.hooks import ExportFormat, RegionHooks, load_hooks
from aoj_survey.statistics import RoleCount, response_table
from tests.exports.waves import make_wave
from tests.hooks.modules import ask_region

TABLE = response_table([RoleCount("ib", 20, 20, 20, 5)])
PATH = "data/responses.own"
PLAIN = "path.write_text(repr(table.rows))"

Formats = Sequence[tuple[str, ExportFormat]]


def write(folder: Path, formats: Formats = (), dataset: WaveDataset | None = None) -> Bundle:
    return write_bundle(dataset or make_wave("2026", "rijnmeer"), TABLE, folder, formats=formats)


def give(folder: Path, body: str = PLAIN, read: str = "None") -> Formats:
    """A module `own` with one format."""
    return ask_region(
        folder / "modules",
        f"""
@hookimpl
def aoj_export_formats():
    def write(path, table):
        {body}
    yield ExportFormat("own", "own", "text/plain", {{"nl": "eigen vorm", "en": "own form"}}, write, {read})
""",
    ).export_formats()


def read_limits(bundle: Bundle) -> dict[str, list[dict[str, object]]]:
    return json.loads((bundle.folder / "reports/limits.json").read_text())


def test_the_example_writes_json_lines_that_are_read_back_hashed_and_told(tmp_path: Path) -> None:
    hooks = load_hooks(ROOT / "plugins", ["example"]).of_region("voorbeeld", ["example"])
    dataset = make_wave("2026", "voorbeeld")
    bundle = write(tmp_path, hooks.export_formats(), dataset)
    lines = (bundle.folder / "data/responses.jsonl").read_text().splitlines()
    assert [tuple(json.loads(line).values()) for line in lines] == list(dataset.rows)
    assert bundle.faults == ()
    assert verify_bundle(bundle.folder) == bundle.digest
    assert "data/responses.jsonl" in (bundle.folder / "checksums.sha256").read_text()
    package = json.loads((bundle.folder / "datapackage.json").read_text())
    [resource] = [item for item in package["resources"] if item["path"] == "data/responses.jsonl"]
    assert (resource["mediatype"], resource["format"]) == ("application/jsonl", "jsonl")
    assert read_limits(bundle)["added"] == [
        {"file": "data/responses.jsonl", "module": "example", "read_back": True}
    ]
    readme = (bundle.folder / "README.md").read_text()
    assert (
        "`data/responses.jsonl`: hetzelfde, een JSON-object per regel (van de regiomodule example)" in readme
    )
    # Again the same bytes.
    assert write(tmp_path, hooks.export_formats(), dataset).digest == bundle.digest


def test_a_file_that_nobody_reads_back_is_told_as_such(tmp_path: Path) -> None:
    assert read_limits(write(tmp_path, give(tmp_path)))["added"] == [
        {"file": PATH, "module": "own", "read_back": False}
    ]


FAILING = [
    ("1 / 0", "None", "own failed to write responses.own: ZeroDivisionError"),
    ("raise SystemExit(3)", "None", "own failed to write responses.own: SystemExit"),
    ("pass", "None", "own was asked for responses.own and wrote something else"),
    (f"{PLAIN}; (path.parent / 'more').touch()", "None", "wrote something else, or more"),
    ("path.symlink_to('/etc/hostname')", "None", "wrote something else, or more"),
    ("path.mkdir()", "None", "wrote something else, or more"),
    (
        "import os; path.write_bytes(os.urandom(9))",
        "None",
        "own wrote responses.own twice and the bytes differ",
    ),
    (PLAIN, "lambda path: []", "own read responses.own back with other rows"),
    (PLAIN, "lambda path: 1 / 0", "own failed to read responses.own back: ZeroDivisionError"),
    (PLAIN, "lambda path: [3]", "own failed to read responses.own back: TypeError"),
]


@pytest.mark.parametrize(("body", "read", "words"), FAILING)
def test_a_file_that_fails_is_left_out_its_module_named_and_all_else_is_there(
    body: str, read: str, words: str, tmp_path: Path
) -> None:
    other = ExportFormat("other", "txt", "text/plain", {"nl": "x"}, lambda path, _: path.touch())
    bundle = write(tmp_path, [*give(tmp_path, body, read), ("other", other)])
    [fault] = bundle.faults
    assert words in fault
    assert not (bundle.folder / PATH).exists()
    assert [item["file"] for item in read_limits(bundle)["left_out"]] == [PATH]
    assert "module own" in str(read_limits(bundle)["left_out"])
    whole = write(tmp_path / "without")
    assert {path.name for path in bundle.folder.glob("data/*")} == {
        *(path.name for path in whole.folder.glob("data/*")),
        "responses.txt",
    }
    assert f"`{PATH}`: niet in deze map: de regiomodule own" in (bundle.folder / "README.md").read_text()
    # No name of a folder of this machine, and nothing an error said.
    for path in bundle.folder.rglob("*.*"):
        assert str(tmp_path).encode() not in path.read_bytes()


def test_twin_written_once_a_file_of_random_bytes_would_stand_in_the_bundle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(added.filecmp, "cmp", lambda *_, **__: True)
    bundle = write(tmp_path, give(tmp_path, "import os; path.write_bytes(os.urandom(9))"))
    assert (bundle.folder / PATH).exists()


def test_a_module_gets_protected_rows_that_it_cannot_change(tmp_path: Path) -> None:
    dataset = make_wave("2026", "rijnmeer")
    body = "table.rows[0] = (); path.touch()"
    [fault] = write(tmp_path, give(tmp_path, body), dataset).faults
    assert "TypeError" in fault
    assert write(tmp_path / "again", (), dataset).digest == write(tmp_path / "other", ()).digest


# Derived columns


DERIVED = """
@hookimpl
def aoj_derived_columns(region):
    yield DerivedColumn(f"{{region}}_sneller", {{"nl": "sneller"}}, {{"nl": "{how}", "en": "how"}}, ("snel",), lambda given: int(given == 1))
"""


def derive(folder: Path, region: str = "rijnmeer", how: str = "ja op snel") -> WaveDataset:
    hooks: RegionHooks = ask_region(folder, DERIVED.format(how=how))
    hooks = hooks.hooks.of_region(region, ["own"])
    return derive_columns(make_wave("2026", region), hooks)


def test_a_derived_column_stands_in_every_file_and_description(tmp_path: Path) -> None:
    bundle = write(tmp_path, (), derive(tmp_path / "modules"))
    assert {path.suffix for path in bundle.folder.glob("data/*")} == {
        ".csv",
        ".parquet",
        ".xlsx",
        ".sav",
        ".dta",
    }
    page = (bundle.folder / "metadata/codebook.html").read_text()
    assert "Afgeleid van snel door de regiomodule own" in page
    assert "ja op snel" in page
    root = ET.parse(bundle.folder / "metadata/ddi-codebook-2.5.xml").getroot()
    [derivation] = root.iter(f"{{{NAMESPACE}}}derivation")
    assert derivation.get("var") == "var_snel"
    assert [item.text for item in derivation] == ["ja op snel", "how"]
    for name in ("read.R", "read.do", "read.sps"):
        assert "rijnmeer_sneller" in (bundle.folder / "syntax" / name).read_text()


def test_derived_columns_of_a_stack_join_only_when_they_were_worked_out_alike(tmp_path: Path) -> None:
    same = derive(tmp_path / "same")
    other = derive(tmp_path / "other", how="ja of nee op snel")
    elsewhere = make_wave("2026", "elders")
    assert [variable.name for variable in stack_datasets([same, same]).variables][-1] == "rijnmeer_sneller"
    stack = stack_datasets([same, other, elsewhere])
    names = [variable.name for variable in stack.variables]
    assert names[-2:] == ["rijnmeer_sneller", "rijnmeer_sneller_2"]
    assert [{row[-2:] for row in part.rows()} for part in stack.parts] == [{(1, -5)}, {(-5, 1)}, {(-5, -5)}]
