"""Levels: which group an open answer is said to come from, where that group gave enough of them."""

from collections import Counter
from collections.abc import Mapping

LEAST = 10
"""Answers to an item of a group, and of all the rest together (`anonymity`, *Open text*)."""


def choose_levels(given: Mapping[str, int]) -> frozenset[str]:
    """Return the groups that may be told, of those that gave so many answers to an item.

    What is left untold would be known by elimination, so it is nothing, or ten answers or more, of several groups.
    """
    told = {group for group, answers in Counter(given).items() if answers >= LEAST}
    rest = sum(answers for group, answers in given.items() if group not in told)
    while told and 0 < rest < LEAST:
        smallest = min(told, key=lambda group: (given[group], group))
        told.remove(smallest)
        rest += given[smallest]
    return frozenset(told)
