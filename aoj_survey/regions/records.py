"""Adding regions. The database owns them: a known one is never overwritten."""

import re
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Connection, insert, select

from aoj_survey.errors import StateError

from .models import Region

CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
"""What the codes of regions and waves look like: they stand in addresses and in names of files."""


def add_region(connection: Connection, code: str, name: str, time_zone: str = "Europe/Amsterdam") -> bool:
    """Add a region when its code is unknown; return whether it was added.

    Raises:
        StateError: the code holds other characters, or the time zone does not exist.
    """
    if not CODE.fullmatch(code):
        raise StateError(f"The region's code {code!r} may hold a-z, 0-9, - and _ only, at most 32.")
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise StateError(f"There is no time zone {time_zone!r}. Use a name like Europe/Amsterdam.") from None
    known = connection.execute(select(Region.code).where(Region.code == code)).first()
    if known is None:
        connection.execute(insert(Region).values(code=code, name=name, time_zone=time_zone))
    return known is None
