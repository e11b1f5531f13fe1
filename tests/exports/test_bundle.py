import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

import pytest

from aoj_survey.datasets import WaveDataset
from aoj_survey.errors import BundleError
from aoj_survey.exports import bundle, bundle_name, formats, verify_bundle, write_bundle
from aoj_survey.exports.variables import Cut, Sheet
from aoj_survey.questionnaire import Answers
from aoj_survey.statistics import ResponseTable, RoleCount, response_table
from tests.datasets.builders import ROW, make_small

EXTRA = {f"data/responses.{name}" for name in ("parquet", "xlsx", "sav", "dta")}
FILES = EXTRA | {
    "README.md",
    "checksums.sha256",
    "data/responses.csv",
    "datapackage.json",
    "metadata/codebook.html",
    "metadata/codebook.json",
    "metadata/ddi-codebook-2.5.xml",
    "metadata/crosswalk.csv",
    "metadata/responses.csv-metadata.json",
    "reports/limits.json",
    "reports/privacy.html",
    "reports/privacy.json",
    "reports/response.csv",
    "reports/response.html",
    "reports/response.json",
    "syntax/read.R",
    "syntax/read.do",
    "syntax/read.py",
    "syntax/read.sps",
}
ANSWERS: list[Answers] = [{**ROW, "cijfer": mark, "trots": "geheim-verhaal"} for mark in (4, 5, 6, 7, 8, 8)]


def dataset() -> WaveDataset:
    return make_small(ANSWERS)


def table(done: int = 6) -> ResponseTable:
    return response_table([RoleCount("ib", 20, 19, 8, done)])


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


# What is written


def test_bundle_holds_exactly_its_files(tmp_path: Path) -> None:
    written = write_bundle(dataset(), table(), tmp_path)
    assert written.folder == tmp_path / "aoj_proef_2015_v1"
    assert set(files_of(written.folder)) == FILES
    assert [path.name for path in tmp_path.iterdir()] == ["aoj_proef_2015_v1"]


def test_responses_stand_one_a_row_with_their_weight(tmp_path: Path) -> None:
    lines = (
        (write_bundle(dataset(), table(), tmp_path).folder / "data/responses.csv").read_bytes().split(b"\r\n")
    )
    assert lines[0].startswith(b"wave,region,stratum,pop_n,w_region,w_all,snel,")
    assert lines[1] == b"2015,proef,1,20,3.333333,3.333333,1,2,-7,2,4"
    assert len(lines) == 1 + 6 + 1


def test_open_text_is_in_no_file(tmp_path: Path) -> None:
    written = write_bundle(dataset(), table(), tmp_path)
    assert all(b"geheim-verhaal" not in content for content in files_of(written.folder).values())


def test_reports_are_json_with_a_format(tmp_path: Path) -> None:
    folder = write_bundle(dataset(), table(), tmp_path).folder
    privacy = json.loads((folder / "reports/privacy.json").read_bytes())
    response = json.loads((folder / "reports/response.json").read_bytes())
    assert (privacy["format"], privacy["k"], privacy["smallest"], privacy["classes"]) == (1, 5, 6, {"ib": 6})
    assert response["total"]["invited"] == sum(row["invited"] for row in response["rows"]) == 20


def test_checksums_are_those_of_sha256sum(tmp_path: Path) -> None:
    program = shutil.which("sha256sum")
    if program is None:
        pytest.skip("sha256sum is not installed")
    folder = write_bundle(dataset(), table(), tmp_path).folder
    subprocess.run([program, "--check", "--strict", "--quiet", "checksums.sha256"], cwd=folder, check=True)


def test_same_input_gives_the_same_bytes_and_digest(tmp_path: Path) -> None:
    first = write_bundle(dataset(), table(), tmp_path / "a")
    second = write_bundle(make_small(ANSWERS[::-1]), table(), tmp_path / "b")
    assert files_of(first.folder) == files_of(second.folder)
    assert first.digest == second.digest == verify_bundle(first.folder)


def test_readme_speaks_dutch_and_english(tmp_path: Path) -> None:
    text = (write_bundle(dataset(), table(), tmp_path).folder / "README.md").read_text(encoding="utf-8")
    assert text.startswith("# aoj_proef_2015_v1\n")
    assert "6 rijen, 11 kolommen" in text
    assert "6 rows, 11 columns" in text


# What is refused


@pytest.mark.parametrize("raw", [[ROW] * 6, {"rows": [ROW]}, None])
def test_anything_else_than_a_protected_dataset_is_refused(raw: Any, tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="WaveDataset"):
        write_bundle(raw, table(), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_twin_without_the_check_raw_rows_would_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Lookalike:
        def __init__(self) -> None:
            made = dataset()
            self.wave, self.region = made.wave, made.region
            self.columns, self.privacy, self.codebook = made.columns, made.privacy, made.codebook
            self.rows = made.rows[:3]

    monkeypatch.setattr(bundle, "WaveDataset", Lookalike)
    written = write_bundle(cast("WaveDataset", Lookalike()), table(3), tmp_path)
    assert (written.folder / "data/responses.csv").read_bytes().count(b"\r\n") == 4


def test_response_table_of_other_responses_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="counts 7 responses, the dataset 6"):
        write_bundle(dataset(), table(7), tmp_path)


def test_writing_the_same_bundle_again_changes_nothing(tmp_path: Path) -> None:
    first = write_bundle(dataset(), table(), tmp_path)
    times = {path: path.stat().st_mtime_ns for path in first.folder.rglob("*")}
    assert write_bundle(dataset(), table(), tmp_path) == first
    assert {path: path.stat().st_mtime_ns for path in first.folder.rglob("*")} == times


def test_other_content_under_the_same_version_is_refused_and_nothing_changes(tmp_path: Path) -> None:
    first = write_bundle(dataset(), table(), tmp_path)
    before = files_of(first.folder)
    with pytest.raises(BundleError, match="Write version 2"):
        write_bundle(make_small([*ANSWERS[1:], {**ROW, "cijfer": 9}]), table(), tmp_path)
    assert files_of(first.folder) == before
    assert write_bundle(dataset(), table(), tmp_path, version=2).name == "aoj_proef_2015_v2"


@pytest.mark.parametrize("code", ["../buiten", "a/b", "", ".verborgen", "met spatie"])
def test_codes_that_are_no_file_name_are_refused(code: str) -> None:
    with pytest.raises(BundleError, match="file name"):
        bundle_name(code, "2015")
    with pytest.raises(BundleError, match="file name"):
        bundle_name("proef", code)


def test_version_below_one_is_refused() -> None:
    with pytest.raises(BundleError, match="count from 1"):
        bundle_name("proef", "2015", 0)


# Formats by what is installed


def take_away(monkeypatch: pytest.MonkeyPatch, *packages: str) -> None:
    found = formats.find_spec
    monkeypatch.setattr(formats, "find_spec", lambda name: None if name in packages else found(name))


def test_without_the_extra_csv_and_all_descriptions_are_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_away(monkeypatch, "polars", "pyreadstat", "xlsxwriter")
    folder = write_bundle(dataset(), table(), tmp_path).folder
    assert set(files_of(folder)) == FILES - EXTRA
    limits = json.loads((folder / "reports/limits.json").read_bytes())
    assert {entry["file"] for entry in limits["left_out"]} == EXTRA
    readme = (folder / "README.md").read_text(encoding="utf-8")
    assert (
        "- `data/responses.sav`: niet in deze map: de installatie waar de map geschreven is heeft" in readme
    )
    assert (
        "- `data/responses.sav`: not in this folder: the installation that wrote this folder lacks" in readme
    )


def test_one_absent_package_leaves_out_only_what_needs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_away(monkeypatch, "pyreadstat")
    folder = write_bundle(dataset(), table(), tmp_path).folder
    assert FILES - set(files_of(folder)) == {"data/responses.sav", "data/responses.dta"}


def test_more_rows_than_a_worksheet_should_hold_leave_out_the_workbook_and_say_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = tuple(replace(form, most_rows=form.most_rows and 5) for form in formats.FORMATS)
    monkeypatch.setattr(formats, "FORMATS", few)
    folder = write_bundle(dataset(), table(), tmp_path).folder
    assert FILES - set(files_of(folder)) == {"data/responses.xlsx"}
    assert "meer dan 5 rijen is te veel voor een werkblad" in (folder / "README.md").read_text(
        encoding="utf-8"
    )


def test_everything_is_described_as_it_is_there(tmp_path: Path) -> None:
    folder = write_bundle(dataset(), table(), tmp_path).folder
    readme = (folder / "README.md").read_text(encoding="utf-8")
    assert all(f"`{path}`" in readme for path in EXTRA)
    assert "niet in deze map:" not in readme
    assert json.loads((folder / "reports/limits.json").read_bytes())["left_out"] == []


def test_labels_cut_for_a_format_are_reported(tmp_path: Path) -> None:
    long = replace_label(dataset(), "snel", "é" * 300)
    folder = write_bundle(long, table(), tmp_path).folder
    cuts = json.loads((folder / "reports/limits.json").read_bytes())["cut"]
    assert {(cut["file"], cut["limit"], cut["unit"]) for cut in cuts if cut["column"] == "snel"} == {
        ("responses.sav", 256, "bytes"),
        ("responses.dta", 80, "characters"),
    }
    assert "é" * 300 in (folder / "metadata/codebook.json").read_text(encoding="utf-8")


def replace_label(made: WaveDataset, name: str, label: str) -> WaveDataset:
    for column in made.codebook["columns"]:
        if column["name"] == name:
            column["label"]["nl"] = label
    return made


# Read back before it counts


def lose_a_row(monkeypatch: pytest.MonkeyPatch, suffix: str) -> None:
    """Take the last row away from one of the data files while it is written."""

    def lossy(form: formats.Format) -> formats.Format:
        def write(path: Path, sheet: Sheet) -> list[Cut]:
            return form.write(path, replace(sheet, rows=sheet.rows[:-1]))

        return replace(form, write=write) if form.path.endswith(suffix) else form

    monkeypatch.setattr(formats, "FORMATS", tuple(lossy(form) for form in formats.FORMATS))


@pytest.mark.parametrize("suffix", ["csv", "parquet", "xlsx", "sav", "dta"])
def test_row_lost_in_one_format_leaves_no_bundle(
    suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lose_a_row(monkeypatch, suffix)
    with pytest.raises(BundleError, match=rf"read back differs from the dataset \(data/responses.{suffix}\)"):
        write_bundle(dataset(), table(), tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("suffix", ["csv", "parquet", "xlsx", "sav", "dta"])
def test_twin_without_reading_back_the_loss_would_be_published(
    suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def accept(*_: object) -> None:
        """Take the protection away."""

    lose_a_row(monkeypatch, suffix)
    monkeypatch.setattr(bundle, "read_back", accept)
    write_bundle(dataset(), table(), tmp_path)
    assert (tmp_path / "aoj_proef_2015_v1").exists()


@pytest.mark.parametrize("name", ["README.md", "codebook.html", "privacy.json", "read.sps"])
def test_changed_text_on_the_disk_leaves_no_bundle(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = bundle.write_file
    monkeypatch.setattr(
        bundle,
        "write_file",
        lambda path, content: write(path, content[:-2] if path.name == name else content),
    )
    with pytest.raises(BundleError, match=rf"differs from the dataset \(\w*/?{name}"):
        write_bundle(dataset(), table(), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_unreadable_file_leaves_no_bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = bundle.write_file

    def garble(path: Path, content: bytes) -> None:
        write(path, b"\xff" if path.name == "codebook.json" else content)

    monkeypatch.setattr(bundle, "write_file", garble)
    with pytest.raises(BundleError, match="could not be read back"):
        write_bundle(dataset(), table(), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_codebook_of_other_columns_leaves_no_bundle(tmp_path: Path) -> None:
    made = dataset()
    made.codebook["columns"].reverse()
    with pytest.raises(BundleError, match="other columns"):
        write_bundle(made, table(), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_two_writers_at_once_end_with_one_bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compare = bundle.read_back

    def be_overtaken(*arguments: Any) -> None:
        compare(*arguments)
        monkeypatch.setattr(bundle, "read_back", compare)
        write_bundle(dataset(), table(), tmp_path)

    monkeypatch.setattr(bundle, "read_back", be_overtaken)
    write_bundle(dataset(), table(), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["aoj_proef_2015_v1"]


# Checking a bundle later


def change(folder: Path) -> None:
    (folder / "README.md").write_text("anders", encoding="utf-8")


def remove(folder: Path) -> None:
    (folder / "README.md").unlink()


def add(folder: Path) -> None:
    (folder / "data/extra.csv").write_text("a", encoding="utf-8")


def rewrite_checksums(folder: Path) -> None:
    (folder / "checksums.sha256").write_bytes(b"\xff\n")


@pytest.mark.parametrize(
    ("fault", "named"),
    [(change, "README.md"), (remove, "README.md"), (add, "data/extra.csv"), (rewrite_checksums, "README.md")],
)
def test_changed_bundle_is_refused_by_the_file_that_differs(
    fault: Callable[[Path], None], named: str, tmp_path: Path
) -> None:
    folder = write_bundle(dataset(), table(), tmp_path).folder
    fault(folder)
    with pytest.raises(BundleError, match=named):
        verify_bundle(folder)


FORMER = {
    "README.md": b"# aoj_proef_2015_v1\n",
    "data/responses.csv": b"wave,region\r\n2015,proef\r\n",
    "metadata/codebook.json": b"{}\n",
    "reports/privacy.json": b"{}\n",
    "reports/response.csv": b"code\r\n",
    "reports/response.json": b"{}\n",
}
"""The files of a bundle as they were before there were other formats than CSV."""


def write_former(folder: Path) -> Path:
    lines: list[str] = []
    for name, content in FORMER.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
        lines.append(f"{sha256(content).hexdigest()}  {name}\n")
    (folder / "checksums.sha256").write_text("".join(lines), encoding="utf-8")
    return folder


def test_bundle_of_the_former_layout_still_verifies(tmp_path: Path) -> None:
    folder = write_former(tmp_path / "aoj_proef_2015_v1")
    assert verify_bundle(folder) == sha256((folder / "checksums.sha256").read_bytes()).hexdigest()


def test_bundle_of_the_former_layout_is_not_written_over(tmp_path: Path) -> None:
    folder = write_former(tmp_path / "aoj_proef_2015_v1")
    with pytest.raises(BundleError, match="Write version 2"):
        write_bundle(dataset(), table(), tmp_path)
    assert set(files_of(folder)) == {*FORMER, "checksums.sha256"}


def test_bundle_without_checksums_is_refused(tmp_path: Path) -> None:
    folder = write_bundle(dataset(), table(), tmp_path).folder
    (folder / "checksums.sha256").unlink()
    with pytest.raises(BundleError, match="not a whole bundle"):
        verify_bundle(folder)


def test_link_to_a_file_elsewhere_is_refused(tmp_path: Path) -> None:
    folder = write_bundle(dataset(), table(), tmp_path / "uit").folder
    outside = tmp_path / "README.md"
    shutil.move(folder / "README.md", outside)
    (folder / "README.md").symlink_to(outside)
    with pytest.raises(BundleError, match="not a plain file"):
        verify_bundle(folder)


def test_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="not a folder"):
        verify_bundle(tmp_path / "nergens")
