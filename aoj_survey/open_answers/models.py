"""Open answers after the opening: a table of their own, without a key to the response they came with."""

from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from aoj_survey.db import db

PLACE = "(participation_id IS NULL) <> (wave_code IS NULL)"


class OpenAnswer(db.Model):
    """An answer in somebody's own words, of a region or, from small boxes, of the wave.

    `level` is a stratum with enough such answers, or none. `marks` is versioned JSON. `proposal` is what somebody
    (`proposed_by`) proposes, with the text as it would be released; both are empty again once that is decided.
    `outcome` tells of a released one whether it was shortened. Dropped answers are not here any more.
    """

    __tablename__ = "open_answer"
    __table_args__ = (
        CheckConstraint(PLACE, name="place"),
        CheckConstraint("proposal IN ('', 'release', 'redact', 'drop')", name="proposal"),
        CheckConstraint("outcome IN ('', 'release', 'redact')", name="outcome"),
        Index("ix_open_answer_participation_id_item", "participation_id", "item"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    participation_id: Mapped[UUID | None] = mapped_column(ForeignKey("participation.id"))
    wave_code: Mapped[str | None] = mapped_column(ForeignKey("wave.code"), index=True)
    item: Mapped[str] = mapped_column(String(64))
    level: Mapped[str | None] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    marks: Mapped[str] = mapped_column(Text)
    proposal: Mapped[str] = mapped_column(String(8), default="")
    proposed_text: Mapped[str] = mapped_column(Text, default="")
    proposed_by: Mapped[str] = mapped_column(String(200), default="")
    outcome: Mapped[str] = mapped_column(String(8), default="")


class OpenItem(db.Model):
    """A question with open answers, and how many the opening kept, or did not: too few could have written one.

    `names_sought`: the texts were compared with the names on the list.
    """

    __tablename__ = "open_item"
    __table_args__ = (CheckConstraint(PLACE, name="place"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    participation_id: Mapped[UUID | None] = mapped_column(ForeignKey("participation.id"), index=True)
    wave_code: Mapped[str | None] = mapped_column(ForeignKey("wave.code"), index=True)
    item: Mapped[str] = mapped_column(String(64))
    kept: Mapped[int]
    unkept: Mapped[int]
    names_sought: Mapped[bool]
