"""What we hand out, by the analysts' own programs, in an environment of their own: `make test-tools`."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from aoj_survey.config import ROOT
from aoj_survey.exports import write_bundle, write_partitions
from aoj_survey.statistics import RoleCount, response_table
from aoj_survey.web.api_description import describe_api
from tests.datasets.builders import SNEL, ZICHT
from tests.exports.waves import SNEL_ON_ANOTHER_SCALE, make_wave

PYTHON = ROOT / ".venv-tools" / "bin" / "python"

pytestmark = pytest.mark.skipif(
    not PYTHON.exists(), reason="no environment .venv-tools; `make test-tools` makes it and runs this"
)


def ask(program: str, *arguments: object) -> Any:
    """What a program of analysts tells, as JSON on its last line."""
    command = [str(PYTHON), "-c", program, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two bundles, of which each has a column that the other lacks."""
    folder = tmp_path_factory.mktemp("bundles")
    table = response_table([RoleCount("ib", 20, 19, 8, 5)])
    datasets = [
        make_wave("2021", "rijnmeer", (SNEL,), [{"snel": "nee"}] * 5),
        make_wave("2024", "rijnmeer", (ZICHT,), [{"zicht": "nee"}] * 5),
    ]
    return [write_bundle(dataset, table, folder).folder for dataset in datasets]


# DuckDB

COUNT = """
import duckdb, json, sys
rows = duckdb.sql(sys.argv[1]).fetchall()
print(json.dumps(rows))
"""


def test_duckdb_reads_waves_and_regions_as_one_table(tmp_path: Path) -> None:
    waves = [
        make_wave("2021", "rijnmeer"),
        make_wave("2021", "zoetermeer", (SNEL,), [{"snel": "nee"}] * 6),
        make_wave("2024", "rijnmeer", (SNEL_ON_ANOTHER_SCALE,), [{"snel": "iets"}] * 7),
    ]
    folder = write_partitions(waves, tmp_path / "stack").folder
    query = (
        "SELECT wave, region, count(*), min(snel), min(zicht), min(snel_2)"
        f" FROM read_parquet('{folder}/data/*/*/*.parquet', hive_partitioning = true, hive_types = {{'wave': VARCHAR}})"
        " GROUP BY ALL ORDER BY ALL"
    )
    assert ask(COUNT, query) == [
        ["2021", "rijnmeer", 5, 1, 2, -5],
        ["2021", "zoetermeer", 6, 2, -5, -5],
        ["2024", "rijnmeer", 7, -5, -5, 2],
    ]


def test_duckdb_joins_bundles_with_other_columns_by_name(bundles: list[Path]) -> None:
    query = (
        "SELECT wave, count(snel), count(zicht)"
        f" FROM read_parquet('{bundles[0].parent}/*/data/responses.parquet', union_by_name = true)"
        " GROUP BY ALL ORDER BY ALL"
    )
    assert ask(COUNT, query) == [["2021", 5, 0], ["2024", 0, 5]]


# Data Package

VALIDATE = """
import json, sys
from frictionless import Package
report = Package(sys.argv[1]).get_resource("responses-csv").validate()
print(json.dumps([report.valid, report.flatten(["type"])]))
"""


def test_frictionless_finds_the_csv_as_its_package_says(bundles: list[Path]) -> None:
    assert ask(VALIDATE, bundles[0] / "datapackage.json") == [True, []]


def test_twin_a_changed_cell_is_noticed_by_frictionless(bundles: list[Path]) -> None:
    path = bundles[1] / "data/responses.csv"
    path.write_bytes(path.read_bytes().replace(b",2\r\n", b",x\r\n", 1))
    valid, faults = ask(VALIDATE, bundles[1] / "datapackage.json")
    assert not valid
    assert ["type-error"] in faults


# pandas

READ = """
import json, sys
from pathlib import Path
import pandas
folder = Path(sys.argv[1])
named = pandas.read_stata(folder / "data/responses.dta")
table = pandas.read_csv(folder / "data/responses.csv", dtype={"wave": str})
print(json.dumps([list(named["snel"].astype(str)), list(table["snel"]), list(table["wave"])]))
"""


def test_pandas_reads_stata_with_its_labels_and_the_csv(bundles: list[Path]) -> None:
    assert ask(READ, bundles[0]) == [["nee"] * 5, [2] * 5, ["2021"] * 5]


# OpenAPI

DESCRIBED = """
import json, sys
from openapi_spec_validator import OpenAPIV31SpecValidator
described = json.loads(sys.argv[1])
print(json.dumps([error.message for error in OpenAPIV31SpecValidator(described).iter_errors()]))
"""


def test_the_description_of_the_api_is_openapi() -> None:
    assert ask(DESCRIBED, json.dumps(describe_api())) == []


def test_twin_a_key_that_openapi_does_not_know_is_noticed() -> None:
    described = describe_api()
    described["paths"]["/api/v1/releases"]["security"] = []
    assert ask(DESCRIBED, json.dumps(described))
