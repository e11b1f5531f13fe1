"""Waves, participations, and what is frozen when a participation starts."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from aoj_survey.db import UtcDateTime, db


class Wave(db.Model):
    """One round of fieldwork. Deadline and purge date are set at the first start and promised since."""

    __tablename__ = "wave"

    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    deadline: Mapped[date | None] = mapped_column(Date)
    purge_on: Mapped[date | None] = mapped_column(Date)


class Participation(db.Model):
    """A region in a wave; `lapsed` when it was never started and its list and keys were destroyed.

    `sender`: the installation mails, or the region does so itself with links that name nobody. `sending` is off
    until a test mail was confirmed, or somebody overruled that with a reason. `goal` is a response in percent.
    `sealing`: ballots are sealed to the server's key, or inside that to the custodians' key as well.
    """

    __tablename__ = "participation"
    __table_args__ = (
        UniqueConstraint("wave_code", "region_code"),
        CheckConstraint("status IN ('planned', 'running', 'closed', 'opened', 'lapsed')", name="status"),
        CheckConstraint("opens_at < closes_at", name="window"),
        CheckConstraint("approval IN ('two_people', 'delay')", name="approval"),
        CheckConstraint("sender IN ('installation', 'region')", name="sender"),
        CheckConstraint("sending IN ('off', 'confirmed', 'overruled')", name="sending"),
        CheckConstraint("goal BETWEEN 1 AND 100", name="goal"),
        CheckConstraint("sealing IN ('server', 'custodians')", name="sealing"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    wave_code: Mapped[str] = mapped_column(ForeignKey("wave.code"))
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    name: Mapped[str] = mapped_column(String(200))
    status: Mapped[str] = mapped_column(String(16), default="planned")
    opens_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    box_destroyed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    contact_mail: Mapped[str] = mapped_column(String(254))
    contact_phone: Mapped[str] = mapped_column(String(40))
    approval: Mapped[str] = mapped_column(String(16), default="two_people")
    sender: Mapped[str] = mapped_column(String(16), default="installation")
    sending: Mapped[str] = mapped_column(String(16), default="off")
    sending_reason: Mapped[str] = mapped_column(Text, default="")
    sending_by: Mapped[str] = mapped_column(String(200), default="")
    sending_on: Mapped[date | None] = mapped_column(Date)
    paused: Mapped[bool] = mapped_column(default=False)
    goal: Mapped[int | None]
    sealing: Mapped[str] = mapped_column(String(16), default="server")
    by_area: Mapped[bool] = mapped_column(default=False)
    box_public_key: Mapped[bytes] = mapped_column(LargeBinary)
    custodian_public_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    ballot_size: Mapped[int | None]


class MailMoment(db.Model):
    """When a kind of message becomes due."""

    __tablename__ = "mail_moment"
    __table_args__ = (
        CheckConstraint("kind IN ('invitation', 'first_reminder', 'second_reminder')", name="kind"),
    )

    participation_id: Mapped[UUID] = mapped_column(ForeignKey("participation.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class StoredInstrument(db.Model):
    """A compiled instrument as canonical JSON, by its digest."""

    __tablename__ = "instrument"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    document: Mapped[str] = mapped_column(Text)


class RoleInstrument(db.Model):
    """Which questionnaire a role answers; the instrument is filled in at the start."""

    __tablename__ = "role_instrument"

    participation_id: Mapped[UUID] = mapped_column(ForeignKey("participation.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(32), primary_key=True)
    questionnaire: Mapped[str] = mapped_column(String(64))
    edition: Mapped[str] = mapped_column(String(32))
    instrument_digest: Mapped[str | None] = mapped_column(ForeignKey("instrument.digest"))


class StoredErratum(db.Model):
    """A text mended after the start, beside the instrument; the instrument and its digest stay."""

    __tablename__ = "erratum"

    participation_id: Mapped[UUID] = mapped_column(ForeignKey("participation.id"), primary_key=True)
    instrument_digest: Mapped[str] = mapped_column(ForeignKey("instrument.digest"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(Text)
    before: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    made_by: Mapped[str] = mapped_column(String(200))
    made_on: Mapped[date] = mapped_column(Date)


class StoredCaptureClass(db.Model):
    """A capture class as frozen at the start, by role and area: all that a response keeps of its invitation.

    `area` are the codes kept of an invitation, as `a1+a3`; empty where none is. `invited` is how many of the role
    were on the list at that moment with that area.
    """

    __tablename__ = "capture_class"

    participation_id: Mapped[UUID] = mapped_column(ForeignKey("participation.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(32), primary_key=True)
    area: Mapped[str] = mapped_column(String(160), primary_key=True, default="")
    class_code: Mapped[str] = mapped_column(String(200))
    invited: Mapped[int | None]


class FrozenPlace(db.Model):
    """A municipality and school partnership (swv) of a list at the start, and the area it lies in."""

    __tablename__ = "frozen_place"

    participation_id: Mapped[UUID] = mapped_column(ForeignKey("participation.id"), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(200), primary_key=True)
    swv: Mapped[str] = mapped_column(String(200), primary_key=True)
    area: Mapped[str] = mapped_column(String(8))


class FinalClassCount(db.Model):
    """How many were invited in a class of an area, frozen at the close."""

    __tablename__ = "final_class_count"

    participation_id: Mapped[UUID] = mapped_column(ForeignKey("participation.id"), primary_key=True)
    class_code: Mapped[str] = mapped_column(String(200), primary_key=True)
    invited: Mapped[int]


class Stratum(db.Model):
    """A class of opened responses, after merging at the opening: invited (N) and answered (n)."""

    __tablename__ = "stratum"

    participation_id: Mapped[UUID] = mapped_column(ForeignKey("participation.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(200), primary_key=True)
    roles: Mapped[str] = mapped_column(Text)
    invited: Mapped[int]
    answered: Mapped[int]


class FinalCount(db.Model):
    """Counts per role, frozen at the close; they outlive the list of invitees."""

    __tablename__ = "final_count"

    participation_id: Mapped[UUID] = mapped_column(ForeignKey("participation.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(32), primary_key=True)
    invited: Mapped[int]
    delivered: Mapped[int]
    started: Mapped[int]
    done: Mapped[int]
    estimated: Mapped[bool] = mapped_column(default=False)


class FinalDisposition(db.Model):
    """How many people of a role and a kind of organisation ended in which state, frozen at the close.

    `disposition` is a final disposition code of AAPOR; `sector` is empty where the list did not say it.
    """

    __tablename__ = "final_disposition"

    participation_id: Mapped[UUID] = mapped_column(ForeignKey("participation.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(32), primary_key=True)
    sector: Mapped[str] = mapped_column(String(16), primary_key=True)
    disposition: Mapped[str] = mapped_column(String(32), primary_key=True)
    people: Mapped[int]


class AuditLine(db.Model):
    """What somebody did: a code, and a JSON document of values that name no person on the list.

    Without a participation it was done to the installation.
    """

    __tablename__ = "audit_line"
    __table_args__ = (Index("ix_audit_line_participation_id_at", "participation_id", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    participation_id: Mapped[UUID | None] = mapped_column(ForeignKey("participation.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[str] = mapped_column(String(200))
    code: Mapped[str] = mapped_column(String(32))
    document: Mapped[str] = mapped_column(Text)
