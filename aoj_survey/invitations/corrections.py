"""The role check: a person says in which role the questions should be. No list and no log shows it."""

from uuid import UUID

from sqlalchemy import Connection, func, select, update

from aoj_survey.questionnaire import ROLES
from aoj_survey.waves import RoleInstrument, StoredCaptureClass

from .models import Invitation


def list_answering_roles(connection: Connection, participation: UUID) -> dict[str, str]:
    """Return the roles that a participation has a questionnaire and a class for, with the instrument's digest.

    In the order of the monitor. Only these can be chosen: a class is frozen at the start, so that a new
    combination can never single somebody out.
    """
    rows = connection.execute(
        select(RoleInstrument.role, RoleInstrument.instrument_digest)
        .join(
            StoredCaptureClass,
            (StoredCaptureClass.participation_id == RoleInstrument.participation_id)
            & (StoredCaptureClass.role == RoleInstrument.role),
        )
        .where(RoleInstrument.participation_id == participation, StoredCaptureClass.area == "")
    )
    found = {row.role: str(row.instrument_digest) for row in rows if row.instrument_digest}
    return {role: found[role] for role in ROLES if role in found}


def correct_role(connection: Connection, invitation: UUID, role: str) -> bool:
    """Keep the role in which somebody answers; return False when this invitation was used before.

    The role of the list stays beside it. Choosing that one again takes the correction away. The role must be
    one of `list_answering_roles`.
    """
    result = connection.execute(
        update(Invitation)
        .where(Invitation.id == invitation, Invitation.status == "open")
        .values(answering_role=func.nullif(role, Invitation.role))
    )
    return result.rowcount == 1
