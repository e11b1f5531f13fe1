"""What a walk needs of an instrument again and again, made once for each."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from aoj_survey.questionnaire import Evaluation, Instrument, Item, Text, compile_condition


@dataclass(frozen=True, slots=True)
class Plan:
    """The items in order, each with its compiled condition (None: always asked), and the words by code."""

    steps: tuple[tuple[Item, Evaluation | None], ...]
    items: Mapping[str, Item]
    words: Mapping[str, Text]


class _Same:
    """An instrument as a key that is equal to itself only; holding it keeps its identity from being reused."""

    __slots__ = ("instrument",)

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.instrument is self.instrument

    def __hash__(self) -> int:
        return id(self.instrument)


def plan_walk(instrument: Instrument) -> Plan:
    """Return the plan of an instrument; a process works with few, so the latest are remembered."""
    return _plan(_Same(instrument))


@lru_cache(maxsize=64)
def _plan(key: _Same) -> Plan:
    items = tuple(key.instrument.items())
    steps = tuple((item, compile_condition(item.ask_if) if item.ask_if else None) for item in items)
    words = {word.code: word.text for word in key.instrument.words}
    return Plan(steps, {item.code: item for item in items}, words)
