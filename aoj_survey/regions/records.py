"""Adding regions. The database owns them: a known one is never overwritten."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Connection, insert, select

from aoj_survey.errors import StateError

from .models import Region


def add_region(connection: Connection, code: str, name: str, time_zone: str = "Europe/Amsterdam") -> bool:
    """Add a region when its code is unknown; return whether it was added.

    Raises:
        StateError: the time zone does not exist.
    """
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise StateError(f"There is no time zone {time_zone!r}. Use a name like Europe/Amsterdam.") from None
    known = connection.execute(select(Region.code).where(Region.code == code)).first()
    if known is None:
        connection.execute(insert(Region).values(code=code, name=name, time_zone=time_zone))
    return known is None
