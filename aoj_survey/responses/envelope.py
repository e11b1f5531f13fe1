"""The envelope of a sealed response: one size per participation, readable with the box key only.

Layout: version (1 byte), key id (8 bytes: start of SHA-256 of the box's public key), then HPKE
(X25519, HKDF-SHA256, AES-256-GCM; RFC 9180, base mode) of the padded payload, bound to version,
participation and key by HPKE's info. The payload is JSON padded with spaces.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from aoj_survey.errors import AojError
from aoj_survey.questionnaire import KINDS, Answers, Instrument, ItemKind, largest_answers

VERSION = 1
KEY_ID = 8
STEP = 256
SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class BallotError(AojError):
    """A ballot that cannot be sealed or opened."""


@dataclass(frozen=True, slots=True)
class Payload:
    """What is inside a ballot; nothing else of the invitation comes along than its capture class."""

    instrument: str
    class_code: str
    answers: Answers


def measure_ballots(
    instruments: Iterable[tuple[str, Instrument]],
    class_codes: Iterable[str],
    kinds: Mapping[str, ItemKind] = KINDS,
) -> int:
    """Return the size (bytes) that every payload of a participation is padded to: its worst case, rounded up."""
    longest_class = max(class_codes, key=len)
    sizes = [
        len(_write_payload(Payload(digest, longest_class, {}))) + largest_answers(instrument, kinds)
        for digest, instrument in instruments
    ]
    return -(-max(sizes) // STEP) * STEP


def _write_payload(payload: Payload) -> bytes:
    document = {
        "format": VERSION,
        "instrument": payload.instrument,
        "class": payload.class_code,
        "answers": payload.answers,
    }
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _info(participation: UUID, key_id: bytes) -> bytes:
    return b"aoj ballot" + bytes([VERSION]) + participation.bytes + key_id


def seal_ballot(public_key: bytes, participation: UUID, payload: Payload, size: int) -> bytes:
    """Return the sealed payload; its length depends on `size` only.

    Raises:
        BallotError: the payload is larger than `size`, which the compiler's worst case excludes.
    """
    plain = _write_payload(payload)
    if len(plain) > size:
        raise BallotError(f"These answers take {len(plain)} bytes; a ballot here has room for {size}.")
    key_id = sha256(public_key).digest()[:KEY_ID]
    sealed = SUITE.encrypt(
        plain.ljust(size), X25519PublicKey.from_public_bytes(public_key), _info(participation, key_id)
    )
    return bytes([VERSION]) + key_id + sealed


def open_ballot(private_key: X25519PrivateKey, participation: UUID, ballot: bytes) -> Payload:
    """Return the payload of a ballot of this participation.

    Raises:
        BallotError: another version, another key or participation, or a ballot that was changed.
    """
    version, key_id, sealed = ballot[0], ballot[1 : 1 + KEY_ID], ballot[1 + KEY_ID :]
    if version != VERSION:
        raise BallotError(f"A ballot has version {version}; this engine opens version {VERSION}.")
    try:
        plain = SUITE.decrypt(sealed, private_key, _info(participation, key_id))
    except InvalidTag:
        raise BallotError("A ballot does not fit the key of this box, or was changed.") from None
    document = json.loads(plain)
    return Payload(document["instrument"], document["class"], read_answers_document(document["answers"]))


def read_answers_document(document: dict[str, Any]) -> Answers:
    """Return answers as they were before JSON made lists of their tuples."""
    return {code: tuple(value) if isinstance(value, list) else value for code, value in document.items()}
