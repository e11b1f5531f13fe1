"""The instruments stored at the start of a participation."""

from uuid import UUID

from sqlalchemy import Connection, select

from aoj_survey.questionnaire import ROLES, Instrument, Text, load_instrument

from .models import RoleInstrument, StoredInstrument

# A document never changes under its digest, so each process reads and parses it once.
_INSTRUMENTS: dict[str, Instrument] = {}


def read_instrument(connection: Connection, digest: str) -> Instrument:
    """Return a stored instrument by its digest; raises NoResultFound when there is none."""
    if digest not in _INSTRUMENTS:
        query = select(StoredInstrument.document).where(StoredInstrument.digest == digest)
        _INSTRUMENTS[digest] = load_instrument(connection.execute(query).scalar_one())
    return _INSTRUMENTS[digest]


def label_role(instrument: Instrument, role: str) -> Text:
    """Return what the region calls a role, else what everybody calls it."""
    own = {label.code: label.text for label in instrument.role_labels}
    return own.get(role) or ROLES[role].label


def list_asked_roles(connection: Connection, participation: UUID) -> tuple[str, ...]:
    """Return the roles that have a questionnaire in a participation, planned or started, in their usual order."""
    query = select(RoleInstrument.role).where(RoleInstrument.participation_id == participation)
    return tuple(sorted(connection.execute(query).scalars(), key=list(ROLES).index))


def role_digests(connection: Connection, participation: UUID) -> dict[str, str]:
    """Return the instrument's digest per role of a started participation."""
    rows = connection.execute(
        select(RoleInstrument.role, RoleInstrument.instrument_digest)
        .where(RoleInstrument.participation_id == participation)
        .order_by(RoleInstrument.role)
    )
    return {row.role: row.instrument_digest for row in rows if row.instrument_digest}
