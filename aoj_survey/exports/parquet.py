"""Parquet: whole numbers as they are in the dataset, missing codes among them; nothing that changes by the day."""

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from .variables import Cut, Row, Sheet, Variable

if TYPE_CHECKING:
    import polars as pl

CHUNK = 25_000
"""Rows turned to columns at once; more take more memory, not less time."""

ROW_GROUP = 100_000


def write_parquet(path: Path, sheet: Sheet) -> list[Cut]:
    """Write the rows as Parquet (zstd). Nothing is ever cut."""
    frame = make_frame(sheet.variables, sheet.rows)
    frame.write_parquet(path, compression="zstd", compression_level=3, row_group_size=ROW_GROUP)
    return []


def read_parquet(path: Path, variables: Sequence[Variable]) -> Iterator[Row]:
    """Return the rows of a file with these columns.

    Raises:
        ValueError: other columns, or of other types.
    """
    import polars as pl  # optional: the extra "export"

    frame = pl.scan_parquet(path)
    if list(frame.collect_schema().items()) != list(find_schema(variables).items()):
        raise ValueError(f"{path.name} has other columns than the dataset.")
    for start in range(0, frame.select(pl.len()).collect().item(), ROW_GROUP):
        yield from frame.slice(start, ROW_GROUP).collect().iter_rows()


def find_schema(variables: Sequence[Variable]) -> "dict[str, type[pl.DataType]]":
    """Return the type of each column: what it holds decides, never what happens to stand in it."""
    import polars as pl  # optional: the extra "export"

    plain = {"text": pl.String, "decimal": pl.Float64}
    return {
        variable.name: plain.get(variable.holds) or (pl.Int64 if variable.is_wide else pl.Int32)
        for variable in variables
    }


def make_frame(variables: Sequence[Variable], rows: Sequence[Row]) -> "pl.DataFrame":
    """Return the rows as a polars table."""
    import polars as pl  # optional: the extra "export"

    schema = find_schema(variables)
    waiting = iter(rows)
    chunks = [pl.DataFrame(schema=schema)]
    while chunk := list(islice(waiting, CHUNK)):
        columns = zip(schema.items(), zip(*chunk, strict=True), strict=True)
        chunks.append(pl.DataFrame([pl.Series(name, cells, dtype=kind) for (name, kind), cells in columns]))
    return pl.concat(chunks)
