"""Attempt: the same id, hash or sealed text on the list and with the answers."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, RowMapping, inspect, or_, select, text
from sqlalchemy import table as table_clause

from aoj_survey.invitations import (
    FormerAddress,
    FrameUpload,
    GroupLink,
    Invitation,
    Invitee,
    Message,
    ProofMail,
    ResumeCode,
    Supplier,
)
from aoj_survey.open_answers import OpenAnswer
from aoj_survey.responses import Ballot, Draft, Response
from aoj_survey.waves import ParticipationFacts

from .attempts import Attempt, conclude, pass_over
from .needles import find_needles

PEOPLE: tuple[Any, ...] = (
    *(Invitee, Invitation, Message, FormerAddress, ResumeCode),
    *(GroupLink, Supplier, FrameUpload, ProofMail),
)
ANSWERS: tuple[Any, ...] = (Draft, Ballot, Response, OpenAnswer)
TRACED: tuple[Any, ...] = (Draft, Ballot, Response)
"""Answers whose ids stand in no other table; an open answer's may, where two people look at it."""

PLACE = "participation_id"


def try_shared_values(connection: Connection, facts: ParticipationFacts) -> Attempt:
    """Seek every id, hash and ciphertext of the list in the tables of answers."""
    known = list_known_values(connection, facts.id)
    if not known:
        return pass_over("shared_values", facts.region, "no_list")
    rows = list_answers(connection, facts)
    shared = find_shared_values(known, rows)
    measure = {"sought": len(known), "rows": len(rows), "shared": len(shared)}
    return conclude("shared_values", facts.region, measure, linked=bool(shared))


def try_traces(connection: Connection, places: Iterable[ParticipationFacts]) -> Attempt:
    """Seek the ids of all answers of a wave in all other tables, those included that this program does not make."""
    ids = {item for facts in places for item in _list_ids(connection, facts)}
    answers = {table.__tablename__ for table in ANSWERS}
    others = [name for name in inspect(connection).get_table_names() if name not in answers]
    forms = [form for item in ids for form in _forms(item)]
    found = [find_shared_values(forms, _read_all(connection, name)) for name in others] if ids else []
    measure = {"ids": len(ids), "tables": len(others), "tables_with": sum(map(bool, found))}
    return conclude("traces", "", measure, linked=measure["tables_with"] > 0)


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


def list_answers(connection: Connection, facts: ParticipationFacts) -> list[RowMapping]:
    """Return the rows of drafts, ballots and responses as they are stored, with those that small boxes held together."""
    return [
        row
        for table in ANSWERS
        for row in connection.execute(select(table.__table__).where(is_of(table, facts))).mappings()
    ]


def is_of(table: Any, facts: ParticipationFacts) -> ColumnElement[bool]:
    """Return the condition for rows of answers: of a participation, or of small boxes of its wave together."""
    here: ColumnElement[bool] = table.participation_id == facts.id
    return or_(here, table.wave_code == facts.wave) if hasattr(table, "wave_code") else here


def _list_ids(connection: Connection, facts: ParticipationFacts) -> set[UUID]:
    return {
        item
        for table in TRACED
        for item in connection.execute(select(table.id).where(is_of(table, facts))).scalars()
    }


def find_shared_values(known: Iterable[bytes], rows: Iterable[RowMapping]) -> set[bytes]:
    """Return which of the known values stand in rows of answers."""
    held = b"\0".join(
        piece for row in rows for name, value in row.items() if name != PLACE for piece in _written(value)
    )
    return find_needles(held, known)


def _read(connection: Connection, table: Any, participation: UUID) -> Sequence[RowMapping]:
    query = select(table.__table__).where(table.participation_id == participation)
    return connection.execute(query).mappings().all()


def _read_all(connection: Connection, name: str) -> Iterator[RowMapping]:
    # As they are stored, whatever columns there really are.
    yield from connection.execute(select(text("*")).select_from(table_clause(name))).mappings()


def _forms(value: object) -> Iterator[bytes]:
    if isinstance(value, UUID):
        yield from (value.bytes, value.hex.encode(), str(value).encode())
    elif isinstance(value, bytes) and value:
        yield from (value, value.hex().encode())


def _written(value: object) -> Iterator[bytes]:
    yield from ((value.encode(),) if isinstance(value, str) else _forms(value))
