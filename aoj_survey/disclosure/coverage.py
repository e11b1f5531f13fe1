"""What data tell of places: the strata of a role, joined until municipality and swv point to k people.

Rule: `anonymity`, *Microdata*: swv -> sector -> drop and municipality -> drop, at the node of least loss, with at most
a twentieth of the rows suppressed. The role comes first: it merges by its sums over all places, and keeps none when
it joins another. Only whole strata join, by where they lie and never by what was answered, so that weights stay
constant within each.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias

from aoj_survey.questionnaire import ROLES

from .classes import CaptureClass, class_code, merge_small, name_union, sort_roles
from .hierarchies import Row, keep_or_drop, merge_by_sector
from .lattice import MOST_SUPPRESSED, apply_node, find_node

MUNICIPALITY, SWV = "municipality", "swv"

Levels: TypeAlias = Mapping[str, int]
"""A node of the merging lattice by the names of its quasi-identifiers: 0 as it is, then coarser."""

_DROPPED: Levels = {MUNICIPALITY: 1, SWV: 2}


@dataclass(frozen=True, slots=True)
class Coverage:
    """Where a stratum lies: its municipalities, its swv, and the sectors of these.

    Each is sorted and holds an empty text where nobody knew.
    """

    municipalities: tuple[str, ...]
    partnerships: tuple[str, ...]
    sectors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class JoinedStrata:
    """By the code of each stratum the one it went into.

    By the code of a role's class, where it keeps places: the levels of `municipality` (kept, dropped) and `swv` (kept,
    by sector, dropped), and how many rows lost both.
    """

    strata: Mapping[str, CaptureClass]
    levels: Mapping[str, Levels] = field(default_factory=dict[str, Levels])
    suppressed: Mapping[str, int] = field(default_factory=dict[str, int])

    def classes(self) -> tuple[CaptureClass, ...]:
        """Return the strata that are left, in the order of their roles and areas."""
        return tuple(sorted(set(self.strata.values()), key=_order))


def join_strata(
    strata: Sequence[CaptureClass],
    coverage: Mapping[str, Coverage],
    k: int,
    limit: Fraction = MOST_SUPPRESSED,
    given: Mapping[str, Levels] | None = None,
) -> JoinedStrata:
    """Return the strata joined until each holds `k` answers, as far as there are so many.

    `coverage` tells by the code of a stratum where it lies. `given` are the levels of a former file: a role it does
    not name keeps no place.

    Raises:
        DisclosureError: at the levels given more rows than the limit stay in strata under k.
    """
    present = {role for item in strata for role in item.roles}
    sizes = Counter[tuple[str, ...]]()
    for item in strata:
        sizes[item.roles] += item.answered
    joined: dict[str, CaptureClass] = {}
    levels: dict[str, Levels] = {}
    suppressed: dict[str, int] = {}
    for roles in merge_small(sizes, k):
        code = class_code(roles, present)
        inside = [item for item in strata if set(item.roles) <= set(roles)]
        unions = [inside]
        if len({item.roles for item in inside}) == 1 and any(item.areas for item in inside):
            found = None if given is None else given.get(code, _DROPPED)
            levels[code], unions, hidden = _join_places(inside, coverage, k, limit, found)
            suppressed |= {code: hidden} if hidden else {}
        for parts in unions:
            joined |= dict.fromkeys((item.code for item in parts), _unite(code, roles, parts, inside))
    return JoinedStrata(joined, levels, suppressed)


def _join_places(
    strata: Sequence[CaptureClass],
    coverage: Mapping[str, Coverage],
    k: int,
    limit: Fraction,
    given: Levels | None,
) -> tuple[Levels, list[list[CaptureClass]], int]:
    """The levels of a role, its strata by what is told alike, and how many rows were suppressed."""
    places = [coverage[item.code] for item in strata]
    rows: list[Row] = [
        (place.municipalities, place.partnerships)
        for item, place in zip(strata, places, strict=True)
        for _ in range(item.answered)
    ]
    hierarchies = (
        keep_or_drop(MUNICIPALITY, {place.municipalities for place in places}),
        merge_by_sector(SWV, {place.partnerships: place.sectors for place in places}),
    )
    if not any((given or {}).values()) and all(item.answered >= k for item in strata):
        return {MUNICIPALITY: 0, SWV: 0}, [[item] for item in strata], 0
    levels = (
        find_node(rows, hierarchies, k, limit).levels if given is None else (given[MUNICIPALITY], given[SWV])
    )
    told = apply_node(rows, hierarchies, levels, k, limit)
    unions: dict[Row, list[CaptureClass]] = {}
    start = 0
    for item in strata:
        unions.setdefault(told.rows[start], []).append(item)
        start += item.answered
    return dict(zip((MUNICIPALITY, SWV), levels, strict=True)), list(unions.values()), len(told.suppressed)


def _order(item: CaptureClass) -> tuple[int, list[int]]:
    return list(ROLES).index(sort_roles(item.roles)[0]), [int(code[1:]) for code in item.areas]


def _unite(
    code: str, roles: tuple[str, ...], parts: Sequence[CaptureClass], inside: Sequence[CaptureClass]
) -> CaptureClass:
    if len(parts) == 1:
        return parts[0]
    return CaptureClass(
        name_union(code, parts, inside),
        roles,
        sum(item.invited for item in parts),
        sum(item.answered for item in parts),
    )
