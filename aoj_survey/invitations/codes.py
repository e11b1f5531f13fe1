"""Resume codes: how somebody without a mail comes back to answers begun by a group link.

A code is shown once and never stored. It is stretched by scrypt, salted with the installation's secret, into
the id of a row and the key to the token sealed in it: whoever holds the database alone has to try codes at
the price of scrypt, and lacks the salt.
"""

import os
from dataclasses import dataclass
from hashlib import scrypt
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, delete, insert, select

from aoj_survey.keys import derive

from .models import ResumeCode

ALPHABET = "ACDEFGHJKMNPQRTUVWXY34679"
"""No signs that look alike on paper or sound alike: 0 O, 1 I L, 2 Z, 5 S, 8 B are out."""

LENGTH, GROUP = 12, 4
"""25 ** 12 codes are 55 bits, before stretching."""

COST, BLOCK, LANES = 2**15, 8, 1
MEMORY = 64 * 1024 * 1024
NONCE = 12


@dataclass(frozen=True, slots=True)
class StretchedCode:
    """What scrypt makes of a code: the id of its row (16 bytes) and the key to what is sealed there."""

    id: UUID
    key: bytes


def make_code(seed: bytes) -> str:
    """Return the code (12 signs) of a secret seed, the same each time."""
    number, signs = int.from_bytes(derive(seed, "resume code", 32)), ""
    for _ in range(LENGTH):
        number, place = divmod(number, len(ALPHABET))
        signs += ALPHABET[place]
    return signs


def write_code(code: str) -> str:
    """Return a code as people read it: *ACDE-FGHJ-KMNP*."""
    return "-".join(code[place : place + GROUP] for place in range(0, len(code), GROUP))


def clean_code(typed: str) -> str | None:
    """Return a code as it should have been typed, or None when it cannot be one."""
    code = "".join(sign for sign in typed.upper() if sign.isalnum())
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else None


def stretch_code(secret: bytes, code: str) -> StretchedCode:
    """Return what a code is looked up and opened by; takes about 0.1 s and 32 MiB, on purpose.

    Args:
        secret: the secret of the installation; its derivative is the salt.
        code: 12 signs.
    """
    salt = derive(secret, "resume code")
    made = scrypt(code.encode(), salt=salt, n=COST, r=BLOCK, p=LANES, maxmem=MEMORY, dklen=48)
    return StretchedCode(UUID(bytes=made[:16]), made[16:])


def keep_code(connection: Connection, participation: UUID, code: StretchedCode, token: str) -> None:
    """Store the token of somebody who started, sealed under the code."""
    nonce = os.urandom(NONCE)
    sealed = nonce + AESGCM(code.key).encrypt(nonce, token.encode(), code.id.bytes)
    connection.execute(insert(ResumeCode).values(id=code.id, participation_id=participation, sealed=sealed))


def open_code(connection: Connection, code: StretchedCode) -> str | None:
    """Return the token that a code leads to, or None when there is none; one statement."""
    sealed = connection.execute(
        select(ResumeCode.sealed).where(ResumeCode.id == code.id)
    ).scalar_one_or_none()
    if sealed is None:
        return None
    return AESGCM(code.key).decrypt(sealed[:NONCE], sealed[NONCE:], code.id.bytes).decode()


def forget_codes(connection: Connection, participation: UUID) -> None:
    """Remove all codes of a participation, at its close; harmless when there are none."""
    connection.execute(delete(ResumeCode).where(ResumeCode.participation_id == participation))
