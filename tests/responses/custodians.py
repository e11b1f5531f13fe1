"""Three invented custodians with their passphrases, and a participation whose box they sealed too."""

from collections.abc import Mapping
from datetime import datetime

from aoj_survey.db import db
from aoj_survey.fieldwork import start_participation
from aoj_survey.keys import KeyDirectory
from aoj_survey.responses import hold_test, set_custodians
from aoj_survey.waves import ParticipationFacts, read_participation
from tests.staging import QUESTIONNAIRES, make_plan, plan_wave

THREE = (
    ("Verzonnen Anker", "vlieger kiezel trompet maandag"),
    ("Verzonnen Boei", "haring stoomboot viool citroen"),
    ("Verzonnen Cirkel", "kapstok eekhoorn modder élan"),
)
WORDS = {number: words for number, (_, words) in enumerate(THREE, start=1)}
"""The passphrases by the number of the custodian."""


def pair(first: int, second: int) -> dict[int, str]:
    """The passphrases of two."""
    return {first: WORDS[first], second: WORDS[second]}


def plan_twice(
    keys: KeyDirectory, now: datetime, invited: Mapping[str, int], region: str = "rijnmeer"
) -> ParticipationFacts:
    """Plan a participation whose box is to be sealed twice; it has no custodians yet."""
    with db.write() as connection:
        return plan_wave(
            connection, keys, make_plan(now, invited, region=region, sealing="custodians"), invited
        )


def give_custodians(facts: ParticipationFacts, now: datetime) -> ParticipationFacts:
    """Let the three choose their passphrases; return the participation as it is then."""
    with db.write() as connection:
        set_custodians(connection, facts, THREE, now)
        return read_participation(connection, facts.id)


def try_all(keys: KeyDirectory, facts: ParticipationFacts, now: datetime) -> None:
    """Hold the test opening with all three."""
    with db.write() as connection:
        hold_test(connection, keys, facts, WORDS, now)


def start(facts: ParticipationFacts, now: datetime) -> ParticipationFacts:
    """Start a planned participation; return it as it is then."""
    with db.write() as connection:
        start_participation(connection, facts, QUESTIONNAIRES, now)
        return read_participation(connection, facts.id)


def start_twice(
    keys: KeyDirectory, now: datetime, invited: Mapping[str, int], region: str = "rijnmeer"
) -> ParticipationFacts:
    """Plan, set custodians, test and start."""
    facts = give_custodians(plan_twice(keys, now, invited, region), now)
    try_all(keys, facts, now)
    return start(facts, now)
