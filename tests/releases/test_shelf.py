"""The shelf: only what is still as it was released comes off it."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from aoj_survey.errors import ReleaseError
from aoj_survey.releases import ReleaseFacts, Shelf, join_response_tables

from .bundles import make_opened, release, write_bundle

CSV = "data/responses.csv"


@pytest.fixture
def released(sqlite_app: Flask, tmp_path: Path) -> ReleaseFacts:
    return release(make_opened(), write_bundle(tmp_path))


def read(shelf: Shelf, found: ReleaseFacts, path: str = CSV) -> bytes:
    file = found.find_file(path)
    assert file
    with shelf.open(found, file) as opened:
        return opened.read()


def change_a_letter(path: Path) -> None:
    """The same size, and the time stamp of before."""
    times = path.stat()
    path.write_bytes(path.read_bytes().replace(b"1", b"2"))
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def swap_for_a_link(path: Path) -> None:
    path.rename(path.with_suffix(".moved"))
    path.symlink_to(path.with_suffix(".moved"))


def swap_the_folder(path: Path) -> None:
    elsewhere = path.parent.rename(path.parent.with_name("elsewhere"))
    path.parent.symlink_to(elsewhere)


def make_a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


@pytest.mark.parametrize(
    "change", [Path.unlink, change_a_letter, swap_for_a_link, swap_the_folder, make_a_pipe]
)
def test_a_file_that_changed_after_it_was_read_is_refused(
    released: ReleaseFacts, tmp_path: Path, change: Callable[[Path], None]
) -> None:
    shelf = Shelf(tmp_path)
    assert read(shelf, released) == (tmp_path / released.name / CSV).read_bytes()
    change(tmp_path / released.name / CSV)
    with pytest.raises(ReleaseError, match="aoj exports withdraw"):
        read(shelf, released)


def test_twin_without_the_hash_a_changed_file_comes_off_the_shelf(
    released: ReleaseFacts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_a_letter(tmp_path / released.name / CSV)
    monkeypatch.setattr(Shelf, "_check", lambda *_anything: None)
    assert b"rijnmeer,2" in read(Shelf(tmp_path), released)


def test_a_file_is_read_from_its_begin_each_time(released: ReleaseFacts, tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    assert read(shelf, released) == read(shelf, released)


def test_tables_of_regions_are_joined_the_newest_version_of_each(sqlite_app: Flask, tmp_path: Path) -> None:
    facts = make_opened()
    found = [
        release(facts, write_bundle(tmp_path)),
        release(facts, write_bundle(tmp_path, "aoj_rijnmeer_2026_v2")),
        release(make_opened("heuvelland"), write_bundle(tmp_path, "aoj_heuvelland_2026_v1")),
    ]
    rows = join_response_tables(Shelf(tmp_path), found)
    assert [(row.region, row.release, row.code, row.done) for row in rows] == [
        ("rijnmeer", "aoj_rijnmeer_2026_v2", "ib", 12),
        ("rijnmeer", "aoj_rijnmeer_2026_v2", "total", 12),
        ("heuvelland", "aoj_heuvelland_2026_v1", "ib", 12),
        ("heuvelland", "aoj_heuvelland_2026_v1", "total", 12),
    ]
