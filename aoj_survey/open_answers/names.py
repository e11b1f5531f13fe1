"""The names on a list, read at the opening; nothing later reads the list."""

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from cryptography.exceptions import InvalidTag
from sqlalchemy import Connection, select

from aoj_survey.errors import KeyFileError
from aoj_survey.invitations import Contact, Invitee, list_groups, open_contact
from aoj_survey.keys import KeyDirectory

from .marks import MarkKind, Names, index_names


def read_names(connection: Connection, keys: KeyDirectory, participations: Iterable[UUID]) -> Names | None:
    """Return the names of organisations and places on these lists; None when one can no longer be read."""
    named: set[tuple[str, MarkKind]] = set()
    for participation in participations:
        contacts = _read_contacts(connection, keys, participation)
        if contacts is None:
            return None
        named |= {(name, "place") for contact in contacts for name in (contact.municipality, contact.swv)}
        named |= {(contact.organisation, "organisation") for contact in contacts}
        named |= {(group.name, "organisation") for group in list_groups(connection, participation)}
    return index_names(sorted(named))


def _read_contacts(connection: Connection, keys: KeyDirectory, participation: UUID) -> set[Contact] | None:
    try:
        key = keys.contact(participation)
    except KeyFileError:
        return None
    rows = connection.execute(
        select(Invitee.id, Invitee.contact).where(
            Invitee.participation_id == participation, Invitee.withdrawn.is_(None)
        )
    )
    try:
        # The address is no name, and without it most are equal.
        return {replace(open_contact(key, row.id, row.contact), address="") for row in rows}
    except (InvalidTag, ValueError):
        return None  # Damaged; an opening does not wait for it.
