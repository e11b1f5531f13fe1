"""The bundle as an analyst reads it, with the csv and json modules and nothing of ours."""

import csv
import json
import random
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from aoj_survey.exports import write_bundle
from aoj_survey.statistics import RoleCount, response_table
from tests.demo.demonstration import INVITED, make_demo_dataset

DONE = {"ib": 59, "zoco": 14, "jeugdhulp": 5, "beleid_gem": 4, "swv": 9}

Table = list[dict[str, str]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    table = response_table(
        [RoleCount(role, INVITED[role], INVITED[role], DONE[role], DONE[role]) for role in INVITED]
    )
    return write_bundle(make_demo_dataset(), table, tmp_path_factory.mktemp("bundels")).folder


def read_table(path: Path) -> Table:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def read_codebook(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "metadata/codebook.json").read_text(encoding="utf-8"))
    return found


def smallest_class(rows: Table) -> int:
    """k by itself: rows that agree in everything that could be known of a person from elsewhere."""
    return min(Counter((row["wave"], row["region"], row["stratum"]) for row in rows).values())


def test_name_says_scope_wave_and_version(folder: Path) -> None:
    assert folder.name == "aoj_drechtsteden_2015_v1"


def test_every_class_holds_five_rows_or_more(folder: Path) -> None:
    rows = read_table(folder / "data/responses.csv")
    assert len(rows) == 91
    assert smallest_class(rows) == 5 == json.loads((folder / "reports/privacy.json").read_bytes())["smallest"]


def test_twin_with_roles_instead_of_strata_a_class_of_four_is_found(folder: Path) -> None:
    rows = read_table(folder / "data/responses.csv")
    policy = [row for row in rows if row["stratum"] == "4"]
    for row in policy[:4]:
        row["stratum"] = "beleid_gem"
    assert smallest_class(rows) == 4


def test_weights_of_a_stratum_add_up_to_its_invited(folder: Path) -> None:
    weights: dict[str, Decimal] = defaultdict(Decimal)
    invited: dict[str, str] = {}
    for row in read_table(folder / "data/responses.csv"):
        weights[row["stratum"]] += Decimal(row["w_region"])
        invited[row["stratum"]] = row["pop_n"]
    assert {code: round(total) for code, total in weights.items()} == {
        code: int(n) for code, n in invited.items()
    }
    assert sum(int(number) for number in invited.values()) == 193


def test_every_code_is_in_the_codebook(folder: Path) -> None:
    rows = read_table(folder / "data/responses.csv")
    for column in read_codebook(folder)["columns"]:
        if "item" not in column:
            continue
        codes = {entry["value"] for part in ("values", "missing") for entry in column.get(part, [])}
        if column["minimum"] is not None:
            codes |= set(range(column["minimum"], column["maximum"] + 1))
        assert {int(row[column["name"]]) for row in rows} <= codes, column["name"]


def test_codebook_names_the_columns_in_their_order(folder: Path) -> None:
    (row, *_) = read_table(folder / "data/responses.csv")
    assert [column["name"] for column in read_codebook(folder)["columns"]] == list(row)


def test_routing_is_told_apart_from_skipping(folder: Path) -> None:
    for row in read_table(folder / "data/responses.csv"):
        expected = {"1": {"1", "2", "3"}, "2": {"-7"}, "-5": {"-5"}}[row["doelen"]]
        assert row["doelen_richting"] in expected


def test_questions_of_another_role_are_not_asked(folder: Path) -> None:
    rows = read_table(folder / "data/responses.csv")
    policy = {row["stratum"] for row in rows if row["sturing_visie"] != "-5"}
    professionals = {row["stratum"] for row in rows if row["snel"] != "-5"}
    assert policy == {"4"}
    assert professionals == {"1", "2", "3"}
    assert all(row["cijfer"] not in {"-5", "-6"} for row in rows)


def test_rows_lie_in_the_order_of_their_values(folder: Path) -> None:
    lines = read_table(folder / "data/responses.csv")
    keys = [[float(text) for name, text in row.items() if name not in {"wave", "region"}] for row in lines]
    assert keys == sorted(keys)


def test_twin_of_shuffled_rows_is_not_in_that_order(folder: Path) -> None:
    lines = read_table(folder / "data/responses.csv")
    random.Random(1).shuffle(lines)
    keys = [[float(text) for name, text in row.items() if name not in {"wave", "region"}] for row in lines]
    assert keys != sorted(keys)


def test_printed_total_is_the_sum_of_the_printed_rows(folder: Path) -> None:
    (*rows, total) = read_table(folder / "reports/response.csv")
    for name in ("invited", "delivered", "done"):
        assert int(total[name]) == sum(int(row[name]) for row in rows)
    assert (total["invited"], total["done"], total["rate"]) == ("193", "91", "47")


def test_twin_of_the_total_of_2015_is_not_that_sum(folder: Path) -> None:
    (*rows, _) = read_table(folder / "reports/response.csv")
    assert sum(int(row["invited"]) for row in rows) != 190


def test_reports_agree_as_csv_and_json(folder: Path) -> None:
    stored = json.loads((folder / "reports/response.json").read_bytes())
    rows = read_table(folder / "reports/response.csv")
    assert [
        {name: str(value) for name, value in row.items()} for row in [*stored["rows"], stored["total"]]
    ] == rows


def test_codebook_shows_who_was_asked_and_when(folder: Path) -> None:
    columns = {column["name"]: column for column in read_codebook(folder)["columns"]}
    assert columns["doelen_richting"]["universe"] == {
        "roles": ["ib", "zoco", "jeugdhulp"],
        "ask_if": ["==", ["item", "doelen"], "ja"],
        "label": {
            "nl": f"professionals: alleen als “{columns['doelen']['label']['nl']}” is ja",
            "en": f"professionals: only if “{columns['doelen']['label']['en']}” is yes",
        },
    }
    assert columns["zicht"]["universe"]["roles"] == ["ib", "zoco", "jeugdhulp", "beleid_gem", "swv"]
    assert len(columns["zicht"]["instruments"]) == 2
