"""Final dispositions frozen at the close, and the response rates made of them."""

from collections import Counter, defaultdict
from uuid import UUID

from sqlalchemy import Connection, func, insert, select

from aoj_survey.invitations import count_dispositions
from aoj_survey.statistics import Rates, ResponseCell, combine_rates, count_response, make_rates, sum_outcomes
from aoj_survey.waves import FinalCount, FinalDisposition, ParticipationFacts, list_participations

ENDED = ("closed", "opened")


def freeze_dispositions(connection: Connection, participation: UUID) -> None:
    """Store how many people ended in which disposition, per role and kind of organisation."""
    counts = count_dispositions(connection, participation)
    if counts:
        connection.execute(
            insert(FinalDisposition),
            [
                {
                    "participation_id": participation,
                    "role": role,
                    "sector": sector,
                    "disposition": disposition,
                    "people": people,
                }
                for (role, sector, disposition), people in counts.items()
            ],
        )


def read_rates(connection: Connection, participation: UUID) -> Rates:
    """Return the rates of a closed participation that may be printed; none while it runs.

    None either where it was closed before dispositions were kept.
    """
    cells = defaultdict[tuple[str, str], Counter[str]](Counter)
    for row in connection.execute(
        select(
            FinalDisposition.role,
            FinalDisposition.sector,
            FinalDisposition.disposition,
            FinalDisposition.people,
        )
        .where(FinalDisposition.participation_id == participation)
        .order_by(FinalDisposition.role, FinalDisposition.sector, FinalDisposition.disposition)
    ):
        cells[row.role, row.sector][row.disposition] = row.people
    estimated = set(
        connection.execute(
            select(FinalCount.role).where(FinalCount.participation_id == participation, FinalCount.estimated)
        ).scalars()
    )
    return make_rates(
        [
            _make_cell(role, sector, people, estimated=not sector and role in estimated)
            for (role, sector), people in cells.items()
        ]
    )


def _make_cell(role: str, sector: str, people: Counter[str], *, estimated: bool) -> ResponseCell:
    found = count_response(people)
    return ResponseCell(role, sector, found.invited, found.reached, found.started, found.done, estimated)


def read_wave_rates(connection: Connection, wave: str) -> Rates:
    """Return the rates over all closed participations of a wave, with a row per region that may be shown."""
    return combine_rates(
        {
            facts.region: read_rates(connection, facts.id)
            for facts in list_participations(connection, *ENDED)
            if facts.wave == wave
        }
    )


def sum_dispositions(connection: Connection, facts: ParticipationFacts) -> dict[str, int]:
    """Return the number of people per AAPOR code over a closed participation; empty while it runs.

    Not for pages: who knows whose mail came back could see from a small number whether that person answered.
    """
    rows = connection.execute(
        select(FinalDisposition.disposition, func.sum(FinalDisposition.people))
        .where(FinalDisposition.participation_id == facts.id)
        .group_by(FinalDisposition.disposition)
    )
    return sum_outcomes((row[0], int(row[1])) for row in rows)
