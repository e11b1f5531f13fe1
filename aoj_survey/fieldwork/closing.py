"""Closing a participation: counts are frozen, drafts and the codes to come back to them are gone."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from aoj_survey.errors import StateError
from aoj_survey.invitations import count_progress, forget_all_former, forget_codes
from aoj_survey.responses import Draft, delete_drafts
from aoj_survey.statistics import response_table
from aoj_survey.tracking import cut_series, freeze_dispositions, tell_counts
from aoj_survey.waves import FinalCount, Participation, ParticipationFacts, list_participations

from .areas import freeze_class_counts


def close_participation(connection: Connection, facts: ParticipationFacts, now: datetime) -> None:
    """End the fieldwork of a region: nothing can be sent any more, unsent drafts are erased.

    Raises:
        StateError: the participation is not running.
    """
    closed = connection.execute(
        update(Participation)
        .where(Participation.id == facts.id, Participation.status == "running")
        .values(status="closed", closed_at=now)
    )
    if closed.rowcount != 1:
        raise StateError(f"The participation of {facts.region} in {facts.wave} is not running.")
    counts = count_progress(connection, facts.id, answering=True)
    if counts:
        stored = [{"participation_id": facts.id, **asdict(count)} for count in counts]
        connection.execute(insert(FinalCount), stored)
    freeze_class_counts(connection, facts.id)
    freeze_dispositions(connection, facts.id)
    table, day = response_table(counts), now.astimezone(facts.zone).date()
    tell_counts(connection, facts.id, table.rows, day, counted=False)
    cut_series(connection, facts.id, table.total.done)
    delete_drafts(connection, facts.id)
    forget_codes(connection, facts.id)
    forget_all_former(connection, facts.id)


def close_due(connection: Connection, now: datetime) -> int:
    """Close every running participation whose window is over; return how many."""
    due = [facts for facts in list_participations(connection, "running") if now >= facts.closes_at]
    for facts in due:
        close_participation(connection, facts, now)
    return len(due)


def sweep_drafts(connection: Connection) -> int:
    """Remove drafts that were being saved at the very moment of a close; return how many there were."""
    ended = select(Participation.id).where(Participation.status.in_(("closed", "opened")))
    places = connection.execute(
        select(Draft.participation_id).where(Draft.participation_id.in_(ended)).distinct()
    ).scalars()
    return sum(delete_drafts(connection, place) for place in places)
