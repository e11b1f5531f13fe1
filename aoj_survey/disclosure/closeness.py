"""t-closeness: how far the answers of a class lie from those of everybody, reported and not enforced.

Source: Li, Li and Venkatasubramanian, *t-Closeness: Privacy Beyond k-Anonymity and l-Diversity*, ICDE 2007: the
earth mover's distance between two distributions, with all answers equally far apart, or in their order.
"""

from collections import Counter
from collections.abc import Hashable, Sequence
from fractions import Fraction
from itertools import accumulate
from typing import TypeVar

_Value = TypeVar("_Value", bound=Hashable)


def measure_closeness(part: Sequence[Hashable], whole: Sequence[Hashable]) -> Fraction:
    """Return the distance between the answers of a class and of all, from 0 (alike) to 1; answers have no order.

    Every two answers are at distance 1, so it is half the sum of all differences in share (equation 3). No
    answers on either side give 0.
    """
    return sum((abs(difference) for difference in _differences(part, whole).values()), Fraction(0)) / 2


def measure_ordered_closeness(part: Sequence[int], whole: Sequence[int]) -> Fraction:
    """Return the distance between the answers of a class and of all, from 0 to 1; answers are ordered.

    The answers anybody gave stand in their order at equal distances; of m answers the first and last are at
    distance 1, so it is the sum of what is carried past each answer, divided by m - 1 (equation 2). No answers on
    either side give 0.
    """
    differences = _differences(part, whole)
    carried = accumulate(differences[value] for value in sorted(differences))
    return sum((abs(load) for load in carried), Fraction(0)) / max(1, len(differences) - 1)


def _differences(part: Sequence[_Value], whole: Sequence[_Value]) -> dict[_Value, Fraction]:
    """By answer: its share of the class less its share of all."""
    if not part or not whole:
        return {}
    own, other = Counter(part), Counter(whole)
    return {
        value: Fraction(own[value], len(part)) - Fraction(other[value], len(whole))
        for value in own.keys() | other.keys()
    }
