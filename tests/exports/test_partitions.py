import csv
import json
from pathlib import Path
from typing import Any, cast

import polars as pl
import pytest

from aoj_survey.datasets import WaveDataset
from aoj_survey.errors import BundleError
from aoj_survey.exports import formats, partitions, verify_bundle, write_partitions
from aoj_survey.exports.variables import Cut, Sheet
from tests.datasets.builders import SNEL
from tests.exports.waves import SNEL_ON_ANOTHER_SCALE, make_wave


def waves() -> list[WaveDataset]:
    return [
        make_wave("2021", "rijnmeer"),
        make_wave("2021", "zoetermeer", (SNEL,), [{"snel": "nee"}] * 6),
        make_wave("2024", "rijnmeer", (SNEL_ON_ANOTHER_SCALE,), [{"snel": "iets"}] * 7),
    ]


def scan(folder: Path) -> pl.DataFrame:
    """As an analyst would, with no more than the folder."""
    return pl.scan_parquet(folder / "data", hive_partitioning=True).collect()


def test_tools_read_the_folder_as_one_table(tmp_path: Path) -> None:
    written = write_partitions(waves(), tmp_path / "stapel")
    table = scan(written.folder)
    assert (written.rows, written.parts, len(table)) == (18, 3, 18)
    assert table.columns == [
        *("instrument", "stratum", "pop_n", "w_region", "w_all", "snel", "zicht", "snel_2"),
        *("wave", "region"),
    ]
    counts = table.group_by("wave", "region").len().sort("wave", "region").rows()
    assert counts == [(2021, "rijnmeer", 5), (2021, "zoetermeer", 6), (2024, "rijnmeer", 7)]


def test_cells_are_those_of_the_datasets(tmp_path: Path) -> None:
    table = scan(write_partitions(waves(), tmp_path / "stapel").folder)
    found = table.select("region", "wave", "snel", "zicht", "snel_2").unique().sort("wave", "region").rows()
    assert found == [
        ("rijnmeer", 2021, 1, 2, -5),
        ("zoetermeer", 2021, 2, -5, -5),
        ("rijnmeer", 2024, -5, -5, 2),
    ]


def test_what_small_boxes_do_not_keep_is_protected_and_not_unasked(tmp_path: Path) -> None:
    datasets = [*waves(), make_wave("2021", "joint", (SNEL,), [{"snel": "nee"}] * 10)]
    table = scan(write_partitions(datasets, tmp_path / "stapel").folder)
    found = table.filter(pl.col("region") == "joint").select("snel", "zicht", "snel_2").unique().rows()
    assert found == [(2, -6, -6)]


def test_every_file_has_the_same_columns_and_types(tmp_path: Path) -> None:
    folder = write_partitions(waves(), tmp_path / "stapel").folder
    schemas = [pl.read_parquet_schema(path) for path in sorted(folder.rglob("*.parquet"))]
    assert len(schemas) == 3
    assert schemas[0] == schemas[1] == schemas[2]


def test_folder_holds_a_codebook_of_each_part_a_crosswalk_and_checksums(tmp_path: Path) -> None:
    folder = write_partitions(waves(), tmp_path / "stapel").folder
    assert {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} == {
        "checksums.sha256",
        "metadata/crosswalk.csv",
        *(
            path
            for part in (
                "wave=2021/region=rijnmeer",
                "wave=2021/region=zoetermeer",
                "wave=2024/region=rijnmeer",
            )
            for path in (f"data/{part}/responses.parquet", f"metadata/{part}/codebook.json")
        ),
    }
    codebook = json.loads((folder / "metadata/wave=2024/region=rijnmeer/codebook.json").read_bytes())
    assert codebook["wave"] == "2024"
    with (folder / "metadata/crosswalk.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["column"] for row in rows if row["stacked"] == "snel_2"] == ["snel"]


def test_same_datasets_give_the_same_bytes_and_writing_again_changes_nothing(tmp_path: Path) -> None:
    first = write_partitions(waves(), tmp_path / "een")
    second = write_partitions(waves(), tmp_path / "twee")
    assert first.digest == second.digest == verify_bundle(first.folder)
    assert write_partitions(waves(), tmp_path / "een") == first


# What is refused


def test_raw_rows_are_refused(tmp_path: Path) -> None:
    raw = cast("WaveDataset", {"rows": [(1,)]})
    with pytest.raises(TypeError, match="protected"):
        write_partitions([raw], tmp_path / "stapel")
    assert list(tmp_path.iterdir()) == []


def test_no_dataset_and_one_twice_are_refused(tmp_path: Path) -> None:
    for datasets in ([], [make_wave("2021", "rijnmeer")] * 2):
        with pytest.raises(BundleError, match="each once"):
            write_partitions(datasets, tmp_path / "stapel")


def test_wave_that_cannot_be_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="file name"):
        write_partitions([make_wave("../2021", "rijnmeer")], tmp_path / "stapel")


def test_other_content_in_the_same_folder_is_refused_and_nothing_changes(tmp_path: Path) -> None:
    first = write_partitions(waves(), tmp_path / "stapel")
    with pytest.raises(BundleError, match="never changes"):
        write_partitions(waves()[:2], tmp_path / "stapel")
    assert verify_bundle(first.folder) == first.digest


def test_without_polars_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "find_spec", lambda _: None)
    with pytest.raises(BundleError, match=r"aoj-survey\[export\]"):
        write_partitions(waves(), tmp_path / "stapel")
    assert list(tmp_path.iterdir()) == []


# Read back before it counts


def lose_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    write = partitions.write_parquet

    def lossy(path: Path, sheet: Sheet) -> list[Cut]:
        kept = sheet.rows[:-1] if "2024" in sheet.name else sheet.rows
        return write(path, Sheet(sheet.name, sheet.variables, kept))

    monkeypatch.setattr(partitions, "write_parquet", lossy)


def test_lost_row_leaves_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lose_a_row(monkeypatch)
    with pytest.raises(BundleError, match="read back differ"):
        write_partitions(waves(), tmp_path / "stapel")
    assert list(tmp_path.iterdir()) == []


def test_changed_cell_leaves_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = partitions.write_parquet

    def change(path: Path, sheet: Sheet) -> list[Cut]:
        rows = [(*row[:-1], -8) for row in sheet.rows]
        return write(path, Sheet(sheet.name, sheet.variables, rows))

    monkeypatch.setattr(partitions, "write_parquet", change)
    with pytest.raises(BundleError, match="read back differ"):
        write_partitions(waves(), tmp_path / "stapel")


def test_twin_without_reading_back_the_loss_would_be_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def accept(*_: Any) -> None:
        """Take the protection away."""

    lose_a_row(monkeypatch)
    monkeypatch.setattr(partitions, "read_back", accept)
    assert len(scan(write_partitions(waves(), tmp_path / "stapel").folder)) == 17
