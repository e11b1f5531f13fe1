"""Columns of the design: where a row belongs and what it weighs, the area of its stratum among them."""

from collections.abc import Mapping, Sequence

from aoj_survey.disclosure import CaptureClass, class_label
from aoj_survey.questionnaire import Choice

from .columns import Column

AREA = "area"
NO_AREA = Choice("none", 0, {"nl": "niet naar gebied bewaard", "en": "not kept by area"})


def plan_design(strata: Sequence[CaptureClass], areas: Mapping[str, str] | None = None) -> tuple[Column, ...]:
    """Return the columns that come first: where a row belongs and what it weighs.

    `stratum` is coded from 1 in the order given; `w_region` and `w_all` are N/n of the stratum. `area` is there
    when answers were kept by area, with the names of these by their codes. It says no more than the stratum does.
    """
    codes = tuple(
        Choice(item.code, number, class_label(item.code, item.roles))
        for number, item in enumerate(strata, start=1)
    )
    return (
        Column("wave", "text", {"nl": "meting", "en": "wave"}),
        Column("region", "text", {"nl": "regio", "en": "region"}),
        Column("stratum", "integer", {"nl": "groep van functies", "en": "class of roles"}, codes),
        Column("pop_n", "integer", {"nl": "uitgenodigd in het stratum", "en": "invited in the stratum"}),
        Column("w_region", "decimal", {"nl": "gewicht binnen de regio", "en": "weight within the region"}),
        Column("w_all", "decimal", {"nl": "gewicht over alle regio's", "en": "weight over all regions"}),
        *([_plan_area(strata, areas)] if areas else []),
    )


def _plan_area(strata: Sequence[CaptureClass], areas: Mapping[str, str]) -> Column:
    values = [NO_AREA]
    for number, found in enumerate(list_areas(strata), start=1):
        names = "; ".join(areas[code] for code in found if code in areas)
        unknown = {"nl": "plaats niet bekend", "en": "place not known"}
        text = {
            language: "; ".join([*([names] if names else []), *([word] if set(found) - set(areas) else [])])
            for language, word in unknown.items()
        }
        values.append(Choice("+".join(found), number, text))
    label = {"nl": "gemeente en samenwerkingsverband", "en": "municipality and school partnership"}
    return Column(AREA, "integer", label, tuple(values))


def list_areas(strata: Sequence[CaptureClass]) -> list[tuple[str, ...]]:
    """Return the areas of strata in the order in which the column `area` numbers them, from 1."""
    return sorted({item.areas for item in strata if item.areas})
