"""What a walk needs of an instrument again and again, made once for each."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar, cast

from aoj_survey.questionnaire import Evaluation, Instrument, Item, Text, compile_condition

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Plan:
    """The items in order, each with its compiled condition (None: always asked), and the words by code."""

    steps: tuple[tuple[Item, Evaluation | None], ...]
    items: Mapping[str, Item]
    words: Mapping[str, Text]


class Same(Generic[T]):
    """A key that is equal only where it holds the same thing; holding it keeps its identity from being reused."""

    __slots__ = ("thing",)

    def __init__(self, thing: T) -> None:
        self.thing = thing

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and cast("Same[object]", other).thing is self.thing

    def __hash__(self) -> int:
        return id(self.thing)


def plan_walk(instrument: Instrument) -> Plan:
    """Return the plan of an instrument; a process works with few, so the latest are remembered."""
    return _plan(Same(instrument))


@lru_cache(maxsize=64)
def _plan(key: Same[Instrument]) -> Plan:
    items = tuple(key.thing.items())
    steps = tuple((item, compile_condition(item.ask_if) if item.ask_if else None) for item in items)
    words = {word.code: word.text for word in key.thing.words}
    return Plan(steps, {item.code: item for item in items}, words)
