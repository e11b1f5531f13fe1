"""Printed totals of an earlier wave, worked out again from its protected dataset and laid beside what was printed.

What is told of them keeps the rules for figures: nothing under ten answers, and no share that would name few people.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal, TypeAlias

from aoj_survey.datasets import PROTECTED, Cell, Column, WaveDataset
from aoj_survey.disclosure import CaptureClass, judge_share
from aoj_survey.statistics import ResponseRow, ResponseTable, mean, round_half_away

from .checks import ALL
from .mapping import Printed, PrintedFigure

Reason: TypeAlias = Literal["", "merged", "protected", "too_few"]
"""Why a total is not worked out again, or not shown."""

What: TypeAlias = Literal["invited", "answered", "rate", "percent", "count", "mean"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A printed total and the one found: of which roles, item and answer.

    `agrees` is None when it could not be worked out, and `reason` says why: the roles stand in one class with
    others, answers are protected, or there are too few. `found` is None too where it may not be shown.
    """

    what: What
    roles: tuple[str, ...]
    item: str
    answer: str
    printed: Decimal
    found: Decimal | None
    agrees: bool | None
    reason: Reason = ""


def compare_printed(
    printed: Printed, dataset: WaveDataset, response: ResponseTable
) -> tuple[Comparison, ...]:
    """Return each printed total beside the one found, rounded as it was printed."""
    return (
        *(_compare_count("invited", role, number, response) for role, number in printed.invited.items()),
        *(_compare_count("answered", role, number, response) for role, number in printed.answered.items()),
        *(_compare_count("rate", role, number, response) for role, number in printed.rate.items()),
        *(_compare_figure(figure, dataset) for figure in printed.figures),
    )


def _compare_count(
    what: Literal["invited", "answered", "rate"], role: str, number: int | Decimal, response: ResponseTable
) -> Comparison:
    roles = () if role == ALL else (role,)
    row = response.total if role == ALL else next((row for row in response.rows if row.roles == roles), None)
    printed = Decimal(str(number))
    if row is None or not response.rows:
        return Comparison(what, roles, "", "", printed, None, None, "merged")
    found = round_as(_take(what, row), printed)
    return Comparison(what, roles, "", "", printed, found, found == printed)


def _take(what: str, row: ResponseRow) -> Fraction:
    if what == "rate":
        return Fraction(100 * (row.done - row.partial), row.invited)
    return Fraction(row.invited if what == "invited" else row.done)


def _compare_figure(figure: PrintedFigure, dataset: WaveDataset) -> Comparison:
    roles = tuple(figure.roles)
    what, printed = _read_figure(figure)

    def told(found: Decimal | None, reason: Reason = "", *, agrees: bool | None = None) -> Comparison:
        return Comparison(what, roles, figure.item, figure.answer, printed, found, agrees, reason)

    strata = _find_strata(roles, dataset.strata)
    if not strata:
        return told(None, "merged")
    cells, wanted, unknown = _find_cells(figure, dataset, strata)
    if PROTECTED in cells:
        return told(None, "protected")
    leaves_out = unknown if what == "mean" or figure.base == "known" else frozenset[int]()
    answers = [cell for cell in cells if cell >= 0 and cell not in leaves_out]
    threshold = dataset.privacy.threshold
    if len(answers) < threshold:
        return told(None, "too_few")
    if what == "mean":
        found = round_as(mean(answers), printed)
        return told(found, agrees=found == printed)
    count = sum(Counter(answers)[value] for value in wanted)
    base = len(cells) if figure.base == "all" else len(answers)
    found = Decimal(count) if what == "count" else round_as(Fraction(100 * count, base), printed)
    invited = sum(item.invited for item in strata)
    rule = judge_share(count, base, invited, threshold=threshold)
    shown = found if rule == "exact" or found == printed else None
    return told(shown, "" if shown is not None else "too_few", agrees=found == printed)


def _read_figure(figure: PrintedFigure) -> tuple[What, Decimal]:
    if figure.percent is not None:
        return "percent", figure.percent
    return ("mean", figure.mean) if figure.mean is not None else ("count", Decimal(figure.count or 0))


def _find_strata(roles: Sequence[str], strata: Iterable[CaptureClass]) -> list[CaptureClass]:
    """The classes that the roles make up exactly; none when one of them holds other roles too."""
    wanted = [item for item in strata if not roles or set(item.roles) & set(roles)]
    covered = {role for item in wanted for role in item.roles}
    return wanted if not roles or covered == set(roles) else []


def _find_cells(
    figure: PrintedFigure, dataset: WaveDataset, strata: Sequence[CaptureClass]
) -> tuple[list[int], frozenset[int], frozenset[int]]:
    """The answers to an item in these classes, the values that are the printed answer, and those of don't know."""
    numbers = {dataset.strata.index(item) + 1 for item in strata}
    names = [column.name for column in dataset.columns]
    stratum = names.index("stratum")
    rows = [row for row in dataset.rows if row[stratum] in numbers]
    wanted: set[int] = set()
    unknown: set[int] = set()
    cells: list[int] = []
    for place, column in enumerate(dataset.columns):
        if column.item != figure.item or column.choice not in {None, figure.answer}:
            continue
        cells += [_as_number(row[place]) for row in rows]
        wanted |= _find_values(column, figure.answer)
        unknown |= {choice.value for choice in column.values if choice.dont_know}
    return cells, frozenset(wanted), frozenset(unknown)


def _find_values(column: Column, answer: str) -> set[int]:
    if column.choice is not None:
        return {1}
    return {choice.value for choice in column.values if choice.code == answer}


def _as_number(cell: Cell) -> int:
    return cell if isinstance(cell, int) else 0


def round_as(value: Fraction, printed: Decimal) -> Decimal:
    """Return the value with as many decimals as the printed one has, half away from zero."""
    exponent = printed.as_tuple().exponent
    return round_half_away(value, -exponent if isinstance(exponent, int) and exponent < 0 else 0)
