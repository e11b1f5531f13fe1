"""Where people on a list belong, as far as it is kept of their invitation: the areas of their capture class.

An area was frozen at the start, with enough people invited in it; nothing finer is readable of an invitation.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import TypeAlias
from uuid import UUID

from sqlalchemy import Connection, select

from aoj_survey.disclosure import REST, Area, CaptureClass, Place, find_area
from aoj_survey.regions import name_municipality
from aoj_survey.waves import FrozenPlace, StoredCaptureClass

from .cells import fold

Keeper: TypeAlias = Callable[[str, str, str], str]
"""What is kept of somebody's area, by role, municipality and swv."""


def spell_place(municipality: str, swv: str) -> Place:
    """Return a place as it is compared: letter case, spaces and the word `gemeente` do not matter."""
    return fold(name_municipality(municipality)), fold(swv)


def read_areas(connection: Connection, participation: UUID) -> tuple[Area, ...]:
    """Return the areas frozen at the start, without how many were invited; none without areas."""
    places = defaultdict[str, list[Place]](list)
    for row in connection.execute(
        select(FrozenPlace.area, FrozenPlace.municipality, FrozenPlace.swv)
        .where(FrozenPlace.participation_id == participation)
        .order_by(FrozenPlace.municipality, FrozenPlace.swv)
    ):
        places[row.area].append((row.municipality, row.swv))
    return tuple(
        Area(code, tuple(places[code]), 0) for code in sorted(places, key=lambda code: int(code[1:]))
    )


def read_keeper(connection: Connection, participation: UUID) -> Keeper:
    """Return what is kept of the area of somebody who comes on the list after the start.

    A place that nobody had then keeps none: the class is that of the role without a place.
    """
    areas = [
        Area(area.code, tuple(spell_place(*place) for place in area.places), 0)
        for area in read_areas(connection, participation)
    ]
    classes = defaultdict[str, dict[str, str]](dict)
    if areas:
        here = StoredCaptureClass.participation_id == participation
        for row in connection.execute(
            select(StoredCaptureClass.role, StoredCaptureClass.area, StoredCaptureClass.class_code).where(
                here
            )
        ):
            classes[row.role][row.area] = row.class_code

    def keep(role: str, municipality: str, swv: str) -> str:
        code = find_area(areas, spell_place(municipality, swv)) if areas else ""
        parts = [CaptureClass(found, (role,), 0).areas for found in classes[role].values()]
        kept = next(("+".join(part) for part in parts if code in part and code != REST), "")
        # An area that only people without a place were in, as those of a group link, is kept of nobody.
        return kept if kept in classes[role] else ""

    return keep
