"""The kinds of item: one entry each, with all the engine must know of a kind to compile and store it.

The form field of each kind stands in `aoj_survey.interview`, in a table with the same names.
"""

from collections.abc import Callable
from dataclasses import dataclass

from .instrument import Item
from .texts import clean_text

DONT_KNOW = "weet_niet"
"""Code of "don't know" where a kind has it by itself (the mark); scales name their own."""

DONT_KNOW_VALUE = 99
"""Value of "don't know" in every dataset."""

STATEMENT_SECONDS = 10
"""Reading one more statement of a group takes less than reading a question by itself."""


@dataclass(frozen=True, slots=True)
class ItemKind:
    """One kind of item.

    `keys` are the YAML keys beside those every item has, `needs` those of them that must be there.
    `type` is what a condition sees: `code`, `codes`, `number` or `open`. `accepts` tells whether a
    value is an answer to the item as stored; `largest` gives the most bytes its JSON can take.
    `bounds` are those of a kind whose items choose none; the others are what an item has when it says
    nothing: the longest text in characters, the seconds it takes, whether its answers are sensitive.
    """

    keys: frozenset[str]
    needs: frozenset[str]
    type: str
    accepts: Callable[[Item, object], bool]
    largest: Callable[[Item], int]
    seconds: int
    bounds: tuple[int, int] | None = None
    max_length: int | None = None
    sensitive: bool = False


def _accepts_code(item: Item, value: object) -> bool:
    return isinstance(value, str) and any(choice.code == value for choice in item.choices)


def _accepts_codes(item: Item, value: object) -> bool:
    """Codes are kept once each, in the order of the choices, so that one set of answers has one form."""
    return (
        isinstance(value, tuple)
        and len(value) > 0  # pyright: ignore[reportUnknownArgumentType]
        and value == tuple(choice.code for choice in item.choices if choice.code in value)
    )


def _accepts_number(item: Item, value: object) -> bool:
    if _accepts_code(item, value):
        return True
    if not isinstance(value, int) or isinstance(value, bool):
        return False
    return (item.minimum or 0) <= value <= (item.maximum or 0)


def _accepts_open(item: Item, value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= (item.max_length or 0) and value == clean_text(value)


def _largest_code(item: Item) -> int:
    return max((len(choice.code) + 2 for choice in item.choices), default=0)


def _largest_codes(item: Item) -> int:
    return 1 + sum(len(choice.code) + 3 for choice in item.choices)


def _largest_number(item: Item) -> int:
    return max(_largest_code(item), len(str(item.maximum)))


def _largest_open(item: Item) -> int:
    """UTF-8 takes at most four bytes a character; JSON's escapes of what is left in a text take two."""
    return 2 + 4 * (item.max_length or 0)


_ANSWERED_BY_CODE = frozenset({"scale", "choices"})

KINDS: dict[str, ItemKind] = {
    "choice": ItemKind(
        keys=_ANSWERED_BY_CODE,
        needs=frozenset(),
        type="code",
        accepts=_accepts_code,
        largest=_largest_code,
        seconds=15,
    ),
    "multiple": ItemKind(
        keys=_ANSWERED_BY_CODE,
        needs=frozenset(),
        type="codes",
        accepts=_accepts_codes,
        largest=_largest_codes,
        seconds=25,
    ),
    "mark": ItemKind(
        keys=frozenset({"dont_know"}),
        needs=frozenset({"dont_know"}),
        type="number",
        accepts=_accepts_number,
        largest=_largest_number,
        seconds=15,
        bounds=(1, 10),
        sensitive=True,
    ),
    "number": ItemKind(
        keys=frozenset({"min", "max", "unit"}),
        needs=frozenset({"min", "max"}),
        type="number",
        accepts=_accepts_number,
        largest=_largest_number,
        seconds=15,
    ),
    "open": ItemKind(
        keys=frozenset({"max_length"}),
        needs=frozenset(),
        type="open",
        accepts=_accepts_open,
        largest=_largest_open,
        seconds=60,
        max_length=500,
    ),
}
"""Kind of item by its name in YAML."""
