"""Whether a condition can ever be true, found by trying: the answers that matter of the items that matter.

An item counts only when it can be asked itself, so the conditions of the items named are followed too. Of
numbers and dates only values near those in the conditions are tried, and of choices only those named and
one other: any other value makes the same comparisons true.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from .dates import read_day, read_month, write_day, write_month
from .instrument import Expression, Item, Value
from .kinds import ItemKind
from .roles import CONTEXT_NAMES, Context, find_context
from .truth import Known, compile_condition, list_names

_ELSEWHERE = "\0"
_MOST_CODES = 8
_COMPARISONS = ("==", "!=", "<", "<=", ">", ">=", "in")


@dataclass(slots=True)
class Budget:
    """How many more trials one file may cost; when they are used up, every condition is taken to be possible."""

    trials: int = 100_000


@dataclass(frozen=True, slots=True)
class _Search:
    """What is tried: the items in order with their values, and the condition that must become true."""

    condition: Expression
    items: Sequence[Item]
    values: Sequence[Sequence[Value]]
    budget: Budget


@dataclass(frozen=True, slots=True)
class _Mentioned:
    """What conditions compare with, how near to that values are tried, and whether answers are counted."""

    texts: frozenset[str]
    numbers: frozenset[int]
    compared: int
    sized: bool


def can_hold(
    condition: Expression,
    items: Mapping[str, Item],
    roles: Sequence[str],
    kinds: Mapping[str, ItemKind],
    budget: Budget,
) -> bool:
    """Return False when no answers of anybody make a condition true.

    True is said when some do, when trying would take too long, and when an item it names is broken.
    `items` are those that may be named, in order; `roles` those who are asked.
    """
    if not list_names(condition)[0] <= items.keys():
        return True
    named = _follow(condition, items)
    conditions = [condition, *(item.ask_if for item in named if item.ask_if)]
    if not roles and any(list_names(part)[1] for part in conditions):
        return True
    mentioned = _find_mentioned(conditions, named)
    values: list[Sequence[Value]] = []
    for item in named:
        tried = _find_values(item, kinds[item.kind], mentioned)
        if not tried:
            return True
        values.append(tried)
    search = _Search(condition, named, values, budget)
    return any(_try(search, 0, context.names()) for context in _find_contexts(conditions, roles, mentioned))


def _follow(condition: Expression, items: Mapping[str, Item]) -> list[Item]:
    """The items a condition depends on, in the order they are asked."""
    found: set[str] = set()
    waiting = [*list_names(condition)[0]]
    while waiting:
        code = waiting.pop()
        if code not in found and code in items:
            found.add(code)
            waiting += list_names(items[code].ask_if)[0]
    return [item for code, item in items.items() if code in found] if found else []


def _try(search: _Search, place: int, known: Mapping[str, Value]) -> bool:
    search.budget.trials -= 1
    if search.budget.trials < 0:
        return True
    if place == len(search.items):
        return _is_true(search.condition, known)
    item = search.items[place]
    if item.ask_if is None or _is_true(item.ask_if, known):
        for value in search.values[place]:
            if _try(search, place + 1, {**known, item.code: value}):
                return True
    return _try(search, place + 1, known)


def _is_true(condition: Expression, known: Known) -> bool:
    return compile_condition(condition)(known) is True


def _find_contexts(
    conditions: Sequence[Expression], roles: Sequence[str], mentioned: _Mentioned
) -> Iterator[Context]:
    names = frozenset[str]().union(*(list_names(condition)[1] for condition in conditions))
    if not names:
        yield Context()
        return
    regions = sorted(mentioned.texts | {_ELSEWHERE}) if "region" in names else [_ELSEWHERE]
    asked = roles if names & set(CONTEXT_NAMES[:3]) else roles[:1]
    for role in asked:
        for region in regions:
            yield find_context(role, region)


def _find_mentioned(conditions: Sequence[Expression], items: Sequence[Item]) -> _Mentioned:
    found = [_read_condition(condition) for condition in conditions]
    dates = {date for item in items for date in (item.earliest, item.latest) if date}
    bounds = {bound for item in items for bound in (item.minimum, item.maximum) if bound is not None}
    compared = max(part.compared for part in found)
    return _Mentioned(
        frozenset(dates.union(*(part.texts for part in found))),
        frozenset(bounds.union(*(part.numbers for part in found))),
        len(items) + 1 if compared > 1 else 1,
        any(part.sized for part in found),
    )


@lru_cache(maxsize=4096)
def _read_condition(condition: Expression) -> _Mentioned:
    """What one condition mentions; `compared` is 2 when it compares items with each other."""
    texts: set[str] = set()
    numbers: set[int] = set()
    compared, sized = 1, False
    for part in _walk(condition):
        sized = sized or part[0] == "size"
        if part[0] in _COMPARISONS and all(
            isinstance(side, tuple) and side[0] != "list" for side in part[1:]
        ):
            compared = 2
        if part[0] in (*_COMPARISONS, "list"):
            texts.update(value for value in part[1:] if isinstance(value, str))
            numbers.update(value for value in part[1:] if isinstance(value, int))
    return _Mentioned(frozenset(texts), frozenset(numbers), compared, sized)


def _walk(expression: Expression) -> Iterator[Expression]:
    yield expression
    for part in expression[1:]:
        if isinstance(part, tuple):
            yield from _walk(part)


def _find_values(item: Item, kind: ItemKind, mentioned: _Mentioned) -> Sequence[Value] | None:
    """The answers to an item that can make a difference; None when those are too many, none when it is broken."""
    codes = [choice.code for choice in item.choices]
    if kind.type == "code":
        named = [code for code in codes if code in mentioned.texts or mentioned.compared > 1]
        return [*named, *[code for code in codes if code not in named][:1]]
    if kind.type == "codes":
        return _find_sets(item, kind, mentioned)
    if kind.type == "number":
        low, high = item.minimum or 0, item.maximum or 0
        return [*_find_near(mentioned.numbers, low, high, mentioned.compared), *codes]
    if kind.type in ("date", "month"):
        return _find_dates(item, kind.type, mentioned)
    return ["x"] if kind.type == "open" else []


def _find_sets(item: Item, kind: ItemKind, mentioned: _Mentioned) -> Sequence[Value] | None:
    named = [c for c in item.choices if c.code in mentioned.texts or mentioned.compared > 1]
    others = sorted((c for c in item.choices if c not in named), key=lambda choice: choice.alone)
    if len(named) > _MOST_CODES:
        return None
    counts = range(len(others) + 1) if mentioned.sized else range(min(len(others), 1) + 1)
    found: list[Value] = []
    for size in range(len(named) + 1):
        for chosen in combinations(named, size):
            for count in counts:
                codes = {choice.code for choice in (*chosen, *others[:count])}
                value = tuple(choice.code for choice in item.choices if choice.code in codes)
                if kind.accepts(item, value):
                    found.append(value)
    return found


def _find_near(points: frozenset[int], low: int, high: int, compared: int) -> list[int]:
    """Numbers between bounds that lie close to a point; between two points k numbers can have any order."""
    near = {point + step for point in points for step in range(-compared, compared + 1)}
    return sorted(number for number in near if low <= number <= high)


def _find_dates(item: Item, kind: str, mentioned: _Mentioned) -> list[Value]:
    read: Callable[[str], int | None] = read_day if kind == "date" else read_month
    write: Callable[[int], str] = write_day if kind == "date" else write_month
    points = frozenset(number for text in mentioned.texts if (number := read(text)) is not None)
    low, high = read(item.earliest or ""), read(item.latest or "")
    if low is None or high is None:
        return []
    return [write(number) for number in _find_near(points, low, high, mentioned.compared)]
