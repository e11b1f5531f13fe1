"""Addresses of invitees, readable only with the contact key of their participation."""

import hmac
import json
import os
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from aoj_survey.keys import derive

VERSION = 2
BLOCK = 512
NONCE = 12


@dataclass(frozen=True, slots=True)
class Contact:
    """What is kept of a person: address and organisation, with the places it belongs to; never a name."""

    address: str
    organisation: str
    municipality: str = ""
    swv: str = ""


def hash_address(contact_key: bytes, address: str) -> bytes:
    """Return the keyed hash (32 bytes) by which one address is found again; letter case is ignored."""
    return hmac.digest(derive(contact_key, "address"), address.strip().casefold().encode(), sha256)


def hash_person(contact_key: bytes, address: str, role: str, organisation: str) -> bytes:
    """Return the keyed hash (32 bytes) of one person: people who share an address differ in role or organisation."""
    parts = [address.strip().casefold(), role, " ".join(organisation.split()).casefold()]
    return hmac.digest(derive(contact_key, "person"), json.dumps(parts).encode(), sha256)


def seal_contact(contact_key: bytes, invitee: UUID, contact: Contact) -> bytes:
    """Return the contact encrypted for this invitee, padded to whole blocks: all but very long ones look alike."""
    parts = [VERSION, contact.address, contact.organisation, contact.municipality, contact.swv]
    plain = json.dumps(parts, ensure_ascii=False).encode()
    padded = plain + b" " * (-len(plain) % BLOCK)
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(derive(contact_key, "contact")).encrypt(nonce, padded, invitee.bytes)


def open_contact(contact_key: bytes, invitee: UUID, sealed: bytes) -> Contact:
    """Return the contact of this invitee; raises InvalidTag when key, invitee or content do not match."""
    box = AESGCM(derive(contact_key, "contact"))
    # Version 1 had address and organisation only.
    _version, *parts = json.loads(box.decrypt(sealed[:NONCE], sealed[NONCE:], invitee.bytes))
    return Contact(*parts)
