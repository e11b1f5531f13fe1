"""Areas of several datasets as one column: a number stands for one set of places of one region, in all waves.

Each dataset numbers its own areas. Those of two waves are the same when they hold the same municipalities and swv;
areas that differ in one place, or lie in two regions, are never joined.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from aoj_survey.datasets import AREA, NO_AREA, Cell
from aoj_survey.regions import name_municipality

Codebook: TypeAlias = Mapping[str, Any]

AREAS = ("wave", "region", AREA, "stacked", "municipality", "swv")
"""The columns of the list of areas: a row for each place; without names for people whose place nobody knew."""


def number_areas(codebooks: Sequence[Codebook]) -> list[dict[int, int]]:
    """Return for each dataset the number of its areas among those of all, by its own number; 0 is none everywhere."""
    numbers: dict[object, int] = {}
    found: list[dict[int, int]] = []
    for codebook in codebooks:
        own = {NO_AREA.value: NO_AREA.value}
        for area in codebook.get("areas", ()):
            own[area["value"]] = numbers.setdefault(_find_meaning(codebook, area), len(numbers) + 1)
        found.append(own)
    return found


def _find_meaning(codebook: Codebook, area: Mapping[str, Any]) -> object:
    places = {
        (name_municipality(place["municipality"]).casefold(), " ".join(place["swv"].casefold().split()))
        for place in area["places"]
    }
    return codebook["region"], frozenset(places), area["unknown"]


def list_areas(codebooks: Sequence[Codebook]) -> list[tuple[Cell, ...]]:
    """Return the rows that tell which places each area of each dataset holds, and its number among all."""
    return [
        (
            *(codebook["wave"], codebook["region"], area["value"], own[area["value"]]),
            *(place["municipality"], place["swv"]),
        )
        for codebook, own in zip(codebooks, number_areas(codebooks), strict=True)
        for area in codebook.get("areas", ())
        for place in (*area["places"], *([{"municipality": "", "swv": ""}] if area["unknown"] else []))
    ]
