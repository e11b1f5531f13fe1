"""Accounts: a name, rights, and the hash of a secret code."""

from uuid import UUID, uuid4

from sqlalchemy import LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from aoj_survey.db import db


class Account(db.Model):
    """Somebody with rights; lists are words with spaces between, and no region or profile means each of them.

    The code itself is stored nowhere.
    """

    __tablename__ = "account"
    __table_args__ = (UniqueConstraint("name"), UniqueConstraint("token_hash"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[str] = mapped_column(String(200))
    rights: Mapped[str] = mapped_column(String(200))
    regions: Mapped[str] = mapped_column(String(2000))
    profiles: Mapped[str] = mapped_column(String(200))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
