"""Rules for figures anybody may see (profile *openbaar*): which groups, which shares, which sets of both.

Rules: `anonymity`, *Disclosure control*, rules 1 to 4.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Literal, TypeAlias

from aoj_survey.errors import DisclosureError
from aoj_survey.questionnaire import GROUPS, ROLES

from .classes import CaptureClass, class_code, merge_small, sort_roles

THRESHOLD = 10
DISTRIBUTION = 30
FULL_RESPONSE = 50
FEWEST = 3
MOST_BLOCKS = 12

ShareRule: TypeAlias = Literal["hidden", "at_most", "at_least", "exact"]
"""How a share is printed: not, as "≤ 10 %", as "≥ 90 %", or as it is."""


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
    leaves = list(merge_small({item.roles: item.answered for item in filled}, threshold))
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


def derivable_unions(published: Sequence[frozenset[str]], atoms: Sequence[str]) -> Iterator[frozenset[str]]:
    """Yield every union of atoms whose total follows from the totals of the published sets.

    Exact linear algebra over fractions. Atoms that no published set tells apart form one block; all unions
    of blocks are tried, so more than 12 blocks are refused rather than computed for hours.

    Raises:
        DisclosureError: more than 12 blocks.
    """
    blocks: dict[tuple[bool, ...], list[str]] = {}
    for atom in atoms:
        blocks.setdefault(tuple(atom in group for group in published), []).append(atom)
    known = {key: members for key, members in blocks.items() if any(key)}
    if len(known) > MOST_BLOCKS:
        raise DisclosureError(
            f"The published groups cut the respondents in {len(known)} parts; at most {MOST_BLOCKS} can be checked. "
            "Publish fewer groups that overlap."
        )
    rows = _reduce([[Fraction(key[index]) for key in known] for index in range(len(published))])
    for size in range(1, len(known) + 1):
        for chosen in combinations(range(len(known)), size):
            if _is_spanned([Fraction(column in chosen) for column in range(len(known))], rows):
                members = list(known.values())
                yield frozenset(atom for index in chosen for atom in members[index])


def audit_sets(
    published: Sequence[frozenset[str]], atoms: Mapping[str, int], threshold: int = THRESHOLD
) -> tuple[frozenset[str], ...]:
    """Return the unions of atoms with fewer than `threshold` respondents that the published sets give away.

    `atoms` holds the respondents of each finest class; a class without any is left out of the sets. An empty
    answer means the sets may be published together (rule 4).

    Raises:
        DisclosureError: as `derivable_unions`.
    """
    filled = [atom for atom, number in atoms.items() if number > 0]
    unions = derivable_unions(published, filled)
    return tuple(union for union in unions if sum(atoms[atom] for atom in union) < threshold)


def _reduce(rows: list[list[Fraction]]) -> list[list[Fraction]]:
    """Return the rows in reduced echelon form, without rows of zeros."""
    reduced: list[list[Fraction]] = []
    for row in rows:
        rest = _subtract(row, reduced)
        lead = _lead(rest)
        if lead is not None:
            rest = [value / rest[lead] for value in rest]
            reduced = [_subtract(other, [rest]) for other in reduced]
            reduced.append(rest)
    return reduced


def _subtract(row: list[Fraction], reduced: Sequence[list[Fraction]]) -> list[Fraction]:
    for basis in reduced:
        lead = _lead(basis)
        if lead is not None and row[lead]:
            row = [value - row[lead] * part for value, part in zip(row, basis, strict=True)]
    return row


def _lead(row: Sequence[Fraction]) -> int | None:
    return next((index for index, value in enumerate(row) if value), None)


def _is_spanned(row: list[Fraction], reduced: Sequence[list[Fraction]]) -> bool:
    return _lead(_subtract(row, reduced)) is None
