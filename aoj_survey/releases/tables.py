"""Release tables: the response tables and the figures of all that is released, as one table each for a dashboard."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Any

from aoj_survey.questionnaire import say

from .facts import Kind, ReleaseFacts
from .shelf import RESPONSE, TABLES, Shelf

FIGURES = "data/tables.csv"


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of the response table of a release, as released; `code` is `total` for the whole region."""

    wave: str
    region: str
    release: str
    code: str
    label_nl: str
    label_en: str
    invited: int
    delivered: int
    done: int
    rate: int | None
    estimated: bool


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A figure of a released table; `value` and `n` are None where it may not be shown, and the texts say so.

    `low` and `high` are the interval of a share in percents. `others_…` is the same of the other regions of the wave; None where they may not stand beside it.
    """

    wave: str
    region: str
    release: str
    profile: str
    table: str
    question_nl: str
    question_en: str
    group: str
    group_nl: str
    group_en: str
    answers: str
    answers_nl: str
    answers_en: str
    shown: str
    value: float | None
    n: int | None
    low: int | None
    high: int | None
    text_nl: str
    text_en: str
    others_shown: str | None
    others_value: float | None
    others_n: int | None
    others_regions: int | None
    others_text_nl: str | None
    others_text_en: str | None


def join_response_tables(shelf: Shelf, releases: Sequence[ReleaseFacts]) -> tuple[TableRow, ...]:
    """Return the rows of the newest released version of each wave and region, in the order given.

    Raises:
        ReleaseError: a table that is missing, or not as it was released.
    """
    rows: list[TableRow] = []
    for release in _find_newest(releases, "bundle"):
        table: Any = shelf.read_json(release, RESPONSE) or {"rows": [], "total": None}
        rows += [_row(release, row) for row in (*table["rows"], table["total"]) if row]
    return tuple(rows)


def join_figures(shelf: Shelf, releases: Sequence[ReleaseFacts]) -> tuple[FigureRow, ...]:
    """Return the figures of the newest released tables of each wave, region and profile, in the order given.

    Raises:
        ReleaseError: a table that is missing, or not as it was released.
    """
    rows: list[FigureRow] = []
    for release in _find_newest(releases, "tables"):
        described: Any = shelf.read_json(release, TABLES)
        rows += [
            _figure(release, described["groups"][figure["group"]], table, figure)
            for table in described["tables"]
            for figure in table["figures"]
        ]
    return tuple(rows)


def join_figure_files(shelf: Shelf, releases: Sequence[ReleaseFacts]) -> list[list[str]]:
    """Return the same as rows of text with their header, from the CSV files: no text in them is a formula.

    Raises:
        ReleaseError: as `join_figures`.
    """
    joined: list[list[str]] = []
    for release in _find_newest(releases, "tables"):
        file = release.find_file(FIGURES)
        if file is not None:
            with shelf.open(release, file) as opened:
                header, *rows = csv.reader(StringIO(opened.read().decode(), newline=""))
            joined += [] if joined else [["release", *header]]
            joined += [[release.name, *row] for row in rows]
    return joined


def _find_newest(releases: Sequence[ReleaseFacts], kind: Kind) -> list[ReleaseFacts]:
    """The newest versions of a kind; profiles of tables stand beside each other, those of bundles do not."""
    newest: dict[tuple[str, ...], ReleaseFacts] = {}
    for release in releases:
        place = (release.wave, release.region, release.profile if kind == "tables" else "")
        known = newest.get(place)
        if release.kind == kind and (known is None or release.version > known.version):
            newest[place] = release
    return list(newest.values())


def _figure(release: ReleaseFacts, group: Any, table: Any, figure: Any) -> FigureRow:
    others: Any = figure["others"] or {}
    low, high = figure["interval"] or (None, None)
    said: Any = others.get("text") or {}
    return FigureRow(
        wave=release.wave,
        region=release.region,
        release=release.name,
        profile=release.profile,
        table=table["code"],
        question_nl=say(table["question"], "nl"),
        question_en=say(table["question"], "en"),
        group=figure["group"],
        group_nl=group["nl"],
        group_en=group["en"],
        answers=" ".join(figure["answers"]),
        answers_nl=figure["label"]["nl"],
        answers_en=figure["label"]["en"],
        shown=figure["shown"],
        value=figure["value"],
        n=figure["n"],
        low=low,
        high=high,
        text_nl=figure["text"]["nl"],
        text_en=figure["text"]["en"],
        others_shown=others.get("shown"),
        others_value=others.get("value"),
        others_n=others.get("n"),
        others_regions=others.get("regions"),
        others_text_nl=said.get("nl"),
        others_text_en=said.get("en"),
    )


def _row(release: ReleaseFacts, row: Any) -> TableRow:
    return TableRow(
        wave=release.wave,
        region=release.region,
        release=release.name,
        code=row["code"],
        label_nl=row["label_nl"],
        label_en=row["label_en"],
        invited=row["invited"],
        delivered=row["delivered"],
        done=row["done"],
        rate=row["rate"] if isinstance(row["rate"], int) else None,
        estimated=bool(row["estimated"]),
    )
