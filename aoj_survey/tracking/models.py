"""Daily counts: what coordinators see while a participation runs. No history per person."""

from datetime import date
from uuid import UUID

from sqlalchemy import Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from aoj_survey.db import db


class DailyCount(db.Model):
    """Counts of one row of the response table on one day; `roles` are joined where they are small.

    `whole`: everybody who was asked by then is in it.
    """

    __tablename__ = "daily_count"

    participation_id: Mapped[UUID] = mapped_column(ForeignKey("participation.id"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    roles: Mapped[str] = mapped_column(String(400), primary_key=True)
    invited: Mapped[int]
    delivered: Mapped[int]
    started: Mapped[int]
    done: Mapped[int]
    estimated: Mapped[bool] = mapped_column(default=False)
    whole: Mapped[bool] = mapped_column(default=True)
