"""Intervals of 95 % around plain shares of invited people, of whom some answered: a finite population.

Source: `statistics`, *Intervals*. Reference cases stand in `tests/statistics/reference.json`.
"""

from bisect import bisect_left
from fractions import Fraction
from math import comb, sqrt
from statistics import NormalDist

Z = NormalDist().inv_cdf(0.975)
TAIL = Fraction(25, 1000)
FEW = 30
"""From so many answers up Wilson's interval, below the exact one."""


def share_interval(count: int, answered: int, invited: int) -> tuple[float, float] | None:
    """Return the interval of a share, from 0 to 1; None when all invited answered, since then it is no estimate.

    Raises:
        ValueError: numbers that cannot be.
    """
    if not 0 <= count <= answered <= invited or not answered:
        raise ValueError(f"{count} of {answered}, of {invited} invited, is no share.")
    if answered == invited:
        return None
    if answered < FEW:
        return exact_interval(count, answered, invited)
    return wilson_interval(count, answered, invited)


def wilson_interval(count: int, answered: int, invited: int) -> tuple[float, float]:
    """Return Wilson's interval with n* = n(N-1)/(N-n) answers in the place of n."""
    share = count / answered
    if answered == invited:
        return share, share
    effective = answered * (invited - 1) / (invited - answered)
    middle = (share + Z**2 / (2 * effective)) / (1 + Z**2 / effective)
    half = Z * sqrt(share * (1 - share) / effective + Z**2 / (4 * effective**2)) / (1 + Z**2 / effective)
    return max(0.0, middle - half), min(1.0, middle + half)


def exact_interval(count: int, answered: int, invited: int) -> tuple[float, float]:
    """Return the exact interval: the shares of all invited under which either tail holds over 2.5 %."""
    possible = range(count, invited - answered + count + 1)
    # Both tails are monotone in the number of all invited who would say so.
    first = bisect_left(
        possible, x=True, key=lambda total: _tail(total, answered, invited, range(count, answered + 1)) > TAIL
    )
    last = bisect_left(
        possible, x=True, key=lambda total: _tail(total, answered, invited, range(count + 1)) <= TAIL
    )
    return possible[first] / invited, possible[last - 1] / invited


def _tail(total: int, answered: int, invited: int, counts: range) -> Fraction:
    """The chance of one of these counts among those who answered, when `total` of the invited would say so."""
    ways = sum(comb(total, number) * comb(invited - total, answered - number) for number in counts)
    return Fraction(ways, comb(invited, answered))
