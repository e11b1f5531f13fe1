"""Which totals follow from published totals by adding and subtracting, in exact whole numbers.

A published set is a row of zeros and ones over the finest classes. A total follows from published ones when its
row is in the linear span of theirs. No floating point and no fractions: rows are kept whole and divided by what
their numbers share.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import gcd, lcm
from typing import TypeAlias

from aoj_survey.errors import DisclosureError

MOST_PARTS = 3_000_000
"""Parts of unions tried before a search is refused: some seconds."""

Part: TypeAlias = tuple[int, int, tuple[int, ...]]
"""Some columns: the sum of their values, of their weights, and which they are, in order."""


@dataclass(frozen=True, slots=True)
class Span:
    """A reduced basis by leading column: no other row has anything there. `sources` are rows that made it."""

    rows: Mapping[int, tuple[int, ...]]
    sources: tuple[int, ...]


def reduce_rows(rows: Iterable[Sequence[int]], width: int) -> Span:
    """Return the span of rows of `width` whole numbers, by Gauss-Jordan elimination without fractions."""
    reduced: dict[int, tuple[int, ...]] = {}
    sources: list[int] = []
    for number, row in enumerate(rows):
        rest = reduce_row(row, reduced)
        lead = next((column for column, value in enumerate(rest) if value), None)
        if lead is None:
            continue
        for other, basis in reduced.items():
            reduced[other] = _eliminate(basis, rest, lead)
        reduced[lead] = rest
        sources.append(number)
        if len(reduced) == width:
            break
    return Span(reduced, tuple(sources))


def reduce_row(row: Sequence[int], basis: Mapping[int, Sequence[int]]) -> tuple[int, ...]:
    """Return a multiple of the row less multiples of the basis: zeros where the basis leads."""
    rest = tuple(row)
    for lead, other in basis.items():
        rest = _eliminate(rest, other, lead)
    return rest


def _eliminate(row: tuple[int, ...], basis: Sequence[int], lead: int) -> tuple[int, ...]:
    if not row[lead]:
        return row
    shared = gcd(row[lead], basis[lead])
    own, other = basis[lead] // shared, row[lead] // shared
    rest = [own * value - other * part for value, part in zip(row, basis, strict=True)]
    size = gcd(*rest)
    return tuple(value // size for value in rest) if size > 1 else tuple(rest)


def pack_columns(rows: Mapping[int, Sequence[int]], columns: Sequence[int]) -> list[int]:
    """Return a whole number per column, so that a 0/1 row is in the span when its numbers add up to zero.

    `rows` is a reduced basis that has nothing outside `columns`. A row is in the span when each free column (one
    without a lead) holds what the leading columns make of it: one equation for each. All equations of a column
    are written as digits of one number, with digits so wide that no sum of them carries.
    """
    equations: list[dict[int, int]] = []
    for free in (column for column in columns if column not in rows):
        leads = {lead: row for lead, row in rows.items() if row[free]}
        scale = lcm(*(row[lead] for lead, row in leads.items()))
        parts = {lead: -row[free] * scale // row[lead] for lead, row in leads.items()}
        equations.append({free: scale, **parts})
    largest = max((sum(map(abs, equation.values())) for equation in equations), default=0)
    width = largest.bit_length() + 2
    return [
        sum(equation.get(column, 0) << (width * place) for place, equation in enumerate(equations))
        for column in columns
    ]


def find_zero_sums(values: Sequence[int], weights: Sequence[int], limit: int) -> Iterator[tuple[int, ...]]:
    """Yield every set of positions whose values add up to zero and weights to less than `limit`, small sets first.

    `weights` are 1 or more and in rising order. A set is cut in a first and a second half; the second halves
    stand in a table by their sum, and every first half looks for the one that makes it zero (Horowitz and Sahni
    1974). A table holds second halves only that begin behind the end of the first, so each find is a set.

    Raises:
        DisclosureError: more sets to try than can be done in some seconds.
    """
    most = _count_fitting(weights, limit)
    _refuse_endless(weights, limit, (most + 1) // 2)
    # Level k holds the parts of k positions, in buckets by their last one; the first bucket is for the empty part.
    levels: list[list[list[Part]]] = [[[(0, 0, ())]]]
    for size in range(1, most + 1):
        half = size // 2
        if half == len(levels):
            longer = (
                [
                    (value, weight, (*members, last))
                    for value, weight, members in _extend(levels[-1], last, values, weights, limit)
                ]
                for last in range(len(values))
            )
            levels.append([[], *longer])
        yield from _join_halves(levels[size - half - 1], levels[half], values, weights, limit)


def _join_halves(
    left: Sequence[Sequence[Part]],
    right: Sequence[Sequence[Part]],
    values: Sequence[int],
    weights: Sequence[int],
    limit: int,
) -> Iterator[tuple[int, ...]]:
    """Zero sums of a part of `left`, one position more, and a part of `right` behind it."""
    by_first: dict[int, list[Part]] = defaultdict(list)
    for part in (part for bucket in right for part in bucket):
        by_first[part[2][0] if part[2] else len(values)].append(part)
    tables: dict[int, dict[int, list[tuple[int, ...]]]] = defaultdict(dict)
    for last in reversed(range(len(values))):
        for value, weight, behind in by_first[last + 1]:
            tables[weight].setdefault(value, []).append(behind)
        for value, weight, members in _extend(left, last, values, weights, limit):
            for more, table in tables.items():
                if -value in table and weight + more < limit:
                    yield from ((*members, last, *behind) for behind in table[-value])


def _extend(
    level: Sequence[Sequence[Part]], last: int, values: Sequence[int], weights: Sequence[int], limit: int
) -> Iterator[Part]:
    """The parts of a level that end before `last`, with its value and weight added."""
    own, heavy = values[last], weights[last]
    for bucket in level[: last + 1]:
        for value, weight, members in bucket:
            if weight + heavy < limit:
                yield value + own, weight + heavy, members


def _count_fitting(weights: Sequence[int], limit: int) -> int:
    """How many of the lightest stay under the limit together."""
    return sum(total < limit for total in accumulate(weights))


def _refuse_endless(weights: Sequence[int], limit: int, size: int) -> None:
    counts = Counter({(0, 0): 1})
    for weight in weights:
        for (number, total), times in list(counts.items()):
            if number < size and total + weight < limit:
                counts[number + 1, total + weight] += times
    if counts.total() > MOST_PARTS:
        raise DisclosureError(
            f"The published groups cut the respondents in {len(weights)} small parts, which make "
            f"{counts.total():,} combinations; at most {MOST_PARTS:,} can be checked. Publish fewer groups that "
            "overlap, or merge small classes first."
        )
