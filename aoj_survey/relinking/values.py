"""Attempt: the same id, hash or sealed text on the list and with the answers."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, select

from aoj_survey.invitations import GroupLink, Invitation, Invitee, Message, ResumeCode
from aoj_survey.open_answers import OpenAnswer
from aoj_survey.responses import Ballot, Draft, Response
from aoj_survey.waves import ParticipationFacts

from .attempts import Attempt, conclude, pass_over
from .needles import find_needles

PEOPLE: tuple[Any, ...] = (Invitee, Invitation, Message, GroupLink, ResumeCode)
ANSWERS: tuple[Any, ...] = (Draft, Ballot, Response, OpenAnswer)
PLACE = "participation_id"


def try_shared_values(connection: Connection, facts: ParticipationFacts) -> Attempt:
    """Seek every id, hash and ciphertext of the list in the tables of answers."""
    known = list_known_values(connection, facts.id)
    if not known:
        return pass_over("shared_values", facts.region, "no_list")
    rows = list_answers(connection, facts.id)
    shared = find_shared_values(known, rows)
    measure = {"sought": len(known), "rows": len(rows), "shared": len(shared)}
    return conclude("shared_values", facts.region, measure, linked=bool(shared))


def list_known_values(connection: Connection, participation: UUID) -> frozenset[bytes]:
    """Return what the list holds of a participation, in every form in which it could be written down.

    The participation itself is shared by all.
    """
    return frozenset(
        form
        for table in PEOPLE
        for row in _read(connection, table, participation)
        for name, value in row.items()
        if name != PLACE
        for form in _forms(value)
    )


def list_answers(connection: Connection, participation: UUID) -> list[RowMapping]:
    """Return the rows of drafts, ballots and responses as they are stored."""
    return [row for table in ANSWERS for row in _read(connection, table, participation)]


def find_shared_values(known: Iterable[bytes], rows: Iterable[RowMapping]) -> set[bytes]:
    """Return which of the known values stand in rows of answers."""
    held = b"\0".join(
        piece for row in rows for name, value in row.items() if name != PLACE for piece in _written(value)
    )
    return find_needles(held, known)


def _read(connection: Connection, table: Any, participation: UUID) -> Sequence[RowMapping]:
    query = select(table.__table__).where(table.participation_id == participation)
    return connection.execute(query).mappings().all()


def _forms(value: object) -> Iterator[bytes]:
    if isinstance(value, UUID):
        yield from (value.bytes, value.hex.encode(), str(value).encode())
    elif isinstance(value, bytes) and value:
        yield from (value, value.hex().encode())


def _written(value: object) -> Iterator[bytes]:
    yield from ((value.encode(),) if isinstance(value, str) else _forms(value))
