"""Answers in own words: a kind that takes them has to say so, since the opening keeps these apart from all others."""

from typing import Literal, TypeAlias

from .instrument import Item
from .kinds import ItemKind

TRIED = ("Ik", "Wij overleggen te weinig.", "ja 8", "1")
"""What somebody could write, and no kind has for a code of its own."""

Fault: TypeAlias = Literal["text-not-said", "text-with-columns"]


def check_own_words(item: Item, kind: ItemKind) -> Fault | None:
    """Return what is wrong with how a kind, of a module as a rule, takes answers in own words; None when nothing is.

    It says that it does by its type `open`; then its items have a `max_length`, by which the opening knows them,
    and fill no columns. Any other kind takes no texts but the codes of its choices, days and months.
    """
    if kind.type == "open":
        return None if item.is_text and not kind.columns(item) else "text-with-columns"
    return "text-not-said" if item.is_text or _takes_texts(item, kind) else None


def _takes_texts(item: Item, kind: ItemKind) -> bool:
    codes = {choice.code for choice in item.choices}
    return any(_takes(item, kind, value) for text in TRIED if text not in codes for value in (text, (text,)))


def _takes(item: Item, kind: ItemKind, value: object) -> bool:
    try:
        return bool(kind.accepts(item, value))
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return False  # It compares with numbers, say; so a text is no answer.
