"""Regions, the modules each of them uses, and the overlays made for them in pages."""

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from aoj_survey.db import db


class Region(db.Model):
    """Municipalities and school partnerships that hold the monitor together.

    `school_area` is that of the school holidays (`noord`, `midden`, `zuid`), empty while nobody said which.
    """

    __tablename__ = "region"

    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    time_zone: Mapped[str] = mapped_column(String(64), default="Europe/Amsterdam")
    school_area: Mapped[str] = mapped_column(String(16), default="")


class RegionMember(db.Model):
    """A municipality or school partnership (swv) of a region."""

    __tablename__ = "region_member"
    __table_args__ = (CheckConstraint("kind IN ('municipality', 'swv')", name="kind"),)

    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    name: Mapped[str] = mapped_column(String(200), primary_key=True)


class RegionModule(db.Model):
    """A region module that is enabled for a region."""

    __tablename__ = "region_module"

    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"), primary_key=True)
    module: Mapped[str] = mapped_column(String(32), primary_key=True)


class RegionOverlay(db.Model):
    """What a region itself adds to an edition, as the YAML text of an overlay; one for each edition."""

    __tablename__ = "region_overlay"

    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"), primary_key=True)
    questionnaire: Mapped[str] = mapped_column(String(64), primary_key=True)
    edition: Mapped[str] = mapped_column(String(32), primary_key=True)
    text: Mapped[str] = mapped_column(Text)


class RegionRule(db.Model):
    """Numbers a region itself wants stricter than the core's, for data and figures of it."""

    __tablename__ = "region_rule"

    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"), primary_key=True)
    k: Mapped[int]
    threshold: Mapped[int]
