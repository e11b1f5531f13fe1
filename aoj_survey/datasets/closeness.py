"""t-closeness of sensitive answers, as the privacy report tells it: computed from what analysts see."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from aoj_survey.disclosure import measure_closeness, measure_ordered_closeness

from .columns import Column

ORDERED = frozenset({"number", "rank", "date", "month"})


def find_closeness(
    columns: Sequence[Column],
    answers: Mapping[str, Sequence[Sequence[int]]],
    classes: Mapping[str, Sequence[Sequence[int]]],
) -> dict[tuple[str, str], Fraction]:
    """Return by sensitive column and stratum the largest distance of a class to all answers, from 0 to 1.

    `columns` are those of the items, `answers` the rows by stratum, `classes` the numbers of rows of each class.
    Marks and numbers have an order, choices none; "don't know" is an answer of choices only. Classes without
    answers are left out.
    """
    found: dict[tuple[str, str], Fraction] = {}
    for place, column in enumerate(columns):
        if not column.sensitive:
            continue
        ordered = column.kind == "mark" or column.holds in ORDERED
        unknown = {choice.value for choice in column.values if choice.dont_know and ordered}
        given = {
            code: [row[place] if row[place] >= 0 and row[place] not in unknown else None for row in rows]
            for code, rows in answers.items()
        }
        whole = [value for values in given.values() for value in values if value is not None]
        measure = measure_ordered_closeness if ordered else measure_closeness
        for code, values in given.items():
            parts = [[values[number] for number in members] for members in classes[code]]
            told = [[value for value in part if value is not None] for part in parts]
            if any(told):
                found[column.name, code] = max(measure(part, whole) for part in told if part)
    return found
