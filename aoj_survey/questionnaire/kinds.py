"""The kinds of item: one entry each, with all the engine must know of a kind.

The form field of each kind of ours stands in `aoj_survey.interview`, in a table with the same names; a
kind of a module carries its own. Functions that meet kinds take the table as an argument.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .cells import (
    ColumnPlan,
    chosen_cells,
    code_cell,
    column_per_choice,
    date_cell,
    no_cells,
    no_columns,
    one_column,
    ranked_cells,
)
from .dates import read_day, read_month
from .instrument import Item, Value
from .texts import clean_text

DONT_KNOW = "weet_niet"
"""Code of "don't know" where a kind has it by itself (the mark); scales name their own."""

DONT_KNOW_VALUE = 99
"""Value of "don't know" in every dataset."""

OTHER_LENGTH = 100
"""The longest text beside an answer, in characters, where the file says nothing."""

STATEMENT_SECONDS = 10
"""Reading one more statement of a group takes less than reading a question by itself."""


@dataclass(frozen=True, slots=True)
class FormField:
    """How a kind is asked.

    `build` makes the WTForms field of an item in a language, `read` gives the value of its data (None for no
    answer), `fill` the data that shows a value again.
    """

    build: Callable[[Item, str], Any]
    read: Callable[[Item, Any], Value | None]
    fill: Callable[[Value], object]


@dataclass(frozen=True, slots=True)
class ItemKind:
    """One kind of item.

    `keys` are the YAML keys beside those every item has, `needs` those of them that must be there; keys the
    engine does not know itself are kept in the item's `settings`.
    `type` is what a condition sees: `code`, `codes`, `number`, `date`, `month` or `open`; `none` when there
    is no answer. `open` means own words: such a kind has a `max_length` and no columns, and the opening takes its
    answers apart; no other kind accepts texts but codes, days and months. `accepts` tells whether a value is an answer to the item as stored; `largest` gives the
    most bytes its JSON can take. `columns` are those in the dataset, `cells` the number for each of them.
    `choice_keys` are the special choices it may offer, of `dont_know`, `exclusive` and `other`.
    `quotable` tells whether later texts may quote the answer. `field` is for kinds of modules.
    `bounds` are those of a kind whose items choose none; the others are what an item has when it says
    nothing: the longest text in characters, the seconds it takes, whether its answers are sensitive.
    """

    name: str
    keys: frozenset[str]
    needs: frozenset[str]
    type: str
    accepts: Callable[[Item, object], bool]
    largest: Callable[[Item], int]
    columns: Callable[[Item], tuple[ColumnPlan, ...]]
    cells: Callable[[Item, Value], tuple[int, ...]]
    seconds: int
    choice_keys: frozenset[str] = frozenset({"dont_know"})
    quotable: bool = False
    bounds: tuple[int, int] | None = None
    max_length: int | None = None
    sensitive: bool = False
    field: FormField | None = None


# What is an answer


def _accepts_code(item: Item, value: object) -> bool:
    return isinstance(value, str) and any(choice.code == value for choice in item.choices)


def _accepts_codes(item: Item, value: object) -> bool:
    """Codes are kept once each, in the order of the choices, so that one set of answers has one form."""
    if not isinstance(value, tuple) or not value:
        return False
    chosen = [choice for choice in item.choices if choice.code in value]
    alone = any(choice.alone for choice in chosen)
    return value == tuple(choice.code for choice in chosen) and not (alone and len(chosen) > 1)


def _accepts_ranking(item: Item, value: object) -> bool:
    """Codes stand in the order of preference; a respondent may stop early."""
    if not isinstance(value, tuple) or not 0 < len(value) <= count_ranks(item):  # pyright: ignore[reportUnknownArgumentType]
        return False
    return len(set(value)) == len(value) and {choice.code for choice in item.choices}.issuperset(value)


def _accepts_number(item: Item, value: object) -> bool:
    if _accepts_code(item, value):
        return True
    if not isinstance(value, int) or isinstance(value, bool):
        return False
    return (item.minimum or 0) <= value <= (item.maximum or 0)


def _accepts_open(item: Item, value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= (item.max_length or 0) and value == clean_text(value)


def _accepts_day(item: Item, value: object) -> bool:
    return isinstance(value, str) and read_day(value) is not None and _is_between(item, value)


def _accepts_month(item: Item, value: object) -> bool:
    return isinstance(value, str) and read_month(value) is not None and _is_between(item, value)


def _is_between(item: Item, value: str) -> bool:
    """Days and months written by ISO 8601 sort as texts."""
    return (item.earliest or "") <= value <= (item.latest or "")


def count_ranks(item: Item) -> int:
    """Return how many choices of a ranking item are ranked."""
    return item.first or len(item.choices)


# The most room an answer takes


def _largest_code(item: Item) -> int:
    return max((len(choice.code) + 2 for choice in item.choices), default=0)


def _largest_codes(item: Item) -> int:
    return 1 + sum(len(choice.code) + 3 for choice in item.choices)


def _largest_ranking(item: Item) -> int:
    lengths = sorted((len(choice.code) + 3 for choice in item.choices), reverse=True)
    return 1 + sum(lengths[: count_ranks(item)])


def _largest_number(item: Item) -> int:
    return max(_largest_code(item), len(str(item.maximum)))


def _largest_open(item: Item) -> int:
    """UTF-8 takes at most four bytes a character; JSON's escapes of what is left in a text take two."""
    return 2 + 4 * (item.max_length or 0)


_ANSWERED_BY_CODE = frozenset({"scale", "choices"})
_BETWEEN_DATES = frozenset({"earliest", "latest"})

KINDS: dict[str, ItemKind] = {
    kind.name: kind
    for kind in (
        ItemKind(
            name="choice",
            keys=_ANSWERED_BY_CODE,
            needs=frozenset(),
            type="code",
            accepts=_accepts_code,
            largest=_largest_code,
            columns=one_column("code"),
            cells=code_cell,
            seconds=15,
            choice_keys=frozenset({"dont_know", "other"}),
            quotable=True,
        ),
        ItemKind(
            name="multiple",
            keys=_ANSWERED_BY_CODE,
            needs=frozenset(),
            type="codes",
            accepts=_accepts_codes,
            largest=_largest_codes,
            columns=column_per_choice("chosen"),
            cells=chosen_cells,
            seconds=25,
            choice_keys=frozenset({"dont_know", "exclusive", "other"}),
            quotable=True,
        ),
        ItemKind(
            name="ranking",
            keys=_ANSWERED_BY_CODE | {"first"},
            needs=frozenset(),
            type="codes",
            accepts=_accepts_ranking,
            largest=_largest_ranking,
            columns=column_per_choice("rank"),
            cells=ranked_cells,
            seconds=40,
            choice_keys=frozenset(),
        ),
        ItemKind(
            name="mark",
            keys=frozenset({"dont_know"}),
            needs=frozenset({"dont_know"}),
            type="number",
            accepts=_accepts_number,
            largest=_largest_number,
            columns=one_column("code"),
            cells=code_cell,
            seconds=15,
            quotable=True,
            bounds=(1, 10),
            sensitive=True,
        ),
        ItemKind(
            name="number",
            keys=frozenset({"min", "max", "unit"}),
            needs=frozenset({"min", "max"}),
            type="number",
            accepts=_accepts_number,
            largest=_largest_number,
            columns=one_column("number"),
            cells=code_cell,
            seconds=15,
            quotable=True,
        ),
        ItemKind(
            name="date",
            keys=_BETWEEN_DATES,
            needs=_BETWEEN_DATES,
            type="date",
            accepts=_accepts_day,
            largest=lambda _: len('"2026-05-31"'),
            columns=one_column("date"),
            cells=date_cell,
            seconds=20,
        ),
        ItemKind(
            name="month",
            keys=_BETWEEN_DATES,
            needs=_BETWEEN_DATES,
            type="month",
            accepts=_accepts_month,
            largest=lambda _: len('"2026-05"'),
            columns=one_column("month"),
            cells=date_cell,
            seconds=20,
        ),
        ItemKind(
            name="open",
            keys=frozenset({"max_length"}),
            needs=frozenset(),
            type="open",
            accepts=_accepts_open,
            largest=_largest_open,
            columns=no_columns,
            cells=no_cells,
            seconds=60,
            max_length=500,
        ),
        ItemKind(
            name="explanation",
            keys=frozenset(),
            needs=frozenset(),
            type="none",
            accepts=lambda _, __: False,
            largest=lambda _: 0,
            columns=no_columns,
            cells=no_cells,
            seconds=20,
        ),
    )
}
"""Kind of item by its name in YAML."""
