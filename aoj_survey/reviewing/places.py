"""Where open answers lie, and whom they wait for."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, func, select

from aoj_survey.open_answers import OpenAnswer, OpenItem
from aoj_survey.regions import JOINT_REGION
from aoj_survey.responses import list_joint_members
from aoj_survey.waves import Participation, find_participation

from .desk import Place


@dataclass(frozen=True, slots=True)
class Desk:
    """A place with open answers: its region (`joint` for small boxes together), and the participations it is of."""

    wave: str
    region: str
    place: Place
    members: tuple[UUID, ...]


def find_desk(connection: Connection, wave: str, region: str) -> Desk:
    """Return the desk of a region in a wave, or that of its small boxes under the name `joint`.

    Raises:
        NotFoundError: there is no such participation.
    """
    if region == JOINT_REGION:
        return Desk(wave, region, Place(wave=wave), list_joint_members(connection, wave))
    identity = find_participation(connection, wave, region).id
    return Desk(wave, region, Place(identity), (identity,))


def list_desks(connection: Connection) -> tuple[Desk, ...]:
    """Return the desks of all places that had open answers, by wave and region."""
    rows = connection.execute(
        select(OpenItem.wave_code, Participation.wave_code, Participation.region_code)
        .outerjoin(Participation, Participation.id == OpenItem.participation_id)
        .distinct()
    )
    places = sorted((joint, JOINT_REGION) if joint else (wave, region) for joint, wave, region in rows)
    return tuple(find_desk(connection, wave, region) for wave, region in places)


def count_proposals(connection: Connection, place: Place, item: str) -> dict[str, int]:
    """Return how many proposals each person made for answers to an item, of those that wait for another, by name."""
    rows = connection.execute(
        select(OpenAnswer.proposed_by, func.count().label("number"))
        .where(place.of(OpenAnswer), OpenAnswer.item == item, OpenAnswer.proposal != "")
        .group_by(OpenAnswer.proposed_by)
        .order_by(OpenAnswer.proposed_by)
    )
    return {row.proposed_by: row.number for row in rows}
