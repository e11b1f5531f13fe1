"""Editions: what changed between two of them, and what that means for trends."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import TypeAlias

from .instrument import Expression, Instrument, Item, Page, Text
from .truth import list_names


class Change(IntEnum):
    """How an item differs between two editions, the gravest last; see `MEANING`."""

    IDENTICAL = 0
    WORDING = 1
    BASE = 2
    SCALE = 3
    NEW = 4
    GONE = 5


MEANING: Mapping[Change, Text] = {
    Change.IDENTICAL: {
        "nl": "Dezelfde vraag: de trend loopt door.",
        "en": "The same question: the trend goes on.",
    },
    Change.WORDING: {
        "nl": "Andere woorden: de trend wordt getekend met een breuk, en een noot zegt waarom.",
        "en": "Other words: the trend is drawn with a break, and a note says why.",
    },
    Change.BASE: {
        "nl": "Aan anderen gevraagd: vergelijk alleen wie in beide edities de vraag kreeg; anders een breuk.",
        "en": "Asked of others: compare only those who were asked in both editions; otherwise a break.",
    },
    Change.SCALE: {
        "nl": "Andere antwoorden: geen trend, de edities krijgen elk hun eigen kolom.",
        "en": "Other answers: no trend, each edition has a column of its own.",
    },
    Change.NEW: {
        "nl": "Nieuwe vraag: de reeks begint met deze editie.",
        "en": "A new question: the series starts with this edition.",
    },
    Change.GONE: {
        "nl": "Niet meer gevraagd: de reeks eindigt met de vorige editie.",
        "en": "No longer asked: the series ends with the edition before.",
    },
}
"""What each change means for a trend (`statistics`, *Comparability*)."""


@dataclass(frozen=True, slots=True)
class ItemChange:
    """An item in two editions: its codes (None where it is not there), the gravest change, and all of them."""

    before: str | None
    after: str | None
    change: Change
    changes: tuple[Change, ...] = ()

    @property
    def meaning(self) -> Text:
        """What the change means for a trend, in Dutch and English."""
        return MEANING[self.change]


def diff_editions(before: Instrument, after: Instrument) -> tuple[ItemChange, ...]:
    """Return how each item changed, in the order of the later edition, with what is gone at the end.

    Items are the same when they have the same concept; an item without one has its code for a concept.
    Texts are compared in the languages both editions have. Texts beside choices go with their item, and
    explanations are no items of a trend.
    """
    old, new = _Edition.read(before), _Edition.read(after)
    changes = [
        _compare(old, new, concept) if concept in old.items else ItemChange(None, item.code, Change.NEW)
        for concept, (item, _) in new.items.items()
    ]
    gone = [item.code for concept, (item, _) in old.items.items() if concept not in new.items]
    return (*changes, *(ItemChange(code, None, Change.GONE) for code in gone))


@dataclass(frozen=True, slots=True)
class _Edition:
    """The items of an edition with their pages, by concept, and the concept of each code."""

    items: Mapping[str, tuple[Item, Page]]
    concepts: Mapping[str, str]

    @classmethod
    def read(cls, instrument: Instrument) -> "_Edition":
        pages = ((item, page) for page in instrument.pages for item in page.items)
        asked = [(item, page) for item, page in pages if item.kind != "explanation" and not item.beside]
        concepts = {item.code: item.concept or item.code for item, _ in asked}
        return cls({concepts[item.code]: (item, page) for item, page in asked}, concepts)

    def base(self, concept: str) -> dict[str, object]:
        """The conditions of an item and of all it depends on, by concepts instead of codes."""
        found: dict[str, object] = {}
        waiting = [concept]
        while waiting:
            name = waiting.pop()
            if name not in found and name in self.items:
                condition = self.items[name][0].ask_if
                found[name] = _rename(condition, self.concepts)
                waiting += [self.concepts.get(code, code) for code in list_names(condition)[0]]
        return found


def _compare(old: _Edition, new: _Edition, concept: str) -> ItemChange:
    (one, its_page), (other, other_page) = old.items[concept], new.items[concept]
    changes: list[Change] = []
    if _answers(one) != _answers(other):
        changes.append(Change.SCALE)
    if old.base(concept) != new.base(concept):
        changes.append(Change.BASE)
    if _differ(_texts(one, its_page), _texts(other, other_page)) or _order(one) != _order(other):
        changes.append(Change.WORDING)
    return ItemChange(one.code, other.code, max(changes, default=Change.IDENTICAL), tuple(changes))


def _answers(item: Item) -> object:
    choices = frozenset(
        (choice.code, choice.value, choice.dont_know, choice.exclusive, choice.other > 0)
        for choice in item.choices
    )
    return (
        item.kind, choices, item.minimum, item.maximum, item.first, item.earliest, item.latest,
        item.max_length, item.settings,
    )  # fmt: skip


def _order(item: Item) -> object:
    return [choice.code for choice in item.choices], item.required


def _texts(item: Item, page: Page) -> dict[str, Text]:
    texts = {"text": item.text, "hint": item.hint, "unit": item.unit, "page": page.text, "intro": page.hint}
    texts |= {f"choice {choice.code}": choice.text for choice in item.choices}
    return {name: text for name, text in texts.items() if text}


def _differ(one: Mapping[str, Text], other: Mapping[str, Text]) -> bool:
    """Choices that are not on both sides are no matter of wording; other texts are."""
    names = {name for name in {*one, *other} if not name.startswith("choice ")} | (one.keys() & other.keys())
    for name in names:
        mine, its = one.get(name, {}), other.get(name, {})
        shared = mine.keys() & its.keys()
        if not shared or any(mine[language] != its[language] for language in shared):
            return True
    return False


_Part: TypeAlias = Expression | str | int | bool


def _rename(part: _Part | None, concepts: Mapping[str, str]) -> object:
    if not isinstance(part, tuple):
        return part
    if part[0] in ("item", "number", "has", "size"):
        return part[0], concepts.get(str(part[1]), part[1])
    return tuple(_rename(side, concepts) for side in part)
