"""Response counts that were printed, and what they give away beside the classes answers are stored in.

Rule: `anonymity`, *Disclosure control*, rule 7: no number invited or done under three. A response table tells these of
rows of roles, a dataset of its strata; where rows and strata lie across each other, one less the other is a role.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .audit import Group, audit_sets, weigh_nobody

FEWEST = 3
"""Fewest people, invited or done, that a number may tell of."""


@dataclass(frozen=True, slots=True)
class PrintedCounts:
    """The rows of a printed response table by their roles, and how many of each role were invited and are done."""

    rows: tuple[Group, ...]
    invited: Mapping[str, int]
    done: Mapping[str, int]

    def find_small(self, classes: Iterable[Sequence[str]]) -> frozenset[Group]:
        """Return the roles, one or more, of which fewer than three, or nobody, follow from the rows and these classes."""
        published = [*self.rows, *map(frozenset, classes)]
        return frozenset(
            union for numbers in (self.invited, self.done) for union in _find_small(published, numbers)
        )


def _find_small(published: Sequence[Group], numbers: Mapping[str, int]) -> tuple[Group, ...]:
    """As `audit_sets` does, where nobody is a small number too: each role weighs a little by itself."""
    roles = sorted(frozenset[str]().union(*published))
    return audit_sets(published, *weigh_nobody({role: numbers.get(role, 0) for role in roles}, FEWEST))
