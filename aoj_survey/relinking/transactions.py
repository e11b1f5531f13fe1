"""Attempt: PostgreSQL notes with each row which transaction wrote it; the same one links two rows.

Tried by hand before this program was made: answers stored readable were matched 6 of 6, also after
`VACUUM (FULL, FREEZE)`; a savepoint in between gives the next number.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from aoj_survey.waves import ParticipationFacts

from .attempts import Attempt, conclude, pass_over

PEOPLE = ("invitee", "invitation", "message")


def try_transactions(connection: Connection, facts: ParticipationFacts) -> Attempt:
    """Join readable answers with people on the transaction that wrote them, and look at its neighbours."""
    if connection.dialect.name == "sqlite":
        return pass_over("transactions", facts.region, "sqlite")
    rows, transactions = count_transactions(connection, facts.id)
    if not rows:
        return pass_over("transactions", facts.region, "no_answers")
    matched = max(count_matches(connection, facts.id, table) for table in PEOPLE)
    near = count_neighbours(connection, facts.id)
    measure = {"rows": rows, "transactions": transactions, "matched": matched, "near": near}
    linked = matched > 0 or near > 0 or transactions > 1
    return conclude("transactions", facts.region, measure, linked=linked)


def count_transactions(connection: Connection, participation: UUID) -> tuple[int, int]:
    """Return how many responses there are, and how many transactions wrote them."""
    query = "SELECT count(*), count(DISTINCT xmin::text) FROM response WHERE participation_id = :place"
    rows, transactions = _ask(connection, query, participation).one()
    return rows, transactions


def count_matches(connection: Connection, participation: UUID, table: str, answers: str = "response") -> int:
    """Return how many answers were written by a transaction that also wrote in a table of people."""
    query = (
        f"SELECT count(*) FROM {answers} r WHERE r.participation_id = :place"  # noqa: S608 — our own tables
        f" AND EXISTS (SELECT 1 FROM {table} p WHERE p.xmin::text = r.xmin::text)"
    )
    return _ask(connection, query, participation).scalar_one()


def count_neighbours(connection: Connection, participation: UUID) -> int:
    """Return how many responses have a person who is done as near by in transactions as a savepoint would be."""
    query = (
        "SELECT count(*) FROM response r WHERE r.participation_id = :place"
        " AND EXISTS (SELECT 1 FROM invitation i WHERE i.status = 'done'"
        " AND abs(r.xmin::text::bigint - i.xmin::text::bigint) <= 1)"
    )
    return _ask(connection, query, participation).scalar_one()


def _ask(connection: Connection, query: str, participation: UUID) -> Any:
    return connection.execute(text(query), {"place": participation})
