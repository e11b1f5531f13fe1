"""Attempts on what is sealed: read it, or tell answers apart by their length."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Connection, func, select

from aoj_survey.responses import Ballot, Draft, Payload, Response, seal_for
from aoj_survey.waves import ParticipationFacts

from .attempts import Attempt, conclude, pass_over

ENVELOPE = 9
"""Bytes of a sealed answer that are the same for a whole participation: version and key id."""

BLOCK = 4096
PRINTABLE = bytes(range(32, 127))
READABLE_SHARE = 0.6
"""Of random bytes 37 % are printable, give or take 3 % in the 256 bytes that the smallest answer has."""


def try_reading(connection: Connection, facts: ParticipationFacts) -> Attempt:
    """Read ballots and drafts without any key; before the opening nothing may be readable anywhere."""
    ballots, drafts = _read(connection, Ballot, facts.id), _read(connection, Draft, facts.id)
    if facts.status == "opened" and not ballots and not drafts:
        return pass_over("readable", facts.region, "opened")
    start = start_of_ballots(facts)
    readable = sum(not ballot.startswith(start) or is_readable(ballot[ENVELOPE:]) for ballot in ballots)
    readable += sum(is_readable(draft) for draft in drafts)
    if facts.status != "opened":
        readable += connection.execute(
            select(func.count()).select_from(Response).where(Response.participation_id == facts.id)
        ).scalar_one()
    measure = {"ballots": len(ballots), "drafts": len(drafts), "readable": readable}
    notes = ("opened",) if facts.status == "opened" else ()
    return conclude("readable", facts.region, measure, *notes, linked=readable > 0)


def try_lengths(connection: Connection, facts: ParticipationFacts) -> Attempt:
    """Compare the lengths of what is sealed; a ballot has the one that was laid down at the start."""
    ballots, drafts = _read(connection, Ballot, facts.id), _read(connection, Draft, facts.id)
    if not ballots and not drafts:
        return pass_over("lengths", facts.region, "nothing_sealed")
    sizes, blocks = set(map(len, ballots)), {len(draft) % BLOCK for draft in drafts}
    measure = {"ballots": len(ballots), "ballot_sizes": len(sizes), "drafts": len(drafts)}
    linked = bool(sizes - {measure_sealed(facts)}) or len(blocks) > 1
    return conclude("lengths", facts.region, measure, linked=linked)


def start_of_ballots(facts: ParticipationFacts) -> bytes:
    """Return the bytes (9) that every sealed answer of a participation starts with, and nothing else does."""
    return seal_for(facts, Payload("", "", {}), 256)[:ENVELOPE]


def measure_sealed(facts: ParticipationFacts) -> int:
    """Return the length (bytes) that every sealed answer has; 0 before the start, when there is none."""
    if facts.ballot_size is None:
        return 0
    return len(seal_for(facts, Payload("", "", {}), facts.ballot_size))


def is_readable(content: bytes) -> bool:
    """Return whether bytes look like text."""
    return len(content) - len(content.translate(None, PRINTABLE)) > READABLE_SHARE * len(content)


def _read(connection: Connection, table: type[Ballot] | type[Draft], participation: UUID) -> list[bytes]:
    rows: Iterable[bytes] = connection.execute(
        select(table.ciphertext).where(table.participation_id == participation)
    ).scalars()
    return list(rows)
