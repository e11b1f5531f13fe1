"""Tables of figures as a folder: CSV, JSON, README and privacy report, written once and hashed as a bundle is."""

from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from typing import Any

from aoj_survey.errors import BundleError
from aoj_survey.exports import (
    Bundle,
    bundle_name,
    write_figures_page,
    write_file,
    write_folder,
    write_json,
    write_table,
)

from .descriptions import CSV_NAMES, describe_tables, list_rows, report_privacy
from .tables import TableSet

TABLES = "data/tables.json"
README = """# {name}

## Nederlands
Tabellen met cijfers van regio `{region}`, meting `{wave}`: {tables} vragen, {responses} mensen deden mee.

- `data/tables.csv`: één rij per cijfer (UTF-8, komma, CRLF); `text_nl` en `text_en` zijn het cijfer zoals het gedrukt wordt.
- `data/tables.json`: hetzelfde voor programma's, per vraag.
- `reports/privacy.html` en `.json`: volgens welke regels de tabellen gemaakt zijn en wat er verborgen is.
- `checksums.sha256`: controleer met `sha256sum --check checksums.sha256`.

`shown` zegt hoe een cijfer er staat: `percent` (hele procenten), `at_most` (≤ 10 %), `at_least` (≥ 90 %), `mean` (gemiddelde, één
decimaal) of `too_few` (te weinig antwoorden; dan staat er nergens een getal). `n` is hoeveel mensen de vraag beantwoordden,
`low` en `high` tussen welke hele procenten het aandeel van alle genodigden ligt (95 %).
`others_…` is hetzelfde van de overige deelnemende regio's, zonder deze regio, met hun aantal. De cijfers zijn niet gewogen. *Weet niet* telt mee in procenten, en niet in een gemiddelde.

## English
Tables of figures of region `{region}`, wave `{wave}`: {tables} questions, {responses} people took part.

- `data/tables.csv`: one row per figure (UTF-8, comma, CRLF); `text_nl` and `text_en` are the figure as it is printed.
- `data/tables.json`: the same for programs, by question.
- `reports/privacy.html` and `.json`: by which rules the tables were made and what is hidden.
- `checksums.sha256`: check with `sha256sum --check checksums.sha256`.

`shown` says how a figure stands there: `percent` (whole percents), `at_most` (≤ 10 %), `at_least` (≥ 90 %), `mean` (one decimal) or
`too_few` (too few answers; then no number stands anywhere). `n` is how many people answered the question,
`low` and `high` between which whole percents the share of all invited lies (95 %).
`others_…` is the same of the other regions that took part, without this one, with their number. The figures are not weighted. *Don't know* counts in percentages, and not in a mean.
"""


def tables_name(region: str, wave: str, version: int = 1) -> str:
    """Return the name of the folder of tables.

    Raises:
        BundleError: a region, wave or version that cannot be part of a file name.
    """
    return bundle_name(region, f"{wave}_tables", version)


def write_tables(
    made: TableSet, folder: Path, version: int = 1, *, audit: Mapping[str, Any] | None = None
) -> Bundle:
    """Write tables into `folder` and return what was written. The same tables give the same bytes.

    Writing the same tables again changes nothing. `audit` stands in the privacy report: what they were audited beside.

    Raises:
        BundleError: different tables of this version exist.
    """
    place = folder / tables_name(made.region, made.wave, version)
    texts = make_files(made, place.name, audit)

    def fill(inside: Path) -> None:
        for path, content in texts.items():
            write_file(inside / path, content)

    digest = write_folder(place, fill)
    if digest is None:
        raise BundleError(f"{place} exists and differs; tables never change. Write version {version + 1}.")
    return Bundle(place, place.name, version, digest)


def make_files(made: TableSet, name: str, audit: Mapping[str, Any] | None = None) -> dict[str, bytes]:
    """Return the files of tables by their path in the folder."""
    described, privacy = describe_tables(made), report_privacy(made, audit)
    table = StringIO(newline="")
    write_table(table, CSV_NAMES, list_rows(described))
    readme = README.format(
        name=name, region=made.region, wave=made.wave, tables=len(made.tables), responses=made.responses
    )
    return {
        "README.md": readme.encode(),
        "data/tables.csv": table.getvalue().encode(),
        TABLES: write_json(described),
        "reports/privacy.html": write_figures_page(name, privacy, described["groups"]),
        "reports/privacy.json": write_json(privacy),
    }
