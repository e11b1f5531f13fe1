"""Alembic's environment: runs on the engine of the Flask application that calls it."""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context

from aoj_survey.db import UtcDateTime, db


def render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write our own column types as the plain types beneath them, so old migrations need no code of ours."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def compare_type(
    _context: Any, _inspected_column: Any, _column: Any, inspected: Any, declared: Any
) -> bool | None:
    """Call our own moments the same as the plain type beneath them."""
    return False if isinstance(declared, UtcDateTime) and isinstance(inspected, sa.DateTime) else None


def run(connection: sa.Connection) -> None:
    """Run the migrations on one connection, in one transaction."""
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        render_item=render_item,
        compare_type=compare_type,
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        context.run_migrations()


def enforce_keys(connection: sa.Connection, *, on: bool) -> None:
    """Let SQLite check foreign keys or not; outside a transaction, for inside one it ignores the wish."""
    driver: Any = connection.connection.dbapi_connection
    driver.execute(f"PRAGMA foreign_keys = {'ON' if on else 'OFF'}")


with db.engine.connect() as connection:
    # SQLite changes a column by making the table anew, which takes away what other tables point to.
    is_sqlite = connection.dialect.name == "sqlite"
    if is_sqlite:
        enforce_keys(connection, on=False)
    run(connection)
    if is_sqlite and (orphans := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
        message = f"The migration would leave rows that point nowhere; nothing was changed: {orphans}"
        raise RuntimeError(message)
    connection.commit()
    if is_sqlite:
        enforce_keys(connection, on=True)
