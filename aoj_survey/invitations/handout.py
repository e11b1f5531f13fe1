"""Links that a region mails itself: each is the right to answer once, of nobody we know.

Who gets which link stays with the region. So no mail goes out here for them, and nobody is reminded by us.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy import Connection, insert, select

from aoj_survey.errors import StateError
from aoj_survey.keys import KeyDirectory
from aoj_survey.waves import ParticipationFacts, RoleInstrument

from .links import derive_token, hash_token
from .models import Invitation

MOST_LINKS = 10_000
CHUNK = 500


@dataclass(frozen=True, slots=True)
class HandoutLink:
    """A link to hand out: its number in this batch, which is stored nowhere, its role and its token."""

    number: int
    role: str
    token: str


def make_handout(
    connection: Connection, keys: KeyDirectory, facts: ParticipationFacts, wanted: Mapping[str, int]
) -> tuple[HandoutLink, ...]:
    """Make so many links per role for a region that mails them itself, and return them; more may follow later.

    Their people count as invited from here on. Nothing can show these links again.

    Raises:
        StateError: the region does not mail itself, the participation is over, or a role or number that cannot be.
    """
    faults = list(_find_faults(connection, facts, wanted))
    if faults:
        raise StateError("No links were made: " + "; ".join(faults) + ".")
    link_key = keys.link(facts.id)
    roles = [role for role, number in wanted.items() for _ in range(number)]
    made = [(uuid4(), role) for role in roles]
    rows = [
        {
            "id": identity,
            "participation_id": facts.id,
            "role": role,
            "token_hash": hash_token(derive_token(link_key, "link", identity, 0)),
        }
        for identity, role in made
    ]
    for start in range(0, len(rows), CHUNK):
        connection.execute(insert(Invitation), rows[start : start + CHUNK])
    return tuple(
        HandoutLink(number, role, derive_token(link_key, "link", identity, 0))
        for number, (identity, role) in enumerate(made, 1)
    )


def _find_faults(connection: Connection, facts: ParticipationFacts, wanted: Mapping[str, int]) -> list[str]:
    asked = set(
        connection.execute(
            select(RoleInstrument.role).where(RoleInstrument.participation_id == facts.id)
        ).scalars()
    )
    place = f"{facts.region} in {facts.wave}"
    faults = {
        f"we mail for {place}; plan it with --sender region to mail yourself": facts.sender != "region",
        f"{place} is {facts.status}": facts.status not in {"planned", "running"},
        "say how many, such as ib=20": not wanted,
        f"ask for 1 to {MOST_LINKS} links at a time": sum(wanted.values()) > MOST_LINKS
        or any(number < 1 for number in wanted.values()),
    }
    unasked = sorted(set(wanted) - asked)
    return [fault for fault, is_there in faults.items() if is_there] + [
        f"no questionnaire is planned for {role}" for role in unasked
    ]
