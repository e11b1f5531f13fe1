"""`aoj exports tables`: written, released by the command for bundles, and refused when they are not as they should be."""

import csv
import json
from hashlib import sha256
from pathlib import Path

import pytest

from tests.conftest import FixedClock

from .conftest import Aoj
from .test_exports import open_wave

NAME = "aoj_rijnmeer_2026_tables_v1"
WRITE = ("exports", "tables", "2026", "rijnmeer")
RELEASE = ("exports", "release", "2026", "rijnmeer", "--tables")


@pytest.fixture
def written(aoj: Aoj, instance: Path, clock: FixedClock) -> Path:
    """Tables of a box with 12 ib and 6 zoco."""
    open_wave(instance, clock)
    result = aoj(*WRITE)
    assert result.exit_code == 0, result.output
    return instance / "bundles" / NAME


def test_tables_are_written_released_and_listed(aoj: Aoj, written: Path) -> None:
    rows = list(csv.DictReader((written / "data/tables.csv").read_text().splitlines()))
    assert {
        row["group"]: (row["shown"], row["n"], row["text_nl"]) for row in rows if row["table"] == "taken"
    } == {
        "professionals": ("at_least", "18", "≥ 90 %"),
        "ib": ("too_few", "", "te weinig antwoorden"),
        "zoco": ("too_few", "", "te weinig antwoorden"),
    }
    assert f"Released {NAME} (openbaar)" in aoj(*RELEASE).output
    assert "nothing changed" in aoj(*RELEASE).output
    assert f"{NAME}: released, openbaar" in aoj("exports", "list").output
    assert "Withdrew" in aoj("exports", "withdraw", NAME, "--reason", "a typo").output


def test_the_same_tables_are_the_same_bytes(aoj: Aoj, written: Path, tmp_path: Path) -> None:
    assert aoj(*WRITE, "--to", tmp_path).exit_code == 0
    for path in written.rglob("*"):
        if path.is_file():
            assert (tmp_path / NAME / path.relative_to(written)).read_bytes() == path.read_bytes()


def test_tables_that_were_changed_by_hand_are_not_released(aoj: Aoj, written: Path) -> None:
    place = written / "data" / "tables.json"
    place.write_text(place.read_text().replace('"n": 18', '"n": 17'))
    assert "is not as it was written" in aoj(*RELEASE).output
    lines = (written / "checksums.sha256").read_text().splitlines()
    mended = [
        f"{sha256(place.read_bytes()).hexdigest()}  data/tables.json"
        if line.endswith("tables.json")
        else line
        for line in lines
    ]
    (written / "checksums.sha256").write_text("\n".join(mended) + "\n")
    assert "is not what can be released now" in aoj(*RELEASE).output
    assert json.loads(aoj("exports", "list", "--json").output) == []


def test_tables_of_a_second_region_are_audited_beside_those_of_the_first(
    aoj: Aoj, written: Path, instance: Path, clock: FixedClock
) -> None:
    assert aoj(*RELEASE).exit_code == 0
    open_wave(instance, clock, "duinstreek")
    other = [word.replace("rijnmeer", "duinstreek") for word in (*WRITE, *RELEASE)]
    for words in (other[: len(WRITE)], other[len(WRITE) :]):
        result = aoj(*words)
        assert result.exit_code == 0, result.output
    report = json.loads(
        (written.parent / NAME.replace("rijnmeer", "duinstreek") / "reports/privacy.json").read_text()
    )
    assert report["audit"]["beside"] == []


def test_tables_and_bundles_of_a_wave_are_audited_beside_each_other(aoj: Aoj, written: Path) -> None:
    bundle = ("exports", "write", "2026", "rijnmeer")
    for words in (
        bundle,
        RELEASE[:-1],
        (*WRITE, "--version", "2"),
        (*RELEASE, "--version", "2"),
        (*bundle, "--version", "2", "--profile", "openbaar"),
        (*RELEASE[:-1], "--version", "2"),
    ):
        result = aoj(*words)
        assert result.exit_code == 0, result.output
    tables, rows = (
        json.loads((written.parent / name / "reports/privacy.json").read_text())["audit"]["beside"]
        for name in ("aoj_rijnmeer_2026_tables_v2", "aoj_rijnmeer_2026_v2")
    )
    assert tables == ["aoj_rijnmeer_2026_v1"]
    assert rows == ["aoj_rijnmeer_2026_v1", "aoj_rijnmeer_2026_tables_v2"]
    assert "is not what can be released now" in aoj(*RELEASE).output


def test_bands_for_named_readers_are_a_version_of_their_own(aoj: Aoj, written: Path) -> None:
    for words in (RELEASE, (*WRITE, "--version", "2", "--profile", "besloten"), (*RELEASE, "--version", "2")):
        result = aoj(*words)
        assert result.exit_code == 0, result.output
    assert "(besloten)" in result.output
    place = written.parent / "aoj_rijnmeer_2026_tables_v2" / "data" / "tables.csv"
    rows = [row for row in csv.DictReader(place.read_text().splitlines()) if row["table"] == "taken"]
    assert [(row["group"], row["n"], row["text_nl"]) for row in rows] == [
        ("ib", "12", "driekwart of meer"),
        ("zoco", "6", "driekwart of meer"),
    ]
