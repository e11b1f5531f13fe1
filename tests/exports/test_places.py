"""Answers by area in every file of a bundle, and areas of several waves and regions as one column."""

import csv
import json
from collections import Counter
from pathlib import Path

import polars as pl
import pyreadstat
import pytest

from aoj_survey.datasets import WaveDataset
from aoj_survey.exports import places, write_bundle, write_partitions
from aoj_survey.exports.formats import FORMATS
from aoj_survey.exports.stack import stack_datasets
from aoj_survey.exports.variables import read_variables
from aoj_survey.statistics import RoleCount, response_table
from tests.exports.waves import HAVENDAM, OUDELAND, RIJNMEER, make_areas, make_wave

LABELS = {
    0: "niet naar gebied bewaard",
    1: "gemeente Rijnmeer / swv PO Rijnmeer; plaats niet bekend",
    2: "Havendam / swv PO Rijnmeer",
}
TABLE = response_table([RoleCount("ib", 32, 32, 20, 12), RoleCount("zoco", 9, 9, 5, 5)])


@pytest.fixture(name="folder", scope="module")
def make_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    dataset = make_areas("2024", "rijnmeer", [HAVENDAM], [RIJNMEER])
    return write_bundle(dataset, TABLE, tmp_path_factory.mktemp("bundel")).folder


# One wave


def test_every_format_holds_the_area_of_each_row_and_weights_that_sum_to_who_was_invited(
    folder: Path,
) -> None:
    dataset = make_areas("2024", "rijnmeer", [HAVENDAM], [RIJNMEER])
    variables = read_variables(dataset.codebook)
    names = [variable.name for variable in variables]
    for form in FORMATS:
        rows = list(form.read(folder / form.path, variables))
        assert Counter(row[names.index("area")] for row in rows) == {1: 6, 2: 6, 0: 5}, form.path
        weights = Counter[int]()
        for row in rows:
            weights[int(row[names.index("area")])] += round(float(row[names.index("w_region")]) * 10**6)
        assert {area: round(total / 10**6, 3) for area, total in weights.items()} == {1: 16, 2: 16, 0: 9}


def test_spss_and_stata_label_each_area_with_its_places(folder: Path) -> None:
    for read, name in ((pyreadstat.read_sav, "sav"), (pyreadstat.read_dta, "dta")):
        _, meta = read(folder / "data" / f"responses.{name}", output_format="dict")
        assert {int(value): label for value, label in meta.variable_value_labels["area"].items()} == LABELS


def test_municipality_and_swv_stand_in_columns_of_their_own_with_minus_six_for_what_is_not_one(
    folder: Path,
) -> None:
    columns, meta = pyreadstat.read_sav(
        folder / "data/responses.sav", user_missing=True, output_format="dict"
    )
    # In the last area are people too whose place nobody knew.
    assert Counter(columns["municipality"]) == {1: 6, -6: 11}
    assert Counter(columns["swv"]) == {1: 6, -6: 11}
    labels = meta.variable_value_labels
    assert labels["municipality"][1] == "Havendam"
    assert labels["swv"][1] == "swv PO Rijnmeer"
    assert labels["swv_sector"][1] == "primair onderwijs"
    assert labels["municipality"][-6] == "niet bekend, of alleen samen met andere gemeenten"
    for name in ("municipality", "swv", "swv_sector"):
        assert meta.missing_ranges[name] == [{"lo": -9.0, "hi": -4.0}]
    stata, _ = pyreadstat.read_dta(folder / "data/responses.dta", user_missing=True, output_format="dict")
    assert Counter(stata["municipality"]) == {1: 6, "c": 11}
    codebook = json.loads((folder / "metadata/codebook.json").read_text())
    flagged = {column["name"] for column in codebook["columns"] if column.get("quasi_identifier")}
    assert flagged == {"wave", "region", "stratum", "area", "municipality", "swv", "swv_sector"}
    privacy = json.loads((folder / "reports/privacy.json").read_text())
    assert privacy["places"] == {"ib": {"municipality": 0, "swv": 0}}
    assert "zoals bewaard" in (folder / "reports/privacy.html").read_text()
    assert "-6 waar het er\nmeer zijn" in (folder / "README.md").read_text()


def test_codebook_names_municipalities_and_swv_and_every_description_has_the_labels(folder: Path) -> None:
    codebook = json.loads((folder / "metadata/codebook.json").read_text())
    assert codebook["areas"] == [
        {
            "value": 1,
            "code": "a0+a2",
            "places": [{"municipality": "gemeente Rijnmeer", "swv": "swv PO Rijnmeer"}],
            "unknown": True,
        },
        {
            "value": 2,
            "code": "a1",
            "places": [{"municipality": "Havendam", "swv": "swv PO Rijnmeer"}],
            "unknown": False,
        },
    ]
    for name in ("codebook.html", "ddi-codebook-2.5.xml"):
        text = (folder / "metadata" / name).read_text()
        assert all(label in text for label in LABELS.values()), name


def test_response_report_adds_up_to_the_strata(folder: Path) -> None:
    strata = json.loads((folder / "metadata/codebook.json").read_text())["strata"]
    total = json.loads((folder / "reports/response.json").read_text())["total"]
    assert sum(item["invited"] for item in strata) == total["invited"] == 41
    assert sum(item["answered"] for item in strata) == total["done"] == 17


def test_areas_are_numbered_as_people_count() -> None:
    many = [[(f"Plaats {number:02}", "")] for number in range(1, 12)]
    codebook = make_areas("2024", "rijnmeer", *many).codebook
    assert [area["code"] for area in codebook["areas"]] == ["a0+a11", *(f"a{n}" for n in range(1, 11))]


# Several waves and regions


def waves() -> list[WaveDataset]:
    return [
        make_wave("2018", "rijnmeer"),
        make_areas("2021", "rijnmeer", [RIJNMEER], [HAVENDAM]),
        make_areas("2024", "rijnmeer", [OUDELAND], [RIJNMEER], [HAVENDAM]),
        make_areas("2024", "zoetermeer", [RIJNMEER], [HAVENDAM, OUDELAND]),
    ]


def list_stacked() -> list[set[object]]:
    stack = stack_datasets(waves())
    place = [variable.name for variable in stack.variables].index("area")
    return [{row[place] for row in part.rows()} for part in stack.parts]


def test_areas_of_two_waves_are_one_only_with_the_same_places_of_one_region() -> None:
    before, first, second, other = list_stacked()
    assert before == {0}
    # Without place go with Havendam in both waves; Oudeland is new.
    assert first - {0} < second - {0}
    assert len(second - first) == 1
    assert other & (first | second) == {0}


def test_twin_areas_compared_by_their_own_numbers_are_joined_with_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(places, "_find_meaning", lambda _codebook, area: area["value"])
    _, first, _, other = list_stacked()
    assert other & first != {0}


def test_a_municipality_has_one_number_in_all_waves_of_its_region() -> None:
    stack = stack_datasets(waves())
    names = [variable.name for variable in stack.variables]
    told = [
        {(row[names.index("municipality")], row[names.index("swv")]) for row in part.rows()}
        for part in stack.parts
    ]
    # 1 Rijnmeer, 2 Oudeland, 3 of the other region; the last area of each is not told, nor a wave without areas.
    assert told == [
        {(-6, -6)},
        {(1, 1), (-6, -6)},
        {(2, -6), (1, 1), (-6, -6)},
        {(3, 2), (-6, -6)},
    ]


def test_twin_numbers_of_each_wave_by_itself_are_joined_with_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(places, "_list_meanings", lambda *_: [])
    stack = stack_datasets(waves())
    place = [variable.name for variable in stack.variables].index("municipality")
    found = [{row[place] for row in part.rows()} for part in stack.parts]
    # Oudeland has the number that Rijnmeer had before, and so has the Rijnmeer of another region.
    assert found[1] & found[2] & found[3] >= {1}


def test_partitions_are_read_as_one_table_and_name_the_places_of_each_area(tmp_path: Path) -> None:
    written = write_partitions(waves(), tmp_path / "stapel")
    table = pl.scan_parquet(written.folder / "data", hive_partitioning=True).collect()
    weights = table.group_by("area").agg(pl.col("w_region").sum().round(2)).sort("area").rows()
    assert weights == [(0, 20 + 3 * 9), (1, 32), (2, 32), (3, 16), (4, 16), (5, 16)]
    with (written.folder / "metadata/areas.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {
        "wave": "2024",
        "region": "rijnmeer",
        "area": "3",
        "stacked": "2",
        "municipality": "gemeente Rijnmeer",
        "swv": "swv PO Rijnmeer",
    } in rows
    assert {
        (row["wave"], row["region"], row["stacked"]) for row in rows if row["municipality"] == "Havendam"
    } == {
        ("2021", "rijnmeer", "1"),
        ("2024", "rijnmeer", "1"),
        ("2024", "zoetermeer", "4"),
    }
    with (written.folder / "metadata/places.csv").open(newline="", encoding="utf-8") as file:
        named = {(row["region"], row["column"], row["stacked"]): row["name"] for row in csv.DictReader(file)}
    assert named == {
        ("rijnmeer", "municipality", "1"): "Rijnmeer",
        ("rijnmeer", "municipality", "2"): "Oudeland",
        ("zoetermeer", "municipality", "3"): "Rijnmeer",
        ("rijnmeer", "swv", "1"): "swv PO Rijnmeer",
        ("zoetermeer", "swv", "2"): "swv PO Rijnmeer",
    }
