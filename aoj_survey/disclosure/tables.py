"""Rules for figures: which groups, which shares, which distributions, which comparisons and counts.

Rules: `anonymity`, *Disclosure control*, rules 1 to 4, 6 and 7; the audit of rule 4 stands in `audit`.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from aoj_survey.errors import DisclosureError
from aoj_survey.questionnaire import GROUPS, ROLES

from .audit import THRESHOLD
from .classes import CaptureClass, class_code, merge_small, sort_roles
from .printed import FEWEST

DISTRIBUTION = 30
FULL_RESPONSE = 50
FEWEST_REGIONS = 3
FEWEST_CELLS = 2
SMALLEST_BANDED = 5
BANDS = 4

ShareRule: TypeAlias = Literal["hidden", "at_most", "at_least", "exact"]
"""How a share is printed: not, as "≤ 10 %", as "≥ 90 %", or as it is."""


@dataclass(frozen=True, slots=True)
class TableRules:
    """Who figures are for, and what that allows: the threshold of rules 1 and 4, and whether bands only.

    `banded` figures are shares in four bands, never means (profile *besloten*: named recipients under agreement).
    `counts` are numbers of invited and done people only (rule 7). The numbers may be raised, never lowered.

    Raises:
        DisclosureError: a threshold under 10, under 5 for bands, or under 3 for counts.
    """

    profile: str = "openbaar"
    threshold: int = THRESHOLD
    banded: bool = False
    counts: bool = False

    def __post_init__(self) -> None:
        least = FEWEST if self.counts else SMALLEST_BANDED if self.banded else THRESHOLD
        if self.threshold < least:
            raise DisclosureError(
                f"Rules for tables may tighten the threshold of {least}, never loosen it; {self.threshold} was asked."
            )


OPENBAAR = TableRules()
BESLOTEN = TableRules("besloten", SMALLEST_BANDED, banded=True)
COUNTS = TableRules("aantallen", FEWEST, counts=True)


def strictest_rules(first: TableRules, *others: TableRules) -> TableRules:
    """Return the strictest of each: the highest threshold, bands as soon as one asks for them."""
    every = (first, *others)
    return TableRules(
        first.profile,
        max(rules.threshold for rules in every),
        any(rules.banded for rules in every),
        all(rules.counts for rules in every),
    )


@dataclass(frozen=True, slots=True)
class ReportingGroup:
    """A union of strata that figures may be shown of."""

    code: str
    roles: tuple[str, ...]
    strata: tuple[str, ...]
    invited: int
    answered: int


def reporting_groups(
    strata: Sequence[CaptureClass], threshold: int = THRESHOLD
) -> tuple[ReportingGroup, ...]:
    """Return the groups that may be shown together: small ones first, then groups of roles, then all.

    Strata below the threshold merge as capture classes do. All groups are unions of the merged ones, so no
    sum or difference of them holds fewer than `threshold` respondents (rule 4: merge first, suppress second).
    Strata without answers are left out.
    """
    filled = [item for item in strata if item.answered > 0]
    present = {role for item in filled for role in item.roles}
    sizes = Counter[tuple[str, ...]]()
    for item in filled:
        sizes[item.roles] += item.answered
    leaves = list(merge_small(sizes, threshold))
    whole = (_cover({role for role in present if ROLES[role].group == group}, leaves) for group in GROUPS)
    unions = dict.fromkeys([*leaves, *whole, sort_roles(present)])
    groups = (_gather(roles, filled, present) for roles in unions if roles)
    return tuple(group for group in groups if group.answered >= threshold)


def _cover(roles: set[str], leaves: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the roles when leaves make them up exactly, else nothing: a mixed leaf has no group of its own."""
    inside = {role for leaf in leaves if set(leaf) <= roles for role in leaf}
    return sort_roles(roles) if inside == roles else ()


def _gather(roles: tuple[str, ...], strata: Sequence[CaptureClass], present: set[str]) -> ReportingGroup:
    parts = [item for item in strata if set(item.roles) <= set(roles)]
    return ReportingGroup(
        class_code(roles, present),
        roles,
        tuple(item.code for item in parts),
        sum(item.invited for item in parts),
        sum(item.answered for item in parts),
    )


def judge_share(
    count: int, base: int, invited: int, *, two_answers: bool = False, threshold: int = THRESHOLD
) -> ShareRule:
    """Return how the share `count / base` of a group of `invited` people is printed.

    Rule 1: not below `threshold`. Rule 2: with few respondents, or all invited of a small group, nearly
    nobody and nearly everybody are not told from nobody and everybody. Rule 3: an answer of one or two people
    is no category of its own: where the band of rule 2 cannot hold it, it is not shown. With `two_answers`
    the rest is an answer too, so it is held to the same.
    """
    if base < threshold:
        return "hidden"
    others = base - count
    few = base < DISTRIBUTION or (base == invited and base < FULL_RESPONSE)
    alone = 0 < count < FEWEST or (two_answers and 0 < others < FEWEST)
    if (few or alone) and count * 10 <= base:
        return "at_most"
    if (few or alone) and others * 10 <= base:
        return "at_least"
    return "hidden" if alone else "exact"


def judge_band(count: int, base: int, threshold: int = SMALLEST_BANDED) -> int | None:
    """Return the band of a share, of profile *besloten*: 0 under a quarter, 1, 2, or 3 from three quarters.

    None below the threshold. So few bands that nobody and everybody are not told from nearly so.

    Raises:
        DisclosureError: a threshold under 5.
    """
    if threshold < SMALLEST_BANDED:
        raise DisclosureError(f"Bands are shown from {SMALLEST_BANDED} answers; {threshold} was asked.")
    return None if base < threshold else min(BANDS * count // base, BANDS - 1)


def may_benchmark(others: Mapping[str, int], threshold: int = THRESHOLD) -> bool:
    """Return whether a region may stand beside the other regions, by their respondents (rule 6).

    Three regions or more that have any, `threshold` respondents together, and none with over half of them.
    """
    filled = [number for number in others.values() if number > 0]
    total = sum(filled)
    return len(filled) >= FEWEST_REGIONS and total >= threshold and 2 * max(filled) <= total


def may_print_counts(answered: int, invited: int) -> bool:
    """Return whether a row of the response table may be printed after the close (rule 7): not below three."""
    return min(answered, invited) >= FEWEST


def suppress_cells(sizes: Mapping[str, int], threshold: int = THRESHOLD) -> frozenset[str]:
    """Return the parts of a total to hide, so that the total less the others tells nothing small (rule 4).

    All below the threshold, and when there are any, two at least with `threshold` respondents together: the
    smallest of the others go with them. Parts without respondents are neither.
    """
    hidden: list[str] = []
    for code in sorted((code for code in sizes if sizes[code] > 0), key=lambda code: (sizes[code], code)):
        total = sum(sizes[other] for other in hidden)
        enough = len(hidden) >= FEWEST_CELLS and total >= threshold
        if sizes[code] >= threshold and (not hidden or enough):
            break
        hidden.append(code)
    return frozenset(hidden)


def may_show_distribution(base: int, invited: int) -> bool:
    """Return whether all answers of an item may be shown side by side (rules 2 and 3)."""
    return base >= DISTRIBUTION and (base < invited or base >= FULL_RESPONSE)


def merge_categories(counts: Sequence[int]) -> tuple[tuple[int, ...], ...]:
    """Return the positions of neighbouring answers to show as one, so that none holds one or two people.

    An answer nobody gave stands by itself. Rule 3.
    """
    parts: list[tuple[int, ...]] = [(position,) for position in range(len(counts))]
    while len(parts) > 1:
        sizes = [sum(counts[position] for position in part) for part in parts]
        small = next((index for index, size in enumerate(sizes) if 0 < size < FEWEST), None)
        if small is None:
            break
        beside = [index for index in (small - 1, small + 1) if 0 <= index < len(parts)]
        # An empty neighbour would leave it as small as it was.
        other = min(beside, key=lambda index: (sizes[index] == 0, sizes[index]))
        first = min(small, other)
        parts[first : first + 2] = [parts[first] + parts[first + 1]]
    return tuple(parts)
