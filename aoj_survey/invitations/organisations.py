"""Organisations of a list, linked to their municipality and school partnership (swv) by the rows that name them.

An organisation lies in one municipality, and belongs to one partnership for primary schools (PO) and one for
secondary schools (VO) at most. A row that leaves it open gets what the other rows of the organisation say.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import Connection, select

from aoj_survey.errors import Fault
from aoj_survey.keys import KeyDirectory
from aoj_survey.regions import find_swv_sector, name_municipality
from aoj_survey.waves import Participation

from .cells import fold
from .columns import COLUMNS
from .entries import CheckedRow
from .listing import list_people
from .records import FrameRow

SPREAD = frozenset({"organisation_municipality", "organisation_swv"})
"""Faults of rows whose organisation lies elsewhere in another row; both may be right."""


@dataclass(frozen=True, slots=True)
class _Place:
    """A municipality or partnership of an organisation as the first row that names one says it."""

    name: str
    row: int


def link_organisations(checked: Iterable[CheckedRow]) -> list[CheckedRow]:
    """Return the rows with what they leave open of their organisation filled in, and a fault for each that differs.

    The codes are `organisation_municipality` and `organisation_swv`; both may be confirmed.
    """
    rows = list(checked)
    places = _gather((item.number, item.row) for item in rows)
    return [
        replace(item, row=_complete(item.row, places), faults=(*item.faults, *_find_faults(item, places)))
        for item in rows
    ]


def find_moved(
    connection: Connection, keys: KeyDirectory, participation: UUID, rows: Sequence[tuple[int, FrameRow]]
) -> list[Fault]:
    """Return a fault for each row (with its number) whose organisation lies elsewhere on the list."""
    if not any(row.municipality or row.swv for _, row in rows):
        return []
    people = list_people(connection, keys, participation)
    places = _gather((0, person.row) for person in people)
    return [fault for number, row in rows for fault in _find_faults(CheckedRow(number, row, ()), places)]


def follow_organisation(
    connection: Connection, keys: KeyDirectory, participation: UUID, row: FrameRow
) -> FrameRow:
    """Return a row with what it leaves open of its organisation filled in as the list has it.

    Only where answers are kept by area: elsewhere places count nowhere.
    """
    by_area = select(Participation.by_area).where(Participation.id == participation)
    if (row.municipality and row.swv) or not connection.execute(by_area).scalar_one():
        return row
    people = list_people(connection, keys, participation)
    return _complete(row, _gather((0, person.row) for person in people))


_Places = dict[str, dict[str, _Place]]
"""By organisation: its `municipality`, and its partnerships as `swv po`, `swv vo` or `swv`."""


def _gather(rows: Iterable[tuple[int, FrameRow]]) -> _Places:
    places: _Places = defaultdict(dict)
    for number, row in rows:
        for kind, name in _list_places(row):
            if row.organisation:
                places[fold(row.organisation)].setdefault(kind, _Place(name, number))
    return places


def _list_places(row: FrameRow) -> list[tuple[str, str]]:
    found = [("municipality", row.municipality)] if row.municipality else []
    return [*found, (f"swv {find_swv_sector(row.swv)}".strip(), row.swv)] if row.swv else found


def _complete(row: FrameRow, places: _Places) -> FrameRow:
    own = places.get(fold(row.organisation), {})
    partnerships = [place.name for kind, place in own.items() if kind != "municipality"]
    municipality = own["municipality"].name if "municipality" in own else ""
    return replace(
        row,
        municipality=row.municipality or municipality,
        # Of two partnerships, which one it is depends on the school; the list must say so.
        swv=row.swv or (partnerships[0] if len(partnerships) == 1 else ""),
    )


def _find_faults(item: CheckedRow, places: _Places) -> list[Fault]:
    own = places.get(fold(item.row.organisation), {})
    faults: list[Fault] = []
    for kind, name in _list_places(item.row):
        place = own.get(kind)
        if place is None or _spell(place.name) == _spell(name):
            continue
        key = "municipality" if kind == "municipality" else "swv"
        where = f"in row {place.row}" if place.row else "on the list"
        what = (
            f"The same organisation lies in {place.name!r} {where}."
            " Correct one, tell the two apart by their names, or say that both are right: --spread"
        )
        faults.append(
            Fault(item.number, COLUMNS[key][0], name, what, f"organisation_{key}", key, place.name, place.row)
        )
    return faults


def _spell(name: str) -> str:
    return fold(name_municipality(name))
