"""Several datasets as hive-partitioned Parquet, which DuckDB, Spark, Trino and polars read as one table.

Layout: `data/wave=…/region=…/responses.parquet`, every file with the same columns; the codebook of each dataset
and a crosswalk of columns in `metadata`; checksums as in a bundle.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from aoj_survey.datasets import WaveDataset
from aoj_survey.errors import BundleError

from .bundle import bundle_name
from .folders import write_file, write_folder
from .formats import find_absent
from .parquet import find_schema, write_parquet
from .places import AREAS, NAMES, list_areas, list_names
from .reports import write_json
from .stack import CROSSWALK, PARTITIONED, Part, Stack, stack_datasets, write_crosswalk
from .tables import write_table
from .variables import Sheet, are_same


@dataclass(frozen=True, slots=True)
class Partitions:
    """A written folder: how many rows, in how many parts, and the digest of every byte in it."""

    folder: Path
    rows: int
    parts: int
    digest: str


def write_partitions(datasets: Sequence[WaveDataset], folder: Path) -> Partitions:
    """Write the datasets into a new `folder` and return it; read back as one table before it counts.

    `stratum` counts within its wave and region: its labels are in the codebook of that part. What a dataset did
    not ask is -5 there.

    Raises:
        TypeError: anything else than a WaveDataset.
        BundleError: no dataset, one wave and region twice, polars is not installed, `folder` exists and differs, or
            what is read back is not what was written.
    """
    # Types are not checked when the program runs, and raw rows must never be published by a mistake.
    if not all(isinstance(dataset, WaveDataset) for dataset in datasets):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError("Only protected WaveDatasets can be exported.")
    keys = [(dataset.wave, dataset.region) for dataset in datasets]
    if not keys or len(set(keys)) != len(keys):
        raise BundleError("Name at least one wave and region, and each once.")
    for wave, region in keys:
        bundle_name(region, wave)
    if absent := find_absent(("polars",)):
        raise BundleError(
            f"Parquet needs {absent}, which is not installed. Run: pip install 'aoj-survey[export]'"
        )
    stack = stack_datasets(datasets)
    digest = write_folder(folder, lambda inside: _write_files(inside, stack))
    if digest is None:
        raise BundleError(
            f"{folder} exists and differs; what was published never changes. Name another folder."
        )
    return Partitions(folder, sum(len(dataset.rows) for dataset in datasets), len(datasets), digest)


def _write_files(folder: Path, stack: Stack) -> None:
    for part in stack.parts:
        path = folder / "data" / _name(part) / "responses.parquet"
        path.parent.mkdir(parents=True)
        write_parquet(path, Sheet(_name(part), stack.variables, part.rows()))
        write_file(
            folder / "metadata" / _name(part) / "codebook.json", write_json(dict(part.dataset.codebook))
        )
    codebooks = [part.dataset.codebook for part in stack.parts]
    for name, header, rows in (
        ("crosswalk", CROSSWALK, write_crosswalk(stack)),
        ("areas", AREAS, list_areas(codebooks)),
        ("places", NAMES, list_names(codebooks)),
    ):
        if rows:
            table = StringIO(newline="")
            write_table(table, header, rows)
            write_file(folder / "metadata" / f"{name}.csv", table.getvalue().encode())
    read_back(folder, stack)


def read_back(folder: Path, stack: Stack) -> None:
    """Read all files as one table and compare each part with its dataset.

    Raises:
        BundleError: something cannot be read, or is not what the datasets say.
    """
    import polars as pl  # optional: the extra "export"

    table = pl.scan_parquet(
        folder / "data",
        hive_partitioning=True,
        hive_schema=dict.fromkeys(PARTITIONED, pl.String),
        try_parse_hive_dates=False,
    )
    expected = find_schema(stack.variables) | dict.fromkeys(PARTITIONED, pl.String)
    rows = sum(len(part.dataset.rows) for part in stack.parts)
    same = dict(table.collect_schema()) == expected and table.select(pl.len()).collect().item() == rows
    for part in stack.parts if same else ():
        chosen = (pl.col("wave") == part.dataset.wave) & (pl.col("region") == part.dataset.region)
        found = table.filter(chosen).select(list(find_schema(stack.variables))).collect()
        same = same and are_same(found.iter_rows(), part.rows())
    if not same:
        raise BundleError("The partitions read back differ from the datasets. Nothing was published.")


def _name(part: Part) -> str:
    return f"wave={part.dataset.wave}/region={part.dataset.region}"
