"""Service notes: what the worker has to tell the pages. No address, token or answer ever stands in one."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select, text

from aoj_survey.db import UtcDateTime

from .models import ServiceNote

# Plain SQL that both databases know, since two workers may leave the same note at once.
_WRITE = text(
    "INSERT INTO service_note (name, at, text) VALUES (:name, :at, :text)"
    " ON CONFLICT (name) DO UPDATE SET at = excluded.at, text = excluded.text"
).bindparams(bindparam("at", type_=UtcDateTime))


@dataclass(frozen=True, slots=True)
class Note:
    """A note: since when, and what."""

    at: datetime
    text: str


def read_note(connection: Connection, name: str) -> Note | None:
    """Return a note, or None when there is nothing to tell."""
    row = connection.execute(
        select(ServiceNote.at, ServiceNote.text).where(ServiceNote.name == name)
    ).one_or_none()
    return Note(row.at, row.text) if row else None


def write_note(connection: Connection, name: str, at: datetime, words: str = "") -> None:
    """Leave a note, in place of the one of this name."""
    connection.execute(_WRITE, {"name": name, "at": at, "text": words})


def clear_note(connection: Connection, name: str) -> None:
    """Take a note away; harmless when there is none."""
    connection.execute(delete(ServiceNote).where(ServiceNote.name == name))
