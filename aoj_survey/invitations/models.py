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
    func,
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


class GroupLink(db.Model):
    """A link for many people: on a poster at a school, or passed on by a key figure.

    `told` is the number done as last shown, of the count of `told_on`.
    """

    __tablename__ = "group_link"
    __table_args__ = (UniqueConstraint("participation_id", "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    participation_id: Mapped[UUID] = mapped_column(ForeignKey("participation.id"))
    name: Mapped[str] = mapped_column(String(200))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    page_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    stopped: Mapped[bool] = mapped_column(default=False)
    told: Mapped[int] = mapped_column(default=0)
    told_on: Mapped[date | None] = mapped_column(Date)


class GroupPeople(db.Model):
    """How many people of a role a group link is for, as declared by who asked for the link."""

    __tablename__ = "group_people"
    __table_args__ = (CheckConstraint("people > 0", name="people"),)

    group_id: Mapped[UUID] = mapped_column(ForeignKey("group_link.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(32), primary_key=True)
    people: Mapped[int]


class ResumeCode(db.Model):
    """The token of somebody who started by a group link, sealed under a code that is not stored."""

    __tablename__ = "resume_code"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    participation_id: Mapped[UUID] = mapped_column(ForeignKey("participation.id"), index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class YouthConsent(db.Model):
    """How parents of young people were informed or gave permission; without it no young person can start."""

    __tablename__ = "youth_consent"
    __table_args__ = (CheckConstraint("how IN ('informed', 'permission')", name="how"),)

    participation_id: Mapped[UUID] = mapped_column(ForeignKey("participation.id"), primary_key=True)
    how: Mapped[str] = mapped_column(String(16))
    age_from: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    recorded_by: Mapped[str] = mapped_column(String(200))
    recorded_on: Mapped[date] = mapped_column(Date)


class Invitation(db.Model):
    """The right to answer once: of an invitee, or of somebody unknown who started by a group link.

    No moment is kept of anything a person does with it.

    `role` is that of the list or the group link. `answering_role` is what the person says instead; it rules
    questionnaire, class and the final counts, and no list shows it.
    """

    __tablename__ = "invitation"
    __table_args__ = (
        CheckConstraint("status IN ('open', 'done', 'withdrawn')", name="status"),
        CheckConstraint("(invitee_id IS NULL) <> (group_id IS NULL)", name="asked_by"),
        Index("ix_invitation_participation_id_role", "participation_id", "role"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    participation_id: Mapped[UUID] = mapped_column(ForeignKey("participation.id"))
    invitee_id: Mapped[UUID | None] = mapped_column(ForeignKey("invitee.id"), unique=True)
    group_id: Mapped[UUID | None] = mapped_column(ForeignKey("group_link.id"), index=True)
    role: Mapped[str] = mapped_column(String(32))
    answering_role: Mapped[str | None] = mapped_column(String(32))
    generation: Mapped[int] = mapped_column(default=0)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    optout_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    status: Mapped[str] = mapped_column(String(16), default="open")
    started: Mapped[bool] = mapped_column(default=False)


ANSWERING_ROLE = func.coalesce(Invitation.answering_role, Invitation.role)
"""The role a person answers in: as corrected by that person, else that of the list or the group link."""


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
