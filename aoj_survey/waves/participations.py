"""Looking up participations as plain values."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, Select, select

from aoj_survey.errors import NotFoundError
from aoj_survey.regions import Region

from .models import Participation, Wave

Phase = Literal["not_open", "open", "closed"]


@dataclass(frozen=True, slots=True)
class ParticipationFacts:
    """A participation as the doors need it; moments are in UTC, days in the region's time zone."""

    id: UUID
    wave: str
    region: str
    region_name: str
    time_zone: str
    name: str
    status: str
    opens_at: datetime
    closes_at: datetime
    closed_at: datetime | None
    contact_mail: str
    contact_phone: str
    approval: str
    box_public_key: bytes
    ballot_size: int | None
    purge_on: date | None
    box_destroyed_at: datetime | None = None
    sender: str = "installation"
    sending: str = "off"
    paused: bool = False
    goal: int | None = None
    school_area: str = ""
    by_area: bool = False
    sealing: str = "server"
    custodian_public_key: bytes | None = None

    @property
    def zone(self) -> ZoneInfo:
        """The region's time zone."""
        return ZoneInfo(self.time_zone)

    @property
    def first_day(self) -> date:
        """The first day on which people can take part."""
        return self.opens_at.astimezone(self.zone).date()

    @property
    def last_day(self) -> date:
        """The last day on which people can take part; it ends at 23.59 there."""
        return (self.closes_at - timedelta(seconds=1)).astimezone(self.zone).date()

    def erased_on(self, purge_days: int) -> date:
        """The day on which the list is destroyed: promised for the wave, else so many days after the last day."""
        return self.purge_on or self.last_day + timedelta(days=purge_days)

    def phase(self, now: datetime) -> Phase:
        """Whether people can take part at this moment; only a running participation opens."""
        if self.status in {"closed", "opened", "lapsed"} or now >= self.closes_at:
            return "closed"
        return "open" if self.status == "running" and now >= self.opens_at else "not_open"


_FIELDS: dict[str, Any] = {
    "id": Participation.id,
    "wave": Participation.wave_code,
    "region": Participation.region_code,
    "region_name": Region.name,
    "time_zone": Region.time_zone,
    "name": Participation.name,
    "status": Participation.status,
    "opens_at": Participation.opens_at,
    "closes_at": Participation.closes_at,
    "closed_at": Participation.closed_at,
    "contact_mail": Participation.contact_mail,
    "contact_phone": Participation.contact_phone,
    "approval": Participation.approval,
    "box_public_key": Participation.box_public_key,
    "ballot_size": Participation.ballot_size,
    "purge_on": Wave.purge_on,
    "box_destroyed_at": Participation.box_destroyed_at,
    "sender": Participation.sender,
    "sending": Participation.sending,
    "paused": Participation.paused,
    "goal": Participation.goal,
    "school_area": Region.school_area,
    "by_area": Participation.by_area,
    "sealing": Participation.sealing,
    "custodian_public_key": Participation.custodian_public_key,
}


def select_participations(*more: Any) -> Select[*tuple[Any, ...]]:
    """A select of the columns of `ParticipationFacts`, with more columns after them; join what they need."""
    columns = [column.label(name) for name, column in _FIELDS.items()]
    return (
        select(*columns, *more)
        .select_from(Participation)
        .join(Region, Region.code == Participation.region_code)
        .join(Wave, Wave.code == Participation.wave_code)
    )


def participation_facts(row: Row[Any]) -> ParticipationFacts:
    """The facts in a row of `select_participations`."""
    return ParticipationFacts(*row[: len(_FIELDS)])


def read_participation(connection: Connection, participation: UUID) -> ParticipationFacts:
    """Return a participation by its id; raises NoResultFound when there is none."""
    return participation_facts(
        connection.execute(select_participations().where(Participation.id == participation)).one()
    )


def hold_running(connection: Connection, participation: UUID) -> bool:
    """Return whether a participation is running, and keep it so until this transaction ends.

    On PostgreSQL a close waits for those who hold it, so its counts and the box never differ; on SQLite a
    write transaction is alone anyway.
    """
    query = select(Participation.status).where(Participation.id == participation).with_for_update(read=True)
    return connection.execute(query).scalar_one() == "running"


def list_participations(connection: Connection, *statuses: str) -> tuple[ParticipationFacts, ...]:
    """Return participations, newest window first, of these statuses or of all."""
    query = select_participations().order_by(Participation.opens_at.desc(), Participation.region_code)
    if statuses:
        query = query.where(Participation.status.in_(statuses))
    return tuple(participation_facts(row) for row in connection.execute(query))


def find_participation(connection: Connection, wave: str, region: str) -> ParticipationFacts:
    """Return the participation of a region in a wave.

    Raises:
        NotFoundError: there is none; the message names those there are.
    """
    query = select_participations().where(
        Participation.wave_code == wave, Participation.region_code == region
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        known = ", ".join(f"{facts.wave} {facts.region}" for facts in list_participations(connection))
        message = f"There is no participation {wave} {region}. Known: {known or 'none yet'}."
        raise NotFoundError(message)
    return participation_facts(row)
