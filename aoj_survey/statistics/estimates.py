"""Shares, means and weights as exact fractions; rounding happens once, at the end."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction


def share(count: int, base: int) -> Fraction:
    """Return `count / base`, between 0 and 1.

    Raises:
        ValueError: an empty base, or a count outside it.
    """
    if base <= 0 or not 0 <= count <= base:
        raise ValueError(f"{count} of {base} is not a share.")
    return Fraction(count, base)


def mean(values: Sequence[int]) -> Fraction:
    """Return the plain mean.

    Raises:
        ValueError: there are no values.
    """
    if not values:
        raise ValueError("Nothing has no mean.")
    return Fraction(sum(values), len(values))


def weight(invited: int, answered: int) -> Fraction:
    """Return N/n: how many of the invited each respondent of a stratum stands for (at least 1).

    Raises:
        ValueError: nobody answered, or more than were invited.
    """
    if not 0 < answered <= invited:
        raise ValueError(f"{answered} of {invited} invited gives no weight.")
    return Fraction(invited, answered)


def round_half_away(value: Fraction | Decimal | int, digits: int = 0) -> Decimal:
    """Return the value rounded from full precision to `digits` decimals, half away from zero."""
    scaled = Fraction(value) * 10**digits
    whole, rest = divmod(abs(scaled), 1)
    rounded = int(whole) + (rest * 2 >= 1)
    sign = int(scaled < 0 and rounded > 0)
    return Decimal((sign, tuple(int(digit) for digit in str(rounded)), -digits))
