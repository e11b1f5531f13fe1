"""Messages made inside the database: as those made with each invitation, and never twice."""

from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from aoj_survey.db import db
from aoj_survey.installation import Installation
from aoj_survey.invitations import Invitation, Message, plan_messages, send_due
from aoj_survey.keys import KeyDirectory
from aoj_survey.waves import KINDS, ParticipationFacts
from tests.conftest import FixedClock
from tests.smtp_server import Mailbox
from tests.staging import start_wave


@pytest.fixture
def facts(app: Flask, keys: KeyDirectory, clock: FixedClock) -> ParticipationFacts:
    return start_wave(keys, clock(), {"ib": 4, "zoco": 3})


def read_messages() -> Counter[tuple[object, ...]]:
    """All there is of each message."""
    with db.read() as connection:
        return Counter(tuple(row) for row in connection.execute(select(db.metadata.tables["message"])))


def test_they_are_as_those_made_with_each_invitation(facts: ParticipationFacts) -> None:
    before = read_messages()
    with db.write() as connection:
        connection.execute(delete(Message))
        assert plan_messages(connection, facts.id) == 21
    assert read_messages() == before


def test_who_has_messages_gets_no_more(
    facts: ParticipationFacts, installation: Installation, mailbox: Mailbox
) -> None:
    send_due(installation.now, installation.keys, installation.settings, limit=3)
    before = read_messages()
    with db.write() as connection:
        assert plan_messages(connection, facts.id) == 0
    assert read_messages() == before


def test_twin_made_carelessly_a_second_time_the_database_refuses(facts: ParticipationFacts) -> None:
    with db.write() as connection:
        connection.execute(
            update(Message).where(Message.kind == KINDS[0]).values(kind="link_again", number=9)
        )
    with pytest.raises(Exception, match=r"(?i)unique"), db.write() as connection:
        plan_messages(connection, facts.id)


def test_a_link_of_nobody_on_the_list_gets_none(facts: ParticipationFacts) -> None:
    with db.write() as connection:
        connection.execute(delete(Message))
        connection.execute(update(Invitation).values(invitee_id=None))
        assert plan_messages(connection, facts.id) == 0


def test_they_can_be_sent(facts: ParticipationFacts, installation: Installation, mailbox: Mailbox) -> None:
    with db.write() as connection:
        connection.execute(delete(Message))
        plan_messages(connection, facts.id)
    assert send_due(installation.now, installation.keys, installation.settings).sent == 7
