"""Rule 4: whether published sets, added and subtracted, give a set away that is too small to be shown.

Source: `anonymity`, *Disclosure control*, rule 4 (the audit of a set), and rule 8 for one release after another.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product

from aoj_survey.errors import DisclosureError

from .parting import Group, PartedSets
from .span import find_zero_sums, pack_columns, reduce_row, reduce_rows

THRESHOLD = 10
MOST_BLOCKS = 16
MOST_TOLD = 20


@dataclass(frozen=True, slots=True)
class Leak:
    """A union that follows from published sets: the sum of factor x set, divided by `divisor`.

    `str()` says it in words that can be checked with pencil and paper.
    """

    union: Group
    terms: tuple[tuple[int, Group], ...]
    divisor: int = 1

    def __str__(self) -> str:
        terms = [
            ("-" if factor < 0 else "+", f"{abs(factor)} x " if abs(factor) > 1 else "", _name(group))
            for factor, group in self.terms
        ]
        sums = " ".join(f"{sign} {times}({name})" for sign, times, name in terms).removeprefix("+ ")
        whole = sums if self.divisor == 1 else f"[{sums}] / {self.divisor}"
        return f"{_name(self.union)} = {whole}"


@dataclass(frozen=True, slots=True)
class Change:
    """A group of which a re-release counts a few other respondents than the former one."""

    code: str
    added: Group
    removed: Group

    def __str__(self) -> str:
        parts = [f"{_name(self.added)} came"] if self.added else []
        parts += [f"{_name(self.removed)} left"] if self.removed else []
        return f"{self.code} differs from the former release: {', '.join(parts)}"


@dataclass(frozen=True, slots=True)
class _Blocks:
    """Atoms that no published set tells apart, heaviest first; `rows` are the published sets over them."""

    members: tuple[Group, ...]
    weights: tuple[int, ...]
    rows: tuple[tuple[int, ...], ...]


def audit_sets(
    published: Sequence[Group],
    atoms: Mapping[str, int],
    threshold: int = THRESHOLD,
    told: Sequence[Group] = (),
) -> tuple[Group, ...]:
    """Return the unions of atoms with fewer than `threshold` respondents that the published sets give away.

    `atoms` holds the respondents of each finest class; a class without any is left out of the sets. An empty
    answer means the sets may be published together (rule 4). At most 20 are told, those of fewest parts first.
    Sets that do not hang together are searched apart (`PartedSets`); sums of what they tell are not told again.
    What `told` sets give away by themselves is not told either, but what they do beside the published ones.

    Raises:
        DisclosureError: more small parts than can be tried in some seconds.
    """
    filled = frozenset(atom for atom, number in atoms.items() if number > 0)
    known = PartedSets(group & filled for group in told)
    found: list[tuple[int, Group]] = []
    for sets in PartedSets(group & filled for group in (*told, *published)).parts:
        if not all(map(known.tell, sets)):
            inside = {atom: atoms[atom] for atom in sorted(frozenset().union(*sets))}
            new = (one for one in _search(sets, inside, threshold) if not known.tell(one[1]))
            found += islice(new, MOST_TOLD)
    return tuple(union for _, union in sorted(found, key=lambda one: one[0])[:MOST_TOLD])


def weigh_nobody(atoms: Mapping[str, int], threshold: int) -> tuple[dict[str, int], int]:
    """Return weights and a threshold for an audit in which a union of nobody is too small as well (rule 7)."""
    scale = len(atoms) + 1
    return {atom: number * scale + 1 for atom, number in atoms.items()}, threshold * scale


def _search(
    published: Sequence[Group], atoms: Mapping[str, int], threshold: int
) -> Iterator[tuple[int, Group]]:
    """The small unions that sets give away, each with its number of blocks, those of the fewest first.

    Each atom has a respondent at least, so a union has fewer than `threshold` atoms, and none of an atom that
    reaches it alone. With those large atoms reduced first, the rest of the basis is all that the published sets
    tell about the small ones.
    """
    blocks = _cut_in_blocks(published, atoms)
    large = sum(weight >= threshold for weight in blocks.weights)
    span = reduce_rows(blocks.rows, len(blocks.members))
    small = {lead: row for lead, row in span.rows.items() if lead >= large}
    # The lightest first: the search stops at the first that is too heavy.
    columns = [
        column
        for column in reversed(range(large, len(blocks.members)))
        if any(row[column] for row in small.values())
    ]
    found = find_zero_sums(
        pack_columns(small, columns), [blocks.weights[column] for column in columns], threshold
    )
    for places in found:
        yield len(places), frozenset().union(*(blocks.members[columns[place]] for place in places))


def derivable_unions(published: Sequence[Group], atoms: Sequence[str]) -> Iterator[Group]:
    """Yield every union of atoms, large ones too, whose total follows from the totals of the published sets.

    Every choice of leading parts is tried, so sets of more than 16 independent ones are refused rather than
    computed for hours. `audit_sets` has no such bound.

    Raises:
        DisclosureError: more than 16 independent sets.
    """
    blocks = _cut_in_blocks(published, dict.fromkeys(atoms, 1))
    rows = reduce_rows(blocks.rows, len(blocks.members)).rows
    if len(rows) > MOST_BLOCKS:
        raise DisclosureError(
            f"Of the published groups {len(rows)} are independent; all unions of at most {MOST_BLOCKS} can be tried. "
            "Publish fewer groups that overlap."
        )
    for choice in product((0, 1), repeat=len(rows)):
        union = _complete(dict(zip(rows, choice, strict=True)), rows, len(blocks.members))
        if any(union):
            yield frozenset().union(
                *(block for block, chosen in zip(blocks.members, union, strict=True) if chosen)
            )


def _complete(
    choice: Mapping[int, int], rows: Mapping[int, Sequence[int]], width: int
) -> tuple[int, ...] | tuple[()]:
    """The 0/1 row of the span with these values in its leading columns; empty when there is none."""
    union: list[int] = []
    for column in range(width):
        chosen = [(row[column], row[lead]) for lead, row in rows.items() if choice[lead] and row[column]]
        # A sum of fractions without fractions: all over the product of what they are divided by.
        below = 1
        above = 0
        for part, whole in chosen:
            above, below = above * whole + part * below, below * whole
        if above not in {0, below}:
            return ()
        union.append(int(above != 0))
    return tuple(union)


def explain_leak(union: Group, published: Sequence[Group]) -> Leak:
    """Return how the total of a union follows from those of published sets, by few of them where it can.

    The sets are over the same atoms as the union: leave out classes without respondents first.

    Raises:
        DisclosureError: it does not follow.
    """
    sets = sorted(dict.fromkeys(published), key=lambda group: (len(group ^ union), sorted(group)))
    for group in sets:
        if group >= union and (parts := _cover(group - union, sets)) is not None:
            return Leak(union, ((1, group), *((-1, part) for part in parts)))
    atoms = sorted(union.union(*sets))
    span = reduce_rows([[int(atom in group) for atom in atoms] for group in sets], len(atoms))
    used = [sets[number] for number in span.sources]
    return Leak(union, *_solve(union, used, atoms))


def _cover(rest: Group, sets: Sequence[Group]) -> list[Group] | None:
    """Sets that make up the rest without sharing a class, the largest that fit first; None when these do not."""
    parts: list[Group] = []
    for group in sorted(sets, key=len, reverse=True):
        if group and group <= rest:
            parts.append(group)
            rest -= group
    return None if rest else sorted(parts, key=sorted)


def _solve(
    union: Group, used: Sequence[Group], atoms: Sequence[str]
) -> tuple[tuple[tuple[int, Group], ...], int]:
    """The factors of independent sets that make up a union, and what to divide by."""
    tail = range(len(used) + 1)
    rows = [
        [*(int(atom in group) for atom in atoms), *(int(place == number) for place in tail)]
        for number, group in enumerate(used)
    ]
    target = [*(int(atom in union) for atom in atoms), *(int(place == len(used)) for place in tail)]
    rest = reduce_row(target, reduce_rows(rows, len(target)).rows)
    if any(rest[: len(atoms)]):
        raise DisclosureError(f"The total of {_name(union)} does not follow from the published groups.")
    *factors, divisor = rest[len(atoms) :]
    sign = -1 if divisor > 0 else 1
    terms = ((sign * factor, group) for factor, group in zip(factors, used, strict=True) if factor)
    return tuple(sorted(terms, key=lambda term: (-term[0], sorted(term[1])))), abs(divisor)


def find_leaks(
    published: Sequence[Group],
    atoms: Mapping[str, int],
    threshold: int = THRESHOLD,
    told: Sequence[Group] = (),
) -> tuple[Leak, ...]:
    """Return what `audit_sets` finds, each with the sums that give it away.

    Raises:
        DisclosureError: as `audit_sets`.
    """
    filled = frozenset(atom for atom, number in atoms.items() if number > 0)
    sets = [group & filled for group in (*told, *published)]
    return tuple(explain_leak(union, sets) for union in audit_sets(published, atoms, threshold, told))


def audit_release(
    published_before: Mapping[str, Group],
    published_now: Mapping[str, Group],
    atoms: Mapping[str, int],
    threshold: int = THRESHOLD,
) -> tuple[Leak | Change, ...]:
    """Return what a release gives away beside former ones: leaks of all together, and small changes (rule 8).

    Groups by code. Atoms are the finest classes over all releases: responses that came later, or were taken
    back, are atoms of their own. A group of one code may differ by nobody or by `threshold` respondents or more,
    those who came and those who left each counted.

    Raises:
        DisclosureError: as `audit_sets`.
    """
    leaks = find_leaks([*published_before.values(), *published_now.values()], atoms, threshold)
    return (*leaks, *find_changes(published_before, published_now, atoms, threshold))


def find_changes(
    before: Mapping[str, Group],
    now: Mapping[str, Group],
    atoms: Mapping[str, int],
    threshold: int = THRESHOLD,
) -> Iterator[Change]:
    """Yield the groups, by code, of which few respondents came or left between two releases (rule 8)."""
    for code in sorted(set(before) & set(now)):
        change = Change(code, now[code] - before[code], before[code] - now[code])
        sizes = [sum(atoms.get(atom, 0) for atom in part) for part in (change.added, change.removed)]
        if any(0 < size < threshold for size in sizes):
            yield change


def _cut_in_blocks(published: Sequence[Group], atoms: Mapping[str, int]) -> _Blocks:
    filled = [atom for atom, number in atoms.items() if number > 0]
    blocks: dict[tuple[int, ...], list[str]] = {}
    for atom in filled:
        blocks.setdefault(tuple(int(atom in group) for group in published), []).append(atom)
    ordered = sorted(
        ((sum(atoms[atom] for atom in block), key, block) for key, block in blocks.items() if any(key)),
        key=lambda found: (-found[0], found[2]),
    )
    rows = dict.fromkeys(zip(*(key for _, key, _ in ordered), strict=True))
    return _Blocks(
        tuple(frozenset(block) for _, _, block in ordered),
        tuple(weight for weight, _, _ in ordered),
        tuple(rows),
    )


def _name(group: Group) -> str:
    return " + ".join(sorted(group)) or "nobody"
