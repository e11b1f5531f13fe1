"""Who wants no more mail: kept with the person, and by keyed hash for lists to come."""

import hmac
from collections.abc import Iterable
from hashlib import sha256
from uuid import UUID

from sqlalchemy import Connection, insert, select, update

from aoj_survey.keys import KeyDirectory
from aoj_survey.waves import Participation, ParticipationFacts, participation_facts, select_participations

from .contacts import open_contact
from .links import hash_token
from .models import Invitation, Invitee, OptOut


def hash_opt_out(optout_key: bytes, region: str, address: str) -> bytes:
    """Return the keyed hash (32 bytes) of an address that wants no mail of a region; letter case is ignored."""
    return hmac.digest(optout_key, region.encode() + b"\0" + address.strip().casefold().encode(), sha256)


def find_opt_out(connection: Connection, token: str) -> tuple[ParticipationFacts, str] | None:
    """Return the participation and the role an opt-out link belongs to, or None when the link is unknown."""
    query = (
        select_participations(Invitation.role)
        .join(Invitation, Invitation.participation_id == Participation.id)
        .where(Invitation.optout_hash == hash_token(token))
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else (participation_facts(row), row.role)


def opt_out(connection: Connection, keys: KeyDirectory, token: str) -> bool:
    """End all mail to the invitee of an opt-out link, in later waves too; return False when the link is unknown."""
    row = connection.execute(
        select(Invitee.id, Invitee.participation_id, Invitee.contact, Participation.region_code)
        .join(Invitation, Invitation.invitee_id == Invitee.id)
        .join(Participation, Participation.id == Invitee.participation_id)
        .where(Invitation.optout_hash == hash_token(token))
        .with_for_update(of=Invitee)
    ).one_or_none()
    if row is None:
        return False
    connection.execute(update(Invitee).where(Invitee.id == row.id).values(opted_out=True))
    if row.contact:
        address = open_contact(keys.contact(row.participation_id), row.id, row.contact).address
        _keep(connection, keys, row.region_code, address)
    return True


def _keep(connection: Connection, keys: KeyDirectory, region: str, address: str) -> None:
    address_hash = hash_opt_out(keys.optout(), region, address)
    known = select(OptOut).where(OptOut.region_code == region, OptOut.address_hash == address_hash)
    if connection.execute(known).first() is None:
        connection.execute(insert(OptOut).values(region_code=region, address_hash=address_hash))


def find_opted_out(
    connection: Connection, keys: KeyDirectory, participation: UUID, addresses: Iterable[str]
) -> frozenset[str]:
    """Return those of the addresses that want no more mail of the region of a participation."""
    region = connection.execute(
        select(Participation.region_code).where(Participation.id == participation)
    ).scalar_one()
    known = set(connection.execute(select(OptOut.address_hash).where(OptOut.region_code == region)).scalars())
    if not known:
        return frozenset()
    key = keys.optout()
    return frozenset(address for address in addresses if hash_opt_out(key, region, address) in known)
