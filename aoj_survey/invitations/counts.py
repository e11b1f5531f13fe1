"""Counts of people asked, started and done: on the list, and by group links, for which they are declared."""

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, Subquery, and_, case, func, or_, select

from aoj_survey.statistics import RoleCount

from .models import ANSWERING_ROLE, GroupLink, GroupPeople, Invitation, Invitee, Message


def count_invited(connection: Connection, participation: UUID) -> dict[str, int]:
    """Return the number of people asked per role: those on the list, and those group links are for.

    Whom the list names wrongly (`ineligible`) is left out.
    """
    counts = count_progress(connection, participation)
    return {count.role: count.invited for count in counts if count.invited > 0}


def lists_fewer(connection: Connection, participation: UUID, number: int) -> bool:
    """Return whether fewer than so many people are on the list; of a long list no more is read than tells it."""
    some = (
        select(Invitation.id)
        .outerjoin(Invitee, Invitee.id == Invitation.invitee_id)
        .where(
            Invitation.participation_id == participation,
            Invitation.group_id.is_(None),
            Invitee.withdrawn.is_distinct_from("ineligible"),
        )
        .limit(number)
    )
    return len(connection.execute(some).all()) < number


def count_progress(
    connection: Connection, participation: UUID, *, answering: bool = False, counted: bool = False
) -> tuple[RoleCount, ...]:
    """Return invited, delivered, started and done per role: the live counts, which no page shows.

    Per role of the list, so that no count of a day moves when somebody corrects a role; or, for what is frozen
    at the close, per role in which people are `answering`. Whom the list names wrongly is left out of invited
    and delivered, whatever this person did: those numbers may not tell it. Started and done never fall.
    `counted`: only who is in the daily counts.
    """
    role = ANSWERING_ROLE if answering else Invitation.role
    counts = _count_list(connection, participation, role, counted=counted)
    for count in count_groups(connection, participation, answering=answering, counted=counted):
        known = counts.get(count.role, RoleCount(count.role, 0, 0, 0, 0))
        counts[count.role] = replace(
            known,
            invited=known.invited + count.asked,
            started=known.started + count.started,
            done=known.done + count.done,
            estimated=True,
        )
    return tuple(counts[role] for role in sorted(counts))


def _count_list(
    connection: Connection, participation: UUID, role: Any, *, counted: bool
) -> dict[str, RoleCount]:
    # By the list, never by the status of the invitation: that stays with who is done.
    belongs = Invitee.withdrawn.is_distinct_from("ineligible")
    again = select_reached_again(participation)
    arrived = or_(Message.state == "sent", again.c.invitation_id.is_not(None))
    rows = connection.execute(
        select(
            role.label("role"),
            func.count(case((belongs, 1))).label("invited"),
            func.count(case((and_(belongs, arrived), 1))).label("delivered"),
            func.count(case((Invitation.started, 1))).label("started"),
            func.count(case((Invitation.status == "done", 1))).label("done"),
        )
        # Links that a region mails itself are of nobody on the list, and of no group.
        .outerjoin(Invitee, Invitee.id == Invitation.invitee_id)
        .outerjoin(Message, and_(Message.invitation_id == Invitation.id, Message.kind == "invitation"))
        .outerjoin(again, again.c.invitation_id == Invitation.id)
        .where(
            Invitation.participation_id == participation,
            Invitation.group_id.is_(None),
            *([Invitation.counted] if counted else []),
        )
        .group_by(role)
    )
    return {row.role: RoleCount(*row) for row in rows}


def select_reached_again(participation: UUID) -> Subquery:
    """Return whom the link reached that was sent again, as after a correction of an address that did not work.

    It is sent again to anybody alike, so this tells nothing of who is done.
    """
    return (
        select(Message.invitation_id)
        .where(
            Message.participation_id == participation, Message.kind == "link_again", Message.state == "sent"
        )
        .distinct()
        .subquery()
    )


@dataclass(frozen=True, slots=True)
class GroupCount:
    """How many people a group link is for in one role, as declared, and how many started and are done."""

    group: UUID
    role: str
    people: int
    started: int
    done: int

    @property
    def asked(self) -> int:
        """How many were asked: as many as was declared, and at least those who are done."""
        return max(self.people, self.done)


def count_groups(
    connection: Connection, participation: UUID, *, answering: bool = False, counted: bool = False
) -> tuple[GroupCount, ...]:
    """Return the live counts per group link and role, which no page shows.

    With `answering`, somebody who corrected the role counts in the new one, as declared too. `counted`: only of
    links and roles that are in the daily counts.
    """
    here = and_(GroupLink.participation_id == participation, *([GroupPeople.counted] if counted else []))
    declared: Counter[tuple[UUID, str]] = Counter()
    for row in connection.execute(
        select(GroupPeople.group_id, GroupPeople.role, GroupPeople.people).join(GroupLink).where(here)
    ):
        declared[row.group_id, row.role] += row.people
    started: Counter[tuple[UUID, str]] = Counter()
    done: Counter[tuple[UUID, str]] = Counter()
    for row in connection.execute(_group_progress(here)):
        listed, place = (row.group_id, row.role), (row.group_id, row.answers_as if answering else row.role)
        started[place] += row.started
        done[place] += row.done
        if place != listed:
            declared[listed] = max(0, declared[listed] - row.started)
            declared[place] += row.started
    return tuple(
        GroupCount(*place, declared[place], started[place], done[place])
        for place in sorted({*declared, *started}, key=lambda place: (place[1], place[0].bytes))
    )


def _group_progress(here: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Invitation.group_id,
            Invitation.role,
            ANSWERING_ROLE.label("answers_as"),
            func.count().label("started"),
            func.count(case((Invitation.status == "done", 1))).label("done"),
        )
        .join(GroupLink, GroupLink.id == Invitation.group_id)
        .outerjoin(
            GroupPeople,
            and_(GroupPeople.group_id == Invitation.group_id, GroupPeople.role == Invitation.role),
        )
        .where(here, Invitation.status != "withdrawn")
        .group_by(Invitation.group_id, Invitation.role, ANSWERING_ROLE)
    )
