"""The region table."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from aoj_survey.db import db


class Region(db.Model):
    """Municipalities and school partnerships that hold the monitor together."""

    __tablename__ = "region"

    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    time_zone: Mapped[str] = mapped_column(String(64), default="Europe/Amsterdam")
