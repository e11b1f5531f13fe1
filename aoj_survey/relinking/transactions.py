"""Attempt: PostgreSQL notes with each row which transaction wrote it; the same one links two rows.

Tried by hand before this program was made: answers stored readable were matched 6 of 6, also after
`VACUUM (FULL, FREEZE)`; a savepoint in between gives the next number.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from aoj_survey.regions import JOINT_REGION
from aoj_survey.waves import ParticipationFacts

from .attempts import Attempt, conclude, pass_over

PEOPLE = ("invitee", "invitation", "message")


def try_transactions(connection: Connection, facts: ParticipationFacts) -> Attempt:
    """Join readable answers with people on the transaction that wrote them, and look at its neighbours."""
    return _try(connection, facts.region, facts.id)


def try_joint_transactions(connection: Connection, wave: str) -> Attempt:
    """Do the same with what the small boxes of a wave held together."""
    return _try(connection, JOINT_REGION, wave)


def _try(connection: Connection, region: str, place: UUID | str) -> Attempt:
    if connection.dialect.name == "sqlite":
        return pass_over("transactions", region, "sqlite")
    rows, transactions = count_transactions(connection, place)
    if not rows:
        return pass_over("transactions", region, "no_answers")
    matched = max(count_matches(connection, place, table) for table in PEOPLE)
    near = count_neighbours(connection, place)
    measure = {"rows": rows, "transactions": transactions, "matched": matched, "near": near}
    # Of one opening, the next transaction is anybody's; of answers each written by their own it is telling.
    return conclude("transactions", region, measure, linked=matched > 0 or transactions > 1)


def count_transactions(connection: Connection, place: UUID | str) -> tuple[int, int]:
    """Return how many responses there are of a participation or wave, and how many transactions wrote them."""
    query = f"SELECT count(*), count(DISTINCT xmin::text) FROM response r WHERE {_of(place)}"  # noqa: S608 — our own tables
    rows, transactions = _ask(connection, query, place).one()
    return rows, transactions


def count_matches(connection: Connection, place: UUID | str, table: str, answers: str = "response") -> int:
    """Return how many answers were written by a transaction that also wrote in a table of people."""
    query = (
        f"SELECT count(*) FROM {answers} r WHERE {_of(place)}"  # noqa: S608 — our own tables
        f" AND EXISTS (SELECT 1 FROM {table} p WHERE p.xmin::text = r.xmin::text)"
    )
    return _ask(connection, query, place).scalar_one()


def count_neighbours(connection: Connection, place: UUID | str) -> int:
    """Return how many responses have a person who is done as near by in transactions as a savepoint would be."""
    query = (
        f"SELECT count(*) FROM response r WHERE {_of(place)}"  # noqa: S608 — our own tables
        " AND EXISTS (SELECT 1 FROM invitation i WHERE i.status = 'done'"
        " AND abs(r.xmin::text::bigint - i.xmin::text::bigint) <= 1)"
    )
    return _ask(connection, query, place).scalar_one()


def _of(place: UUID | str) -> str:
    return f"r.{'participation_id' if isinstance(place, UUID) else 'wave_code'} = :place"


def _ask(connection: Connection, query: str, place: UUID | str) -> Any:
    return connection.execute(text(query), {"place": place})
