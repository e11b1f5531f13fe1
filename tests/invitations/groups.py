"""Group links on stage: made by the real functions, started and answered by people of whom nothing is known."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from aoj_survey.db import db
from aoj_survey.invitations import (
    GroupFacts,
    StretchedCode,
    add_group,
    add_start,
    derive_group_tokens,
    derive_start,
    find_group,
    find_invitation,
    make_start_id,
)
from aoj_survey.keys import KeyDirectory
from aoj_survey.responses import submit
from aoj_survey.waves import ParticipationFacts
from tests.staging import ANSWERS

SCHOOL = "basisschool De Verzonnen Vuurtoren"
CHEAP = 2**4
"""What scrypt costs where a test stretches many codes; `test_codes.py` says what it costs for real."""


def make_group(
    keys: KeyDirectory, facts: ParticipationFacts, people: Mapping[str, int], name: str = SCHOOL
) -> GroupFacts:
    """Make a link for so many people per role."""
    with db.write() as connection:
        group = add_group(connection, keys, facts, name, people)
    return read_group(keys, facts, group)


def read_group(keys: KeyDirectory, facts: ParticipationFacts, group: UUID) -> GroupFacts:
    """The link as it is now."""
    token = derive_group_tokens(keys.contact(facts.id), group).link
    with db.read() as connection:
        found = find_group(connection, token)
    assert found is not None
    return found


def begin(group: GroupFacts, role: str = "ib") -> str:
    """Let somebody start by a link; returns the token of what that made."""
    start = make_start_id()
    token = derive_start("x" * 26, start).token
    code = StretchedCode(UUID(bytes=start.encode()[:16], version=4), b"k" * 32)
    with db.write() as connection:
        add_start(connection, group, role, token, code)
    return token


def finish(token: str, now: datetime) -> None:
    """Let somebody who started send answers."""
    with db.write() as connection:
        found = find_invitation(connection, token, for_update=True)
        assert found is not None
        assert submit(connection, token, found, ANSWERS, now) == "sent"


def let_answer(group: GroupFacts, number: int, now: datetime, role: str = "ib") -> list[str]:
    """Let so many people start by a link and send; returns their tokens."""
    tokens = [begin(group, role) for _ in range(number)]
    for token in tokens:
        finish(token, now)
    return tokens
