"""Who else supplies a part of the list, as a swv or a municipality: each by a page of their own, once."""

import base64
import secrets
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select, update

from aoj_survey.errors import ChangeError
from aoj_survey.waves import Participation, ParticipationFacts, participation_facts, select_participations

from .cells import find_control
from .held import refuse
from .links import hash_token
from .models import FrameUpload, Supplier

LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class SupplierFacts:
    """Who supplies a part of the list, and whether that was done."""

    id: UUID
    name: str
    used: bool


def add_supplier(connection: Connection, participation: UUID, name: str) -> str:
    """Store a supplier and return the token (26 characters) of the page, which is stored nowhere.

    Raises:
        ChangeError: `closed`, or what is wrong with the name: `name_missing`, `name_taken`, `too_long`, `control`.
    """
    status = select(Participation.status).where(Participation.id == participation)
    if connection.execute(status).scalar_one() not in {"planned", "running"}:
        raise refuse("closed")
    name = name.strip()
    if not name:
        raise ChangeError("name_missing", "The name is missing.")
    if len(name) > LONGEST_NAME:
        raise ChangeError("too_long", f"The name is longer than {LONGEST_NAME} characters.")
    if slip := find_control(name):
        raise ChangeError(slip.code, slip.what)
    if any(name == known.name for known in list_suppliers(connection, participation)):
        raise ChangeError("name_taken", "There is a supplier with this name already. Remove it first.")
    token = base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=").lower()
    connection.execute(
        insert(Supplier).values(participation_id=participation, name=name, token_hash=hash_token(token))
    )
    return token


def list_suppliers(connection: Connection, participation: UUID) -> tuple[SupplierFacts, ...]:
    """Return the suppliers of a participation by name."""
    rows = connection.execute(
        select(Supplier.id, Supplier.name, Supplier.used)
        .where(Supplier.participation_id == participation)
        .order_by(Supplier.name)
    )
    return tuple(SupplierFacts(*row) for row in rows)


def find_supplier(connection: Connection, token: str) -> tuple[SupplierFacts, ParticipationFacts] | None:
    """Return whose page a token opens, and of which participation; None when it is unknown."""
    row = connection.execute(
        select_participations(
            Supplier.id.label("supplier"), Supplier.name.label("supplied_by"), Supplier.used
        )
        .join(Supplier, Supplier.participation_id == Participation.id)
        .where(Supplier.token_hash == hash_token(token))
    ).one_or_none()
    if row is None:
        return None
    return SupplierFacts(row.supplier, row.supplied_by, row.used), participation_facts(row)


def use_supplier(connection: Connection, supplier: UUID) -> bool:
    """Use a supplier's page up; return False when that was done before."""
    changed = connection.execute(
        update(Supplier).where(Supplier.id == supplier, Supplier.used.is_(False)).values(used=True)
    )
    return changed.rowcount == 1


def remove_supplier(connection: Connection, participation: UUID, supplier: UUID) -> bool:
    """Take a supplier's page away, with what was put in and not added yet; return False when there is none."""
    mine = Supplier.participation_id == participation, Supplier.id == supplier
    connection.execute(
        delete(FrameUpload).where(
            FrameUpload.participation_id == participation, FrameUpload.supplier_id == supplier
        )
    )
    return connection.execute(delete(Supplier).where(*mine)).rowcount == 1
