"""What was answered: drafts, the ballot box, opened responses. No time, no sequence, no invitation.

Keys are random and made in Python; `sqlite_with_rowid=False` keeps SQLite from adding a serial number.
"""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from aoj_survey.db import UtcDateTime, db

NO_ROWID = {"sqlite_with_rowid": False}


class Draft(db.Model):
    """Unsent answers, encrypted under the link; its id is derived from the link too."""

    __tablename__ = "draft"
    __table_args__ = NO_ROWID

    id: Mapped[UUID] = mapped_column(primary_key=True)
    participation_id: Mapped[UUID] = mapped_column(ForeignKey("participation.id"), index=True)
    ciphertext: Mapped[bytes] = mapped_column(LargeBinary)


class Ballot(db.Model):
    """A sealed response in the ballot box."""

    __tablename__ = "ballot"
    __table_args__ = NO_ROWID

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    participation_id: Mapped[UUID] = mapped_column(ForeignKey("participation.id"), index=True)
    ciphertext: Mapped[bytes] = mapped_column(LargeBinary)


class Response(db.Model):
    """An opened response: its stratum, and versioned JSON of instruments and answers.

    It belongs to a participation, or to a wave alone: from a small box that opened together with others.
    """

    __tablename__ = "response"
    __table_args__ = (
        Index("ix_response_participation_id_stratum", "participation_id", "stratum"),
        CheckConstraint("(participation_id IS NULL) <> (wave_code IS NULL)", name="place"),
        NO_ROWID,
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    participation_id: Mapped[UUID | None] = mapped_column(ForeignKey("participation.id"))
    wave_code: Mapped[str | None] = mapped_column(ForeignKey("wave.code"), index=True)
    stratum: Mapped[str] = mapped_column(String(200))
    content: Mapped[str] = mapped_column(Text)


class Approval(db.Model):
    """Somebody's consent to open a box."""

    __tablename__ = "approval"

    participation_id: Mapped[UUID] = mapped_column(ForeignKey("participation.id"), primary_key=True)
    person: Mapped[str] = mapped_column(String(200), primary_key=True)


class OpeningRequest(db.Model):
    """Somebody asked to open a box; the worker does it. `refused` says why it could not be done."""

    __tablename__ = "opening_request"

    participation_id: Mapped[UUID] = mapped_column(ForeignKey("participation.id"), primary_key=True)
    person: Mapped[str] = mapped_column(String(200))
    refused: Mapped[str] = mapped_column(String(16))


class Custodian(db.Model):
    """Somebody without whom, and one other, a box of custodians stays shut; the passphrase is stored nowhere."""

    __tablename__ = "custodian"

    participation_id: Mapped[UUID] = mapped_column(ForeignKey("participation.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(200))
    salt: Mapped[bytes] = mapped_column(LargeBinary)


class CustodianCopy(db.Model):
    """The custodians' private key, encrypted under the passphrases of two of them; `tested` in a test opening."""

    __tablename__ = "custodian_copy"

    participation_id: Mapped[UUID] = mapped_column(ForeignKey("participation.id"), primary_key=True)
    first: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    second: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    tested: Mapped[bool] = mapped_column(default=False)


class Opening(db.Model):
    """The record of an opening and of the steps that follow it; `joint` when small boxes opened together."""

    __tablename__ = "opening"

    participation_id: Mapped[UUID] = mapped_column(ForeignKey("participation.id"), primary_key=True)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    responses: Mapped[int]
    joint: Mapped[bool] = mapped_column(default=False)
    tables_rewritten: Mapped[bool] = mapped_column(default=False)
    bundle_digest: Mapped[str | None] = mapped_column(String(64))
    key_destroyed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
