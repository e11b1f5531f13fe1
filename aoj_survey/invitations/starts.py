"""Starts by a group link: each makes an invitation of somebody of whom nothing is known.

What a start makes follows from the random id its form carried, so a form sent twice makes it once.
"""

import base64
from dataclasses import dataclass
from secrets import token_bytes
from uuid import UUID, uuid4

from sqlalchemy import Connection, func, insert, select

from aoj_survey.keys import derive

from .codes import StretchedCode, keep_code, make_code
from .groups import GroupFacts
from .links import hash_token
from .models import GroupLink, Invitation

BYTES = 16


@dataclass(frozen=True, slots=True)
class StartSecrets:
    """What a start gives to a person: the token of an own link, and the code to come back with."""

    token: str
    code: str


def make_start_id() -> str:
    """Return a new random id (26 base32 characters, 128 bits) for the form of a start."""
    return _write(token_bytes(BYTES))


def derive_start(group_token: str, start: str) -> StartSecrets:
    """Return token and code of a start by a group link; nothing that is stored leads to them."""
    seed = derive(start.encode(), f"start by {group_token}")
    return StartSecrets(_write(derive(seed, "token", BYTES)), make_code(seed))


def _write(secret: bytes) -> str:
    return base64.b32encode(secret).decode().rstrip("=").lower()


def hold_group(connection: Connection, group: UUID) -> bool:
    """Return whether a link still lets people start, and keep others from starting by it until the end."""
    query = select(GroupLink.stopped).where(GroupLink.id == group).with_for_update()
    return not connection.execute(query).scalar_one()


def count_starts(connection: Connection, group: UUID) -> int:
    """Return how often a link was started."""
    query = select(func.count()).select_from(Invitation).where(Invitation.group_id == group)
    return connection.execute(query).scalar_one()


def add_start(connection: Connection, group: GroupFacts, role: str, token: str, code: StretchedCode) -> None:
    """Store the invitation of somebody who starts, and the way back to it."""
    connection.execute(
        insert(Invitation).values(
            id=uuid4(),
            participation_id=group.participation.id,
            group_id=group.id,
            role=role,
            token_hash=hash_token(token),
            started=True,
        )
    )
    keep_code(connection, group.participation.id, code, token)
