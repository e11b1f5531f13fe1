"""Planned figures over a wave dataset: shares and means of groups, as far as they may be shown.

What is shown follows the rules of `aoj_survey.disclosure`. Each group of roles shows all answers of an item
when it is large enough for that; every other group (parts of it, and all roles together) shows the first
answer only, so that no full distribution of a small group follows by subtraction.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Literal, TypeAlias

from aoj_survey.datasets import Column, WaveDataset
from aoj_survey.disclosure import (
    AREA_SIGN,
    OPENBAAR,
    REGION,
    AuditedPlan,
    CaptureClass,
    ReportingGroup,
    TableRules,
    derivable_unions,
    may_show_distribution,
    merge_categories,
)
from aoj_survey.statistics import mean, round_half_away, share, share_interval

from .groups import plan_groups, show_groups
from .plans import Book, Part, audit_groups, name_group
from .tallies import Category, Tally, list_categories, list_columns, tally_column

ShownKind: TypeAlias = Literal["percent", "at_most", "at_least", "mean", "band", "too_few"]


@dataclass(frozen=True, slots=True)
class Shown:
    """What may be printed: whole percents, at most 10 %, at least 90 %, a mean with one decimal, a band, or nothing.

    Bands count from 0 (under a quarter) to 3 (three quarters or more).
    """

    kind: ShownKind
    value: Decimal | None = None


TOO_FEW = Shown("too_few")


@dataclass(frozen=True, slots=True)
class Figure:
    """A planned figure: of which column and answers, over which group, with its base n where it is shown.

    Without answers it is a mean, or an item of which the group shows nothing. Shares and means are plain
    (unweighted) ones. `interval` is that of an exact share, in whole percents of the invited; a mean has none, since one
    without width would tell that all gave one mark.
    """

    item: str
    group: str
    roles: tuple[str, ...]
    answers: tuple[str, ...]
    n: int | None
    shown: Shown
    column: str = ""
    interval: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Drawn:
    """The figures of a column before their audit: nobody sees them until `audit_drawn` let them through.

    `groups` are those that show something.
    """

    dataset: WaveDataset
    column: Column
    tally: Tally
    groups: tuple[ReportingGroup, ...]
    figures: tuple[Figure, ...]


def make_figures(dataset: WaveDataset) -> tuple[Figure, ...]:
    """Return every planned figure of a dataset, by item and then group; open text and numbers have none.

    A stratum or group that was asked an item but may not show it has one figure, `too_few`.

    The threshold is that of the dataset's own privacy report.

    Raises:
        DisclosureError: the groups shown of an item would give a smaller group away.
    """
    found: list[Figure] = []
    for column in list_columns(dataset):
        drawn = draw_column(dataset, column)
        audit_drawn(drawn)
        found += drawn.figures
    return tuple(found)


def draw_column(dataset: WaveDataset, column: Column) -> Drawn:
    """Return the figures of a column, by group, to be audited."""
    tally = tally_column(dataset, column)
    planned = plan_groups(dataset.strata, tally)
    groups = show_groups(planned, tally)
    categories = list_categories(column)
    distributions = _plan_distributions(column, tally, groups, categories)
    if column.kind == "mark":
        figures = [_mean_figure(column, tally, group) for group in groups]
    else:
        figures = _headlines(column, tally, groups, distributions, categories[0])
    for group in groups:
        shown = [_share_figure(column, tally, group, item) for item in distributions.get(group.code, [])]
        figures += shown if len(shown) > 1 else []
    figures += list_hidden(dataset, column, tally, planned, groups)
    return Drawn(dataset, column, tally, groups, tuple(figures))


def audit_drawn(
    drawn: Drawn,
    book: Book | None = None,
    more: Mapping[str, Sequence[Part]] = MappingProxyType({}),
    rules: TableRules = OPENBAAR,
) -> AuditedPlan:
    """Return the audited plan of a column's groups, and of totals over regions beside them.

    Raises:
        DisclosureError: the groups shown, alone or beside earlier releases, would give a smaller group away, or a
            figure is of a group that was not planned (rule 5).
    """
    region = drawn.dataset.region
    own = {
        name_group(region, group.code): [Part(drawn.dataset, drawn.tally, group.strata)]
        for group in drawn.groups
    }
    audited = audit_groups(drawn.column, {**own, **more}, drawn.tally.threshold, book, rules)
    for figure in drawn.figures:
        if figure.shown != TOO_FEW:
            audited.find_group(name_group(region, figure.group))
    return audited


def _plan_distributions(
    column: Column, tally: Tally, groups: Sequence[ReportingGroup], categories: Sequence[Category]
) -> dict[str, list[Category]]:
    """The answers side by side, by the groups that may show them."""
    whole = _whole_groups(groups) if column.kind != "multiple" else []
    return {
        group.code: _merged(categories, tally, group)
        for group in whole
        if may_show_distribution(group.answered, group.invited)
    }


def _whole_groups(groups: Sequence[ReportingGroup]) -> list[ReportingGroup]:
    """The largest groups short of the whole region: they share no stratum."""
    parts = [group for group in groups if group.code != REGION] or list(groups)
    return [group for group in parts if not any(set(group.strata) < set(other.strata) for other in parts)]


def _merged(categories: Sequence[Category], tally: Tally, group: ReportingGroup) -> list[Category]:
    """The categories of a distribution, small ones merged with a neighbour."""
    counts = [tally.count(group.strata, values) for _, values in categories]
    return [
        (
            tuple(code for position in part for code in categories[position][0]),
            frozenset(value for position in part for value in categories[position][1]),
        )
        for part in merge_categories(counts)
    ]


def _headlines(
    column: Column,
    tally: Tally,
    groups: Sequence[ReportingGroup],
    distributions: Mapping[str, Sequence[Category]],
    first: Category,
) -> list[Figure]:
    """The share of the first answer, for groups that do not show all answers.

    Exact shares are given to the largest groups first; one that would give the exact share of a set away
    that may not have it is not shown.
    """
    exact = [tally.fill(group.strata) for group in groups if first in distributions.get(group.code, ())]
    merged = [
        tally.fill(group.strata) for group in groups if first not in distributions.get(group.code, [first])
    ]
    figures: dict[str, Figure] = {}
    for group in sorted(groups, key=lambda group: -group.answered):
        if group.code in distributions:
            continue
        figure = _share_figure(column, tally, group, first)
        if figure.shown.kind == "percent":
            filled = tally.fill(group.strata)
            if _gives_away([*exact, filled], merged, tally, first):
                figure = replace(figure, n=None, shown=TOO_FEW, interval=None)
            else:
                exact.append(filled)
        figures[group.code] = figure
    return [figures[group.code] for group in groups if group.code in figures]


def _gives_away(
    exact: Sequence[frozenset[str]], merged: Sequence[frozenset[str]], tally: Tally, answer: Category
) -> bool:
    """Whether exact shares of these sets tell that of a set that may not show it, or merged it with another."""
    filled = [item.code for item in tally.strata if item.answered]
    return any(
        union in merged or tally.judge(union, answer) != "exact" for union in derivable_unions(exact, filled)
    )


def _share_figure(column: Column, tally: Tally, group: ReportingGroup, category: Category) -> Figure:
    codes, values = category
    rule = tally.judge(group.strata, category)
    if rule == "exact":
        count = tally.count(group.strata, values)
        shown = Shown("percent", round_half_away(100 * share(count, group.answered)))
        found = share_interval(count, group.answered, group.invited)
        return replace(_figure(column, group, codes, shown), interval=_as_percents(found) if found else None)
    return _figure(column, group, codes, TOO_FEW if rule == "hidden" else Shown(rule))


def _as_percents(interval: tuple[float, float]) -> tuple[int, int]:
    low, high = (int(round_half_away(100 * Fraction(end))) for end in interval)
    return low, high


def _mean_figure(column: Column, tally: Tally, group: ReportingGroup) -> Figure:
    marks = [mark for code in group.strata for mark in tally.counts[code].elements()]
    return _figure(column, group, (), Shown("mean", round_half_away(Fraction(mean(marks)), 1)))


def _figure(column: Column, group: ReportingGroup, answers: tuple[str, ...], shown: Shown) -> Figure:
    base = None if shown == TOO_FEW else group.answered
    return Figure(str(column.item), group.code, group.roles, answers, base, shown, column.name)


def list_hidden(
    dataset: WaveDataset,
    column: Column,
    tally: Tally,
    planned: Sequence[ReportingGroup],
    groups: Sequence[ReportingGroup],
) -> Iterator[Figure]:
    """Yield a `too_few` for each planned group and stratum that was asked this item and shows nothing of it."""
    shown = {tally.fill(group.strata) for group in groups} | {frozenset()}
    codes = {group.code for group in groups}
    asked = {item.code for item in dataset.strata if set(item.roles) & set(column.roles)}
    answers = (str(column.choice),) if column.choice else ()
    for item in (*planned, *_list_singles(dataset.strata)):
        if item.code not in codes and asked & set(item.strata) and tally.fill(item.strata) not in shown:
            codes.add(item.code)
            yield Figure(str(column.item), item.code, item.roles, answers, None, TOO_FEW, column.name)


def _list_singles(strata: Sequence[CaptureClass]) -> Iterator[ReportingGroup]:
    """The roles that stand alone in the dataset, those of several areas together."""
    for roles in dict.fromkeys(item.roles for item in strata):
        alike = [item for item in strata if item.roles == roles]
        code = alike[0].code.partition(AREA_SIGN)[0]
        yield ReportingGroup(
            *(code, roles, tuple(item.code for item in alike)),
            invited=sum(item.invited for item in alike),
            answered=sum(item.answered for item in alike),
        )
