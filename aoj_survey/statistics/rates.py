"""Response rates as they may be printed after the close: per role, group, kind of organisation and in total.

Disclosure rule 7: no number of fewer than three invited or done is printed, nor can be worked out: rows are
joined until every sum and difference of what is printed holds three.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from aoj_survey.questionnaire import GROUPS, ROLES

from .estimates import round_half_away
from .response import FEWEST, RoleCount, response_rate, response_table


@dataclass(frozen=True, slots=True)
class ResponseCell:
    """The people of one role and one kind of organisation (`sector`; empty where the list does not say it).

    More may be done than were invited or reached, of whom the list names wrongly or whose mail came back.
    """

    role: str
    sector: str
    invited: int
    reached: int
    started: int
    done: int
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class RateRow:
    """A printed row: the roles, groups, kinds or regions it is of, joined where they are small.

    It holds at least as many invited and reached as are done.
    """

    names: tuple[str, ...]
    invited: int
    reached: int
    done: int
    estimated: bool = False

    @property
    def rr1(self) -> int | None:
        """AAPOR RR1 in whole percents: done of all invited; None when nobody was."""
        return _percent(self.done, self.invited)

    @property
    def rr5(self) -> int | None:
        """AAPOR RR5 in whole percents: done of those who were reached; None when nobody was."""
        return _percent(self.done, self.reached)


@dataclass(frozen=True, slots=True)
class Rates:
    """The rates that may be printed together. No rows at all: too few people, or nothing was frozen.

    `kinds` is empty where kinds of organisation would give too few people away, or are not known.
    """

    roles: tuple[RateRow, ...] = ()
    groups: tuple[RateRow, ...] = ()
    kinds: tuple[RateRow, ...] = ()
    regions: tuple[RateRow, ...] = ()

    @property
    def total(self) -> RateRow | None:
        """The sum of the rows; None without rows."""
        return add_rows(self.roles, ()) if self.roles else None


def make_rates(cells: Sequence[ResponseCell], fewest: int = FEWEST) -> Rates:
    """Return the rates of one participation that may be printed together."""
    table = response_table(_count_roles(cells), fewest)
    roles = tuple(
        _whole(RateRow(row.roles, row.invited, row.delivered, row.done, row.estimated)) for row in table.rows
    )
    return Rates(roles, _gather_groups(roles), join_kinds(cells, roles, fewest) if roles else ())


def _whole(row: RateRow) -> RateRow:
    return replace(row, invited=max(row.invited, row.done), reached=max(row.reached, row.done))


def _count_roles(cells: Sequence[ResponseCell]) -> list[RoleCount]:
    roles = dict.fromkeys(cell.role for cell in cells)
    return [
        RoleCount(
            role,
            sum(cell.invited for cell in cells if cell.role == role),
            sum(cell.reached for cell in cells if cell.role == role),
            sum(cell.started for cell in cells if cell.role == role),
            sum(cell.done for cell in cells if cell.role == role),
            any(cell.estimated for cell in cells if cell.role == role),
        )
        for role in roles
    ]


def _gather_groups(roles: Sequence[RateRow]) -> tuple[RateRow, ...]:
    """The groups that are sums of printed rows: those follow from the rows anyway."""
    rows: list[RateRow] = []
    for group in GROUPS:
        touching = [row for row in roles if any(ROLES[role].group == group for role in row.names)]
        if touching and all(ROLES[role].group == group for row in touching for role in row.names):
            rows.append(add_rows(touching, (group,)))
    return tuple(rows)


def add_rows(rows: Iterable[RateRow], names: Sequence[str]) -> RateRow:
    """Return the sum of rows under these names."""
    rows = tuple(rows)
    return RateRow(
        tuple(names),
        sum(row.invited for row in rows),
        sum(row.reached for row in rows),
        sum(row.done for row in rows),
        any(row.estimated for row in rows),
    )


# Kinds of organisation


def join_kinds(
    cells: Sequence[ResponseCell], roles: Sequence[RateRow], fewest: int = FEWEST
) -> tuple[RateRow, ...]:
    """Return rows per kind of organisation that may stand beside rows of roles; none when no two may.

    The smallest are joined until no union of roles within kinds that follows from the two tables together
    holds fewer than `fewest` people invited or done.
    """
    kinds = [(kind,) for kind in dict.fromkeys(cell.sector for cell in cells)]
    rows = [_row_of_kinds(cells, kind) for kind in kinds]
    while len(rows) > 1:
        if not any(_is_small(union, fewest) for union in find_unions(_cross(cells, roles, rows), fewest)):
            return tuple(sorted(map(_whole, rows), key=lambda row: (-row.invited, row.names)))
        rows.sort(key=lambda row: (row.done, row.invited, row.names))
        rows[:2] = [add_rows(rows[:2], sorted((*rows[0].names, *rows[1].names)))]
    return ()


def _row_of_kinds(cells: Sequence[ResponseCell], kinds: tuple[str, ...]) -> RateRow:
    inside = [cell for cell in cells if cell.sector in kinds]
    return add_rows(
        [RateRow((), cell.invited, cell.reached, cell.done, cell.estimated) for cell in inside], kinds
    )


Crossing = Mapping[tuple[int, int], tuple[int, int]]
"""How many are invited and done, by the place of a row of the one table and of a row of the other."""


def _cross(cells: Sequence[ResponseCell], roles: Sequence[RateRow], kinds: Sequence[RateRow]) -> Crossing:
    crossing: dict[tuple[int, int], tuple[int, int]] = {}
    for cell in cells:
        first = next(place for place, row in enumerate(roles) if cell.role in row.names)
        second = next(place for place, row in enumerate(kinds) if cell.sector in row.names)
        invited, done = crossing.get((first, second), (0, 0))
        crossing[first, second] = (invited + cell.invited, done + cell.done)
    return crossing


def _is_small(union: tuple[int, int], fewest: int) -> bool:
    return min(union) < fewest


def find_unions(crossing: Crossing, fewest: int) -> Iterator[tuple[int, int]]:
    """Yield how many are invited and done in unions of crossings that follow from the sums of both tables.

    A union follows exactly when numbers can be given to the rows of both tables such that those of a crossing
    add up to 1 inside the union and to 0 outside it. Unions that only grow beyond `fewest` are not followed up.
    """
    left = set(crossing)
    while left:
        part = _take_part(left)
        places = _in_reach(part)
        yield from _spread(crossing, part, places, {places[0]: 0}, fewest)


Place = tuple[int, int]
"""A row of the first table (0, place) or of the second (1, place)."""


def _take_part(left: set[tuple[int, int]]) -> list[tuple[int, int]]:
    """Take from `left` the crossings that hang together with one of them."""
    part = [left.pop()]
    for first, second in part:
        linked = {crossing for crossing in left if crossing[0] == first or crossing[1] == second}
        left -= linked
        part.extend(sorted(linked))
    return part


def _in_reach(part: Sequence[tuple[int, int]]) -> list[Place]:
    """Rows of both tables, each after the first beside one that stands before it."""
    return list(dict.fromkeys(place for first, second in part for place in ((0, first), (1, second))))


def _spread(
    crossing: Crossing,
    part: Sequence[tuple[int, int]],
    places: Sequence[Place],
    given: dict[Place, int],
    fewest: int,
) -> Iterator[tuple[int, int]]:
    inside = [
        pair
        for pair in part
        if (0, pair[0]) in given and (1, pair[1]) in given and given[0, pair[0]] + given[1, pair[1]] == 1
    ]
    union = (sum(crossing[pair][0] for pair in inside), sum(crossing[pair][1] for pair in inside))
    if min(union) >= fewest:
        return
    if len(given) == len(places):
        if inside:
            yield union
        return
    place = places[len(given)]
    beside = [
        given[other]
        for pair in part
        if place in ((0, pair[0]), (1, pair[1]))
        for other in ((0, pair[0]), (1, pair[1]))
        if other in given
    ]
    for number in {-beside[0], 1 - beside[0]}:
        if all(number + other in {0, 1} for other in beside):
            yield from _spread(crossing, part, places, {**given, place: number}, fewest)


# Over a wave


def combine_rates(rates: Mapping[str, Rates]) -> Rates:
    """Return the rates over a wave of those of its regions, with a row for each region.

    Every row is a sum of printed rows of regions, so nothing follows that was not printed there. A region of
    which nothing may be printed is left out. Kinds stand there when every region shows them.
    """
    shown = {region: found for region, found in rates.items() if found.roles}
    roles = _sum_tables([found.roles for found in shown.values()])
    kinds = _sum_tables([found.kinds for found in shown.values()])
    return Rates(
        roles,
        _gather_groups(roles),
        kinds if len(kinds) > 1 and all(found.kinds for found in shown.values()) else (),
        tuple(add_rows(found.roles, (region,)) for region, found in sorted(shown.items())),
    )


def _sum_tables(tables: Sequence[Sequence[RateRow]]) -> tuple[RateRow, ...]:
    """Sums of rows, those joined that share a name in any table."""
    sums: list[RateRow] = []
    for row in (row for table in tables for row in table):
        same = [known for known in sums if set(known.names) & set(row.names)]
        names = dict.fromkeys(name for one in (*same, row) for name in one.names)
        sums = [known for known in sums if known not in same]
        sums.append(add_rows([*same, row], _sort_names(names)))
    return tuple(sorted(sums, key=lambda row: _place(row.names[0])))


def _sort_names(names: Iterable[str]) -> list[str]:
    return sorted(names, key=_place)


def _place(name: str) -> tuple[int, str]:
    """Roles in the order of the list of roles; all else by name."""
    order = list(ROLES)
    return (order.index(name) if name in ROLES else len(order), name)


def _percent(part: int, whole: int) -> int | None:
    return int(round_half_away(100 * response_rate(part, whole))) if whole else None
