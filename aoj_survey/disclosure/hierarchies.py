"""Quasi-identifiers and what their values become, level by level, where they point to too few people.

Rule: `anonymity`, *Microdata*: swv -> sector -> drop; municipality -> drop; role -> with the smallest sibling ->
group -> drop; a flagged item is kept or dropped.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from aoj_survey.errors import DisclosureError
from aoj_survey.questionnaire import ROLES

from .classes import class_code, merge_small

HIDDEN = -6
"""What stands in a cell that is dropped or suppressed."""

Level: TypeAlias = Mapping[Hashable, Hashable]
"""What each value becomes."""

Row: TypeAlias = tuple[Hashable, ...]
"""The values of the quasi-identifiers of one response."""


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """A quasi-identifier by its levels, the finest first; each level knows all values, and merges more of them.

    With one level it is fixed: told of every row as it is, never merged and never suppressed.

    Raises:
        DisclosureError: no level, a level that lacks a value, or one that tells apart what a former one merged.
    """

    name: str
    levels: tuple[Level, ...]

    def __post_init__(self) -> None:
        if not self.levels or any(level.keys() != self.levels[0].keys() for level in self.levels):
            raise DisclosureError(f"Every level of {self.name!r} must say what each of its values becomes.")
        for former, level in zip(self.levels, self.levels[1:], strict=False):
            if len({(former[value], level[value]) for value in former}) > len(set(former.values())):
                raise DisclosureError(f"A level of {self.name!r} tells apart what the one before it merged.")

    @property
    def fixed(self) -> bool:
        """Whether it is told of every row as it is."""
        return len(self.levels) == 1


def keep_always(name: str, values: Iterable[Hashable]) -> Hierarchy:
    """Return a fixed quasi-identifier, such as the wave or the stratum."""
    return Hierarchy(name, (_same(values),))


def keep_or_drop(name: str, values: Iterable[Hashable]) -> Hierarchy:
    """Return a quasi-identifier that is kept or dropped: a municipality, a flagged item."""
    same = _same(values)
    return Hierarchy(name, (same, dict.fromkeys(same, HIDDEN)))


def merge_by_sector(name: str, sectors: Mapping[Hashable, Hashable]) -> Hierarchy:
    """Return the school partnerships (swv) by their sector: swv -> sector -> drop."""
    return Hierarchy(name, (_same(sectors), dict(sectors), dict.fromkeys(sectors, HIDDEN)))


def merge_roles(name: str, counts: Mapping[str, int], minimum: int) -> Hierarchy:
    """Return the roles: role -> with the smallest sibling until `minimum` -> group -> drop.

    `counts` holds the responses of each role. Siblings are of one group; the next level takes the group.

    Raises:
        DisclosureError: a role that does not exist.
    """
    unknown = sorted(set(counts) - set(ROLES))
    if unknown:
        raise DisclosureError(f"These roles do not exist: {', '.join(unknown)}.")
    groups: dict[Hashable, Hashable] = {role: ROLES[role].group for role in counts}
    siblings: dict[Hashable, Hashable] = {}
    for group in dict.fromkeys(groups.values()):
        sizes = {(role,): counts[role] for role in counts if groups[role] == group}
        for roles in merge_small(sizes, minimum):
            siblings |= dict.fromkeys(roles, class_code(roles, set(counts)))
    return Hierarchy(name, (_same(counts), siblings, groups, dict.fromkeys(groups, HIDDEN)))


def _same(values: Iterable[Hashable]) -> dict[Hashable, Hashable]:
    return {value: value for value in values}
