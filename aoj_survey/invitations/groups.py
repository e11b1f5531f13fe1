"""Group links: one link for many people, on a poster or passed on; nobody on it is known by name or address.

Tokens are derived, so a poster can be printed again and the database holds no usable link. They come from
the contact key, which the web process may read: its pages print posters, and must not be able to make
anybody's personal link. They die with that key at the purge.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, select, update

from aoj_survey.errors import NotFoundError, StateError
from aoj_survey.keys import KeyDirectory, derive
from aoj_survey.waves import (
    Participation,
    ParticipationFacts,
    RoleInstrument,
    participation_facts,
    select_participations,
)

from .links import derive_token, hash_token
from .models import GroupLink, GroupPeople
from .youth import YOUTH_ROLES

LONGEST_NAME = 200
MOST_PEOPLE = 10_000
FEWEST_STARTS = 20
"""A small school may lose some codes and start again."""

STARTS_EACH = 3


@dataclass(frozen=True, slots=True)
class GroupRole:
    """How many people of a role a link is for, and the instrument they answer once the wave runs."""

    role: str
    people: int
    instrument_digest: str | None


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """A group link, with what its pages need. `told` is the number done as shown since `told_on`."""

    id: UUID
    name: str
    stopped: bool
    told: int
    told_on: date | None
    roles: tuple[GroupRole, ...]
    participation: ParticipationFacts

    @property
    def people(self) -> int:
        """How many people the link is for, as declared."""
        return sum(role.people for role in self.roles)

    @property
    def is_for_youth(self) -> bool:
        """Whether all who may start by it are young people."""
        return all(role.role in YOUTH_ROLES for role in self.roles)

    @property
    def most_starts(self) -> int:
        """How many times the link may be started: ample for its people, little for who wants to flood it."""
        return max(FEWEST_STARTS, STARTS_EACH * self.people)


@dataclass(frozen=True, slots=True)
class GroupTokens:
    """The two secrets of a group link: that of its poster, and that of its key figure's own page."""

    link: str
    page: str


def derive_group_tokens(contact_key: bytes, group: UUID) -> GroupTokens:
    """Return the tokens (26 characters each) of a group link."""
    key = derive(contact_key, "group links")
    return GroupTokens(derive_token(key, "group", group, 0), derive_token(key, "count", group, 0))


def add_group(
    connection: Connection,
    keys: KeyDirectory,
    facts: ParticipationFacts,
    name: str,
    people: Mapping[str, int],
) -> UUID:
    """Make a link for so many people per role and return its id; with several roles, each person chooses.

    Raises:
        StateError: the participation is closed, the name is missing, taken or holds a line break, a role has
            no questionnaire here, or a number is not between 1 and 10 000; all that is wrong is named.
    """
    title = " ".join(name.split())
    if faults := _find_faults(connection, facts, title, people):
        raise StateError("This group link cannot be made: " + "; ".join(faults) + ".")
    group = uuid4()
    tokens = derive_group_tokens(keys.contact(facts.id), group)
    connection.execute(
        insert(GroupLink).values(
            id=group,
            participation_id=facts.id,
            name=title,
            token_hash=hash_token(tokens.link),
            page_hash=hash_token(tokens.page),
        )
    )
    connection.execute(
        insert(GroupPeople),
        [{"group_id": group, "role": role, "people": number} for role, number in sorted(people.items())],
    )
    return group


def _find_faults(
    connection: Connection, facts: ParticipationFacts, name: str, people: Mapping[str, int]
) -> list[str]:
    taken = select(GroupLink.id).where(GroupLink.participation_id == facts.id, GroupLink.name == name)
    asked = select(RoleInstrument.role).where(RoleInstrument.participation_id == facts.id)
    without = sorted(set(people) - set(connection.execute(asked).scalars()))
    many = [role for role, number in people.items() if not 0 < number <= MOST_PEOPLE]
    faults = {
        f"{facts.region} in {facts.wave} is {facts.status}": facts.status not in {"planned", "running"},
        "the name is missing": not name,
        f"the name is longer than {LONGEST_NAME} characters": len(name) > LONGEST_NAME,
        "the name holds an invisible character": any(unicodedata.category(sign)[0] == "C" for sign in name),
        f"there is a link named {name!r} already": bool(name)
        and connection.execute(taken).first() is not None,
        "say how many people of which role it is for": not people,
        f"no questionnaire is planned for {', '.join(without)}": bool(without),
        f"the number of people must lie between 1 and {MOST_PEOPLE} for {', '.join(many)}": bool(many),
    }
    return [fault for fault, found in faults.items() if found]


def stop_group(connection: Connection, facts: ParticipationFacts, name: str) -> None:
    """Let nobody start by a link any more; who started may go on. Its people stay in the counts.

    Before the fieldwork it is taken away as if it had never been.

    Raises:
        NotFoundError: there is no link of this name; those there are are named.
    """
    group = find_group_named(connection, facts, name).id
    if facts.status == "planned":
        connection.execute(delete(GroupPeople).where(GroupPeople.group_id == group))
        connection.execute(delete(GroupLink).where(GroupLink.id == group))
    else:
        connection.execute(update(GroupLink).where(GroupLink.id == group).values(stopped=True))


def list_groups(connection: Connection, participation: UUID) -> tuple[GroupFacts, ...]:
    """Return the group links of a participation by name; two statements."""
    return _read(connection, GroupLink.participation_id == participation)


def find_group_named(connection: Connection, facts: ParticipationFacts, name: str) -> GroupFacts:
    """Return the link of this name; raises NotFoundError, naming those there are."""
    groups = list_groups(connection, facts.id)
    for group in groups:
        if group.name == " ".join(name.split()):
            return group
    known = ", ".join(group.name for group in groups) or "none yet"
    raise NotFoundError(f"There is no group link {name!r} in {facts.wave} {facts.region}. Known: {known}.")


def find_group(connection: Connection, token: str) -> GroupFacts | None:
    """Return the group link of a poster's token, or None; two statements."""
    return next(iter(_read(connection, GroupLink.token_hash == hash_token(token))), None)


def find_group_page(connection: Connection, token: str) -> GroupFacts | None:
    """Return the group link of a key figure's own page, or None; two statements."""
    return next(iter(_read(connection, GroupLink.page_hash == hash_token(token))), None)


def _read(connection: Connection, condition: ColumnElement[bool]) -> tuple[GroupFacts, ...]:
    rows = connection.execute(
        select_participations(
            GroupLink.id.label("group_id"),
            GroupLink.name.label("group_name"),
            GroupLink.stopped,
            GroupLink.told,
            GroupLink.told_on,
        )
        .join(GroupLink, GroupLink.participation_id == Participation.id)
        .where(condition)
        .order_by(GroupLink.name)
    ).all()
    roles = _read_roles(connection, [row.group_id for row in rows]) if rows else {}
    return tuple(
        GroupFacts(
            id=row.group_id,
            name=row.group_name,
            stopped=row.stopped,
            told=row.told,
            told_on=row.told_on,
            roles=tuple(roles[row.group_id]),
            participation=participation_facts(row),
        )
        for row in rows
    )


def _read_roles(connection: Connection, groups: Sequence[UUID]) -> dict[UUID, list[GroupRole]]:
    """The roles of links, those of most people first."""
    found: dict[UUID, list[GroupRole]] = {}
    rows = connection.execute(
        select(GroupPeople.group_id, GroupPeople.role, GroupPeople.people, RoleInstrument.instrument_digest)
        .join(GroupLink, GroupLink.id == GroupPeople.group_id)
        .outerjoin(
            RoleInstrument,
            and_(
                RoleInstrument.participation_id == GroupLink.participation_id,
                RoleInstrument.role == GroupPeople.role,
            ),
        )
        .where(GroupPeople.group_id.in_(groups))
        .order_by(GroupPeople.people.desc(), GroupPeople.role)
    )
    for row in rows:
        found.setdefault(row.group_id, []).append(GroupRole(row.role, row.people, row.instrument_digest))
    return found
