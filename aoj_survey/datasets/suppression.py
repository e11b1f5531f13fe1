"""What is taken out of encoded answers: those that point to a person, and those a whole class gave alike.

Rules: `anonymity`, *Microdata*: least loss in the merging lattice, local suppression, homogeneity. A quasi-identifier is an answer that could be known of a person from elsewhere.
A class is what can be told apart by them: rows of one stratum with the same quasi-identifiers.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Any, TypeAlias

from aoj_survey.disclosure import Asked, Levels, apply_node, find_dependent, find_node, keep_or_drop

from .columns import DONT_KNOW_NUMBER, PROTECTED, Question

Row: TypeAlias = tuple[int, ...]
Encoded: TypeAlias = dict[str, list[Row]]
"""Rows of the item columns by code of their stratum."""

Cause: TypeAlias = tuple[str, str]
"""A column and the stratum in which it was set to -6."""

_Places: TypeAlias = Mapping[str, frozenset[int]]
"""The columns of each item that a stratum is asked, by the item's code."""

Parts: TypeAlias = Mapping[str, Sequence[Collection[int]]]
"""By stratum the numbers of the rows of each smaller one that it joins."""


@dataclass(frozen=True, slots=True)
class Suppression:
    """What was set to -6, and the classes that are left.

    `quasi_identifiers` would have left classes of fewer than k; of `homogeneous` ones a whole class gave one
    answer; the routes of `dependent` ones would have told one of the others. `node` holds the levels by stratum,
    `suppressed` how many rows of a stratum lost all quasi-identifiers, `classes` the numbers of the rows of each
    class by stratum.
    """

    quasi_identifiers: tuple[Cause, ...]
    homogeneous: tuple[Cause, ...]
    dependent: tuple[Cause, ...]
    node: Mapping[str, Levels]
    suppressed: Mapping[str, int]
    classes: Mapping[str, tuple[tuple[int, ...], ...]]

    def sizes(self) -> list[int]:
        """Return how many rows each class holds."""
        return [len(members) for classes in self.classes.values() for members in classes]


@dataclass(frozen=True, slots=True)
class _Measures:
    """How small a class may be, what share of rows may be suppressed, and the levels that were given."""

    k: int
    limit: Fraction
    given: Levels | None


@dataclass(frozen=True, slots=True)
class _Hidden:
    """Numbers of the columns hidden in one stratum, by reason; its node, suppressed rows and classes."""

    quasi_identifiers: frozenset[int]
    homogeneous: frozenset[int]
    dependent: frozenset[int]
    levels: Levels
    suppressed: frozenset[int]
    classes: tuple[tuple[int, ...], ...]


def suppress(
    questions: Sequence[Question],
    asked: Mapping[str, Asked],
    answers: Encoded,
    k: int,
    limit: Fraction,
    node: Mapping[str, Levels] | None = None,
    parts: Parts = MappingProxyType({}),
) -> Suppression:
    """Set answers to -6, in place, and return which.

    Quasi-identifiers go for a whole stratum, as the node of least loss says or the one given; rows that stay in
    small classes, as far as `limit` goes, lose all of them. A sensitive answer that a whole class gave goes for
    that class. So does one that all gave of a smaller stratum, of `parts`, with rows in the class: data in which
    that stratum stands apart hide it, and rows of both can be laid beside each other.

    Raises:
        DisclosureError: a node was given that leaves more rows in small classes than the limit.
    """
    names = [column.name for question in questions for column in question.columns]
    found = {
        code: _suppress_stratum(
            questions,
            asked[code],
            rows,
            parts.get(code, ()),
            _Measures(k, limit, None if node is None else node.get(code, {})),
        )
        for code, rows in answers.items()
    }

    def name(reason: str) -> tuple[Cause, ...]:
        return tuple((names[place], code) for code in found for place in sorted(getattr(found[code], reason)))

    return Suppression(
        name("quasi_identifiers"),
        name("homogeneous"),
        name("dependent"),
        {code: hidden.levels for code, hidden in found.items() if hidden.levels},
        {code: len(hidden.suppressed) for code, hidden in found.items() if hidden.suppressed},
        {code: hidden.classes for code, hidden in found.items()},
    )


def _suppress_stratum(
    questions: Sequence[Question],
    asked: Asked,
    rows: list[Row],
    parts: Sequence[Collection[int]],
    measures: _Measures,
) -> _Hidden:
    places = _find_places(questions, asked)
    marked = [question.item for question in questions if question.item.code in places]
    known = list(dict.fromkeys(item.code for item in marked if item.quasi_identifier))
    levels, suppressed = choose_levels(rows, known, places, measures.k, measures.limit, measures.given)
    unsafe = [code for code in known if levels[code]]
    pointing, routed = _join(places, unsafe), _find_routed(unsafe, asked, places)
    _hide(rows, range(len(rows)), pointing | routed)
    _hide(rows, suppressed, _join(places, known) | _find_routed(known, asked, places))
    left = _join(places, [code for code in known if code not in unsafe])
    alike: set[int] = set()
    classes = _split(rows, left)
    for code in dict.fromkeys(item.code for item in marked if item.sensitive):
        beside = _find_routed([code], asked, places)
        for members, same in _find_alike(rows, classes, parts, places[code]):
            _hide(rows, members, same | beside)
            alike |= same
            routed |= beside
    final = tuple(tuple(members) for members in _split(rows, left))
    return _Hidden(pointing, frozenset(alike), routed - pointing - alike, levels, suppressed, final)


def _find_places(questions: Sequence[Question], asked: Asked) -> _Places:
    places: dict[str, frozenset[int]] = {}
    start = 0
    for question in questions:
        own = range(start, start + len(question.columns))
        start = own.stop
        if not asked.roles.isdisjoint(question.roles):
            places[question.item.code] = places.get(question.item.code, frozenset()).union(own)
    return places


def choose_levels(
    rows: Sequence[Row],
    known: Sequence[str],
    places: _Places,
    k: int,
    limit: Fraction,
    given: Levels | None = None,
) -> tuple[Levels, frozenset[int]]:
    """Return which quasi-identifiers of a stratum are kept (0) or dropped (1), and the rows to suppress.

    Every class of what is left, and the suppressed rows, have k rows or more. The levels are those of least loss,
    or those given: an item they do not name is dropped.

    Raises:
        DisclosureError: the levels given leave more rows in small classes than the limit.
    """
    if not known:  # A stratum is one class then, and held to k before.
        return {}, frozenset()
    values = [tuple(tuple(row[place] for place in sorted(places[code])) for code in known) for row in rows]
    hierarchies = [
        keep_or_drop(code, dict.fromkeys(value[number] for value in values))
        for number, code in enumerate(known)
    ]
    if given is None:
        levels = find_node(values, hierarchies, k, limit).levels
    else:
        levels = tuple(given.get(code, 1) for code in known)
    recoded = apply_node(values, hierarchies, levels, k, limit)
    return dict(zip(known, levels, strict=True)), recoded.suppressed


def _join(places: _Places, codes: Sequence[str]) -> frozenset[int]:
    return frozenset[int]().union(*(places[code] for code in codes))


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


def _find_alike(
    rows: Sequence[Row],
    classes: Sequence[Sequence[int]],
    parts: Sequence[Collection[int]],
    own: frozenset[int],
) -> list[tuple[Sequence[int], frozenset[int]]]:
    """The classes in which a sensitive question was answered alike, and its columns to hide there: all of them.

    A column that is left would tell of the others: who chose nothing else chose what all did, and ranks are each
    given once.
    """
    alike = [part for part in parts if any(is_homogeneous(rows, part, place) for place in own)]
    return [
        (members, own)
        for members in classes
        if any(is_homogeneous(rows, members, place) for place in own)
        or any(not frozenset(members).isdisjoint(part) for part in alike)
    ]


def is_homogeneous(rows: Sequence[tuple[Any, ...]], members: Collection[int], place: int) -> bool:
    """Return whether all who answered gave one answer: who left it open, or was not asked, is no cover for them."""
    values = {rows[number][place] for number in members}
    return sum(value >= 0 or value == DONT_KNOW_NUMBER for value in values) == 1


def _hide(rows: list[Row], members: Collection[int], columns: Collection[int]) -> None:
    for number in members if columns else ():
        rows[number] = tuple(
            PROTECTED if place in columns else value for place, value in enumerate(rows[number])
        )
