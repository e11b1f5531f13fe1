"""Which roles the opening joins: expected by the list before the close, foreseen by the counts after it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from aoj_survey.disclosure import CaptureClass, expect, freeze_classes, merge_classes, sort_roles
from aoj_survey.invitations import count_asked
from aoj_survey.responses import read_strata
from aoj_survey.statistics import list_printed, response_table
from aoj_survey.waves import ParticipationFacts

from .counts import read_final_counts
from .forecast import read_classes


@dataclass(frozen=True, slots=True)
class Join:
    """Roles that are kept as one, with the code of that class.

    `done` holds, by role, how many sent answers: empty unless the response table prints that of each of them.
    """

    code: str
    roles: tuple[str, ...]
    done: Mapping[str, int]


def foresee_joins(connection: Connection, facts: ParticipationFacts, k: int) -> tuple[Join, ...]:
    """Return the roles that the opening joins, so that each class has `k` answers; after it those that it joined.

    Before the close it goes by the list and the response that is expected, so it tells nothing of who answered. After
    it by the counts per role, of which the rows that are printed then stand beside. Areas are left out of it.
    """
    if facts.status == "opened":
        return _list_joins(read_strata(connection, facts.id), _read_printed(connection, facts))
    if facts.status == "closed":
        return _foresee(connection, facts, k)
    invited = count_asked(connection, facts.id)
    classes = _fill(read_classes(connection, facts.id, invited) or freeze_classes(invited), invited)
    expected = {item.code: sum(expect(invited[role]) for role in item.roles) for item in classes}
    return _list_joins(merge_classes(classes, expected, k).values(), {})


def _foresee(connection: Connection, facts: ParticipationFacts, k: int) -> tuple[Join, ...]:
    counts = read_final_counts(connection, facts.id)
    known = {count.role: count for count in counts if count.invited or count.done}
    invited = {role: count.invited for role, count in known.items()}
    classes = _fill(read_classes(connection, facts.id, invited), known)
    done = {item.code: sum(known[role].done for role in item.roles) for item in classes}
    merged = merge_classes(classes, done, k, list_printed(counts))
    return _list_joins(merged.values(), _read_printed(connection, facts))


def _fill(classes: Iterable[CaptureClass], known: Collection[str]) -> list[CaptureClass]:
    """The classes with those of their roles that somebody has."""
    filled = (replace(item, roles=tuple(role for role in item.roles if role in known)) for item in classes)
    return [item for item in filled if item.roles]


def _read_printed(connection: Connection, facts: ParticipationFacts) -> dict[str, int]:
    """How many sent answers, of the roles that have a row of their own after the close."""
    table = response_table(read_final_counts(connection, facts.id))
    return {row.roles[0]: row.done for row in table.rows if len(row.roles) == 1}


def _list_joins(classes: Iterable[CaptureClass], printed: Mapping[str, int]) -> tuple[Join, ...]:
    joined = {sort_roles(item.roles): item.code for item in classes if len(item.roles) > 1}
    return tuple(
        Join(code, roles, {role: printed[role] for role in roles} if printed.keys() >= set(roles) else {})
        for roles, code in sorted(joined.items())
    )
