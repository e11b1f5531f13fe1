"""Published sets in parts that share no class, so that each part can be audited by itself.

A wave has the classes of all its regions, and most published sets are of one region. A total over regions ties
them together only where it tells something that the sets of those regions do not tell already.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .span import reduce_row, reduce_rows

Group = frozenset[str]
"""A set of finest classes, by their codes."""


@dataclass(slots=True)
class _Part:
    """Sets that hang together, the classes in them, and the basis of their span once it was asked for."""

    atoms: Group
    sets: list[Group]
    basis: tuple[Sequence[str], Mapping[int, tuple[int, ...]]] | None = None

    def tells(self, union: Group) -> bool:
        """Whether the total of a union of classes of this part follows from its sets."""
        if self.basis is None:
            order = sorted(self.atoms)
            rows = [[int(atom in group) for atom in order] for group in self.sets]
            self.basis = order, reduce_rows(rows, len(order)).rows
        order, basis = self.basis
        return not any(reduce_row([int(atom in union) for atom in order], basis))


class PartedSets:
    """Sets that tell the same as published ones, in parts that share no class.

    Of a set over several parts is left out what one of them tells by itself: the set without it tells as much.
    What follows from all sets is then what follows from each part, and the sums of that over parts.
    """

    def __init__(self, published: Iterable[Group]) -> None:
        self._parts: list[_Part] = []
        for group in sorted(set(published), key=lambda group: (len(group), sorted(group))):
            self._add(group)

    def _add(self, group: Group) -> None:
        touched = [part for part in self._parts if part.atoms & group]
        left = group
        if len(touched) > 1 or any(not group <= part.atoms for part in touched):
            for part in touched:
                if part.tells(group & part.atoms):
                    left -= part.atoms
        if left:
            joined = [part for part in touched if part.atoms & left]
            self._parts = [part for part in self._parts if part not in joined]
            sets = [known for part in joined for known in part.sets]
            self._parts.append(_Part(left.union(*(part.atoms for part in joined)), [*sets, left]))

    @property
    def parts(self) -> tuple[tuple[Group, ...], ...]:
        """The sets of each part."""
        return tuple(tuple(part.sets) for part in self._parts)

    def tell(self, union: Group) -> bool:
        """Return whether the total of a union of classes follows from these sets."""
        left = union
        for part in self._parts:
            if part.atoms & union:
                if not part.tells(union & part.atoms):
                    return False
                left -= part.atoms
        return not left
