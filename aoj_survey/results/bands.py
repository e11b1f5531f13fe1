"""Figures of profile *besloten*, for named recipients under agreement: small groups, in four bands, never means.

Rule: `anonymity`, *Disclosure control*: five answers in rules 1 and 4 together. Recipients read the tables for everybody too.
So a band is shown only where together with these it neither tells of fewer than five people nor leaves one possible
number of people in a group that is not in them.
"""

from collections.abc import Sequence
from decimal import Decimal

from aoj_survey.datasets import Column, WaveDataset
from aoj_survey.disclosure import BESLOTEN, ReportingGroup, audit_sets, judge_band

from .figures import Drawn, Figure, Shown, list_hidden
from .groups import plan_groups, show_groups, tells_route
from .tallies import Category, Tally, list_categories, tally_column

Range = tuple[int, int]
"""The fewest and the most people who may have given an answer."""

SURE = 2
"""So many numbers have to stay possible."""


def find_threshold(dataset: WaveDataset) -> int:
    """Return the fewest answers behind a band: five, or the k that the region asks of its data."""
    return max(BESLOTEN.threshold, dataset.privacy.k)


def draw_bands(dataset: WaveDataset, column: Column) -> Drawn:
    """Return the bands of a column's first answer, by the smallest groups there may be, to be audited."""
    everybody = tally_column(dataset, column)
    tally = tally_column(dataset, column, find_threshold(dataset))
    category = list_categories(column)[0]
    told = show_groups(plan_groups(dataset.strata, everybody), everybody)
    planned = plan_groups(dataset.strata, tally)
    leaves = [
        group for group in planned if not any(set(other.strata) < set(group.strata) for other in planned)
    ]
    shown: list[ReportingGroup] = []
    for leaf in sorted(leaves, key=lambda group: (-group.answered, group.code)):
        if may_show([*shown, leaf], leaves, told, tally, category):
            shown.append(leaf)
    groups = tuple(leaf for leaf in leaves if leaf in shown)
    figures = [_band(column, tally, group, category) for group in groups]
    figures += list_hidden(dataset, column, tally, leaves, groups)
    return Drawn(dataset, column, tally, groups, tuple(figures))


def may_show(
    shown: Sequence[ReportingGroup],
    leaves: Sequence[ReportingGroup],
    told: Sequence[ReportingGroup],
    tally: Tally,
    category: Category,
) -> bool:
    """Return whether the bands of these groups tell nothing small beside what everybody is told."""
    people = {item.code: item.answered for item in tally.strata}
    sets = [tally.fill(group.strata) for group in (*told, *shown)]
    if min(group.answered for group in shown) < tally.threshold:
        return False
    if audit_sets(sets, people, tally.threshold) or tells_route([*told, *shown], tally):
        return False
    before = find_ranges([], leaves, told, tally, category)
    after = find_ranges(shown, leaves, told, tally, category)
    return not any(
        _width(after[code]) < SURE <= _width(before[code]) for code in after if code not in _codes(told)
    )


def find_ranges(
    shown: Sequence[ReportingGroup],
    leaves: Sequence[ReportingGroup],
    told: Sequence[ReportingGroup],
    tally: Tally,
    category: Category,
) -> dict[str, Range]:
    """Return how many people of each leaf may have given an answer, by the bands shown and exact numbers of what is told.

    That is more than is printed: percentages are rounded, and some are told as ≤ 10 % or ≥ 90 %.
    """
    ranges = {leaf.code: (0, leaf.answered) for leaf in leaves}
    for group in shown:
        ranges[group.code] = _find_band(tally.count(group.strata, category[1]), group, tally.threshold)
    totals = [
        ([leaf.code for leaf in leaves if set(leaf.strata) <= set(group.strata)], group) for group in told
    ]
    narrowed = True
    while narrowed:
        narrowed = False
        for codes, group in totals:
            total = tally.count(group.strata, category[1])
            for code in codes:
                low, high = ranges[code]
                others = [ranges[other] for other in codes if other != code]
                found = (
                    max(low, total - sum(one[1] for one in others)),
                    min(high, total - sum(one[0] for one in others)),
                )
                narrowed = narrowed or found != ranges[code]
                ranges[code] = found
    return ranges


def _find_band(count: int, group: ReportingGroup, threshold: int) -> Range:
    band = judge_band(count, group.answered, threshold)
    inside = [
        number
        for number in range(group.answered + 1)
        if judge_band(number, group.answered, threshold) == band
    ]
    return inside[0], inside[-1]


def _width(found: Range) -> int:
    return found[1] - found[0] + 1


def _codes(groups: Sequence[ReportingGroup]) -> set[str]:
    return {group.code for group in groups}


def _band(column: Column, tally: Tally, group: ReportingGroup, category: Category) -> Figure:
    codes, values = category
    band = judge_band(tally.count(group.strata, values), group.answered, tally.threshold)
    shown = Shown("band", Decimal(str(band)))
    return Figure(str(column.item), group.code, group.roles, codes, group.answered, shown, column.name)
