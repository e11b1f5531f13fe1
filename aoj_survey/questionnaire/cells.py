"""What each kind fills in the dataset: its columns, and the whole number in each for a given answer."""

from collections.abc import Callable
from dataclasses import dataclass

from .instrument import Choice, Item, Value


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """A column an item fills in the dataset, always with whole numbers.

    `holds` is `code` (value of a choice), `number`, `chosen` (1 or 0), `rank` (1 is first, 0 is not ranked),
    `date` (20260531) or `month` (202605); `choice` is set where each choice has a column.
    """

    name: str
    holds: str
    choice: Choice | None = None


def one_column(holds: str) -> Callable[[Item], tuple[ColumnPlan, ...]]:
    """Return the plan of one column under the item's own code."""
    return lambda item: (ColumnPlan(item.code, holds),)


def column_per_choice(holds: str) -> Callable[[Item], tuple[ColumnPlan, ...]]:
    """Return the plan of a column `<item>_<choice>` for each choice."""

    def plan(item: Item) -> tuple[ColumnPlan, ...]:
        return tuple(ColumnPlan(f"{item.code}_{choice.code}", holds, choice) for choice in item.choices)

    return plan


def no_columns(item: Item) -> tuple[ColumnPlan, ...]:
    """Return none: texts are kept apart, and an explanation has no answer."""
    del item
    return ()


def code_cell(item: Item, value: Value) -> tuple[int, ...]:
    """Return the value of the choice; a number is its own."""
    return (value if isinstance(value, int) else item.choice(str(value)).value,)


def chosen_cells(item: Item, value: Value) -> tuple[int, ...]:
    """Return 1 for each choice that was chosen and 0 for each other."""
    chosen = value if isinstance(value, tuple) else ()
    return tuple(int(choice.code in chosen) for choice in item.choices)


def ranked_cells(item: Item, value: Value) -> tuple[int, ...]:
    """Return the rank of each choice from 1, and 0 for what was not ranked."""
    ranked = value if isinstance(value, tuple) else ()
    return tuple(ranked.index(choice.code) + 1 if choice.code in ranked else 0 for choice in item.choices)


def date_cell(item: Item, value: Value) -> tuple[int, ...]:
    """Return a day as 20260531 and a month as 202605."""
    del item
    return (int(str(value).replace("-", "")),)


def no_cells(item: Item, value: Value) -> tuple[int, ...]:
    """Return none, as there are no columns."""
    del item, value
    return ()
