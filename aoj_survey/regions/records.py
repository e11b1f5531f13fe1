"""Adding regions. The database owns them: a known one is never overwritten."""

import re
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Connection, insert, select, update

from aoj_survey.errors import NotFoundError, StateError
from aoj_survey.questionnaire import MAX_REGION

from .models import Region

CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
"""What the codes of waves look like: they stand in addresses and in names of files."""
REGION = re.compile(rf"[a-z][a-z0-9_-]{{0,{MAX_REGION - 1}}}")
"""What the codes of regions look like: those of their own questions begin with them too."""

JOINT_REGION = "joint"
"""What data of several regions together have in the place of a region's code; no region is called so."""

SCHOOL_AREAS = ("noord", "midden", "zuid")
"""The areas of the Dutch school holidays."""


def add_region(
    connection: Connection, code: str, name: str, time_zone: str = "Europe/Amsterdam", school_area: str = ""
) -> bool:
    """Add a region when its code is unknown; return whether it was added.

    Raises:
        StateError: the code holds other characters, or there is no such time zone or school area.
    """
    if not REGION.fullmatch(code):
        rule = f"starts with a letter and holds a-z, 0-9, - and _ only, at most {MAX_REGION}"
        raise StateError(f"{code!r} cannot be the code of a region: it {rule}.")
    if code == JOINT_REGION:
        raise StateError(f"No region can be called {code!r}: that is how data of several regions are marked.")
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise StateError(f"There is no time zone {time_zone!r}. Use a name like Europe/Amsterdam.") from None
    _check_area(school_area)
    known = connection.execute(select(Region.code).where(Region.code == code)).first()
    if known is None:
        connection.execute(
            insert(Region).values(code=code, name=name, time_zone=time_zone, school_area=school_area)
        )
    return known is None


def list_regions(connection: Connection) -> tuple[str, ...]:
    """Return the codes of the regions there are."""
    return tuple(connection.execute(select(Region.code).order_by(Region.code)).scalars())


def set_school_area(connection: Connection, code: str, school_area: str) -> None:
    """Keep in which area of the school holidays a region lies.

    Raises:
        NotFoundError: the region is unknown.
        StateError: there is no such area.
    """
    _check_area(school_area)
    changed = connection.execute(update(Region).where(Region.code == code).values(school_area=school_area))
    if changed.rowcount != 1:
        raise NotFoundError(f"There is no region {code}. Add it with: aoj regions add")


def find_school_area(connection: Connection, code: str) -> str:
    """Return the area of the school holidays of a region; empty when nobody said which, or it is unknown."""
    query = select(Region.school_area).where(Region.code == code)
    return connection.execute(query).scalar_one_or_none() or ""


def _check_area(school_area: str) -> None:
    if school_area and school_area not in SCHOOL_AREAS:
        raise StateError(f"There is no school area {school_area!r}. There are: {', '.join(SCHOOL_AREAS)}.")
