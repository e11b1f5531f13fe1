"""Columns of the design: where a row belongs and what it weighs."""

from collections.abc import Sequence

from aoj_survey.disclosure import CaptureClass, class_label
from aoj_survey.questionnaire import Choice
from aoj_survey.statistics import round_half_away, weight

from .columns import Cell, Column

DIGITS = 6


def plan_design(strata: Sequence[CaptureClass]) -> tuple[Column, ...]:
    """Return the columns that come first: where a row belongs and what it weighs.

    `stratum` is coded from 1 in the order given; `w_region` and `w_all` are N/n of the stratum.
    """
    codes = tuple(
        Choice(item.code, number, class_label(item.code, item.roles))
        for number, item in enumerate(strata, start=1)
    )
    return (
        Column("wave", "text", {"nl": "meting", "en": "wave"}, quasi_identifier=True),
        Column("region", "text", {"nl": "regio", "en": "region"}, quasi_identifier=True),
        Column(
            "stratum",
            "integer",
            {"nl": "groep van functies", "en": "class of roles"},
            codes,
            quasi_identifier=True,
        ),
        Column("pop_n", "integer", {"nl": "uitgenodigd in het stratum", "en": "invited in the stratum"}),
        Column("w_region", "decimal", {"nl": "gewicht binnen de regio", "en": "weight within the region"}),
        Column("w_all", "decimal", {"nl": "gewicht over alle regio's", "en": "weight over all regions"}),
    )


def fill_design(wave: str, region: str, strata: Sequence[CaptureClass]) -> dict[str, tuple[Cell, ...]]:
    """Return by the code of a stratum what stands in these columns."""
    cells: dict[str, tuple[Cell, ...]] = {}
    for number, item in enumerate(strata, start=1):
        one = float(round_half_away(weight(item.invited, item.answered), DIGITS))
        cells[item.code] = (wave, region, number, item.invited, one, one)
    return cells
