"""Messages as if they had gone out."""

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import update

from aoj_survey.db import db
from aoj_survey.invitations import Message


@pytest.fixture
def mark_sent() -> Callable[[UUID], None]:
    """Let all invitations of a participation have gone out."""

    def mark(participation: UUID) -> None:
        with db.write() as connection:
            connection.execute(
                update(Message)
                .where(Message.participation_id == participation, Message.kind == "invitation")
                .values(state="sent", attempts=1)
            )

    return mark
