"""Planned figures over a wave dataset: shares and means of groups, as far as they may be shown.

What is shown follows the rules of `aoj_survey.disclosure`. Each group of roles shows all answers of an item
when it is large enough for that; every other group (parts of it, and all roles together) shows the first
answer only, so that no full distribution of a small group follows by subtraction.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Literal, TypeAlias

from aoj_survey.datasets import Column, WaveDataset
from aoj_survey.disclosure import (
    REGION,
    CaptureClass,
    ReportingGroup,
    ShareRule,
    audit_sets,
    derivable_unions,
    judge_share,
    may_show_distribution,
    merge_categories,
    reporting_groups,
)
from aoj_survey.errors import DisclosureError
from aoj_survey.statistics import mean, round_half_away, share

ShownKind: TypeAlias = Literal["percent", "at_most", "at_least", "mean", "too_few"]
Category: TypeAlias = tuple[tuple[str, ...], frozenset[int]]
"""Codes of answers that are shown as one, and their values in the dataset."""

TWO = 2
MARK_BINS = ((1, 2, 3, 4, 5), (6,), (7,), (8, 9, 10))


@dataclass(frozen=True, slots=True)
class Shown:
    """What may be printed: whole percents, at most 10 %, at least 90 %, a mean with one decimal, or nothing."""

    kind: ShownKind
    value: Decimal | None = None


TOO_FEW = Shown("too_few")


@dataclass(frozen=True, slots=True)
class Figure:
    """A planned figure: of which item and answers, over which group, with its base n where it is shown.

    Without answers it is a mean, or an item of which the group shows nothing. Shares and means are plain
    (unweighted) ones.
    """

    item: str
    group: str
    roles: tuple[str, ...]
    answers: tuple[str, ...]
    n: int | None
    shown: Shown


@dataclass(frozen=True, slots=True)
class _Tally:
    """Answers to one column by stratum; `strata` hold how many answered this item."""

    counts: Mapping[str, Counter[int]]
    strata: tuple[CaptureClass, ...]
    two_answers: bool
    threshold: int

    def judge(self, strata: Iterable[str], answer: Category) -> ShareRule:
        """How the share of an answer in these strata is printed."""
        codes = tuple(strata)
        count, base, invited = self.count(codes, answer[1]), self.base(codes), self.invited(codes)
        return judge_share(count, base, invited, two_answers=self.two_answers, threshold=self.threshold)

    def count(self, strata: Iterable[str], values: Iterable[int]) -> int:
        """How often these values were given in these strata."""
        wanted = tuple(values)
        return sum(self.counts[code][value] for code in strata for value in wanted)

    def base(self, strata: Iterable[str]) -> int:
        """How many answered in these strata."""
        return sum(self.counts[code].total() for code in strata)

    def invited(self, strata: Iterable[str]) -> int:
        """How many were invited in these strata."""
        wanted = set(strata)
        return sum(item.invited for item in self.strata if item.code in wanted)


def make_figures(dataset: WaveDataset) -> tuple[Figure, ...]:
    """Return every planned figure of a dataset, by item and then group; open text and numbers have none.

    A stratum or group that was asked an item but may not show it has one figure, `too_few`.

    The threshold is that of the dataset's own privacy report.

    Raises:
        DisclosureError: the groups shown of an item would give a smaller group away.
    """
    return tuple(
        figure
        for column in dataset.columns
        if column.kind in {"choice", "multiple", "mark"}
        for figure in _figures_of(dataset, column)
    )


def _figures_of(dataset: WaveDataset, column: Column) -> list[Figure]:
    tally = _tally(dataset, column)
    groups = reporting_groups(tally.strata, tally.threshold)
    categories = _categories(column)
    whole = _whole_groups(groups) if column.kind != "multiple" else []
    distributions = {
        group.code: _merged(categories, tally, group)
        for group in whole
        if may_show_distribution(group.answered, group.invited)
    }
    if column.kind == "mark":
        figures = [_mean_figure(column, tally, group) for group in groups]
    else:
        figures = _headlines(column, tally, groups, distributions, categories[0])
    for group in groups:
        shown = [_share_figure(column, tally, group, item) for item in distributions.get(group.code, [])]
        figures += shown if len(shown) > 1 else []
    _refuse_small_differences(column, tally, groups, figures)
    return figures + list(_hidden(dataset, column, tally, groups))


def _tally(dataset: WaveDataset, column: Column) -> _Tally:
    names = [item.name for item in dataset.columns]
    place, stratum = names.index(column.name), names.index("stratum")
    counts = {item.code: Counter[int]() for item in dataset.strata}
    # "Don't know" is an answer like any other, except that it is no mark.
    left_out = {choice.value for choice in column.values if choice.dont_know and column.kind == "mark"}
    for row in dataset.rows:
        value = int(row[place])
        if value >= 0 and value not in left_out:
            counts[dataset.strata[int(row[stratum]) - 1].code][value] += 1
    strata = tuple(replace(item, answered=counts[item.code].total()) for item in dataset.strata)
    two = column.kind == "choice" and len(column.values) == TWO
    return _Tally(counts, strata, two_answers=two, threshold=dataset.privacy.threshold)


def _categories(column: Column) -> list[Category]:
    if column.kind == "mark":
        return [(tuple(str(mark) for mark in marks), frozenset(marks)) for marks in MARK_BINS]
    if column.kind == "multiple":
        return [((str(column.choice),), frozenset({1}))]
    return [((choice.code,), frozenset({choice.value})) for choice in column.values]


def _whole_groups(groups: Sequence[ReportingGroup]) -> list[ReportingGroup]:
    """The largest groups short of the whole region: they share no stratum."""
    parts = [group for group in groups if group.code != REGION] or list(groups)
    return [group for group in parts if not any(set(group.strata) < set(other.strata) for other in parts)]


def _merged(categories: Sequence[Category], tally: _Tally, group: ReportingGroup) -> list[Category]:
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
    tally: _Tally,
    groups: Sequence[ReportingGroup],
    distributions: Mapping[str, Sequence[Category]],
    first: Category,
) -> list[Figure]:
    """The share of the first answer, for groups that do not show all answers.

    Exact shares are given to the largest groups first; one that would give the exact share of a set away
    that may not have it is not shown.
    """
    exact = [frozenset(group.strata) for group in groups if first in distributions.get(group.code, ())]
    merged = [
        frozenset(group.strata) for group in groups if first not in distributions.get(group.code, [first])
    ]
    figures: dict[str, Figure] = {}
    for group in sorted(groups, key=lambda group: -group.answered):
        if group.code in distributions:
            continue
        figure = _share_figure(column, tally, group, first)
        if figure.shown.kind == "percent":
            if _gives_away([*exact, frozenset(group.strata)], merged, tally, first):
                figure = replace(figure, n=None, shown=TOO_FEW)
            else:
                exact.append(frozenset(group.strata))
        figures[group.code] = figure
    return [figures[group.code] for group in groups if group.code in figures]


def _gives_away(
    exact: Sequence[frozenset[str]], merged: Sequence[frozenset[str]], tally: _Tally, answer: Category
) -> bool:
    """Whether exact shares of these sets tell that of a set that may not show it, or merged it with another."""
    filled = [item.code for item in tally.strata if item.answered]
    return any(
        union in merged or tally.judge(union, answer) != "exact" for union in derivable_unions(exact, filled)
    )


def _share_figure(column: Column, tally: _Tally, group: ReportingGroup, category: Category) -> Figure:
    codes, values = category
    rule = tally.judge(group.strata, category)
    if rule == "exact":
        count = tally.count(group.strata, values)
        shown = Shown("percent", round_half_away(100 * share(count, group.answered)))
    else:
        shown = TOO_FEW if rule == "hidden" else Shown(rule)
    base = None if shown == TOO_FEW else group.answered
    return Figure(str(column.item), group.code, group.roles, codes, base, shown)


def _mean_figure(column: Column, tally: _Tally, group: ReportingGroup) -> Figure:
    marks = [mark for code in group.strata for mark in tally.counts[code].elements()]
    shown = Shown("mean", round_half_away(Fraction(mean(marks)), 1))
    return Figure(str(column.item), group.code, group.roles, (), group.answered, shown)


def _hidden(
    dataset: WaveDataset, column: Column, tally: _Tally, groups: Sequence[ReportingGroup]
) -> Iterator[Figure]:
    """A `too_few` for each stratum and planned group that was asked this item and shows nothing of it."""
    shown = {frozenset(group.strata) for group in groups} | {frozenset()}
    codes = {group.code for group in groups}
    planned = [(item.code, item.roles, (item.code,)) for item in dataset.strata]
    planned += [
        (group.code, group.roles, group.strata) for group in reporting_groups(dataset.strata, tally.threshold)
    ]
    asked = {item.code for item in dataset.strata if set(item.roles) & set(column.roles)}
    answers = (str(column.choice),) if column.choice else ()
    for code, roles, strata in planned:
        filled = frozenset(item for item in strata if tally.counts[item])
        if code not in codes and asked & set(strata) and filled not in shown:
            codes.add(code)
            yield Figure(str(column.item), code, roles, answers, None, TOO_FEW)


def _refuse_small_differences(
    column: Column, tally: _Tally, groups: Sequence[ReportingGroup], figures: Sequence[Figure]
) -> None:
    """Hold rule 4 over everything shown of an item, whatever made it."""
    shown = {figure.group for figure in figures if figure.shown != TOO_FEW}
    published = [frozenset(group.strata) for group in groups if group.code in shown]
    found = audit_sets(published, {item.code: item.answered for item in tally.strata}, tally.threshold)
    if found:
        names = "; ".join(" + ".join(sorted(union)) for union in found)
        raise DisclosureError(
            f"The figures of {column.name!r} together would give {names} away. Publish fewer groups."
        )
