"""What follows a close or an opening, tried again until it is done: tables rewritten, keys destroyed."""

from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from aoj_survey.db import Database
from aoj_survey.keys import KeyDirectory
from aoj_survey.responses import (
    boxes_to_destroy,
    destroy_box,
    destroy_box_key,
    destroyed_keys,
    keys_to_destroy,
    openings_to_rewrite,
    record_rewrite,
    rewrite_tables,
)
from aoj_survey.waves import ParticipationFacts, list_participations, read_participation

from .turns import take_turns


def finish_openings(database: Database, keys: KeyDirectory, now: datetime) -> bool:
    """Do what is left to do after openings; return whether nothing remains that waits for readers.

    Keys come first: what a rewrite meets, such as a full disk, does not keep them. One that came back, as when
    a backup of the keys was put back, is destroyed again.

    Raises:
        TurnError: a box key that could not be destroyed; the others are, and the tables are rewritten.
    """
    try:
        _destroy_keys(database, keys, now)
    finally:
        done = _rewrite(database)
    return done


def _destroy_keys(database: Database, keys: KeyDirectory, now: datetime) -> None:
    with database.read() as connection:
        places = [place for place in destroyed_keys(connection) if keys.has(place, "box")]
        due = [
            read_participation(connection, place) for place in (*keys_to_destroy(connection, now), *places)
        ]

    def destroy(connection: Connection, facts: ParticipationFacts) -> None:
        destroy_box_key(connection, keys, facts, now)

    take_turns(database, due, destroy)


def _rewrite(database: Database) -> bool:
    with database.read() as connection:
        waiting = openings_to_rewrite(connection)
    done = not waiting or rewrite_tables(database.engine)
    if waiting and done:
        with database.write() as connection:
            for participation in waiting:
                record_rewrite(connection, participation)
    return done


def destroy_small_boxes(database: Database, keys: KeyDirectory, now: datetime) -> int:
    """Destroy the boxes that stayed too small to open, 90 days after their close; return how many.

    Raises:
        TurnError: one that could not be destroyed; the others are.
    """
    with database.read() as connection:
        due = boxes_to_destroy(connection, list_participations(connection, "closed"), now)
    return take_turns(database, due, partial(destroy_box, keys=keys, now=now))
