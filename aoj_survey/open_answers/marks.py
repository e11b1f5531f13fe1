"""Marks: where an open answer may tell of a person or a place, for whoever looks it through.

They are hints. What looks like an address, a phone number, a citizen service number (BSN) or a postcode is found
by its form; names of organisations and places by the list of the participation.
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, cast

FORMAT = 1

MarkKind: TypeAlias = Literal["email", "phone", "bsn", "postcode", "organisation", "place"]
Names: TypeAlias = Mapping[str, Collection[tuple[tuple[str, ...], MarkKind]]]
"""What to look for: by the first word of a name its forms, as words in small letters."""

SHORTEST = 3
"""Letters of a name of one word; shorter ones are found everywhere."""

# Words that many organisations have in their name; alone they name none.
_COMMON = frozenset(
    re.findall(
        "[a-z]+",
        """aan basisschool bs cbs centrum college daltonschool de den der en ggd gemeente het in jgz
        kbs kindcentrum locatie lyceum mavo montessorischool obs op openbare pc pcb praktijkschool
        pro rk rkbs samenwerkingsverband sbo school scholen scholengemeenschap scholengroep so
        stichting swv t te ter van voor vrijeschool vso""",
    )
)
_WORD = re.compile(r"[^\W_]+")
_FORMS: tuple[tuple[MarkKind, re.Pattern[str]], ...] = (
    ("email", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*")),
    ("phone", re.compile(r"(?<![\w+])(?:\+31|0031|0)(?:[ .-]?\(0\))?(?:[ .()/-]{0,2}\d){9}(?!\d)")),
    ("bsn", re.compile(r"(?<!\d)\d(?:[ .-]?\d){7,8}(?!\d)")),
    # 2026 in a sentence is no postcode: with a space between, letters are capitals.
    ("postcode", re.compile(r"(?<!\w)[1-9]\d{3}(?: [A-Z]{2}|[A-Za-z]{2})(?!\w)")),
)


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """A part of a text, from `start` up to `end` in characters, and what it looks like."""

    start: int
    end: int
    kind: MarkKind


def index_names(named: Iterable[tuple[str, MarkKind]]) -> Names:
    """Return names in the forms in which people write them: whole, and without common words around it."""
    names: dict[str, dict[tuple[str, ...], MarkKind]] = {}
    for name, kind in named:
        words = tuple(word.casefold() for word in _WORD.findall(name))
        own = _strip(words)
        for form in {words, own} if own else ():
            first, *more = form
            if more or _names_alone(first):
                names.setdefault(first, {})[form] = kind
    return {first: tuple(sorted(forms.items())) for first, forms in names.items()}


def _strip(words: tuple[str, ...]) -> tuple[str, ...]:
    """A name without words at its ends that many names have."""
    kept = [number for number, word in enumerate(words) if word not in _COMMON]
    return words[kept[0] : kept[-1] + 1] if kept else ()


def _names_alone(word: str) -> bool:
    return len(word) >= SHORTEST and not word.isdecimal()


def mark_text(text: str, names: Names) -> tuple[Mark, ...]:
    """Return the marks of a text, in order; none overlaps another. `names` are those of `index_names`."""
    found = [
        Mark(*match.span(), kind)
        for kind, form in _FORMS
        for match in form.finditer(text)
        if kind != "bsn" or is_bsn(match[0])
    ]
    return _join(sorted([*found, *_find_names(text, names)]))


def is_bsn(written: str) -> bool:
    """Return whether the digits pass the test of a citizen service number (the 11-check); others are passed over."""
    digits = [int(digit) for digit in re.sub(r"\D", "", written).zfill(9)]
    if len(digits) != 9 or not any(digits):  # noqa: PLR2004 a BSN has nine digits
        return False
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(digit * weight for digit, weight in zip(digits, weights, strict=True)) % 11 == 0


def _find_names(text: str, names: Names) -> Iterator[Mark]:
    places = list(_WORD.finditer(text))
    words = [place[0].casefold() for place in places]
    for number, (place, word) in enumerate(zip(places, words, strict=True)):
        for form, kind in names.get(word, ()):
            # A word alone may be any word; as a name it has a capital.
            if tuple(words[number : number + len(form)]) == form and (
                len(form) > 1 or not place[0][0].islower()
            ):
                yield Mark(place.start(), places[number + len(form) - 1].end(), kind)


def _join(found: Iterable[Mark]) -> tuple[Mark, ...]:
    """Marks that overlap become one, of the kind of the first."""
    joined: list[Mark] = []
    for mark in found:
        if joined and mark.start < joined[-1].end:
            last = joined.pop()
            mark = Mark(last.start, max(last.end, mark.end), last.kind)  # noqa: PLW2901 the union takes its place
        joined.append(mark)
    return tuple(joined)


def dump_marks(marks: Iterable[Mark]) -> str:
    """Return marks as they are stored."""
    listed = [[mark.start, mark.end, mark.kind] for mark in marks]
    return json.dumps({"format": FORMAT, "marks": listed}, separators=(",", ":"))


def load_marks(document: str) -> tuple[Mark, ...]:
    """Return stored marks; `tests/samples/` keeps one of each format for ever."""
    return tuple(Mark(start, end, cast(MarkKind, kind)) for start, end, kind in json.loads(document)["marks"])
