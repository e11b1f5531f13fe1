"""Openings that were asked for on a page: the worker, which may read the keys, does them when they are due."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection

from aoj_survey.db import Database
from aoj_survey.errors import AojError
from aoj_survey.hooks import Hooks
from aoj_survey.keys import KeyDirectory
from aoj_survey.regions import find_rule
from aoj_survey.responses import (
    MINIMUM,
    AskedOpening,
    OpeningRefusedError,
    count_ballots,
    is_approved,
    is_small,
    list_asked_openings,
    list_small_boxes,
    list_to_open_first,
    open_box,
    open_together,
    refuse_opening,
)
from aoj_survey.waves import ParticipationFacts, read_participation

from .turns import TurnError


def open_asked(database: Database, keys: KeyDirectory, hooks: Hooks, now: datetime) -> int:
    """Open every box that was asked for, closed and approved; return how many ballots were opened.

    Harmless when run twice: what is open is no longer asked for. A small box waits until all small ones of its
    wave were asked for and approved and no other box of it is left. Why a box could not be opened is kept; it
    is tried again when somebody asks again.

    Raises:
        TurnError: after the last one, naming those whose key or ballots do not fit.
    """
    with database.read() as connection:
        due = [
            (asked, facts)
            for asked in list_asked_openings(connection)
            if not asked.refused
            and (facts := read_participation(connection, asked.participation)).status == "closed"
            and is_approved(connection, facts, now)
        ]
        small = {facts.id for _, facts in due if is_small(connection, facts.id)}
    opened, faults = 0, list[str]()
    for asked, facts in due:
        if facts.id not in small:
            opened += _try(
                database,
                [facts],
                lambda connection, asked=asked, facts=facts: open_box(
                    connection,
                    keys,
                    facts,
                    now,
                    rule=find_rule(connection, hooks, facts.region),
                    by=asked.person,
                ),
                faults,
            )
    for wave in sorted({facts.wave for _, facts in due if facts.id in small}):
        opened += _open_small(database, keys, wave, [asked for asked, _ in due], now, faults)
    if faults:
        raise TurnError("; ".join(faults))
    return opened


def _open_small(
    database: Database,
    keys: KeyDirectory,
    wave: str,
    due: list[AskedOpening],
    now: datetime,
    faults: list[str],
) -> int:
    with database.read() as connection:
        boxes = list_small_boxes(connection, wave)
        ready = {asked.participation for asked in due}
        total = sum(count_ballots(connection, facts.id) for facts in boxes)
        if list_to_open_first(connection, wave, now) or total < MINIMUM:
            return 0
    if not {facts.id for facts in boxes} <= ready:
        return 0
    by = ", ".join(
        sorted({asked.person for asked in due if asked.participation in {box.id for box in boxes}})
    )
    return _try(database, boxes, lambda connection: open_together(connection, keys, wave, now, by=by), faults)


def _try(
    database: Database,
    boxes: list[ParticipationFacts] | tuple[ParticipationFacts, ...],
    opening: Callable[[Connection], int],
    faults: list[str],
) -> int:
    """Do an opening whole or not at all; keep why it was refused, which does not mend itself."""
    try:
        with database.write() as connection:
            return opening(connection)
    except OpeningRefusedError as error:
        why = error.code
    except AojError as error:
        why = "fault"
        faults += [f"{facts.wave} {facts.region}: {error}" for facts in boxes]
    except Exception as error:  # noqa: BLE001 — whatever one box meets, the others are opened
        # Such as a database that stopped: nobody has to ask again for that, the next round tries it.
        faults += [f"{facts.wave} {facts.region}: {type(error).__name__}" for facts in boxes]
        return 0
    with database.write() as connection:
        for facts in boxes:
            refuse_opening(connection, facts.id, why)
    return 0
