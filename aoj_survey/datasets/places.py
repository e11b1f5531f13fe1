"""Columns of places: the areas of a stratum, and the one municipality and the one swv it lies in, if it is one.

Rules: `docs/decisions/0017` and `0021`. They say what the stratum says: strata were joined until each reaches k.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aoj_survey.disclosure import NOWHERE, Area, CaptureClass, Coverage, name_place
from aoj_survey.invitations import spell_place
from aoj_survey.questionnaire import Choice, Text
from aoj_survey.regions import find_swv_sector, name_municipality

from .columns import PROTECTED, Column

AREA, MUNICIPALITY, SWV, SWV_SECTOR = "area", "municipality", "swv", "swv_sector"
PLACE_NAMES = (AREA, MUNICIPALITY, SWV, SWV_SECTOR)
NO_AREA = Choice("none", 0, {"nl": "niet naar gebied bewaard", "en": "not kept by area"})
UNKNOWN: Text = {"nl": "plaats niet bekend", "en": "place not known"}

LABELS: Mapping[str, Text] = {
    AREA: {"nl": "gemeenten en samenwerkingsverbanden", "en": "municipalities and school partnerships"},
    MUNICIPALITY: {"nl": "gemeente", "en": "municipality"},
    SWV: {"nl": "samenwerkingsverband (swv)", "en": "school partnership (swv)"},
    SWV_SECTOR: {"nl": "sector van het samenwerkingsverband", "en": "sector of the school partnership"},
}
SECTORS = (
    Choice("po", 1, {"nl": "primair onderwijs", "en": "primary education"}),
    Choice("vo", 2, {"nl": "voortgezet onderwijs", "en": "secondary education"}),
)
NOT_TOLD: Mapping[str, Text] = {
    MUNICIPALITY: {
        "nl": "niet bekend, of alleen samen met andere gemeenten",
        "en": "not known, or only together with other municipalities",
    },
    SWV: {
        "nl": "niet bekend, of alleen samen met andere samenwerkingsverbanden",
        "en": "not known, or only together with other partnerships",
    },
    SWV_SECTOR: {"nl": "niet bekend, of beide sectoren samen", "en": "not known, or both sectors together"},
}
"""What -6 means in each of these columns."""


@dataclass(frozen=True, slots=True)
class PlaceColumns:
    """The columns of places, and by the code of a stratum its cells in them; none where there are no areas."""

    columns: tuple[Column, ...]
    cells: Mapping[str, tuple[int, ...]]


def plan_places(strata: Sequence[CaptureClass], areas: Sequence[Area]) -> PlaceColumns:
    """Return the columns `area`, `municipality`, `swv` and `swv_sector` of strata that were kept by `areas`.

    Values count from 1 in the order of the names. Without areas there are no columns.
    """
    if not areas:
        return PlaceColumns((), {item.code: () for item in strata})
    listed = list_areas(strata)
    coverage = find_coverage(strata, areas)
    municipalities = _number([places.municipalities for places in coverage.values()])
    partnerships = _number([places.partnerships for places in coverage.values()])
    named = _name_places(areas)
    columns = (
        Column(AREA, "integer", LABELS[AREA], _plan_areas(strata, areas), quasi_identifier=True),
        _plan(MUNICIPALITY, [Choice(name, value, named[0][name]) for name, value in municipalities.items()]),
        _plan(SWV, [Choice(name, value, named[1][name]) for name, value in partnerships.items()]),
        _plan(SWV_SECTOR, SECTORS),
    )
    sectors = {sector.code: sector.value for sector in SECTORS}
    cells: dict[str, tuple[int, ...]] = {}
    for item in strata:
        places = coverage[item.code]
        cells[item.code] = (
            listed.index(item.areas) + 1 if item.areas else NO_AREA.value,
            _tell(places.municipalities, municipalities),
            _tell(places.partnerships, partnerships),
            _tell(places.sectors, sectors),
        )
    return PlaceColumns(columns, cells)


def find_coverage(strata: Sequence[CaptureClass], areas: Sequence[Area]) -> dict[str, Coverage]:
    """Return by the code of a stratum where it lies, by names as they are compared; nowhere without areas."""
    places = {area.code: area.places for area in areas}
    found: dict[str, Coverage] = {}
    for item in strata:
        spelled = {spell_place(*place) for code in item.areas for place in places.get(code, (NOWHERE,))}
        partnerships = {swv for _, swv in spelled}
        found[item.code] = Coverage(
            tuple(sorted({municipality for municipality, _ in spelled})),
            tuple(sorted(partnerships)),
            tuple(sorted({find_swv_sector(swv) for swv in partnerships})),
        )
    return found


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


def _plan_areas(strata: Sequence[CaptureClass], areas: Sequence[Area]) -> tuple[Choice, ...]:
    values = [NO_AREA]
    for area in describe_areas(strata, areas):
        places = [name_place((place["municipality"], place["swv"])) for place in area["places"]]
        text = {
            language: "; ".join([*places, *([word] if area["unknown"] else [])])
            for language, word in UNKNOWN.items()
        }
        values.append(Choice(area["code"], area["value"], text))
    return tuple(values)


def _plan(name: str, values: Sequence[Choice]) -> Column:
    missing = {PROTECTED: NOT_TOLD[name]}
    return Column(name, "integer", LABELS[name], tuple(values), missing, quasi_identifier=True)


def _number(told: Iterable[Sequence[str]]) -> dict[str, int]:
    """The numbers of those that some stratum tells by itself."""
    alone = sorted({names[0] for names in told if len(names) == 1 and names[0]})
    return {name: number for number, name in enumerate(alone, start=1)}


def _tell(names: Sequence[str], numbers: Mapping[str, int]) -> int:
    return numbers.get(names[0], PROTECTED) if len(names) == 1 else PROTECTED


def _name_places(areas: Sequence[Area]) -> tuple[dict[str, Text], dict[str, Text]]:
    """What municipalities and swv are called, as the list first wrote it, by how they are compared."""
    named: tuple[dict[str, Text], dict[str, Text]] = ({}, {})
    for place in (place for area in areas for place in area.places):
        written = (name_municipality(place[0]), " ".join(place[1].split()))
        for names, compared, name in zip(named, spell_place(*place), written, strict=True):
            names.setdefault(compared, dict.fromkeys(UNKNOWN, name))
    return named
