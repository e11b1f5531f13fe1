"""What a condition says about given answers, in Kleene's three truth values.

An unanswered item is unknown (None), and so is what is not known of the respondent. `unknown && false` is
false, `unknown || true` is true, every other use of an unknown is unknown; at the end only true means: ask
the question. Only `has` always knows.
"""

import operator
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, TypeAlias

from .instrument import Answers, Expression, Value
from .roles import NOBODY, Context

Known: TypeAlias = Mapping[str, Value]
"""Answers by item code, and what is known of the respondent by name; no item can have such a name."""

Evaluation: TypeAlias = Callable[[Known], Any]
"""Gives a boolean, a value or (unknown) None for what is known."""

_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "in": lambda value, among: value in among,
}


def holds(condition: Expression | None, answers: Answers, context: Context = NOBODY) -> bool:
    """Return whether a condition is true for these answers; no condition always is, unknown is not."""
    return condition is None or compile_condition(condition)({**answers, **context.names()}) is True


# The checker lets no `1` stand where `True` could, so that the two may share a place in the cache.
@lru_cache(maxsize=4096)
def compile_condition(expression: Expression) -> Evaluation:
    """Return a condition as a function of what is known; each is made once per process."""
    name, *operands = expression
    if name in _LEAVES:
        return _LEAVES[name](operands)
    parts = [
        compile_condition(operand) if isinstance(operand, tuple) else _compile_literal(operand)
        for operand in operands
    ]
    if name == "!":
        return _compile_not(parts[0])
    if name in ("&&", "||"):
        return _compile_junction(parts, absorbing=name == "||")
    return _compile_comparison(_COMPARISONS[str(name)], *parts)


@lru_cache(maxsize=4096)
def list_names(condition: Expression | None) -> tuple[frozenset[str], frozenset[str]]:
    """Return the codes of the items a condition looks at, and the names of the respondent's own."""
    if condition is None or condition[0] == "list":
        return frozenset(), frozenset()
    if condition[0] in _LEAVES:
        name = frozenset({str(condition[1])})
        return (frozenset(), name) if condition[0] == "context" else (name, frozenset())
    found = [list_names(part) for part in condition if isinstance(part, tuple)]
    return frozenset().union(*(items for items, _ in found)), frozenset().union(*(own for _, own in found))


def _compile_literal(value: object) -> Evaluation:
    return lambda _: value


def _compile_name(operands: list[Any]) -> Evaluation:
    name: str = operands[0]
    return lambda known: known.get(name)


def _compile_number(operands: list[Any]) -> Evaluation:
    """The number an item was answered with; "don't know" is kept as a code and is no number: unknown."""
    code: str = operands[0]

    def number(known: Known) -> int | None:
        value = known.get(code)
        return value if isinstance(value, int) else None

    return number


def _compile_size(operands: list[Any]) -> Evaluation:
    """How many codes an item was answered with."""
    code: str = operands[0]

    def size(known: Known) -> int | None:
        value = known.get(code)
        return len(value) if isinstance(value, tuple) else None

    return size


def _compile_has(operands: list[Any]) -> Evaluation:
    code: str = operands[0]
    return lambda known: code in known


_LEAVES: dict[Any, Callable[[list[Any]], Evaluation]] = {
    "item": _compile_name,
    "context": _compile_name,
    "number": _compile_number,
    "size": _compile_size,
    "has": _compile_has,
    "list": lambda operands: _compile_literal(tuple(operands)),
}


def _compile_not(part: Evaluation) -> Evaluation:
    def negate(known: Known) -> bool | None:
        value = part(known)
        return None if value is None else not value

    return negate


def _compile_junction(parts: list[Evaluation], *, absorbing: bool) -> Evaluation:
    """`||` when `absorbing` is True, `&&` when it is False: one such part decides."""

    def join(known: Known) -> bool | None:
        unknown = False
        for part in parts:
            value = part(known)
            if value is absorbing:
                return absorbing
            unknown = unknown or value is None
        return None if unknown else not absorbing

    return join


def _compile_comparison(
    compare: Callable[[Any, Any], bool], left: Evaluation, right: Evaluation
) -> Evaluation:
    def apply(known: Known) -> bool | None:
        one, other = left(known), right(known)
        return None if one is None or other is None else compare(one, other)

    return apply
