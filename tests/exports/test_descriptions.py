import csv
import io
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from aoj_survey.exports.descriptions import describe_csv, describe_package
from aoj_survey.exports.formats import CSV, FORMATS
from aoj_survey.exports.tables import write_csv
from aoj_survey.exports.variables import Sheet, Variable
from tests.exports.sheets import LABEL, MISSING, SHEET, VARIABLES, YES_NO

TITLE = {"nl": "Proef", "en": "Trial"}


@pytest.fixture(name="folder")
def bundle_folder(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    write_csv(tmp_path / CSV.path, SHEET)
    return tmp_path


def describe(folder: Path, sheet: Sheet = SHEET) -> dict[str, Any]:
    return describe_package(folder, sheet, (CSV,), TITLE)


def fields(folder: Path, sheet: Sheet = SHEET) -> dict[str, dict[str, Any]]:
    return {field["name"]: field for field in describe(folder, sheet)["resources"][0]["schema"]["fields"]}


# Data Package


def test_package_has_a_name_of_small_letters_and_a_title(folder: Path) -> None:
    package = describe(folder, replace(SHEET, name="aoj_Rijnmeer_2026_v1"))
    assert package["name"] == "aoj-rijnmeer-2026-v1"
    assert package["title"] == "Proef"
    assert package["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"


def test_each_data_file_is_there_with_its_size_and_hash(folder: Path) -> None:
    content = (folder / CSV.path).read_bytes()
    (resource,) = describe(folder)["resources"]
    assert resource["path"] == "data/responses.csv"
    assert resource["bytes"] == len(content)
    assert resource["hash"] == f"sha256:{sha256(content).hexdigest()}"


def test_only_the_table_has_a_schema(folder: Path) -> None:
    for form in FORMATS[1:]:
        (folder / form.path).write_bytes(b"x")
    resources = describe_package(folder, SHEET, FORMATS, TITLE)["resources"]
    assert ["schema" in resource for resource in resources] == [True, False, False, False, False]
    assert len({resource["name"] for resource in resources}) == 5


def test_fields_have_types_categories_and_missing_values(folder: Path) -> None:
    found = fields(folder)
    assert {name: field["type"] for name, field in found.items()} == {
        "region": "string",
        "stratum": "integer",
        "w_region": "number",
        "snel": "integer",
        "jaren": "integer",
        "in_visie": "integer",
        "in_inkoop": "integer",
        "dag": "date",
        "maand": "yearmonth",
    }
    assert found["snel"]["categories"][2] == {"value": 99, "label": "weet ik niet"}
    assert {"value": "-8", "label": "ontbreekt -8"} in found["snel"]["missingValues"]
    assert "missingValues" not in found["stratum"]
    assert (found["region"]["title"], found["region"]["description"]) == ("regio", "region")


def test_bounds_leave_room_for_values_with_a_meaning_of_their_own(folder: Path) -> None:
    mark = Variable("cijfer", "code", LABEL, YES_NO[2:], MISSING, minimum=1, maximum=10)
    rank = Variable("plaats", "rank", LABEL, (replace(YES_NO[0], value=0),), MISSING, minimum=1, maximum=3)
    found = fields(folder, replace(SHEET, variables=(*VARIABLES, mark, rank)))
    assert found["jaren"]["constraints"] == {"minimum": 0, "maximum": 50}
    assert found["cijfer"]["constraints"] == {"minimum": 1, "maximum": 99}
    assert found["plaats"]["constraints"] == {"minimum": 0, "maximum": 3}
    assert "categories" not in found["cijfer"]


def test_every_cell_fits_the_type_its_field_says(folder: Path) -> None:
    """What a program does that believes the schema: take missing values out, then read by the type."""
    readings = {
        "string": str,
        "integer": int,
        "number": float,
        "date": date.fromisoformat,
        "yearmonth": lambda text: date.fromisoformat(f"{text}-01"),
    }
    described = fields(folder)
    table = csv.DictReader(io.StringIO((folder / CSV.path).read_text(encoding="utf-8")))
    for row in table:
        for name, text in row.items():
            field = described[name]
            if text in {entry["value"] for entry in field.get("missingValues", [])}:
                continue
            value = readings[field["type"]](text)
            allowed = {entry["value"] for entry in field.get("categories", [])}
            assert not allowed or value in allowed, name


# CSV on the Web


def test_csvw_describes_the_columns_in_their_order_and_in_two_languages() -> None:
    described = describe_csv(SHEET, TITLE)
    columns = described["tableSchema"]["columns"]
    assert [column["name"] for column in columns] == [item.name for item in VARIABLES]
    assert described["url"] == "../data/responses.csv"
    assert described["dc:title"] == [
        {"@value": "Proef", "@language": "nl"},
        {"@value": "Trial", "@language": "en"},
    ]
    assert columns[0]["dc:description"][1] == {"@value": "region", "@language": "en"}


def test_csvw_tells_dates_and_what_is_missing() -> None:
    columns = {column["name"]: column for column in describe_csv(SHEET, TITLE)["tableSchema"]["columns"]}
    assert columns["dag"]["datatype"] == {"base": "date", "format": "yyyy-MM-dd"}
    assert columns["maand"]["datatype"] == "gYearMonth"
    assert columns["snel"]["null"] == ["-9", "-8", "-7", "-6", "-5", "-4"]
    assert "null" not in columns["stratum"]


def test_label_in_one_language_is_told_in_that_one() -> None:
    sheet = replace(SHEET, variables=(Variable("a", "integer", {"nl": "alleen Nederlands"}),))
    (column,) = describe_csv(sheet, TITLE)["tableSchema"]["columns"]
    assert column["dc:description"] == [{"@value": "alleen Nederlands", "@language": "nl"}]
