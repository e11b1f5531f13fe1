"""Columns of the design: where a row belongs and what it weighs, the area of its stratum among them."""

from collections.abc import Sequence
from typing import Any

from aoj_survey.disclosure import NOWHERE, Area, CaptureClass, class_label, name_place
from aoj_survey.questionnaire import Choice, Text

from .columns import Column

AREA = "area"
NO_AREA = Choice("none", 0, {"nl": "niet naar gebied bewaard", "en": "not kept by area"})

UNKNOWN: Text = {"nl": "plaats niet bekend", "en": "place not known"}


def plan_design(strata: Sequence[CaptureClass], areas: Sequence[Area] = ()) -> tuple[Column, ...]:
    """Return the columns that come first: where a row belongs and what it weighs.

    `stratum` is coded from 1 in the order given; `w_region` and `w_all` are N/n of the stratum. `area` is there
    when answers were kept by `areas`, with the names of their places. It says no more than the stratum does.
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


def _plan_area(strata: Sequence[CaptureClass], areas: Sequence[Area]) -> Column:
    values = [NO_AREA]
    for area in describe_areas(strata, areas):
        places = [name_place((place["municipality"], place["swv"])) for place in area["places"]]
        text = {
            language: "; ".join([*places, *([word] if area["unknown"] else [])])
            for language, word in UNKNOWN.items()
        }
        values.append(Choice(area["code"], area["value"], text))
    label = {"nl": "gemeente en samenwerkingsverband", "en": "municipality and school partnership"}
    return Column(AREA, "integer", label, tuple(values))


def list_areas(strata: Sequence[CaptureClass]) -> list[tuple[str, ...]]:
    """Return the areas of strata in the order in which the column `area` numbers them, from 1."""
    return sorted({item.areas for item in strata if item.areas}, key=number_areas)


def number_areas(codes: Sequence[str]) -> list[int]:
    """Return the numbers of areas, by which they are sorted: `a2` comes before `a10`."""
    return [int(code[1:]) for code in codes]


def describe_areas(strata: Sequence[CaptureClass], areas: Sequence[Area]) -> list[dict[str, Any]]:
    """Return for each value of the column `area` its municipalities and swv, as they stood on the list.

    `unknown` tells that people are in it whose place nobody knew.
    """
    places = {area.code: area.places for area in areas}
    described: list[dict[str, Any]] = []
    for number, codes in enumerate(list_areas(strata), start=1):
        found = sorted({place for code in codes for place in places.get(code, (NOWHERE,))})
        described.append(
            {
                "value": number,
                "code": "+".join(codes),
                "places": [
                    {"municipality": place[0], "swv": place[1]} for place in found if place != NOWHERE
                ],
                "unknown": NOWHERE in found,
            }
        )
    return described
