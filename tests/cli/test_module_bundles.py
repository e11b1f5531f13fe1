"""What region modules add to bundles, by command: columns, a file, and being told; nobody loses a bundle by a module."""

import csv
import json
from pathlib import Path

import pytest

from aoj_survey.exports import verify_bundle
from tests.conftest import FixedClock
from tests.history.places import EARLIER, MAPPING
from tests.hooks.modules import write_module

from .conftest import Aoj, settle
from .test_exports import open_wave

WRITE = ("exports", "write", "2026", "rijnmeer")
MODULE = """
@hookimpl
def aoj_derived_columns(dataset, region):
    yield DerivedColumn(
        f"{region}_lang", {"nl": "lang"}, {"nl": "vier jaar of langer"}, ("jaren",), lambda years: int(years >= 4)
    )

@hookimpl
def aoj_export_formats():
    def write(path, table):
        path.write_text(f"{table.dataset.profile} {len(table.rows)} {table.dataset.columns[-1].name}")
    yield ExportFormat("own", "own", "text/plain", {"nl": "eigen"}, write)

@hookimpl
def aoj_dataset_stored(wave, dataset, region):
    file = Path(__file__).with_name("told")
    file.write_text(f"{wave} {region} {dataset.name} {dataset.digest} {len(dataset.files)}")
"""


def enable(aoj: Aoj, instance: Path, plugins: Path, source: str, *, region: str = "rijnmeer") -> None:
    """Write the module `own` and switch it on for a region."""
    write_module(plugins, "own", source)
    settle(instance, 'modules = "own"', instead="modules")
    result = aoj("plugins", "enable", "own", region)
    assert result.exit_code == 0, result.output


@pytest.fixture
def wave(aoj: Aoj, instance: Path, clock: FixedClock, tmp_path: Path) -> Path:
    """An opened wave; the folder of the modules of its installation, empty."""
    open_wave(instance, clock)
    folder = tmp_path / "plugins"
    folder.mkdir()
    settle(instance, f'plugin_directory = "{folder}"')
    return folder


def find_bundle(instance: Path, version: int = 1) -> Path:
    return instance / "bundles" / f"aoj_rijnmeer_2026_v{version}"


def test_a_module_adds_a_column_and_a_file_and_is_told_of_the_bundle(
    aoj: Aoj, instance: Path, wave: Path
) -> None:
    enable(aoj, instance, wave, MODULE)
    result = aoj(*WRITE)
    assert (result.exit_code, "Warning" in result.output) == (0, False), result.output
    place = find_bundle(instance)
    with (place / "data/responses.csv").open(newline="", encoding="utf-8") as file:
        assert {row["rijnmeer_lang"] for row in csv.DictReader(file)} == {"1"}
    assert (place / "data/responses.own").read_text() == "onderzoek 18 rijnmeer_lang"
    digest = verify_bundle(place)
    assert (wave / "own/told").read_text().startswith(f"2026 rijnmeer aoj_rijnmeer_2026_v1 {digest} ")
    # It is released with all that is in it.
    assert "Released aoj_rijnmeer_2026_v1" in aoj("exports", "release", "2026", "rijnmeer").output
    stack = aoj("exports", "partitioned", "--of", "2026", "rijnmeer", "--to", wave.parent / "stack")
    assert stack.exit_code == 0, stack.output
    assert "rijnmeer_lang" in (wave.parent / "stack/metadata/crosswalk.csv").read_text()


def test_a_file_or_a_notice_that_fails_is_named_and_the_bundle_is_whole_without(
    aoj: Aoj, instance: Path, wave: Path
) -> None:
    enable(
        aoj,
        instance,
        wave,
        """
        @hookimpl
        def aoj_export_formats():
            yield ExportFormat("own", "own", "text/plain", {"nl": "eigen"}, lambda path, table: 1 / 0)

        @hookimpl
        def aoj_dataset_stored(wave):
            raise RuntimeError("site is down")
        """,
    )
    result = aoj(*WRITE)
    assert result.exit_code == 0, result.output
    assert "The box key is destroyed" in result.output
    assert "Warning: The region module own failed to write responses.own: ZeroDivisionError" in result.output
    assert "Warning: The region module own failed in aoj_dataset_stored: RuntimeError (site is down)" in (
        result.output
    )
    assert verify_bundle(find_bundle(instance))
    limits = json.loads((find_bundle(instance) / "reports/limits.json").read_text())
    assert [item["file"] for item in limits["left_out"]] == ["data/responses.own"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("raise ValueError", "The region module own failed in aoj_derived_columns: ValueError"),
        ("return [3]", "The region module own gave int for aoj_derived_columns"),
        (
            "return [DerivedColumn('rijnmeer_x', {'nl': 'x'}, {'nl': 'y'}, ('elders',), int)]",
            "The region module own derives rijnmeer_x of 'elders'",
        ),
    ],
)
def test_a_column_that_cannot_be_stops_its_region_names_the_module_and_leaves_others_alone(
    body: str, words: str, aoj: Aoj, instance: Path, wave: Path, clock: FixedClock
) -> None:
    open_wave(instance, clock, "elders")
    enable(aoj, instance, wave, f"@hookimpl\ndef aoj_derived_columns():\n    {body}")
    stopped = aoj(*WRITE)
    assert stopped.exit_code == 1
    assert words in stopped.output
    assert not find_bundle(instance).exists()
    other = aoj("exports", "write", "2026", "elders")
    assert other.exit_code == 0, other.output
    # Without the module the region has its bundle too.
    assert aoj("plugins", "disable", "own", "rijnmeer").exit_code == 0
    assert aoj(*WRITE).exit_code == 0


def test_a_module_that_changes_a_bundle_when_it_is_told_is_found(
    aoj: Aoj, instance: Path, wave: Path
) -> None:
    body = "(dataset.folder / 'README.md').write_text('changed')"
    enable(aoj, instance, wave, f"@hookimpl\ndef aoj_dataset_stored(dataset):\n    {body}")
    result = aoj(*WRITE)
    assert result.exit_code == 1
    assert "aoj_rijnmeer_2026_v1 changed while region modules (own) were told of it" in result.output


def test_twin_a_module_that_changes_nothing_is_not_found(aoj: Aoj, instance: Path, wave: Path) -> None:
    body = "(dataset.folder / 'README.md').read_text()"
    enable(aoj, instance, wave, f"@hookimpl\ndef aoj_dataset_stored(dataset):\n    {body}")
    assert aoj(*WRITE).exit_code == 0


def test_an_earlier_wave_gets_the_column_and_the_file_of_the_module_too(
    aoj: Aoj, instance: Path, plugins: Path, tmp_path: Path
) -> None:
    aoj("regions", "add", "rijnmeer", "Rijnmeer")
    enable(aoj, instance, plugins, MODULE)
    result = aoj("datasets", "import", EARLIER / MAPPING, "--to", tmp_path / "bundels")
    assert result.exit_code == 0, result.output
    place = tmp_path / "bundels/aoj_rijnmeer_2020_v1"
    assert (place / "data/responses.own").read_text() == "onderzoek 44 rijnmeer_lang"
    assert "2020 rijnmeer aoj_rijnmeer_2020_v1" in (plugins / "own/told").read_text()
    codebook = json.loads((place / "metadata/codebook.json").read_text())
    assert codebook["columns"][-1]["derived"]["module"] == "own"
