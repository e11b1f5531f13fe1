"""An earlier wave passes the same protection as ours, can be bundled, and stacks with a wave of another scale."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from aoj_survey.datasets import OPENBAAR, OpenedResponse, WaveDataset, make_dataset
from aoj_survey.disclosure import CaptureClass
from aoj_survey.errors import DisclosureError, HistoryError
from aoj_survey.exports import verify_bundle, write_bundle, write_partitions
from aoj_survey.exports.stack import CROSSWALK, stack_datasets, write_crosswalk
from aoj_survey.history import ImportedWave, import_wave, waves
from aoj_survey.questionnaire import Answers, compile_questionnaire

from .places import DATA, EARLIER, MAPPING, QUESTIONS, copy_wave


@pytest.fixture(scope="module")
def wave() -> ImportedWave:
    return import_wave(EARLIER / MAPPING)


def values(dataset: WaveDataset, name: str) -> Counter[Any]:
    place = [column.name for column in dataset.columns].index(name)
    return Counter(row[place] for row in dataset.rows)


def test_it_is_a_wave_dataset_with_the_columns_of_its_questionnaire(wave: ImportedWave) -> None:
    assert len(wave.dataset.rows) == 44
    assert [column.name for column in wave.dataset.columns][6:] == [
        *("zicht", "snel", "doelen", "richting", "cijfer", "sturing_visie", "sturing_inkoop", "jaren")
    ]
    assert values(wave.dataset, "zicht").keys() == {1, 2, 99}


def test_codes_that_were_two_then_are_one_answer_now(wave: ImportedWave) -> None:
    column = [line.split(";")[4] for line in (EARLIER / DATA).read_text(encoding="utf-8").splitlines()[1:]]
    then = Counter(column)
    assert values(wave.dataset, "snel") == {1: then["4"] + then["5"], 2: then["3"], 3: then["1"] + then["2"]}


def test_small_role_merges_as_capture_classes_do(wave: ImportedWave) -> None:
    sizes = {item.code: (item.invited, item.answered) for item in wave.dataset.strata}
    assert sizes == {"ib": (40, 16), "zoco": (20, 13), "jeugdhulp+leerplicht": (34, 15)}
    assert wave.dataset.privacy.smallest >= 5


def test_twin_without_merging_three_people_would_stand_alone_and_the_dataset_refuses_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        waves,
        "merge_classes",
        lambda classes, answered, **_: {
            item.code: CaptureClass(item.code, item.roles, item.invited, answered[item.code])
            for item in classes
        },
    )
    with pytest.raises(DisclosureError, match="has 3 responses"):
        import_wave(EARLIER / MAPPING)


def tell_of_leerplicht(folder: Path) -> set[int]:
    """What strata less rows of the printed table tell of two people who answered, of four who were invited."""
    mapping = copy_wave(
        folder, MAPPING, "zoco: 20, jeugdhulp: 25, leerplicht: 9", "zoco: 20, jeugdhulp: 30, leerplicht: 4"
    )
    lines = (folder / DATA).read_text(encoding="utf-8").splitlines()
    last = max(number for number, line in enumerate(lines) if line.split(";")[1] == "5")
    (folder / DATA).write_text("\n".join(lines[:last] + lines[last + 1 :]), encoding="utf-8")
    found = import_wave(mapping)
    return {
        stratum.answered - row.done
        for stratum in found.dataset.strata
        for row in found.response.rows
        if set(stratum.roles) - set(row.roles) == {"leerplicht"}
    }


def test_strata_and_response_table_tell_of_no_one_or_two_people_together(tmp_path: Path) -> None:
    assert tell_of_leerplicht(tmp_path) == set()


def test_twin_without_the_table_beside_them_strata_tell_of_two(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waves, "list_printed", lambda _: None)
    assert tell_of_leerplicht(tmp_path) == {2}


def test_sensitive_answer_that_a_whole_class_gave_is_protected(tmp_path: Path) -> None:
    text = (EARLIER / DATA).read_text(encoding="utf-8").splitlines()
    cells = [line.split(";") for line in text]
    alike = [";".join([*row[:7], "6", *row[8:]]) if row[1] == "1" else ";".join(row) for row in cells]
    mapping = copy_wave(tmp_path)
    (tmp_path / DATA).write_text("\n".join(alike), encoding="utf-8")
    found = import_wave(mapping)
    assert ("cijfer", "ib") in found.dataset.privacy.homogeneous
    assert values(found.dataset, "cijfer")[-6] == 16
    (mean,) = [one for one in found.printed if one.what == "mean"]
    assert (mean.found, mean.agrees, mean.reason) == (None, None, "protected")


def test_what_roles_of_one_class_were_asked_otherwise_is_protected(tmp_path: Path) -> None:
    mapping = copy_wave(
        tmp_path, QUESTIONS, "roles: [ib, zoco, jeugdhulp, leerplicht]", "roles: [ib, zoco, leerplicht]"
    )
    questions = (
        (EARLIER / QUESTIONS).read_text(encoding="utf-8").replace("rijnmeer-eerder", "rijnmeer-jeugdhulp")
    )
    start, end = questions.index("      - code: jaren"), questions.index("      - {code: trots")
    shorter = (questions[:start] + questions[end:]).replace(
        "[ib, zoco, jeugdhulp, leerplicht]", "[jeugdhulp]"
    )
    (tmp_path / "jeugdhulp.yaml").write_text(shorter, encoding="utf-8")
    text = mapping.read_text(encoding="utf-8")
    mapping.write_text(text.replace(f"[{QUESTIONS}]", f"[{QUESTIONS}, jeugdhulp.yaml]"), encoding="utf-8")
    rows = [line.split(";") for line in (tmp_path / DATA).read_text(encoding="utf-8").splitlines()]
    unasked = [";".join([*row[:10], "" if row[1] == "4" else row[10], *row[11:]]) for row in rows]
    (tmp_path / DATA).write_text("\n".join(unasked), encoding="utf-8")
    found = import_wave(mapping).dataset
    names = [column.name for column in found.columns]
    by_stratum = Counter((row[names.index("stratum")], row[names.index("jaren")] == -6) for row in found.rows)
    assert by_stratum == {(1, False): 16, (2, False): 13, (3, True): 15}


def test_data_for_everybody_have_larger_classes(tmp_path: Path) -> None:
    mapping = copy_wave(
        tmp_path, MAPPING, "zoco: [2, 3], jeugdhulp: 4", "zoco: 2, begeleider: 3, jeugdhulp: 4"
    )
    text = mapping.read_text(encoding="utf-8").replace(
        "{ib: 40, zoco: 20,", "{ib: 40, zoco: 12, begeleider: 8,"
    )
    mapping.write_text(text.replace("roles: [zoco]", "roles: [ib]"), encoding="utf-8")
    questions = (tmp_path / QUESTIONS).read_text(encoding="utf-8")
    (tmp_path / QUESTIONS).write_text(
        questions.replace("[ib, zoco,", "[ib, zoco, begeleider,"), encoding="utf-8"
    )
    assert import_wave(mapping).dataset.privacy.smallest == 8
    privacy = import_wave(mapping, OPENBAAR).dataset.privacy
    assert (privacy.profile, privacy.smallest >= 10) == ("openbaar", True)


def test_fewer_than_ten_stay_closed(tmp_path: Path) -> None:
    mapping = copy_wave(tmp_path)
    lines = (tmp_path / DATA).read_text(encoding="utf-8").splitlines()
    (tmp_path / DATA).write_text("\n".join(lines[:10]), encoding="utf-8")
    with pytest.raises(HistoryError, match="fewer than 10"):
        import_wave(mapping)


def test_what_the_path_rules_out_is_left_out_and_told(wave: ImportedWave) -> None:
    assert wave.off_path == {"richting": 2}
    doelen, richting = values(wave.dataset, "doelen"), values(wave.dataset, "richting")
    assert richting[-7] == doelen[2]


def test_no_text_of_a_column_that_was_left_out_reaches_the_bundle(wave: ImportedWave, tmp_path: Path) -> None:
    bundle = write_bundle(wave.dataset, wave.response, tmp_path, imported=wave)
    assert verify_bundle(bundle.folder) == bundle.digest
    assert not any(
        b"niet te lezen" in path.read_bytes() for path in bundle.folder.rglob("*.*") if path.is_file()
    )
    assert b"niet te lezen" in (EARLIER / DATA).read_bytes()


def test_bundle_says_where_it_came_from_and_what_was_printed(wave: ImportedWave, tmp_path: Path) -> None:
    folder = write_bundle(wave.dataset, wave.response, tmp_path, imported=wave).folder
    codebook = json.loads((folder / "metadata/codebook.json").read_bytes())
    assert codebook["imported"]["file"] == DATA
    assert codebook["imported"]["columns"]["sturing_inkoop"] == "v6_2"
    printed = json.loads((folder / "reports/printed.json").read_bytes())
    assert (printed["compared"], printed["agree"], printed["differ"]) == (11, 9, 2)
    page = (folder / "reports/printed.html").read_text(encoding="utf-8")
    assert "9 van 11 gelijk" in page
    assert "9 of 11 agree" in " ".join(page.split())
    assert "eerder bestand" in (folder / "README.md").read_text(encoding="utf-8")
    first = (folder / "metadata/crosswalk.csv").read_text(encoding="utf-8").splitlines()
    assert "2020,rijnmeer,zicht,zicht,zicht,,zicht,,v1,Zicht?,View?" in first


def test_same_files_give_the_same_bytes(wave: ImportedWave, tmp_path: Path) -> None:
    again = import_wave(EARLIER / MAPPING)
    one = write_bundle(wave.dataset, wave.response, tmp_path / "a", imported=wave)
    other = write_bundle(again.dataset, again.response, tmp_path / "b", imported=again)
    assert one.digest == other.digest


def test_who_stopped_halfway_counts_for_rr2_alone(wave: ImportedWave, tmp_path: Path) -> None:
    total = wave.response.total
    assert (total.invited, total.done, total.partial) == (94, 44, 2)
    assert (total.rate, total.rate_with_partials) == (45, 47)
    folder = write_bundle(wave.dataset, wave.response, tmp_path, imported=wave).folder
    response = json.loads((folder / "reports/response.json").read_bytes())
    assert (response["total"]["rate"], response["total"]["rate_with_partials"]) == (45, 47)
    assert "AAPOR RR1" in (page := (folder / "reports/response.html").read_text(encoding="utf-8"))
    assert "RR2" in page


def test_numbers_of_invited_that_are_estimates_are_told_as_such(tmp_path: Path) -> None:
    mapping = copy_wave(tmp_path, MAPPING, "skipped: [999]", "estimated: true\nskipped: [999]")
    assert all(row.estimated for row in import_wave(mapping).response.rows)
    assert not any(row.estimated for row in import_wave(EARLIER / MAPPING).response.rows)


# A year later, with another scale


def later_wave() -> WaveDataset:
    """Our own wave of 2021, in which `snel` has degrees of agreement, `cijfer` another text, `trots` is gone."""
    text = (EARLIER / QUESTIONS).read_text(encoding="utf-8")
    text = text.replace('edition: "2020"', 'edition: "2021"').replace("nl: Welk cijfer?", "nl: Uw cijfer?")
    start, end = text.index("  spreiding:\n"), text.index("themes:")
    scale = "".join(
        f"    - {{code: eens_{number}, value: {number}, text: {{nl: mate {number}, en: degree {number}}}}}\n"
        for number in range(1, 6)
    )
    instrument = compile_questionnaire(
        f"{text[:start]}  spreiding:\n{scale}{text[end:]}", "2021.yaml", "rijnmeer"
    )
    given: Answers = {"snel": "eens_5", "zicht": "ja", "doelen": "nee"}
    return make_dataset(
        "2021",
        "rijnmeer",
        [CaptureClass("ib", ("ib",), 30, 12)],
        [OpenedResponse("ib", ("d",), given | {"cijfer": 5 + number % 4}) for number in range(12)],
        {"d": instrument},
        {"ib": "d"},
    )


def test_year_on_year_stack_keeps_a_changed_scale_apart(wave: ImportedWave) -> None:
    stack = stack_datasets([wave.dataset, later_wave()])
    names = [variable.name for variable in stack.variables]
    assert {"zicht", "cijfer", "snel", "snel_2"} <= set(names)
    assert "zicht_2" not in names
    rows = [dict(zip(CROSSWALK, row, strict=True)) for row in write_crosswalk(stack)]
    told = {row["column"]: (row["stacked"], row["change"]) for row in rows if row["wave"] == "2021"}
    assert told["snel"] == ("snel_2", "scale")
    assert told["zicht"] == ("zicht", "identical")
    assert told["cijfer"] == ("cijfer", "wording")


def test_imported_and_own_waves_are_read_as_one_table(wave: ImportedWave, tmp_path: Path) -> None:
    folder = write_partitions([wave.dataset, later_wave()], tmp_path / "stapel").folder
    table = pl.scan_parquet(folder / "data", hive_partitioning=True).collect()
    assert table.group_by("wave").len().sort("wave").rows() == [(2020, 44), (2021, 12)]
    older = table.filter(pl.col("wave") == 2020)
    assert older["snel_2"].unique().to_list() == [-5]
    assert table.filter(pl.col("wave") == 2021)["snel"].unique().to_list() == [-5]
