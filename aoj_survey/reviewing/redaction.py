"""Shortening an open answer: words may be left out, none added; each part left out becomes […]."""

import re
from collections.abc import Sequence
from typing import Literal, TypeAlias

from aoj_survey.errors import AojError
from aoj_survey.open_answers import Mark

OUT = "[…]"
_WRITTEN_OUT = re.compile(r"\[\s*(?:…|\.\.\.)\s*\]")
_WORD = re.compile(r"\w+|[^\w\s]")

Fault: TypeAlias = Literal["added", "nothing", "everything"]


class RedactionError(AojError):
    """A shortened text that is none; `code` says why, `word` is the first that was added."""

    def __init__(self, code: Fault, word: str = "") -> None:
        reasons: dict[Fault, str] = {
            "added": f"The word {word!r} does not stand there in the answer. Words may be left out, not added.",
            "nothing": "Nothing was left out. Release the answer as it is, or take words out.",
            "everything": "Nothing is left of the answer. Drop it, or leave words in.",
        }
        super().__init__(reasons[code])
        self.code: Fault = code
        self.word = word


def redact(original: str, shortened: str) -> str:
    """Return the original with […] for each part that the shortened text leaves out.

    The words and signs that are left must stand in the original in that order; spaces and written […] do not count.

    Raises:
        RedactionError: a word that was added or moved, nothing left out, or nothing left.
    """
    words = list(_WORD.finditer(original))
    kept = _find_kept([word[0] for word in words], _WORD.findall(_WRITTEN_OUT.sub(" ", shortened)))
    if not kept:
        raise RedactionError("everything")
    if len(kept) == len(words):
        raise RedactionError("nothing")
    pieces: list[str] = []
    place, number = 0, 0
    while number < len(words):
        first = number
        while number < len(words) and (number in kept) == (first in kept):
            number += 1
        start, end = words[first].start(), words[number - 1].end()
        pieces += [original[place:start], original[start:end] if first in kept else OUT]
        place = end
    return "".join(pieces)


def _find_kept(words: Sequence[str], left: Sequence[str]) -> set[int]:
    """The places of the words that are left, each at the first place where it can stand."""
    kept: set[int] = set()
    place = 0
    for word in left:
        while place < len(words) and words[place] != word:
            place += 1
        if place == len(words):
            raise RedactionError("added", word)
        kept.add(place)
        place += 1
    return kept


def propose_shortened(text: str, marks: Sequence[Mark]) -> str:
    """Return the text with […] for each mark, for a person to go on with."""
    pieces: list[str] = []
    place = 0
    for mark in marks:
        pieces += [text[place : mark.start], OUT]
        place = mark.end
    return "".join([*pieces, text[place:]])
