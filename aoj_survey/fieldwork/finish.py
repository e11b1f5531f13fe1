"""What follows an opening, each step tried again until it is done: rewriting tables, destroying the box key."""

from datetime import datetime

from aoj_survey.db import Database
from aoj_survey.keys import KeyDirectory
from aoj_survey.responses import (
    destroy_box_key,
    keys_to_destroy,
    openings_to_rewrite,
    record_rewrite,
    rewrite_tables,
)
from aoj_survey.waves import read_participation


def finish_openings(database: Database, keys: KeyDirectory, now: datetime) -> bool:
    """Do what is left to do after openings; return whether nothing remains that waits for readers."""
    with database.read() as connection:
        waiting = openings_to_rewrite(connection)
    done = not waiting or rewrite_tables(database.engine)
    if waiting and done:
        with database.write() as connection:
            for participation in waiting:
                record_rewrite(connection, participation)
    with database.write() as connection:
        for participation in keys_to_destroy(connection, now):
            destroy_box_key(connection, keys, read_participation(connection, participation), now)
    return done
