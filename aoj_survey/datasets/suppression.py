"""What is taken out of encoded answers: those that point to a person, and those a whole class gave alike.

Rules: `anonymity`, *Microdata*. A quasi-identifier is an answer that could be known of a person from elsewhere.
A class is what can be told apart by them: rows of one stratum with the same quasi-identifiers.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from aoj_survey.disclosure import Asked, find_dependent

from .columns import PROTECTED, Question

Row: TypeAlias = tuple[int, ...]
Encoded: TypeAlias = dict[str, list[Row]]
"""Rows of the item columns by code of their stratum."""

Cause: TypeAlias = tuple[str, str]
"""A column and the stratum in which it was set to -6."""

_Places: TypeAlias = Mapping[str, frozenset[int]]
"""The columns of each item that a stratum is asked, by the item's code."""


@dataclass(frozen=True, slots=True)
class Suppression:
    """What was set to -6, and the sizes of the classes that are left.

    `quasi_identifiers` would have left classes of fewer than k; of `homogeneous` ones a whole class gave one
    answer; the routes of `dependent` ones would have told one of the others.
    """

    quasi_identifiers: tuple[Cause, ...]
    homogeneous: tuple[Cause, ...]
    dependent: tuple[Cause, ...]
    classes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Hidden:
    """Numbers of the columns hidden in one stratum, by reason, and the sizes of its classes."""

    quasi_identifiers: frozenset[int]
    homogeneous: frozenset[int]
    dependent: frozenset[int]
    classes: tuple[int, ...]


def suppress(
    questions: Sequence[Question], asked: Mapping[str, Asked], answers: Encoded, k: int
) -> Suppression:
    """Set answers to -6, in place, and return which.

    A quasi-identifier goes for a whole stratum, a sensitive answer that a whole class gave goes for that class.
    """
    names = [column.name for question in questions for column in question.columns]
    found = {code: _suppress_stratum(questions, asked[code], rows, k) for code, rows in answers.items()}

    def name(reason: str) -> tuple[Cause, ...]:
        return tuple((names[place], code) for code in found for place in sorted(getattr(found[code], reason)))

    return Suppression(
        name("quasi_identifiers"),
        name("homogeneous"),
        name("dependent"),
        tuple(size for hidden in found.values() for size in hidden.classes),
    )


def _suppress_stratum(questions: Sequence[Question], asked: Asked, rows: list[Row], k: int) -> _Hidden:
    places = _find_places(questions, asked)
    marked = [question.item for question in questions if question.item.code in places]
    known = list(dict.fromkeys(item.code for item in marked if item.quasi_identifier))
    unsafe = find_unsafe(rows, known, places, k)
    pointing = frozenset[int]().union(*(places[code] for code in unsafe))
    routed = _find_routed(unsafe, asked, places)
    _hide(rows, range(len(rows)), pointing | routed)
    left = frozenset[int]().union(*(places[code] for code in known if code not in unsafe))
    classes = _split(rows, left)
    alike: set[int] = set()
    for code in dict.fromkeys(item.code for item in marked if item.sensitive):
        for members in classes:
            same = frozenset(place for place in places[code] if _is_homogeneous(rows, members, place))
            beside = _find_routed([code], asked, places) if same else same
            _hide(rows, members, same | beside)
            alike |= same
            routed |= beside
    sizes = tuple(len(members) for members in _split(rows, left))
    return _Hidden(pointing, frozenset(alike), routed - pointing - alike, sizes)


def _find_places(questions: Sequence[Question], asked: Asked) -> _Places:
    places: dict[str, frozenset[int]] = {}
    start = 0
    for question in questions:
        own = range(start, start + len(question.columns))
        start = own.stop
        if not asked.roles.isdisjoint(question.roles):
            places[question.item.code] = places.get(question.item.code, frozenset()).union(own)
    return places


def find_unsafe(rows: Sequence[Row], known: Sequence[str], places: _Places, k: int) -> list[str]:
    """Return the quasi-identifiers to hide, so that every class of what is left has k rows or more.

    One by one the item goes without which the fewest rows are in classes under k, the last one on a tie.
    """
    kept = list(known)

    def count_exposed(items: Collection[str]) -> int:
        columns = frozenset[int]().union(*(places[code] for code in items))
        return sum(len(members) for members in _split(rows, columns) if len(members) < k)

    while kept and count_exposed(kept):
        kept.remove(
            min(
                reversed(kept),
                key=lambda code: count_exposed([other for other in kept if other != code]),
            )
        )
    return [code for code in known if code not in kept]


def _find_routed(codes: Sequence[str], asked: Asked, places: _Places) -> frozenset[int]:
    """The columns of other items whose not-routed tells how these were answered."""
    found = frozenset[str]().union(*(find_dependent(asked.instrument, code) for code in codes))
    return frozenset(place for code in found.difference(codes) for place in places.get(code, ()))


def _split(rows: Sequence[Row], columns: Collection[int]) -> list[list[int]]:
    """The numbers of the rows, by what stands in these columns."""
    classes: dict[Row, list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        classes[tuple(row[place] for place in sorted(columns))].append(number)
    return list(classes.values())


def _is_homogeneous(rows: Sequence[Row], members: Sequence[int], place: int) -> bool:
    values = {rows[number][place] for number in members}
    return len(values) == 1 and min(values) >= 0


def _hide(rows: list[Row], members: Collection[int], columns: Collection[int]) -> None:
    for number in members if columns else ():
        rows[number] = tuple(
            PROTECTED if place in columns else value for place, value in enumerate(rows[number])
        )
