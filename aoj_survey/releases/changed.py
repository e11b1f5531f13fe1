"""How many responses of a wave held elsewhere differ between two versions of its data.

Ours never change once a box is open; a data file can be mended. Rule: `anonymity`, *Disclosure control*, rule 8.
"""

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from aoj_survey.errors import ReleaseError

from .corrections import LEAST_DIFFERENCE
from .facts import BundleFacts

DATA = "data/responses.csv"
NO_ANSWERS = frozenset({"wave", "region", "pop_n", "w_region", "w_all"})
"""Columns that hold no answers. The stratum counts: who moved to another one answered there."""


def refuse_few_changed(former: BundleFacts, now: BundleFacts) -> None:
    """Hold the rows of a version against those of a former one, by the columns that both have.

    Raises:
        ReleaseError: a few responses came, left or changed.
    """
    came, left = count_changed(former.folder / DATA, now.folder / DATA)
    if any(0 < number < LEAST_DIFFERENCE for number in (came, left)):
        raise ReleaseError(
            f"{now.name} has {came} responses that {former.name} has not, and {left} the other way round. Versions differ by"
            f" none or by at least {LEAST_DIFFERENCE}, since the difference would tell about few people."
        )


def count_changed(former: Path, now: Path) -> tuple[int, int]:
    """Return how many rows came and how many left, by the columns that both files have; one that changed does both."""
    before, after = _count_rows(former, now), _count_rows(now, former)
    return (after - before).total(), (before - after).total()


def _count_rows(file: Path, other: Path) -> Counter[tuple[str, ...]]:
    shared = set(_read_header(file)) & set(_read_header(other)) - NO_ANSWERS
    return Counter(_read_rows(file, sorted(shared)))


def _read_header(file: Path) -> list[str]:
    with file.open(encoding="utf-8", newline="") as lines:
        return next(csv.reader(lines), [])


def _read_rows(file: Path, columns: list[str]) -> Iterator[tuple[str, ...]]:
    with file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            yield tuple(row[column] for column in columns)
