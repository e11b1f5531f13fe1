"""Attempt: a log of statements, in which PostgreSQL writes each with its moment and values.

The program cannot see such a log where the server runs elsewhere, but the server says whether it keeps one.
Source of the settings: PostgreSQL's manual, *Error Reporting and Logging*, and those of auto_explain and pgaudit.
"""

from collections.abc import Mapping

from sqlalchemy import Connection, text

from .attempts import Attempt, conclude, pass_over

QUIET: Mapping[str, frozenset[str]] = {
    "log_statement": frozenset({"none", "ddl"}),
    "log_duration": frozenset({"off"}),
    "log_min_duration_statement": frozenset({"-1"}),
    "log_min_duration_sample": frozenset({"-1"}),
    "log_transaction_sample_rate": frozenset({"0"}),
    "auto_explain.log_min_duration": frozenset({"-1"}),
    "pgaudit.log": frozenset({"", "none"}),
}
"""The settings by which statements are written down, and their values by which none is."""


def try_statements(connection: Connection) -> Attempt:
    """Ask the server whether it writes statements down."""
    if connection.dialect.name == "sqlite":
        return pass_over("statements", "", "sqlite_statements")
    set_to = _read_settings(connection, QUIET)
    writing = sum(value not in QUIET[name] for name, value in set_to.items())
    return conclude("statements", "", {"settings": len(set_to), "writing": writing}, linked=writing > 0)


def note_log_elsewhere(connection: Connection) -> tuple[str, ...]:
    """Return what of the write-ahead log lies elsewhere, or is packed, as keys of NOTES."""
    set_to = _read_settings(connection, ("archive_mode", "wal_compression"))
    slots = connection.exec_driver_sql("SELECT count(*) FROM pg_replication_slots").scalar_one()
    elsewhere = slots > 0 or set_to["archive_mode"] != "off"
    packed = set_to["wal_compression"] != "off"
    return (*(("log_elsewhere",) if elsewhere else ()), *(("packed_pages",) if packed else ()))


def _read_settings(connection: Connection, names: Mapping[str, object] | tuple[str, ...]) -> dict[str, str]:
    query = text("SELECT name, setting FROM pg_settings WHERE name = ANY(:names)")
    return {row.name: row.setting for row in connection.execute(query, {"names": list(names)})}
