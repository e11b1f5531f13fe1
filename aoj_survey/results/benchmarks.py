"""The other regions of a wave beside a region, without itself: sums of figures that their own tables show.

Rule: `anonymity`, *Disclosure control*, rule 6. A region is among the others for a group and a question only where its own
table shows the same answers of that group exactly, so a total over regions tells nothing that their tables do not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from aoj_survey.datasets import Column
from aoj_survey.disclosure import ReportingGroup, judge_share, may_benchmark
from aoj_survey.statistics import mean, round_half_away, share

from .figures import TOO_FEW, Drawn, Figure, Shown
from .plans import Part
from .tallies import Category, list_categories


@dataclass(frozen=True, slots=True)
class Peers:
    """The regions that a group of a question stands beside, with their groups."""

    group: str
    regions: tuple[tuple[Drawn, ReportingGroup], ...]

    @property
    def parts(self) -> list[Part]:
        """Their strata, for the audit."""
        return [Part(drawn.dataset, drawn.tally, group.strata) for drawn, group in self.regions]

    @property
    def answered(self) -> int:
        """How many answered in all of them."""
        return sum(group.answered for _, group in self.regions)


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A figure of the other regions: how many answered it in how many of them."""

    shown: Shown
    n: int
    regions: int


def is_same(column: Column, other: Column) -> bool:
    """Return whether two columns ask the same in the same words, with the same answers."""
    return (
        (column.name, column.kind, column.item, column.choice, dict(column.label))
        == (other.name, other.kind, other.item, other.choice, dict(other.label))
    ) and [(item.code, item.value, item.dont_know) for item in column.values] == [
        (item.code, item.value, item.dont_know) for item in other.values
    ]


def find_peers(own: Drawn, others: Sequence[Drawn]) -> dict[str, Peers]:
    """Return the regions that each group of a question may stand beside; groups that may not have none."""
    found: dict[str, Peers] = {}
    for code in dict.fromkeys(figure.group for figure in own.figures):
        wanted = [figure.answers for figure in own.figures if figure.group == code]
        regions = tuple(
            (other, group)
            for other in others
            for group in other.groups
            if group.code == code and all(_tells(other, code, answers) for answers in wanted)
        )
        sizes = {drawn.dataset.region: group.answered for drawn, group in regions}
        if may_benchmark(sizes, max([own.tally.threshold, *(drawn.tally.threshold for drawn, _ in regions)])):
            found[code] = Peers(code, regions)
    return found


def _tells(other: Drawn, code: str, answers: tuple[str, ...]) -> bool:
    """Whether a region's own table shows these answers of a group exactly; without answers, its mean."""
    shown = [figure for figure in other.figures if figure.group == code]
    if not answers:
        return any(figure.shown.kind == "mean" for figure in shown)
    exact = {answer for figure in shown if figure.shown.kind == "percent" for answer in figure.answers}
    parts = [set(figure.answers) for figure in shown if figure.shown.kind == "percent"]
    return set(answers) <= exact and all(part <= set(answers) or not part & set(answers) for part in parts)


def make_benchmarks(own: Drawn, peers: Mapping[str, Peers]) -> dict[Figure, Benchmark]:
    """Return the figures of the other regions beside each of a region; none where it may not be shown either."""
    categories = list_categories(own.column)
    made: dict[Figure, Benchmark] = {}
    for figure in own.figures:
        if figure.group in peers:
            beside = peers[figure.group]
            shown = _show(own, beside, figure, categories)
            if shown != TOO_FEW:
                made[figure] = Benchmark(shown, beside.answered, len(beside.regions))
    return made


def _show(own: Drawn, beside: Peers, figure: Figure, categories: Sequence[Category]) -> Shown:
    if not figure.answers:
        marks = [
            mark
            for drawn, group in beside.regions
            for code in group.strata
            for mark in drawn.tally.counts[code].elements()
        ]
        return Shown("mean", round_half_away(Fraction(mean(marks)), 1))
    values = [value for codes, given in categories for value in given if set(codes) <= set(figure.answers)]
    count = sum(drawn.tally.count(group.strata, values) for drawn, group in beside.regions)
    invited = sum(group.invited for _, group in beside.regions)
    rule = judge_share(count, beside.answered, invited, two_answers=own.tally.two_answers)
    if rule == "exact":
        return Shown("percent", round_half_away(100 * share(count, beside.answered)))
    return TOO_FEW if rule == "hidden" else Shown(rule)
