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
    """A person on the frame; address and organisation are encrypted under the contact key.

    Several people may share an address: `person_hash` is that of address, role and organisation together.
    `sector` is the kind of organisation, where the list says it. `withdrawn` says why somebody was taken off
    the list: `ineligible` (left the job, belongs to no class), or `removed` at own request; `contact` is empty then.
    """

    __tablename__ = "invitee"
    __table_args__ = (
        UniqueConstraint("participation_id", "person_hash"),
        Index("ix_invitee_participation_id_address_hash", "participation_id", "address_hash"),
        CheckConstraint("withdrawn IN ('ineligible', 'removed')", name="withdrawn"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    participation_id: Mapped[UUID] = mapped_column(ForeignKey("participation.id"))
    address_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    person_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    contact: Mapped[bytes] = mapped_column(LargeBinary)
    sector: Mapped[str | None] = mapped_column(String(16))
    language: Mapped[str] = mapped_column(String(8))
    opted_out: Mapped[bool] = mapped_column(default=False)
    withdrawn: Mapped[str | None] = mapped_column(String(16))


class OptOut(db.Model):
    """Somebody who wants no more mail of a region's monitor, by keyed hash; it outlives every list."""

    __tablename__ = "opt_out"

    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"), primary_key=True)
    address_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)


class Supplier(db.Model):
    """Who may put a part of the list in by a page of their own, once; `used` when that was done."""

    __tablename__ = "supplier"
    __table_args__ = (UniqueConstraint("participation_id", "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    participation_id: Mapped[UUID] = mapped_column(ForeignKey("participation.id"))
    name: Mapped[str] = mapped_column(String(200))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    used: Mapped[bool] = mapped_column(default=False)


class FrameUpload(db.Model):
    """A list that somebody is still correcting on a page, sealed under the contact key; nobody is asked by it."""

    __tablename__ = "frame_upload"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    participation_id: Mapped[UUID] = mapped_column(ForeignKey("participation.id"), index=True)
    supplier_id: Mapped[UUID | None] = mapped_column(ForeignKey("supplier.id"))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    made_on: Mapped[date] = mapped_column(Date)


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
    """How many people of a role a group link is for, as declared by who asked for the link.

    `counted`: they are in the daily counts; those of a link made later are once there are enough of them.
    """

    __tablename__ = "group_people"
    __table_args__ = (CheckConstraint("people > 0", name="people"),)

    group_id: Mapped[UUID] = mapped_column(ForeignKey("group_link.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(32), primary_key=True)
    people: Mapped[int]
    counted: Mapped[bool] = mapped_column(default=False)


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
    age_to: Mapped[int | None]
    text: Mapped[str] = mapped_column(Text)
    recorded_by: Mapped[str] = mapped_column(String(200))
    recorded_on: Mapped[date] = mapped_column(Date)


class Invitation(db.Model):
    """The right to answer once: of an invitee, of somebody unknown who started by a group link, or of neither.

    Links of neither are handed to a region that mails them itself. No moment is kept of anything a person does
    with an invitation. `relink`: its address changed, and the worker still has to make the new link.
    `counted`: it is in the daily counts; who comes on the list late is counted once there are enough of them.

    `role` is that of the list or the group link. `answering_role` is what the person says instead; it rules
    questionnaire, class and the final counts, and no list shows it. `area` are the codes of the areas of its class, in
    each of which enough people of the role were invited; empty where there is none.
    """

    __tablename__ = "invitation"
    __table_args__ = (
        CheckConstraint("status IN ('open', 'done', 'withdrawn')", name="status"),
        CheckConstraint("invitee_id IS NULL OR group_id IS NULL", name="asked_by"),
        Index("ix_invitation_participation_id_role", "participation_id", "role"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    participation_id: Mapped[UUID] = mapped_column(ForeignKey("participation.id"))
    invitee_id: Mapped[UUID | None] = mapped_column(ForeignKey("invitee.id"), unique=True)
    group_id: Mapped[UUID | None] = mapped_column(ForeignKey("group_link.id"), index=True)
    role: Mapped[str] = mapped_column(String(32))
    answering_role: Mapped[str | None] = mapped_column(String(32))
    area: Mapped[str] = mapped_column(String(160), default="")
    generation: Mapped[int] = mapped_column(default=0)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    optout_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    bounce_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    relink: Mapped[bool] = mapped_column(default=False)
    counted: Mapped[bool] = mapped_column(default=False)
    status: Mapped[str] = mapped_column(String(16), default="open")
    started: Mapped[bool] = mapped_column(default=False)


class FormerAddress(db.Model):
    """An address somebody on the list had before, by the way out in the mails that went to it.

    `address_hash` is that of the list of who wants no mail; none once the person was taken off the list.
    """

    __tablename__ = "former_address"

    optout_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    participation_id: Mapped[UUID] = mapped_column(ForeignKey("participation.id"), index=True)
    invitation_id: Mapped[UUID] = mapped_column(ForeignKey("invitation.id"), index=True)
    address_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))


ANSWERING_ROLE = func.coalesce(Invitation.answering_role, Invitation.role)
"""The role a person answers in: as corrected by that person, else that of the list or the group link."""


STATES = ("due", "claimed", "sent", "failed", "uncertain", "undelivered")
"""What a message can be; it is `undelivered` when it was sent, and came back."""


class Message(db.Model):
    """One mail to one invitee; who is due is looked up when it is claimed.

    It has no id and no key to its participation, which is that of the invitation: with a million people each of
    those would take longer to store than all the rest of their messages.
    `link_again` and `moved` are asked for by a coordinator, so there may be several of each, by `number`;
    `moved` goes to the former address, which is kept here, sealed, until it went out.
    """

    __tablename__ = "message"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('invitation', 'first_reminder', 'second_reminder', 'link_again', 'moved')", name="kind"
        ),
        CheckConstraint(f"state IN {STATES}", name="state"),
        Index("ix_message_participation_id_state_kind", "participation_id", "state", "kind"),
    )

    invitation_id: Mapped[UUID] = mapped_column(ForeignKey("invitation.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, default=0)
    participation_id: Mapped[UUID]
    contact: Mapped[bytes | None] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(String(16), default="due")
    attempts: Mapped[int] = mapped_column(default=0)
    retry_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    claim: Mapped[UUID | None]
    claimed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_on: Mapped[date | None] = mapped_column(Date)


class ProofMail(db.Model):
    """A mail that a coordinator asked for to see that sending works, confirmed by its own link."""

    __tablename__ = "proof_mail"
    __table_args__ = (CheckConstraint("state IN ('due', 'sent', 'failed', 'confirmed')", name="state"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    participation_id: Mapped[UUID] = mapped_column(ForeignKey("participation.id"), index=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    contact: Mapped[bytes | None] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(String(16), default="due")
    trouble: Mapped[str] = mapped_column(Text, default="")
    made_on: Mapped[date] = mapped_column(Date)


class MailPace(db.Model):
    """How many mails went out in one minute: to all, or to one domain, which stands here as a keyed hash."""

    __tablename__ = "mail_pace"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    minute: Mapped[datetime] = mapped_column(UtcDateTime)
    sent: Mapped[int]


class ServiceNote(db.Model):
    """What the worker has to tell the pages: its last sign of life, since when mail fails and why."""

    __tablename__ = "service_note"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    text: Mapped[str] = mapped_column(Text, default="")
