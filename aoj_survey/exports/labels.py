"""Labels for formats with little room: what fits, and a list of what had to be cut."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from .variables import Cut, Variable, cut_bytes, cut_characters, say

_CUTS: Mapping[str, Callable[[str, int], str]] = {"bytes": cut_bytes, "characters": cut_characters}


@dataclass(frozen=True, slots=True)
class Room:
    """How much a format keeps of the label of a variable and of a value; each a number and its unit."""

    variable: tuple[int, str]
    value: tuple[int, str]


@dataclass(frozen=True, slots=True)
class Labels:
    """The Dutch labels of variables and of their values (only where there are any), and what was cut."""

    variables: Mapping[str, str]
    values: Mapping[str, Mapping[int, str]]
    cuts: tuple[Cut, ...]


def fit_labels(file: str, variables: Sequence[Variable], room: Room) -> Labels:
    """Return the labels of a file as they fit."""
    cuts: list[Cut] = []

    def fit(column: str, value: int | None, text: str) -> str:
        limit, unit = room.variable if value is None else room.value
        # SPSS takes spaces at the end for the filling of its field.
        whole = text.strip()
        kept = _CUTS[unit](whole, limit)
        if kept != whole:
            cuts.append(Cut(file, column, value, limit, unit, kept))
        return kept

    names: dict[str, str] = {}
    values: dict[str, dict[int, str]] = {}
    for variable in variables:
        names[variable.name] = fit(variable.name, None, say(variable.label))
        if variable.codes:
            values[variable.name] = {
                code.value: fit(variable.name, code.value, say(code.label)) for code in variable.codes
            }
    return Labels(names, values, tuple(cuts))
