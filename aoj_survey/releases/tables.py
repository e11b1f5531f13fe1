"""Release tables: the response tables of all that is released, as one table for a dashboard."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .facts import ReleaseFacts
from .shelf import RESPONSE, Shelf


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


def join_response_tables(shelf: Shelf, releases: Sequence[ReleaseFacts]) -> tuple[TableRow, ...]:
    """Return the rows of the newest released version of each wave and region, in the order given.

    Raises:
        ReleaseError: a table that is missing, or not as it was released.
    """
    newest: dict[tuple[str, str], ReleaseFacts] = {}
    for release in releases:
        if release.kind != "bundle":
            continue
        known = newest.get((release.wave, release.region))
        if known is None or release.version > known.version:
            newest[release.wave, release.region] = release
    rows: list[TableRow] = []
    for release in newest.values():
        table: Any = shelf.read_json(release, RESPONSE) or {"rows": [], "total": None}
        rows += [_row(release, row) for row in (*table["rows"], table["total"]) if row]
    return tuple(rows)


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
