"""The formats of the data in a bundle: who writes them, who reads them back, and which can be written here."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from .parquet import read_parquet, write_parquet
from .spss import read_sav, write_sav
from .stata import read_dta, write_dta
from .tables import read_csv, write_csv
from .variables import Cut, Row, Sheet, Text, Variable
from .workbook import MOST_ROWS, read_xlsx, write_xlsx


@dataclass(frozen=True, slots=True)
class Format:
    """A data file: how it is written and read back, and the packages of the extra `export` it needs."""

    path: str
    media_type: str
    needs: tuple[str, ...]
    write: Callable[[Path, Sheet], list[Cut]]
    read: Callable[[Path, Sequence[Variable]], Iterator[Row]]
    most_rows: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """The formats of a bundle, and why others are left out, by the path they would have had."""

    formats: tuple[Format, ...]
    left_out: Mapping[str, Text]


CSV = Format("data/responses.csv", "text/csv", (), write_csv, read_csv)
FORMATS = (
    CSV,
    Format(
        "data/responses.parquet", "application/vnd.apache.parquet", ("polars",), write_parquet, read_parquet
    ),
    Format(
        "data/responses.xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ("xlsxwriter",),
        write_xlsx,
        read_xlsx,
        MOST_ROWS,
    ),
    Format("data/responses.sav", "application/x-spss-sav", ("polars", "pyreadstat"), write_sav, read_sav),
    Format("data/responses.dta", "application/x-stata-dta", ("polars", "pyreadstat"), write_dta, read_dta),
)


def plan_formats(rows: int, formats: Sequence[Format] | None = None) -> Plan:
    """Return those of the formats (all when none are given) that so many rows can be written in here."""
    formats = FORMATS if formats is None else formats
    reasons = {form.path: _find_obstacle(form, rows) for form in formats}
    return Plan(
        tuple(form for form in formats if reasons[form.path] is None),
        {path: reason for path, reason in reasons.items() if reason},
    )


def find_absent(packages: Sequence[str]) -> str:
    """Return which of these packages are not installed, for people to read; empty when all are."""
    return ", ".join(name for name in packages if find_spec(name) is None)


def _find_obstacle(form: Format, rows: int) -> Text | None:
    if named := find_absent(form.needs):
        return {
            "nl": f"de installatie waar de map geschreven is heeft {named} niet (pip install 'aoj-survey[export]')",
            "en": f"the installation that wrote this folder lacks {named} (pip install 'aoj-survey[export]')",
        }
    if form.most_rows is not None and rows > form.most_rows:
        return {
            "nl": f"meer dan {form.most_rows} rijen is te veel voor een werkblad; gebruik CSV of Parquet",
            "en": f"more than {form.most_rows} rows are too many for a worksheet; use CSV or Parquet",
        }
    return None
