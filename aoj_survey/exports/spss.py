"""SPSS's .sav: missing codes as a range, whole numbers without decimals, labels as far as there is room."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from .labels import Room, fit_labels
from .parquet import CHUNK, make_frame
from .variables import Cut, Row, Sheet, Variable, cut_bytes

ROOM = Room((256, "bytes"), (120, "bytes"))
FILE_LABEL = 64
MISSING_RANGE = {"lo": -9.0, "hi": -4.0}
MEASURES = {
    "text": "nominal",
    "code": "nominal",
    "chosen": "nominal",
    "integer": "nominal",
    "rank": "ordinal",
}
WIDTHS = (8, 20)
"""Digits of whole numbers: within 32 bits and more; a day (20260531) has eight."""

WRITTEN_AT, WRITTEN = 92, b"01 Jan 0000:00:00"
"""Where the header says when it was written, and what stands there: the same in every file."""


def write_sav(path: Path, sheet: Sheet) -> list[Cut]:
    """Write the rows with Dutch labels and return which labels were cut."""
    import pyreadstat  # optional: the extra "export"

    labels = fit_labels(path.name, sheet.variables, ROOM)
    # pyreadstat's annotations know no polars, and less than its documentation allows.
    frame: Any = make_frame(sheet.variables, sheet.rows)
    described: dict[str, Any] = {
        "file_label": cut_bytes(sheet.name, FILE_LABEL),
        "column_labels": list(labels.variables.values()),
        "variable_value_labels": dict(labels.values),
        "missing_ranges": {item.name: [MISSING_RANGE] for item in sheet.variables if item.missing},
        "variable_format": _find_formats(sheet.variables),
        "variable_measure": {item.name: _find_measure(item) for item in sheet.variables},
    }
    pyreadstat.write_sav(frame, path, **described, row_compress=True)
    with path.open("r+b") as file:
        file.seek(WRITTEN_AT)
        file.write(WRITTEN)
    return list(labels.cuts)


def read_sav(path: Path, variables: Sequence[Variable]) -> Iterator[Row]:
    """Return the rows of a file with these columns, missing codes as numbers.

    Raises:
        ValueError: other columns, labels, formats or missing codes than those of the variables.
    """
    import pyreadstat  # optional: the extra "export"

    _, found = pyreadstat.read_sav(path, metadataonly=True, user_missing=True, output_format="dict")
    labels = fit_labels(path.name, variables, ROOM)
    formats = _find_formats(variables)
    if (
        found.column_names != [item.name for item in variables]
        or {name: label or "" for name, label in found.column_names_to_labels.items()} != labels.variables
        or found.variable_value_labels != labels.values
        or found.missing_ranges != {item.name: [MISSING_RANGE] for item in variables if item.missing}
        or {name: found.original_variable_types[name] for name in formats} != formats
    ):
        raise ValueError(f"{path.name} describes its columns otherwise than the dataset does.")
    for start in range(0, found.number_rows or 0, CHUNK):
        columns, _ = pyreadstat.read_sav(
            path, output_format="dict", user_missing=True, row_offset=start, row_limit=CHUNK
        )
        yield from zip(*columns.values(), strict=True)


def _find_measure(item: Variable) -> str:
    """A mark is a code with bounds, and so a number."""
    is_mark = item.holds == "code" and item.minimum is not None
    return "scale" if is_mark else MEASURES.get(item.holds, "scale")


def _find_formats(variables: Sequence[Variable]) -> dict[str, str]:
    """Texts are as wide as the widest of them; pyreadstat sees to that."""
    return {
        item.name: f"F{WIDTHS[item.is_wide]}.0" if item.is_integer else "F12.6"
        for item in variables
        if item.holds != "text"
    }
