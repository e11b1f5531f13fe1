"""The merging lattice: how coarse rows must be told so that each looks like k - 1 others, with the least loss.

A node is a level for each quasi-identifier (k-anonymity by full-domain generalisation: Samarati 2001, Sweeney
2002; search by subsets of columns: LeFevre, DeWitt and Ramakrishnan 2005). Rows that stay in classes under k are
suppressed, as far as the limit goes; suppressed rows are a class too.

The loss of a cell is the share of the other values of its column that it can no longer be told from: 0 as it was,
1 when dropped or suppressed (the loss metric of Iyengar, *Transforming data to satisfy privacy constraints*, KDD
2002). That of a node is the average over all cells that are not fixed.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import TypeAlias

from aoj_survey.errors import DisclosureError

from .hierarchies import HIDDEN, Hierarchy, Level, Row

MOST_SUPPRESSED = Fraction(1, 20)
"""Most rows that may be suppressed, as a share of all."""


@dataclass(frozen=True, slots=True)
class Node:
    """The level of each quasi-identifier, in their order; what is lost by it and how many rows are suppressed.

    The levels are fixed for a wave and used again wherever its rows are told.
    """

    levels: tuple[int, ...]
    loss: Fraction = Fraction(0)
    suppressed: int = 0


@dataclass(frozen=True, slots=True)
class Recoded:
    """Rows told by a node, in the order they came, and the numbers of those that are suppressed."""

    rows: tuple[Row, ...]
    suppressed: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Table:
    """All rows, and for each column and level a number per row for what it becomes, and what all rows lose.

    Losses are whole numbers, of which `scale` is a whole cell; `costs` are those of a cell by its value.
    """

    rows: tuple[Row, ...]
    hierarchies: tuple[Hierarchy, ...]
    cells: tuple[tuple[tuple[int, ...], ...], ...]
    costs: tuple[tuple[Mapping[Hashable, int], ...], ...]
    losses: tuple[tuple[int, ...], ...]
    scale: int
    k: int
    allowed: int


_Found: TypeAlias = tuple[int, tuple[int, ...], int]
"""Loss, levels, suppressed rows."""


def find_node(
    rows: Sequence[Row], hierarchies: Sequence[Hierarchy], k: int, limit: Fraction = MOST_SUPPRESSED
) -> Node:
    """Return the node of least loss at which every row shares its values with k - 1 others.

    `rows` hold the values of the quasi-identifiers, in the order of `hierarchies`. At equal loss the first
    quasi-identifiers are kept finest.

    Raises:
        DisclosureError: fewer than k rows share what is fixed, or no level is coarse enough; or a value that its
            hierarchy does not know.
    """
    _refuse_unknown(rows, hierarchies)
    table = _tabulate(rows, hierarchies, k, int(limit * len(rows)))
    best = _search(table, 0, [0] * len(rows), (), None)
    if best is None:
        raise DisclosureError(
            f"No level of {', '.join(item.name for item in hierarchies)} brings every row among {k} alike. Merge "
            "the classes that are fixed, or let a column be dropped."
        )
    lost, levels, suppressed = best
    cells = len(rows) * sum(not item.fixed for item in hierarchies) * table.scale
    return Node(levels, Fraction(lost, cells) if cells else Fraction(0), suppressed)


def apply_node(
    rows: Sequence[Row],
    hierarchies: Sequence[Hierarchy],
    levels: Sequence[int],
    k: int,
    limit: Fraction = MOST_SUPPRESSED,
) -> Recoded:
    """Return the rows at given levels, suppressed where they stay in classes under k.

    A suppressed row keeps what is fixed. Where suppressed rows that agree in that are fewer than k themselves,
    the smallest class goes with them.

    Raises:
        DisclosureError: a level that does not exist, more rows to suppress than the limit allows, or a value
            that its hierarchy does not know.
    """
    _refuse_unknown(rows, hierarchies)
    if len(levels) != len(hierarchies) or not all(
        0 <= level < len(item.levels) for level, item in zip(levels, hierarchies, strict=True)
    ):
        raise DisclosureError(
            "The node does not fit these quasi-identifiers: it names levels that do not exist."
        )
    told = _tell(rows, hierarchies, levels)
    hidden = _choose_hidden(Counter(told), hierarchies, k)
    numbers = frozenset(number for number, row in enumerate(told) if hidden is not None and row in hidden)
    if hidden is None or len(numbers) > limit * len(rows):
        raise DisclosureError(
            f"At these levels more than {float(limit):.0%} of the rows stay in classes under {k}. Take a coarser "
            "node, and use it for all files of the wave."
        )
    return Recoded(
        tuple(_hide(row, hierarchies) if number in numbers else row for number, row in enumerate(told)),
        numbers,
    )


def _search(
    table: _Table, lost: int, classes: Sequence[int], levels: tuple[int, ...], best: _Found | None
) -> _Found | None:
    """The best of the nodes that begin with these levels and the best so far; `classes` number the rows alike.

    A branch ends when it loses as much already, or when its columns alone leave more rows in classes under k
    than may be suppressed: further columns only cut classes smaller.
    """
    place = len(levels)
    if place == len(table.hierarchies):
        return _weigh(table, lost, levels, best)
    width = len(table.hierarchies[place].levels[0])
    for level, cells in enumerate(table.cells[place]):
        more = lost + table.losses[place][level]
        if best and more >= best[0]:
            break
        finer = [number * width + cell for number, cell in zip(classes, cells, strict=True)]
        if sum(size for size in Counter(finer).values() if size < table.k) <= table.allowed:
            best = _search(table, more, finer, (*levels, level), best)
    return best


def _weigh(table: _Table, lost: int, levels: tuple[int, ...], best: _Found | None) -> _Found | None:
    """This node with what its suppression loses too, when that is possible and less than the best."""
    told = _tell(table.rows, table.hierarchies, levels)
    hidden = _choose_hidden(Counter(told), table.hierarchies, table.k)
    if hidden is None:
        return best
    exposed = (
        [row for row, general in zip(table.rows, told, strict=True) if general in hidden] if hidden else []
    )
    lost += sum(
        table.scale - costs[level][value]
        for row in exposed
        for costs, level, value, item in zip(table.costs, levels, row, table.hierarchies, strict=True)
        if not item.fixed
    )
    if len(exposed) > table.allowed or (best and lost >= best[0]):
        return best
    return lost, levels, len(exposed)


def _choose_hidden(
    sizes: Mapping[Row, int], hierarchies: Sequence[Hierarchy], k: int
) -> frozenset[Row] | None:
    """The classes to suppress, so that these and all others hold k rows or more; None when that cannot be."""
    parts: dict[Row, list[Row]] = defaultdict(list)
    for row in sorted(sizes, key=lambda row: (sizes[row], repr(row))):
        parts[_hide(row, hierarchies)].append(row)
    hidden: set[Row] = set()
    for classes in parts.values():
        total = 0
        for row in classes:
            if sizes[row] >= k and (total == 0 or total >= k):
                break
            hidden.add(row)
            total += sizes[row]
        if 0 < total < k:
            return None
    return frozenset(hidden)


def _tell(rows: Sequence[Row], hierarchies: Sequence[Hierarchy], levels: Sequence[int]) -> list[Row]:
    columns = [
        [item.levels[level][row[place]] for row in rows]
        for place, (item, level) in enumerate(zip(hierarchies, levels, strict=True))
    ]
    return list(zip(*columns, strict=True)) if columns else list(rows)


def _hide(row: Row, hierarchies: Sequence[Hierarchy]) -> Row:
    return tuple(value if item.fixed else HIDDEN for value, item in zip(row, hierarchies, strict=True))


def _tabulate(rows: Sequence[Row], hierarchies: Sequence[Hierarchy], k: int, allowed: int) -> _Table:
    scale = lcm(*(len(item.levels[0]) - 1 for item in hierarchies if len(item.levels[0]) > 1))
    costs = tuple(tuple(_cost(item, level, scale) for level in item.levels) for item in hierarchies)
    cells: list[tuple[tuple[int, ...], ...]] = []
    losses: list[tuple[int, ...]] = []
    for place, item in enumerate(hierarchies):
        values = [row[place] for row in rows]
        sizes = Counter(values)
        losses.append(tuple(sum(sizes[value] * cost[value] for value in sizes) for cost in costs[place]))
        numbers = [
            {general: number for number, general in enumerate(set(level.values()))} for level in item.levels
        ]
        cells.append(
            tuple(
                tuple(number[level[value]] for value in values)
                for number, level in zip(numbers, item.levels, strict=True)
            )
        )
    return _Table(tuple(rows), tuple(hierarchies), tuple(cells), costs, tuple(losses), scale, k, allowed)


def _cost(item: Hierarchy, level: Level, scale: int) -> dict[Hashable, int]:
    """What a cell of each value loses. A column of one value has nothing to lose but itself: all when dropped."""
    alike = Counter(level.values())
    others = len(level) - 1
    if not others:
        return {value: scale * (general == HIDDEN != value) for value, general in level.items()}
    return {
        value: 0 if item.fixed else (alike[general] - 1) * scale // others for value, general in level.items()
    }


def _refuse_unknown(rows: Sequence[Row], hierarchies: Sequence[Hierarchy]) -> None:
    for place, item in enumerate(hierarchies):
        if any(row[place] not in item.levels[0] for row in rows):
            raise DisclosureError(f"Some rows have a value of {item.name!r} that its levels do not know.")
