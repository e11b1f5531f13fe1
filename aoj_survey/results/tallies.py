"""Answers to one column of a wave dataset, counted by stratum."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from aoj_survey.datasets import NOT_ASKED, NOT_ROUTED, PROTECTED, Column, WaveDataset
from aoj_survey.disclosure import CaptureClass, ShareRule, judge_share

Category: TypeAlias = tuple[tuple[str, ...], frozenset[int]]
"""Codes of answers that are shown as one, and their values in the dataset."""

TWO = 2
MARK_BINS = ((1, 2, 3, 4, 5), (6,), (7,), (8, 9, 10))
COUNTED = frozenset({"choice", "multiple", "mark"})
"""Kinds of questions that have figures; open text and numbers have none."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Answers to one column by stratum; `strata` hold how many answered this item.

    `asked` counts who could come to it by stratum, `led` those of them whose earlier answers led to it.
    """

    counts: Mapping[str, Counter[int]]
    strata: tuple[CaptureClass, ...]
    two_answers: bool
    threshold: int
    asked: Mapping[str, int]
    led: Mapping[str, int]

    def judge(self, strata: Iterable[str], answer: Category) -> ShareRule:
        """How the share of an answer in these strata is printed."""
        codes = tuple(strata)
        count, base, invited = self.count(codes, answer[1]), self.base(codes), self.invited(codes)
        return judge_share(count, base, invited, two_answers=self.two_answers, threshold=self.threshold)

    def judge_route(self, strata: Iterable[str]) -> ShareRule:
        """How the share may be told of those whom an earlier answer led here: that is an answer too."""
        codes = tuple(strata)
        asked, led = (sum(numbers[code] for code in codes) for numbers in (self.asked, self.led))
        return judge_share(led, asked, self.invited(codes), two_answers=True, threshold=self.threshold)

    def count(self, strata: Iterable[str], values: Iterable[int]) -> int:
        """How often these values were given in these strata."""
        wanted = tuple(values)
        return sum(self.counts[code][value] for code in strata for value in wanted)

    def base(self, strata: Iterable[str]) -> int:
        """How many answered in these strata."""
        return sum(self.counts[code].total() for code in strata)

    def fill(self, strata: Iterable[str]) -> frozenset[str]:
        """Those of these strata in which anybody answered."""
        return frozenset(code for code in strata if self.counts[code])

    def invited(self, strata: Iterable[str]) -> int:
        """How many were invited in these strata."""
        wanted = set(strata)
        return sum(item.invited for item in self.strata if item.code in wanted)


def list_columns(dataset: WaveDataset) -> Iterator[Column]:
    """Yield the columns that have figures, in the order of the dataset."""
    return (column for column in dataset.columns if column.kind in COUNTED)


def tally_column(dataset: WaveDataset, column: Column, threshold: int = 0) -> Tally:
    """Return the answers to a column, to be judged by `threshold`, or else that of the dataset's privacy report."""
    names = [item.name for item in dataset.columns]
    place, stratum = names.index(column.name), names.index("stratum")
    counts = {item.code: Counter[int]() for item in dataset.strata}
    asked, led = (Counter(dict.fromkeys(counts, 0)) for _ in range(2))
    # "Don't know" is an answer like any other, except that it is no mark.
    left_out = {choice.value for choice in column.values if choice.dont_know and column.kind == "mark"}
    for row in dataset.rows:
        value, code = int(row[place]), dataset.strata[int(row[stratum]) - 1].code
        asked[code] += value not in {NOT_ASKED, PROTECTED}
        led[code] += value not in {NOT_ASKED, PROTECTED, NOT_ROUTED}
        if value >= 0 and value not in left_out:
            counts[code][value] += 1
    strata = tuple(replace(item, answered=counts[item.code].total()) for item in dataset.strata)
    two = column.kind == "choice" and len(column.values) == TWO
    return Tally(counts, strata, two, threshold or dataset.privacy.threshold, asked, led)


def list_categories(column: Column) -> list[Category]:
    """Return the answers that may be shown of a column: marks in four, else each by itself."""
    if column.kind == "mark":
        return [(tuple(str(mark) for mark in marks), frozenset(marks)) for marks in MARK_BINS]
    if column.kind == "multiple":
        return [((str(column.choice),), frozenset({1}))]
    return [((choice.code,), frozenset({choice.value})) for choice in column.values]
