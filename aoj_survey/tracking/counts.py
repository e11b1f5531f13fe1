"""Daily counts: made once a day, shown per row of roles; small roles are joined while people can answer."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Connection, delete, func, insert, select

from ..invitations import count_progress
from ..statistics import RoleCount, join_small_roles, round_half_away
from ..waves import FinalCount, ParticipationFacts
from .models import DailyCount


@dataclass(frozen=True, slots=True)
class OverviewRow:
    """Counts of one or more roles; `rate` is done over invited in whole percent."""

    roles: tuple[str, ...]
    invited: int
    delivered: int
    started: int
    done: int

    @property
    def rate(self) -> int:
        """RR1: done over invited, whole percent, half away from zero; 0 when nobody was invited."""
        return int(round_half_away(100 * self.done, self.invited)) if self.invited else 0


@dataclass(frozen=True, slots=True)
class Overview:
    """What a coordinator sees: rows and their computed total, as counted on `day` (None: not yet)."""

    day: date | None
    rows: tuple[OverviewRow, ...]
    total: OverviewRow


def count_day(connection: Connection, participation: UUID, day: date) -> None:
    """Store the counts of a day, joined so that no small role stands alone; harmless when run twice."""
    place = (DailyCount.participation_id == participation) & (DailyCount.day == day)
    if connection.execute(select(DailyCount.day).where(place)).first():
        return
    rows = join_small_roles(count_progress(connection, participation))
    if rows:
        connection.execute(
            insert(DailyCount),
            [
                {
                    "participation_id": participation,
                    "day": day,
                    "roles": " ".join(row.roles),
                    "invited": row.invited,
                    "delivered": row.delivered,
                    "started": row.started,
                    "done": row.done,
                }
                for row in rows
            ],
        )
