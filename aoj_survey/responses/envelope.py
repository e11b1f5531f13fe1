"""The envelope of a sealed response: one size per participation, readable with the keys of its box only.

Layout: version (1 byte), key id (8 bytes: start of SHA-256 of the box's public key), then HPKE
(X25519, HKDF-SHA256, AES-256-GCM; RFC 9180, base mode) of the padded payload, bound to version,
participation and key by HPKE's info. The payload is JSON padded with spaces.

Version 1 is sealed by the server's key alone. In version 2 the padded payload is sealed to the custodians'
key first, and that to the server's, so it takes both to read it.
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
from aoj_survey.waves import ParticipationFacts

VERSION = 1
SEALED_TWICE = 2
FORMAT = 1
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
        "format": FORMAT,
        "instrument": payload.instrument,
        "class": payload.class_code,
        "answers": payload.answers,
    }
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _info(version: int, participation: UUID, key_id: bytes) -> bytes:
    return b"aoj ballot" + bytes([version]) + participation.bytes + key_id


def _info_inside(participation: UUID, public_key: bytes) -> bytes:
    return b"aoj custodians" + bytes([SEALED_TWICE]) + participation.bytes + _key_id(public_key)


def _key_id(public_key: bytes) -> bytes:
    return sha256(public_key).digest()[:KEY_ID]


def seal_for(facts: ParticipationFacts, payload: Payload, size: int) -> bytes:
    """Return the payload sealed the way this participation was planned; its length depends on `size` only.

    Raises:
        BallotError: the payload is larger than `size`, or the custodians have no key yet.
    """
    if facts.sealing == "custodians" and facts.custodian_public_key is None:
        raise BallotError(f"The custodians of {facts.region} in {facts.wave} have no key yet.")
    return seal_ballot(facts.box_public_key, facts.id, payload, size, facts.custodian_public_key)


def seal_ballot(
    public_key: bytes, participation: UUID, payload: Payload, size: int, custodians: bytes | None = None
) -> bytes:
    """Return the sealed payload; its length depends on `size` only. `custodians` is their public key, if any.

    Raises:
        BallotError: the payload is larger than `size`, which the compiler's worst case excludes.
    """
    plain = _write_payload(payload)
    if len(plain) > size:
        raise BallotError(f"These answers take {len(plain)} bytes; a ballot here has room for {size}.")
    version, content = VERSION, plain.ljust(size)
    if custodians is not None:
        inside = X25519PublicKey.from_public_bytes(custodians)
        version, content = (
            SEALED_TWICE,
            SUITE.encrypt(content, inside, _info_inside(participation, custodians)),
        )
    key_id = _key_id(public_key)
    box = X25519PublicKey.from_public_bytes(public_key)
    return bytes([version]) + key_id + SUITE.encrypt(content, box, _info(version, participation, key_id))


def open_ballot(
    private_key: X25519PrivateKey,
    participation: UUID,
    ballot: bytes,
    custodians: X25519PrivateKey | None = None,
) -> Payload:
    """Return the payload of a ballot of this participation; `custodians` is their key, where they sealed it too.

    Raises:
        BallotError: another version, another key or participation, a ballot that was changed, or one that was
            sealed by something else than this engine.
    """
    if not ballot:
        raise BallotError("A ballot is empty.")
    version, key_id, content = ballot[0], ballot[1 : 1 + KEY_ID], ballot[1 + KEY_ID :]
    expected = VERSION if custodians is None else SEALED_TWICE
    if version != expected:
        raise BallotError(f"A ballot has version {version}; these keys open version {expected}.")
    try:
        content = SUITE.decrypt(content, private_key, _info(version, participation, key_id))
        if custodians is not None:
            public = custodians.public_key().public_bytes_raw()
            content = SUITE.decrypt(content, custodians, _info_inside(participation, public))
    except InvalidTag:
        raise BallotError("A ballot does not fit the key of this box, or was changed.") from None
    return _read_payload(content)


def _read_payload(content: bytes) -> Payload:
    # Whoever may write in the database can seal to the public key whatever they like.
    try:
        document = json.loads(content)
        payload = Payload(
            document["instrument"], document["class"], read_answers_document(document["answers"])
        )
        written = document["format"]
    except (ValueError, LookupError, TypeError, AttributeError):
        raise BallotError("A ballot fits the key, but holds no answers of this engine.") from None
    if written != FORMAT:
        raise BallotError(f"A ballot has answers of format {written}; this engine reads format {FORMAT}.")
    return payload


def takes_seal_off(private_key: X25519PrivateKey, participation: UUID, ballot: bytes) -> bool:
    """Return whether this key takes the seal of the box off a ballot; custodians' seal may be under it."""
    version, key_id, content = ballot[0], ballot[1 : 1 + KEY_ID], ballot[1 + KEY_ID :]
    try:
        SUITE.decrypt(content, private_key, _info(version, participation, key_id))
    except InvalidTag:
        return False
    return True


def read_answers_document(document: dict[str, Any]) -> Answers:
    """Return answers as they were before JSON made lists of their tuples."""
    return {code: tuple(value) if isinstance(value, list) else value for code, value in document.items()}
