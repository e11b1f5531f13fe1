"""Attempt: a column, key, trigger or sequence that leads from an answer to a moment or a person.

Source: `anonymity`, *The sealed ballot box*, last paragraph.
"""

import re
from collections.abc import Collection, Iterable

import sqlalchemy as sa

from .attempts import Attempt, conclude

BOX = ("draft", "ballot", "response", "open_answer")
SAMPLED_NEVER = {
    "draft": ("ciphertext",),
    "ballot": ("ciphertext",),
    "response": ("content",),
    "open_answer": ("text", "proposed_text"),
    "invitee": ("contact",),
    "message": ("contact",),
    "frame_upload": ("sealed",),
    "resume_code": ("sealed",),
    "proof_mail": ("contact",),
}
"""Columns of which the planner of PostgreSQL keeps no values: those outlive the rows that they are of."""

TIMES = re.compile(r"DATE|TIME|INTERVAL", re.IGNORECASE)
PEOPLE = ("invitee", "invitation", "former_address", "resume_code", "group_link")
"""Tables that keep no moment of anything a person does."""

MOMENTS = re.compile(r"(^|_)(at|date|time|created|updated|opened|seen|visited)(_|$)")
SUSPICIOUS = re.compile(r"(^|_)(at|on|date|time|created|updated|sequence|serial|number|order)(_|$)")


def try_schema(connection: sa.Connection) -> Attempt:
    """Look at the tables of answers that really are there."""
    measure = {"tables": len(BOX), "faults": len(inspect_live(connection))}
    return conclude("schema", "", measure, linked=measure["faults"] > 0)


def inspect_models(metadata: sa.MetaData) -> list[str]:
    """Return where the models keep a time, a sequence or a way back to a person."""
    faults: list[str] = []
    for name in BOX:
        table = metadata.tables[name]
        targets = {key.column.table.name for key in table.foreign_keys}
        faults += inspect_columns(name, list(table.columns), targets)
        if table.dialect_options["sqlite"]["with_rowid"] is not False:
            faults.append(f"{name} has a rowid")
    return faults


def inspect_live(connection: sa.Connection) -> list[str]:
    """Return where the tables that really are there do so, and those of people keep a moment; triggers included."""
    found = sa.inspect(connection)
    faults: list[str] = []
    for name in BOX:
        table = sa.Table(name, sa.MetaData(), autoload_with=connection, resolve_fks=False)
        targets = {key["referred_table"] for key in found.get_foreign_keys(name)}
        faults += inspect_columns(name, list(table.columns), targets)
    for name in found.get_table_names():
        if name not in BOX:
            faults += _inspect_other(found, name)
    is_sqlite = connection.dialect.name == "sqlite"
    return faults + (_inspect_sqlite(connection) if is_sqlite else _inspect_postgresql(connection))


def inspect_columns(name: str, columns: Iterable[sa.Column[object]], targets: Collection[str]) -> list[str]:
    """Return every moment, every counting and every key but that of the participation or the wave."""
    faults = [f"{name} points to {target}" for target in sorted(set(targets) - {"participation", "wave"})]
    for column in columns:
        kind = column.type.as_generic()
        wrong = {
            "holds a time": bool(TIMES.search(repr(kind))),
            "sounds like a time or a sequence": bool(SUSPICIOUS.search(column.name)),
            "can count": isinstance(kind, (sa.Integer, sa.Numeric)),
            "is filled by the database": column.server_default is not None,
            "is a sequence": column.identity is not None,
        }
        faults += [f"{name}.{column.name} {what}" for what, found in wrong.items() if found]
    return faults


def _inspect_other(found: sa.Inspector, name: str) -> list[str]:
    """A key from another table to an answer, and moments beside people."""
    targets = {key["referred_table"] for key in found.get_foreign_keys(name)}
    faults = [f"{name} points to {target}" for target in sorted(targets.intersection(BOX))]
    if name in PEOPLE:
        faults += [
            f"{name}.{column['name']} holds a moment"
            for column in found.get_columns(name)
            if column["name"] != "told_on"
            and (TIMES.search(repr(column["type"].as_generic())) or MOMENTS.search(column["name"]))
        ]
    return faults


def _inspect_sqlite(connection: sa.Connection) -> list[str]:
    """Tables with a rowid, and triggers, which could note what happens."""
    rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'table'").all()
    sql = {row.name: row.sql for row in rows}
    triggers = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars()
    return [
        f"{name} has a rowid" for name in BOX if sql[name].upper().split()[-2:] != ["WITHOUT", "ROWID"]
    ] + [f"there is a trigger {name}" for name in triggers]


def _inspect_postgresql(connection: sa.Connection) -> list[str]:
    """Triggers, rules, sequences, and moments of commits."""
    triggers = connection.exec_driver_sql("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal").scalars()
    rules = connection.exec_driver_sql(
        "SELECT rulename FROM pg_rules WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
    ).scalars()
    sequences = connection.exec_driver_sql("SELECT relname FROM pg_class WHERE relkind = 'S'").scalars()
    moments = connection.exec_driver_sql("SHOW track_commit_timestamp").scalar_one()
    return [
        *(f"there is a trigger {name}" for name in triggers),
        *(f"there is a rule {name}" for name in rules),
        *(f"there is a sequence {name}" for name in sequences),
        *_inspect_samples(connection),
        *(["the server keeps the moments of commits"] if moments != "off" else []),
    ]


def _inspect_samples(connection: sa.Connection) -> list[str]:
    query = sa.text(
        "SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
        " WHERE c.relkind = 'r' AND a.attnum > 0 AND COALESCE(a.attstattarget, -1) <> 0"
    )
    sampled = {(row.relname, row.attname) for row in connection.execute(query)}
    return [
        f"values of {table}.{column} are kept for the planner"
        for table, columns in SAMPLED_NEVER.items()
        for column in columns
        if (table, column) in sampled
    ]
