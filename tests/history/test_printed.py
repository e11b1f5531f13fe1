"""Printed totals are found again from protected data; differences are told, small numbers are not."""

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from aoj_survey.history import Comparison, import_wave
from aoj_survey.history.printed import round_as

from .places import EARLIER, MAPPING, copy_wave

FIGURE = "- {item: cijfer, mean: 7.2}"


def one_figure(folder: Path, figure: str) -> Comparison:
    """What became of a figure that stands in place of the mark's, the last but one."""
    return import_wave(copy_wave(folder, MAPPING, FIGURE, figure)).printed[-2]


def test_wrong_total_of_the_source_is_told() -> None:
    told = {(one.what, one.roles, one.item): one for one in import_wave(EARLIER / MAPPING).printed}
    wrong = told["invited", (), ""]
    assert (wrong.printed, wrong.found, wrong.agrees) == (Decimal(91), Decimal(94), False)
    assert told["invited", ("ib",), ""].agrees is True
    assert told["mean", (), "cijfer"].agrees is True
    assert told["percent", (), "sturing"].agrees is True


@pytest.mark.parametrize(
    ("figure", "found", "agrees", "reason"),
    [
        ("- {item: cijfer, mean: 7.3}", Decimal("7.2"), False, ""),
        ("- {item: cijfer, roles: [leerplicht], mean: 7.0}", None, None, "merged"),
        ("- {item: richting, answer: ja, roles: [zoco], percent: 30}", None, None, "too_few"),
        ("- {item: jaren, mean: 5.3}", Decimal("5.3"), True, ""),
        ("- {item: doelen, answer: weet_niet, roles: [zoco], percent: 1}", None, False, "too_few"),
        ("- {item: cijfer, mean: 7.20}", Decimal("7.17"), False, ""),
        ("- {item: zicht, answer: ja, percent: 43}", Decimal(43), True, ""),
        ("- {item: zicht, answer: ja, base: known, percent: 43}", Decimal(50), False, ""),
        ("- {item: sturing, answer: visie, base: all, percent: 70}", Decimal(43), False, ""),
        ("- {item: zicht, answer: ja, count: 19}", Decimal(19), True, ""),
        ("- {item: zicht, answer: ja, count: 20}", Decimal(19), False, ""),
        ("- {item: doelen, answer: weet_niet, roles: [zoco], count: 1}", None, False, "too_few"),
    ],
)
def test_figure_is_found_or_it_is_said_why_not(
    tmp_path: Path, figure: str, found: Decimal | None, agrees: bool | None, reason: str
) -> None:
    one = one_figure(tmp_path, figure)
    assert (one.found, one.agrees, one.reason) == (found, agrees, reason)


def test_found_values_are_rounded_as_the_printed_ones() -> None:
    assert round_as(Fraction(15, 2), Decimal(7)) == Decimal(8)
    assert round_as(Fraction(27, 4), Decimal("6.8")) == Decimal("6.8")
    assert round_as(Fraction(27, 4), Decimal("6.80")) == Decimal("6.75")
