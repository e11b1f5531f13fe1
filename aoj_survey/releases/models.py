"""The register of releases."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from aoj_survey.db import UtcDateTime, db


class Release(db.Model):
    """A bundle that was released: its digest, and a JSON document of its files with size and SHA-256.

    A row never changes but for its withdrawal; a correction is a new version. What small boxes held together, and
    what was imported, belongs to no participation.
    """

    __tablename__ = "release"
    __table_args__ = (UniqueConstraint("name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    participation_id: Mapped[UUID | None] = mapped_column(ForeignKey("participation.id"), index=True)
    wave: Mapped[str] = mapped_column(String(64))
    region: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(120))
    version: Mapped[int]
    profile: Mapped[str] = mapped_column(String(32))
    digest: Mapped[str] = mapped_column(String(64))
    document: Mapped[str] = mapped_column(Text)
    released_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class LedgerEntry(db.Model):
    """A release in the ledger of a wave, as versioned JSON; `number` counts from 1.

    Two at once cannot get one number, so none is written that was not audited beside the other.
    """

    __tablename__ = "ledger_entry"

    wave: Mapped[str] = mapped_column(String(64), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    document: Mapped[str] = mapped_column(Text)
