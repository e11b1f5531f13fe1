"""Regions, and the modules each of them uses."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from aoj_survey.db import db


class Region(db.Model):
    """Municipalities and school partnerships that hold the monitor together."""

    __tablename__ = "region"

    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    time_zone: Mapped[str] = mapped_column(String(64), default="Europe/Amsterdam")


class RegionModule(db.Model):
    """A region module that is enabled for a region."""

    __tablename__ = "region_module"

    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"), primary_key=True)
    module: Mapped[str] = mapped_column(String(32), primary_key=True)
