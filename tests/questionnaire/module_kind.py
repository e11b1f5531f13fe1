"""A kind of question as a module would bring it: a number in steps."""

from typing import Any

from wtforms import StringField

from aoj_survey.questionnaire import KINDS, ColumnPlan, FormField, Item, ItemKind, Value, say


def find_step(item: Item) -> int:
    return int(dict(item.settings).get("step", 1))


def accepts(item: Item, value: object) -> bool:
    low, high = item.minimum or 0, item.maximum or 0
    return isinstance(value, int) and low <= value <= high and (value - low) % find_step(item) == 0


def build(item: Item, language: str) -> Any:
    return StringField(say(item.text, language))


def read(item: Item, data: Any) -> Value | None:
    del item
    return int(data) if data else None


SLIDER = ItemKind(
    name="slider",
    keys=frozenset({"min", "max", "step"}),
    needs=frozenset({"min", "max"}),
    type="number",
    accepts=accepts,
    largest=lambda item: len(str(item.maximum)),
    columns=lambda item: (ColumnPlan(item.code, "number"),),
    cells=lambda _, value: (int(str(value)),),
    seconds=10,
    field=FormField(build, read, str),
)
KINDS_WITH_SLIDER = KINDS | {SLIDER.name: SLIDER}
