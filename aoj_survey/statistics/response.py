"""Response per role: counts, rates and their total, with rows joined where they are small.

Rates are AAPOR's. RR1, complete / all invited, is the headline; RR5 leaves out who could not be reached.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from aoj_survey.disclosure import PrintedCounts
from aoj_survey.questionnaire import ROLES

from .estimates import round_half_away

FEWEST = 3
SMALL_ROLE = 10
FEWEST_ROLES = 2


@dataclass(frozen=True, slots=True)
class RoleCount:
    """How many people of a role were invited, reached by mail, started and are done.

    Whom the list named wrongly is not among the invited, but started or done all the same: in a role of few
    that can be more than were invited. Rows are joined first and hold as many invited as done, at least.
    `estimated`: `invited` holds people of group links, whose number somebody declared. `partial` of the done ones
    stopped halfway: only imported waves have any, since unsent drafts are never data.
    """

    role: str
    invited: int
    delivered: int
    started: int
    done: int
    estimated: bool = False
    partial: int = 0


@dataclass(frozen=True, slots=True)
class ResponseRow:
    """One printed row: one role, or several joined. The total is a row over all roles.

    The rates of an `estimated` row are estimates: how many people group links are for was declared.
    """

    roles: tuple[str, ...]
    invited: int
    delivered: int
    started: int
    done: int
    estimated: bool = False
    partial: int = 0

    @property
    def rate(self) -> int | None:
        """RR1 in whole percents, half away from zero; None when nobody was invited."""
        return _percent(self.done - self.partial, self.invited)

    @property
    def rate_with_partials(self) -> int | None:
        """RR2 in whole percents: those who stopped halfway count as done; RR1 where there are none."""
        return _percent(self.done, self.invited)

    @property
    def rate_reached(self) -> int | None:
        """RR5 in whole percents: of those reached; None when that is nobody.

        Somebody who is done was reached, whatever became of the mail.
        """
        return _percent(self.done, max(self.delivered, self.done))


@dataclass(frozen=True, slots=True)
class ResponseTable:
    """Rows per role; the total is always their sum."""

    rows: tuple[ResponseRow, ...]

    @property
    def total(self) -> ResponseRow:
        """The sum of the rows."""
        return _add(self.rows)


def response_rate(done: int, asked: int) -> Fraction:
    """Return `done / asked`: RR1 with all invited, RR5 with those reached.

    Raises:
        ValueError: nobody was asked, or more are done than were asked.
    """
    if asked <= 0 or not 0 <= done <= asked:
        raise ValueError(f"{done} of {asked} is not a response rate.")
    return Fraction(done, asked)


def response_table(counts: Iterable[RoleCount], fewest: int = FEWEST) -> ResponseTable:
    """Return the table as it may be printed after the close (disclosure rule 7), in the order of roles.

    A row with fewer than `fewest` invited or done is joined with the next smallest of the same group, else
    of all, until none is left. Roles with nobody invited have no row. When all roles together are that few,
    the table is empty.
    """
    rows = [_row(count) for count in counts]
    while rows:
        small = min(rows, key=_size)
        if small.invited >= fewest and small.done >= fewest:
            break
        rows.remove(small)
        if rows:
            other = min(rows, key=lambda row: (not _same_group(row, small), *_size(row)))
            rows.remove(other)
            rows.append(_add([small, other]))
    return ResponseTable(_in_order(rows))


def list_printed(counts: Iterable[RoleCount]) -> PrintedCounts:
    """Return what the table of `response_table` tells beside other numbers, and the counts behind it."""
    every = tuple(counts)
    present = {count.role: count for count in every if count.invited or count.done}
    return PrintedCounts(
        tuple(frozenset(present.keys() & row.roles) for row in response_table(every).rows),
        {role: count.invited for role, count in present.items()},
        {role: count.done for role, count in present.items()},
    )


def join_small_roles(
    counts: Iterable[RoleCount], earlier: ResponseTable | None = None, minimum: int = SMALL_ROLE
) -> ResponseTable:
    """Return the table as it may be seen while the fieldwork runs; empty below `minimum` people in all.

    Roles with fewer than `minimum` invited share one row; the next smallest role joins them until that row
    holds two roles and `minimum` people. Roles with nobody invited have no row.

    With the table of an `earlier` day its rows stay, whatever the roles have grown to: other rows could be
    subtracted from those seen before. A role that came later goes into the joined row, else the smallest, but
    only once the later roles are `minimum` people together; they follow from the difference of two days.
    """
    rows = [_row(count) for count in counts]
    rows = (
        _later_rows(rows, earlier.rows, minimum) if earlier and earlier.rows else _first_rows(rows, minimum)
    )
    return ResponseTable(_in_order(rows) if _add(rows).invited >= minimum else ())


def _first_rows(roles: Iterable[ResponseRow], minimum: int) -> list[ResponseRow]:
    rest = sorted(roles, key=lambda row: (row.invited, row.roles))
    small = [row for row in rest if row.invited < minimum]
    rest = rest[len(small) :]
    while small and rest and (len(small) < FEWEST_ROLES or _add(small).invited < minimum):
        small.append(rest.pop(0))
    return [*rest, _add(small)] if small else rest


def _later_rows(
    roles: Iterable[ResponseRow], earlier: Iterable[ResponseRow], minimum: int
) -> list[ResponseRow]:
    later = {row.roles[0]: row for row in roles}
    parts = [[later.pop(role) for role in row.roles if role in later] for row in earlier]
    rows = [_add(part) for part in parts if part]
    if rows and _add(list(later.values())).invited >= minimum:
        joined = min(rows, key=lambda row: (len(row.roles) < FEWEST_ROLES, row.invited, row.roles))
        rows.remove(joined)
        rows.append(_add([joined, *later.values()]))
    # Who withdraws makes rows smaller; joining rows gives nothing away.
    while len(rows) > 1 and min(row.invited for row in rows) < minimum:
        rows.sort(key=lambda row: (row.invited, row.roles))
        rows[:2] = [_add(rows[:2])]
    return rows


def _row(count: RoleCount) -> ResponseRow:
    return ResponseRow(
        (count.role,),
        count.invited,
        count.delivered,
        count.started,
        count.done,
        count.estimated,
        count.partial,
    )


def _add(rows: Sequence[ResponseRow]) -> ResponseRow:
    order = list(ROLES)
    return ResponseRow(
        tuple(sorted((role for row in rows for role in row.roles), key=order.index)),
        sum(row.invited for row in rows),
        sum(row.delivered for row in rows),
        sum(row.started for row in rows),
        sum(row.done for row in rows),
        any(row.estimated for row in rows),
        sum(row.partial for row in rows),
    )


def _size(row: ResponseRow) -> tuple[int, int, tuple[str, ...]]:
    return (min(row.done, row.invited), row.invited, row.roles)


def _same_group(first: ResponseRow, second: ResponseRow) -> bool:
    return {ROLES[role].group for role in first.roles} == {ROLES[role].group for role in second.roles}


def _in_order(rows: Iterable[ResponseRow]) -> tuple[ResponseRow, ...]:
    order = list(ROLES)
    whole = [replace(row, invited=max(row.invited, row.done)) for row in rows]
    return tuple(sorted(whole, key=lambda row: order.index(row.roles[0])))


def _percent(part: int, whole: int) -> int | None:
    return int(round_half_away(100 * response_rate(part, whole))) if whole else None
