"""Stata's .dta (version 14 and later): missing codes as .a to .f, labels as far as there is room."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from aoj_survey.datasets import Cell

from .labels import Room, fit_labels
from .parquet import CHUNK
from .variables import Cut, Row, Sheet, Variable, cut_characters

ROOM = Room((80, "characters"), (32_000, "bytes"))
FILE_LABEL = 80
VERSION = 14
LETTERS = {-4: "a", -5: "b", -6: "c", -7: "d", -8: "e", -9: "f"}
"""The letter of each missing code: .a don't know (numbers), .b not asked, .c protected, .d not routed, .e skipped."""

LARGEST_LONG = 2_147_483_620
"""The largest whole number Stata keeps as such; what is larger is stored as a double."""

_CODES = {letter: code for code, letter in LETTERS.items()}
STAMP, WRITTEN = b"<timestamp>\x11", b"01 Jan 2000 00:00"
"""Where the header says when it was written, and what stands there: the same in every file."""

NAMES, NAME_BYTES = b"<varnames>", 129
"""Where the names of columns start, and the room each has."""


def write_dta(path: Path, sheet: Sheet) -> list[Cut]:
    """Write the rows with Dutch labels and return which labels were cut."""
    import polars as pl  # optional: the extra "export"
    import pyreadstat  # optional: the extra "export"

    labels = fit_labels(path.name, sheet.variables, ROOM)
    # pyreadstat names a set of labels after its column with a number behind it, which a name of 32 has no room for.
    names = {item.name: f"c{place:05d}_" for place, item in enumerate(sheet.variables)}
    series = [
        pl.Series(
            names[item.name],
            _letter(item, [row[place] for row in sheet.rows]),
            dtype={"text": pl.String, "decimal": pl.Float64}.get(item.holds, pl.Object),
        )
        for place, item in enumerate(sheet.variables)
    ]
    # pyreadstat's annotations know no polars, and less than its documentation allows.
    frame: Any = pl.DataFrame(series)
    described: dict[str, Any] = {
        "file_label": cut_characters(sheet.name, FILE_LABEL),
        "column_labels": list(labels.variables.values()),
        "variable_value_labels": {
            names[name]: codes for name, codes in _letter_labels(labels.values).items()
        },
        "missing_user_values": {
            names[item.name]: list(_CODES) for item in sheet.variables if item.is_integer
        },
    }
    pyreadstat.write_dta(frame, path, version=VERSION, **described)
    _finish(path, list(names))
    return list(labels.cuts)


def read_dta(path: Path, variables: Sequence[Variable]) -> Iterator[Row]:
    """Return the rows of a file with these columns, missing codes as the numbers they stand for.

    Raises:
        ValueError: other columns or labels than those of the variables.
    """
    import pyreadstat  # optional: the extra "export"

    _, found = pyreadstat.read_dta(path, metadataonly=True, user_missing=True, output_format="dict")
    labels = fit_labels(path.name, variables, ROOM)
    if (
        found.column_names != [item.name for item in variables]
        or {name: label or "" for name, label in found.column_names_to_labels.items()} != labels.variables
        or found.variable_value_labels != _letter_labels(labels.values)
    ):
        raise ValueError(f"{path.name} describes its columns otherwise than the dataset does.")
    for start in range(0, found.number_rows or 0, CHUNK):
        columns, _ = pyreadstat.read_dta(
            path, output_format="dict", user_missing=True, row_offset=start, row_limit=CHUNK
        )
        read = [
            cells if item.holds == "text" else [_CODES.get(cell, cell) for cell in cells]
            for item, cells in zip(variables, columns.values(), strict=True)
        ]
        yield from zip(*read, strict=True)


def _letter(item: Variable, cells: Sequence[Cell]) -> list[Cell]:
    if not item.is_integer:
        return list(cells)
    lettered = [LETTERS.get(cell, cell) if isinstance(cell, int) else cell for cell in cells]
    if max((cell for cell in cells if isinstance(cell, int)), default=0) <= LARGEST_LONG:
        return lettered
    return [float(cell) if isinstance(cell, int) else cell for cell in lettered]


def _letter_labels(values: Mapping[str, Mapping[int, str]]) -> dict[str, dict[int | str, str]]:
    return {
        name: {LETTERS.get(value, value): label for value, label in labels.items()}
        for name, labels in values.items()
    }


def _finish(path: Path, names: Sequence[str]) -> None:
    """Write the columns' own names, and a time of writing that is the same in every file."""
    with path.open("r+b") as file:
        # Before the names stand a header, a map and two bytes for the type of each column.
        head = file.read(1000 + 2 * len(names))
        file.seek(head.index(STAMP) + len(STAMP))
        file.write(WRITTEN)
        file.seek(head.index(NAMES) + len(NAMES))
        file.write(b"".join(name.encode().ljust(NAME_BYTES, b"\0") for name in names))
