"""Places of several datasets as columns: a number stands for one thing of one region, in all waves.

Each dataset numbers its own areas, municipalities and swv. An area is the same in two waves when it holds the same
municipalities and swv; areas that differ in one place are never joined, and nothing that lies in two regions is.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from aoj_survey.datasets import AREA, MUNICIPALITY, NO_AREA, PROTECTED, SWV, SWV_SECTOR, Cell
from aoj_survey.invitations import spell_place

Codebook: TypeAlias = Mapping[str, Any]
Numbers: TypeAlias = Mapping[str, Mapping[int, int]]
"""By the name of a column the number in a stack of each of its own."""

AREAS = ("wave", "region", AREA, "stacked", MUNICIPALITY, SWV)
"""The columns of the list of areas: a row for each place; without names for people whose place nobody knew."""

NAMES = ("wave", "region", "column", "value", "stacked", "name")
"""The columns of the list of municipalities and swv."""

NOT_KEPT: Mapping[str, int] = {
    AREA: NO_AREA.value,
    MUNICIPALITY: PROTECTED,
    SWV: PROTECTED,
    SWV_SECTOR: PROTECTED,
}
"""What stands in the columns of places for a dataset that was not kept by area."""


def number_places(codebooks: Sequence[Codebook]) -> list[Numbers]:
    """Return for each dataset the numbers of its areas, municipalities and swv among those of all."""
    known: dict[str, dict[object, int]] = {AREA: {}, MUNICIPALITY: {}, SWV: {}}
    return [
        {
            column: {
                value: numbers.setdefault(meaning, len(numbers) + 1)
                for value, meaning in _list_meanings(codebook, column)
            }
            for column, numbers in known.items()
        }
        for codebook in codebooks
    ]


def _list_meanings(codebook: Codebook, column: str) -> list[tuple[int, object]]:
    if column == AREA:
        return [(area["value"], _find_meaning(codebook, area)) for area in codebook.get("areas", ())]
    return [(value["value"], (codebook["region"], value["code"])) for value in _list_values(codebook, column)]


def _list_values(codebook: Codebook, name: str) -> Sequence[Mapping[str, Any]]:
    """The values of a column; none where it holds something else than a place or is not there."""
    if "areas" not in codebook:
        return ()
    return next((found.get("values", ()) for found in codebook["columns"] if found["name"] == name), ())


def _find_meaning(codebook: Codebook, area: Mapping[str, Any]) -> object:
    places = {spell_place(place["municipality"], place["swv"]) for place in area["places"]}
    return codebook["region"], frozenset(places), area["unknown"]


def list_areas(codebooks: Sequence[Codebook]) -> list[tuple[Cell, ...]]:
    """Return the rows that tell which places each area of each dataset holds, and its number among all."""
    return [
        (
            *(codebook["wave"], codebook["region"], area["value"], own[AREA][area["value"]]),
            *(place["municipality"], place["swv"]),
        )
        for codebook, own in zip(codebooks, number_places(codebooks), strict=True)
        for area in codebook.get("areas", ())
        for place in (*area["places"], *([{"municipality": "", "swv": ""}] if area["unknown"] else []))
    ]


def list_names(codebooks: Sequence[Codebook]) -> list[tuple[Cell, ...]]:
    """Return the rows that name each municipality and swv of each dataset, with its number among all."""
    return [
        (
            *(codebook["wave"], codebook["region"], column, value["value"], own[column][value["value"]]),
            value["label"]["nl"],
        )
        for codebook, own in zip(codebooks, number_places(codebooks), strict=True)
        for column in (MUNICIPALITY, SWV)
        for value in _list_values(codebook, column)
    ]
