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
from .models import FormerAddress, Invitation, Invitee, OptOut


def hash_opt_out(optout_key: bytes, region: str, address: str) -> bytes:
    """Return the keyed hash (32 bytes) of an address that wants no mail of a region; letter case is ignored."""
    return hmac.digest(optout_key, region.encode() + b"\0" + address.strip().casefold().encode(), sha256)


def find_opt_out(connection: Connection, token: str) -> tuple[ParticipationFacts, str] | None:
    """Return the participation and the role an opt-out link belongs to, or None when the link is unknown."""
    wanted = hash_token(token)
    former = select(FormerAddress.invitation_id).where(FormerAddress.optout_hash == wanted)
    query = select_participations(Invitation.role).join(
        Invitation, Invitation.participation_id == Participation.id
    )
    # One after the other: both in one condition would read the whole list.
    for mine in (Invitation.optout_hash == wanted, Invitation.id == former.scalar_subquery()):
        row = connection.execute(query.where(mine)).one_or_none()
        if row is not None:
            return participation_facts(row), row.role
    return None


def opt_out(connection: Connection, keys: KeyDirectory, token: str) -> bool:
    """End all mail to the address an opt-out link went to, in later waves too; return False when it is unknown.

    Who has another address by now goes on getting mail there: who reads the former one may be a stranger.
    """
    row = connection.execute(
        select(Invitee.id, Invitee.participation_id, Invitee.contact, Participation.region_code)
        .join(Invitation, Invitation.invitee_id == Invitee.id)
        .join(Participation, Participation.id == Invitee.participation_id)
        .where(Invitation.optout_hash == hash_token(token))
        .with_for_update(of=Invitee)
    ).one_or_none()
    if row is None:
        return _opt_out_former(connection, token)
    connection.execute(update(Invitee).where(Invitee.id == row.id).values(opted_out=True))
    if row.contact:
        address = open_contact(keys.contact(row.participation_id), row.id, row.contact).address
        _keep(connection, row.region_code, hash_opt_out(keys.optout(), row.region_code, address))
    return True


def _opt_out_former(connection: Connection, token: str) -> bool:
    row = connection.execute(
        select(FormerAddress.address_hash, Participation.region_code)
        .join(Participation, Participation.id == FormerAddress.participation_id)
        .where(FormerAddress.optout_hash == hash_token(token))
    ).one_or_none()
    if row is not None and row.address_hash is not None:
        _keep(connection, row.region_code, row.address_hash)
    return row is not None


def _keep(connection: Connection, region: str, address_hash: bytes) -> None:
    known = select(OptOut).where(OptOut.region_code == region, OptOut.address_hash == address_hash)
    if connection.execute(known).first() is None:
        connection.execute(insert(OptOut).values(region_code=region, address_hash=address_hash))


def keep_former_way_out(
    connection: Connection, keys: KeyDirectory, participation: UUID, invitation: UUID, address: str
) -> None:
    """Let the way out in mails to an address that somebody had end mail to that address alone.

    The worker makes a way out for the new one.
    """
    region = connection.execute(
        select(Participation.region_code).where(Participation.id == participation)
    ).scalar_one()
    mine = Invitation.id == invitation
    known = connection.execute(select(Invitation.optout_hash).where(mine)).scalar_one()
    # Where the worker has not made one yet, no mail held any.
    if known is not None:
        connection.execute(
            insert(FormerAddress).values(
                optout_hash=known,
                participation_id=participation,
                invitation_id=invitation,
                address_hash=hash_opt_out(keys.optout(), region, address),
            )
        )
        connection.execute(update(Invitation).where(mine).values(optout_hash=None))


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
