"""Which planned groups show an item: the same for every item, cells hidden where too few answered.

Rule: `anonymity`, *Disclosure control*, rule 4: merge first, suppress second. Groups are merged by who took part,
once for all items; where fewer answered an item, or came to it, cells of that item are hidden.
"""

from collections.abc import Sequence
from dataclasses import replace

from aoj_survey.disclosure import (
    REGION,
    CaptureClass,
    ReportingGroup,
    derivable_unions,
    reporting_groups,
    suppress_cells,
)

from .tallies import Tally


def plan_groups(strata: Sequence[CaptureClass], tally: Tally) -> tuple[ReportingGroup, ...]:
    """Return the planned groups with their strata that were asked an item, and who was invited and answered there.

    Groups that hold the same respondents as a smaller one, or none, are left out.
    """
    found: dict[frozenset[str], ReportingGroup] = {}
    for group in reporting_groups(strata, tally.threshold):
        asked = tuple(code for code in group.strata if tally.asked[code])
        filled = tally.fill(asked)
        if filled and filled not in found:
            found[filled] = replace(
                group, strata=asked, invited=tally.invited(asked), answered=tally.base(asked)
            )
    return tuple(found.values())


def show_groups(groups: Sequence[ReportingGroup], tally: Tally) -> tuple[ReportingGroup, ...]:
    """Return the groups that show an item, in their order: no cell too small, none that tells of one, or of a route."""
    hidden = hide_cells(groups, tally.threshold)
    shown: list[ReportingGroup] = []
    for group in sorted(groups, key=lambda group: (group.code == REGION, -group.answered)):
        if group.code not in hidden and not tells_route([*shown, group], tally):
            shown.append(group)
    return tuple(group for group in groups if group in shown)


def hide_cells(groups: Sequence[ReportingGroup], threshold: int) -> frozenset[str]:
    """Return the codes of the groups to hide, from the largest down: with a small one another of the same parent.

    A hidden group with groups of its own is hidden among those: they stand in its place beside the others.
    """
    parts = {group.code: _find_parts(group, groups) for group in groups}
    inside = {part.code for found in parts.values() for part in found}
    hidden: set[str] = set()
    waiting = [[group for group in groups if group.code not in inside]]
    for beside in waiting:
        while True:
            small = suppress_cells({group.code: group.answered for group in beside}, threshold)
            hidden |= small
            cut = [group for group in beside if group.code in small and parts[group.code]]
            if not cut:
                break
            beside[:] = [group for group in beside if group not in cut]
            beside += [part for group in cut for part in parts[group.code]]
        waiting += [parts[group.code] for group in beside if group.code not in small and parts[group.code]]
    return frozenset(hidden)


def _find_parts(group: ReportingGroup, groups: Sequence[ReportingGroup]) -> list[ReportingGroup]:
    """The largest groups within a group."""
    within = [other for other in groups if set(other.strata) < set(group.strata)]
    return [part for part in within if not any(set(part.strata) < set(other.strata) for other in within)]


def tells_route(groups: Sequence[ReportingGroup], tally: Tally) -> bool:
    """Return whether how many answered tells that nearly all of a set, or nearly none, gave the answer that leads here."""
    if tally.asked == tally.led:
        return False
    filled = [code for code, number in tally.asked.items() if number]
    unions = derivable_unions([frozenset(group.strata) for group in groups], filled)
    return any(tally.judge_route(union) != "exact" for union in unions)
