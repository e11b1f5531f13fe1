"""Labels for formats with little room: what fits, and a list of what had to be cut."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from .variables import Cut, Variable, cut_bytes, cut_characters, say

COLON = ": "
"""What stands between the words of a question and those of a choice, where each choice has a column."""

_CUTS: Mapping[str, Callable[[str, int], str]] = {"bytes": cut_bytes, "characters": cut_characters}
_SIZES: Mapping[str, Callable[[str], int]] = {"bytes": lambda text: len(text.encode()), "characters": len}


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
    """Return the labels of a file as they fit; those of one column's values differ from each other."""
    cuts: list[Cut] = []

    def note(column: str, value: int | None, text: str, kept: str) -> str:
        if kept != text:
            cuts.append(Cut(file, column, value, *(room.variable if value is None else room.value), kept))
        return kept

    names: dict[str, str] = {}
    values: dict[str, dict[int, str]] = {}
    for variable in variables:
        # SPSS takes spaces at the end for the filling of its field.
        whole = say(variable.label).strip()
        fit = _fit_choice if variable.choice else _fit
        names[variable.name] = note(variable.name, None, whole, fit(whole, *room.variable))
        if variable.codes:
            texts = {code.value: say(code.label).strip() for code in variable.codes}
            fitted = _fit_values(texts, *room.value)
            values[variable.name] = {
                value: note(variable.name, value, text, fitted[value]) for value, text in texts.items()
            }
    return Labels(names, values, tuple(cuts))


def _fit(text: str, limit: int, unit: str) -> str:
    return _CUTS[unit](text, limit)


def _fit_choice(text: str, limit: int, unit: str) -> str:
    """Question and choice: the question is cut first, since every column of that question has it."""
    question, colon, choice = text.rpartition(COLON)
    fitted = _fit(text, limit, unit)
    if fitted == text or not question:
        return fitted
    ending = colon + _fit(choice, limit * 3 // 4, unit)
    return _fit(question, limit - _SIZES[unit](ending), unit) + ending


def _fit_values(texts: Mapping[int, str], limit: int, unit: str) -> dict[int, str]:
    """Labels that would come out alike end in their value: readers that name answers by labels would join them."""
    fitted = {value: _fit(text, limit, unit) for value, text in texts.items()}
    counts = Counter(fitted.values())
    endings = {value: f" ({value})" for value, text in fitted.items() if counts[text] > 1}
    return fitted | {
        value: _fit(texts[value], limit - _SIZES[unit](ending), unit) + ending
        for value, ending in endings.items()
    }
