"""What is told of a group link's count: from ten people up, and never what a subtraction would give away.

Told numbers of one link differ by 0 or by ten and more, so two days never single somebody out. Nor may the
response table minus what is told leave fewer than ten who are done, of whichever of its rows.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from uuid import UUID

from sqlalchemy import Connection, select, update

from aoj_survey.invitations import GroupLink, GroupPeople, count_groups
from aoj_survey.statistics import ResponseRow

FEWEST_DONE = 10


@dataclass(frozen=True, slots=True)
class LinkCount:
    """A group link as counted today: its roles, how many were asked and are done; `told` before today."""

    group: UUID
    roles: frozenset[str]
    asked: int
    done: int
    told: int

    @property
    def grew(self) -> bool:
        """Whether enough people are done since the last number that was told."""
        return self.done - self.told >= FEWEST_DONE


def choose_told(links: Iterable[LinkCount], rows: Sequence[ResponseRow]) -> frozenset[UUID]:
    """Return the links whose number is told anew, beside a response table of these rows.

    Where the table minus told numbers leaves some people of whom fewer than ten are done, the smallest of the
    new numbers is kept back.
    """
    known = sorted(links, key=lambda link: (link.done, link.group.bytes))
    fresh = [link for link in known if link.grew]
    told = [link for link in known if link.told and not link.grew]
    while fresh and (risky := _find_risky(fresh, told, rows)):
        fresh.remove(next(link for link in fresh if link in risky))
    return frozenset(link.group for link in fresh)


def _find_risky(
    fresh: Sequence[LinkCount], told: Sequence[LinkCount], rows: Sequence[ResponseRow]
) -> list[LinkCount]:
    """Links of which some rows of the table minus their numbers leave too few; empty when there are none."""
    for some in _unions(rows):
        roles = {role for row in some for role in row.roles}
        inside = [link for link in (*fresh, *told) if link.roles <= roles]
        others = sum(row.invited for row in some) - sum(link.asked for link in inside)
        left = sum(row.done for row in some) - sum(link.done for link in inside)
        if others > 0 and left < FEWEST_DONE and any(link in fresh for link in inside):
            return inside
    return []


def _unions(rows: Sequence[ResponseRow]) -> Iterator[tuple[ResponseRow, ...]]:
    return (some for size in range(1, len(rows) + 1) for some in combinations(rows, size))


def tell_counts(
    connection: Connection,
    participation: UUID,
    rows: Sequence[ResponseRow],
    day: date,
    *,
    counted: bool = True,
) -> int:
    """Store what is told of each group link as of this day; return how many numbers are new.

    `rows` are those of the response table that is shown with it: of who is `counted` daily, or of everybody.
    """
    links = read_link_counts(connection, participation, counted=counted)
    fresh = choose_told(links, rows) if rows else frozenset[UUID]()
    for link in links:
        if link.group in fresh:
            connection.execute(
                update(GroupLink).where(GroupLink.id == link.group).values(told=link.done, told_on=day)
            )
    return len(fresh)


def read_link_counts(
    connection: Connection, participation: UUID, *, counted: bool = False
) -> tuple[LinkCount, ...]:
    """Return the live counts per group link, which no page shows; with `counted`, of those in the daily counts."""
    known = connection.execute(
        select(GroupLink.id, GroupLink.told).where(GroupLink.participation_id == participation)
    )
    told = {row.id: row.told for row in known}
    waiting = set(
        connection.execute(
            select(GroupPeople.group_id)
            .join(GroupLink)
            .where(GroupLink.participation_id == participation, GroupPeople.counted.is_(False))
        ).scalars()
    )
    parts = defaultdict[UUID, list[tuple[str, int, int]]](list)
    for count in count_groups(connection, participation):
        parts[count.group].append((count.role, count.asked, count.done))
    return tuple(
        LinkCount(
            group,
            frozenset(role for role, _, _ in found),
            sum(asked for _, asked, _ in found),
            sum(done for _, _, done in found),
            told[group],
        )
        for group, found in parts.items()
        if not (counted and group in waiting)
    )
