"""The privacy forecast of a participation: by its list and what was declared, never by who answered."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import Connection, select

from aoj_survey.disclosure import AREA_SIGN, CaptureClass, RoleForecast, forecast_roles, freeze_classes
from aoj_survey.invitations import count_asked
from aoj_survey.waves import StoredCaptureClass


def read_forecast(connection: Connection, participation: UUID) -> tuple[RoleForecast, ...]:
    """Return the forecast per role: with the classes frozen at the start, before it with those of the list."""
    invited = count_asked(connection, participation)
    classes = read_classes(connection, participation, invited) or freeze_classes(invited)
    return forecast_roles(classes, invited)


def read_classes(
    connection: Connection, participation: UUID, invited: Mapping[str, int]
) -> tuple[CaptureClass, ...]:
    """Return the classes that were frozen at the start, each without its areas; none before the start."""
    rows = connection.execute(
        select(StoredCaptureClass.class_code, StoredCaptureClass.role)
        .where(StoredCaptureClass.participation_id == participation, StoredCaptureClass.area == "")
        .order_by(StoredCaptureClass.class_code, StoredCaptureClass.role)
    )
    roles = defaultdict[str, list[str]](list)
    for row in rows:
        roles[row.class_code.partition(AREA_SIGN)[0]].append(row.role)
    known = Counter(invited)
    return tuple(
        CaptureClass(code, tuple(found), sum(known[role] for role in found)) for code, found in roles.items()
    )
