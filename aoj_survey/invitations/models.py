"""Who is asked: invitees, invitations and messages. Nothing here points to an answer, or to a time of one."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from aoj_survey.db import UtcDateTime, db


class Invitee(db.Model):
    """A person on the frame; address and organisation are encrypted under the contact key."""

    __tablename__ = "invitee"
    __table_args__ = (UniqueConstraint("participation_id", "address_hash"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    participation_id: Mapped[UUID] = mapped_column(ForeignKey("participation.id"))
    address_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    contact: Mapped[bytes] = mapped_column(LargeBinary)
    language: Mapped[str] = mapped_column(String(8))
    opted_out: Mapped[bool] = mapped_column(default=False)


class Invitation(db.Model):
    """The right to answer once. No moment is kept of anything a person does with it."""

    __tablename__ = "invitation"
    __table_args__ = (
        CheckConstraint("status IN ('open', 'done', 'withdrawn')", name="status"),
        Index("ix_invitation_participation_id_role", "participation_id", "role"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    participation_id: Mapped[UUID] = mapped_column(ForeignKey("participation.id"))
    invitee_id: Mapped[UUID] = mapped_column(ForeignKey("invitee.id"), unique=True)
    role: Mapped[str] = mapped_column(String(32))
    generation: Mapped[int] = mapped_column(default=0)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    optout_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    status: Mapped[str] = mapped_column(String(16), default="open")
    started: Mapped[bool] = mapped_column(default=False)


class Message(db.Model):
    """One mail to one invitee, made with the invitation; who is due is looked up when it is claimed."""

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("invitation_id", "kind"),
        CheckConstraint("kind IN ('invitation', 'first_reminder', 'second_reminder')", name="kind"),
        CheckConstraint("state IN ('due', 'claimed', 'sent', 'failed', 'uncertain')", name="state"),
        Index("ix_message_participation_id_state_kind", "participation_id", "state", "kind"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    participation_id: Mapped[UUID] = mapped_column(ForeignKey("participation.id"))
    invitation_id: Mapped[UUID] = mapped_column(ForeignKey("invitation.id"))
    kind: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16), default="due")
    attempts: Mapped[int] = mapped_column(default=0)
    retry_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    claim: Mapped[UUID | None]
    claimed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_on: Mapped[date | None] = mapped_column(Date)


class ServiceNote(db.Model):
    """What the worker has to tell the pages: its last sign of life, since when mail fails and why."""

    __tablename__ = "service_note"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    text: Mapped[str] = mapped_column(Text, default="")
