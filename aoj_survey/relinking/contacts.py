"""Sealed contacts of people: which a key opens."""

from uuid import UUID

from cryptography.exceptions import InvalidTag

from aoj_survey.invitations import Contact, open_contact


def try_open(key: bytes, invitee: UUID, sealed: bytes) -> Contact | None:
    """Return the contact of an invitee; None where the key does not open it, or there is none."""
    try:
        return open_contact(key, invitee, sealed)
    except (InvalidTag, ValueError):
        return None


def opens(key: bytes, invitee: UUID, sealed: bytes) -> bool:
    """Return whether a key opens a sealed contact."""
    return try_open(key, invitee, sealed) is not None
