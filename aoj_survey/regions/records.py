"""Adding regions. The database owns them: a known one is never overwritten."""

import re
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Connection, insert, select

from aoj_survey.errors import StateError
from aoj_survey.questionnaire import MAX_REGION

from .models import Region

CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
"""What the codes of waves look like: they stand in addresses and in names of files."""
REGION = re.compile(rf"[a-z][a-z0-9_-]{{0,{MAX_REGION - 1}}}")
"""What the codes of regions look like: those of their own questions begin with them too."""


def add_region(connection: Connection, code: str, name: str, time_zone: str = "Europe/Amsterdam") -> bool:
    """Add a region when its code is unknown; return whether it was added.

    Raises:
        StateError: the code holds other characters, or the time zone does not exist.
    """
    if not REGION.fullmatch(code):
        rule = f"starts with a letter and holds a-z, 0-9, - and _ only, at most {MAX_REGION}"
        raise StateError(f"{code!r} cannot be the code of a region: it {rule}.")
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise StateError(f"There is no time zone {time_zone!r}. Use a name like Europe/Amsterdam.") from None
    known = connection.execute(select(Region.code).where(Region.code == code)).first()
    if known is None:
        connection.execute(insert(Region).values(code=code, name=name, time_zone=time_zone))
    return known is None
