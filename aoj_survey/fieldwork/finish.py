"""What follows an opening, each step tried again until it is done: rewriting tables, destroying the box key."""

from datetime import datetime

from aoj_survey.db import Database
from aoj_survey.keys import KeyDirectory
from aoj_survey.responses import (
    ErasureError,
    destroy_box_key,
    keys_to_destroy,
    openings_to_rewrite,
    record_rewrite,
    rewrite_tables,
)
from aoj_survey.waves import read_participation


def finish_openings(database: Database, keys: KeyDirectory, now: datetime) -> bool:
    """Do what is left to do after openings; return whether nothing remains that waits for readers.

    Raises:
        ErasureError: a box key that could not be destroyed; the others are.
    """
    with database.read() as connection:
        waiting = openings_to_rewrite(connection)
    done = not waiting or rewrite_tables(database.engine)
    if waiting and done:
        with database.write() as connection:
            for participation in waiting:
                record_rewrite(connection, participation)
    _destroy_keys(database, keys, now)
    return done


def _destroy_keys(database: Database, keys: KeyDirectory, now: datetime) -> None:
    with database.read() as connection:
        due = keys_to_destroy(connection, now)
    faults: list[ErasureError] = []
    for participation in due:
        # Each in a transaction of its own, so one key that cannot go does not keep the others.
        try:
            with database.write() as connection:
                destroy_box_key(connection, keys, read_participation(connection, participation), now)
        except ErasureError as fault:
            faults.append(fault)
    if faults:
        raise faults[0]
