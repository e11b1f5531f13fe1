"""What came of one attempt to link an answer to a person, in counts and in words of two languages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from . import words_of_files, words_of_rows
from .notes import GAPS, NOTES
from .words import Text

WORDINGS = words_of_rows.WORDINGS | words_of_files.WORDINGS

Outcome = Literal["unlinked", "linked", "not_tried"]
Measure: TypeAlias = Mapping[str, int | float]


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt on one region (empty `region`: on all): its question, what came of it, counts, and words.

    Nothing in it names a person, an address, a link or an answer. `gaps` say what was not looked at, though an
    attacker might have. `by_key_holder`: it took keys that an attacker does not have, and so is no failure.
    """

    name: str
    region: str
    question: Text
    outcome: Outcome
    measure: Measure
    words: Text
    gaps: tuple[Text, ...] = ()
    by_key_holder: bool = False

    @property
    def succeeded(self) -> bool:
        """Whether an attacker without keys got what no attacker may get."""
        return self.outcome == "linked" and not self.by_key_holder


def conclude(name: str, region: str, measure: Measure, *notes: str, linked: bool) -> Attempt:
    """Return the attempt `name` with its words, filled in from the measure; `notes` are keys of NOTES."""
    wording = WORDINGS[name]
    said = (wording.linked if linked else wording.unlinked, *(NOTES[note] for note in notes))
    outcome: Outcome = "linked" if linked else "unlinked"
    words = Text(*(" ".join(parts).format_map(measure) for parts in _by_language(said)))
    gaps = find_gaps(notes)
    return Attempt(name, region, wording.question, outcome, measure, words, gaps, wording.by_key_holder)


def pass_over(name: str, region: str, *notes: str) -> Attempt:
    """Return the attempt `name` as not tried; `notes` say why."""
    words = Text(*(" ".join(parts) for parts in _by_language([NOTES[note] for note in notes])))
    wording = WORDINGS[name]
    gaps = find_gaps(notes)
    return Attempt(name, region, wording.question, "not_tried", {}, words, gaps, wording.by_key_holder)


def find_gaps(notes: Iterable[str]) -> tuple[Text, ...]:
    """Return the words of those notes that tell of something not looked at."""
    return tuple(NOTES[note] for note in notes if note in GAPS)


def _by_language(texts: tuple[Text, ...] | list[Text]) -> tuple[list[str], list[str]]:
    return [text.nl for text in texts], [text.en for text in texts]
