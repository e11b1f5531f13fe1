"""What tables of answers may look like, read from the models and from a live database alike."""

import re
from collections.abc import Sequence

import sqlalchemy as sa

BOX = ("draft", "ballot", "response")
PEOPLE = {"invitee", "invitation", "message"}
TIMES = re.compile(r"DATE|TIME|INTERVAL", re.IGNORECASE)
SUSPICIOUS = re.compile(r"(^|_)(at|on|date|time|created|updated|sequence|serial|number|order)(_|$)")


def check_models(metadata: sa.MetaData) -> None:
    """Expect that no table of answers keeps a time, a sequence or a way back to a person."""
    for name in BOX:
        table = metadata.tables[name]
        targets = {key.column.table.name for key in table.foreign_keys}
        check_columns(name, list(table.columns), targets)
        assert table.dialect_options["sqlite"]["with_rowid"] is False, f"{name} has a rowid"


def check_live(connection: sa.Connection) -> None:
    """Expect the same of the tables that really are there, triggers and indexes included."""
    found = sa.inspect(connection)
    for name in BOX:
        table = sa.Table(name, sa.MetaData(), autoload_with=connection, resolve_fks=False)
        targets = {key["referred_table"] for key in found.get_foreign_keys(name)}
        check_columns(name, list(table.columns), targets)
    if connection.dialect.name == "sqlite":
        check_sqlite(connection)
    else:
        check_postgresql(connection)


def check_columns(name: str, columns: Sequence[sa.Column[object]], targets: set[str]) -> None:
    """Expect no moment, no counting and no key but that of the participation."""
    assert targets <= {"participation"}, f"{name} points to {targets}"
    for column in columns:
        kind = column.type.as_generic()
        assert not TIMES.search(repr(kind)), f"{name}.{column.name} holds a time"
        assert not SUSPICIOUS.search(column.name), f"{name}.{column.name} sounds like a time or a sequence"
        assert not isinstance(kind, (sa.Integer, sa.Numeric)), f"{name}.{column.name} can count"
        assert column.server_default is None, f"{name}.{column.name} is filled by the database"
        assert column.identity is None, f"{name}.{column.name} is a sequence"


def check_sqlite(connection: sa.Connection) -> None:
    """Expect tables without rowid, and no trigger that could note what happens."""
    rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'table'").all()
    sql = {row.name: row.sql for row in rows}
    for name in BOX:
        assert sql[name].upper().split()[-2:] == ["WITHOUT", "ROWID"], f"{name} has a rowid"
    triggers = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").all()
    assert triggers == []


def check_postgresql(connection: sa.Connection) -> None:
    """Expect no trigger and no sequence."""
    own = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    assert connection.exec_driver_sql(own).all() == []
    assert connection.exec_driver_sql("SELECT relname FROM pg_class WHERE relkind = 'S'").all() == []
    assert connection.exec_driver_sql("SHOW track_commit_timestamp").scalar_one() == "off"
