"""Two versions of data laid beside each other, row by row, by the answers that both hold.

Whoever has both reads of a row the finer stratum of the two, and every cell that one of them tells. So a version that
keeps quasi-identifiers goes with another only where both hide alike, or where the other has no finer strata, keeps
none itself and tells no sensitive answer that a class of the first gave alike. And what they join must lie in each
other: by municipality here and by swv there is both of the same row.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Protection:
    """How a version was protected, as its privacy report says: k, merged strata, node, suppressed rows, homogeneous columns."""

    k: int
    merged: Mapping[str, str]
    node: Mapping[str, Mapping[str, int]]
    suppressed: Mapping[str, int]
    homogeneous: frozenset[tuple[str, str]] = field(default=frozenset(), compare=False)

    @property
    def keeps_any(self) -> bool:
        """Whether rows can be told apart by anything but their stratum."""
        return any(level == 0 for levels in self.node.values() for level in levels.values())

    def find_stratum(self, code: str) -> str:
        """Return the stratum that one of the opening stands in."""
        return self.merged.get(code, code)

    def list_parts(self, stratum: str) -> tuple[str, ...]:
        """Return the strata of the opening that stand in one."""
        return tuple(code for code, target in self.merged.items() if target == stratum) or (stratum,)


def may_lie_beside(one: Protection, other: Protection) -> bool:
    """Return whether two versions of the same responses tell no more together than the protection of each allows."""
    if _cross(one.merged, other.merged):
        return False
    if one == other or not (one.keeps_any or other.keeps_any):
        return True
    if one.keeps_any and other.keeps_any:
        return False
    keeping, plain = (one, other) if one.keeps_any else (other, one)
    joined = all(len(_map_parts(keeping, plain, stratum)) == 1 for stratum in keeping.merged.values())
    return joined and all(
        (column, target) in plain.homogeneous
        for column, stratum in keeping.homogeneous
        for target in _map_parts(keeping, plain, stratum)
    )


def _cross(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Whether rows of both stand in smaller strata than those of either; a stratum that none joins is one in both."""
    pairs = {(one.get(code, code), other.get(code, code)) for code in (*one, *other)}
    firsts, seconds = Counter(first for first, _ in pairs), Counter(second for _, second in pairs)
    return any(firsts[first] > 1 and seconds[second] > 1 for first, second in pairs)


def _map_parts(keeping: Protection, plain: Protection, stratum: str) -> set[str]:
    return {plain.find_stratum(code) for code in keeping.list_parts(stratum)}


def list_pairs(pairs: Iterable[Iterable[str]]) -> frozenset[tuple[str, str]]:
    """Return columns with their strata as a report lists them."""
    return frozenset((column, stratum) for column, stratum in pairs)
