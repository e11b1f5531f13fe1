"""What a condition says about given answers, in Kleene's three truth values.

An unanswered item is unknown (None). `unknown && false` is false, `unknown || true` is true, every
other use of an unknown is unknown; at the end only true means: ask the question.
"""

import operator
from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeAlias

from .instrument import Answers, Expression

Evaluation: TypeAlias = Callable[[Answers], Any]
"""Gives a boolean, a value or (unknown) None for given answers."""

_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "in": lambda value, among: value in among,
}


def holds(condition: Expression | None, answers: Answers) -> bool:
    """Return whether a condition is true for these answers; no condition always is, unknown is not."""
    return condition is None or _compile(condition)(answers) is True


# The checker lets no `1` stand where `True` could, so that the two may share a place in the cache.
@lru_cache(maxsize=4096)
def _compile(expression: Expression) -> Evaluation:
    name, *operands = expression
    if name in _LEAVES:
        return _LEAVES[name](operands)
    parts = [
        _compile(operand) if isinstance(operand, tuple) else _compile_literal(operand) for operand in operands
    ]
    if name == "!":
        return _compile_not(parts[0])
    if name in ("&&", "||"):
        return _compile_junction(parts, absorbing=name == "||")
    return _compile_comparison(_COMPARISONS[str(name)], *parts)


def _compile_literal(value: object) -> Evaluation:
    return lambda _: value


def _compile_item(operands: list[Any]) -> Evaluation:
    code: str = operands[0]
    return lambda answers: answers.get(code)


def _compile_number(operands: list[Any]) -> Evaluation:
    """The number an item was answered with; "don't know" is kept as a code and is no number: unknown."""
    code: str = operands[0]

    def number(answers: Answers) -> int | None:
        value = answers.get(code)
        return value if isinstance(value, int) else None

    return number


_LEAVES: dict[Any, Callable[[list[Any]], Evaluation]] = {
    "item": _compile_item,
    "number": _compile_number,
    "list": lambda operands: _compile_literal(tuple(operands)),
}


def _compile_not(part: Evaluation) -> Evaluation:
    def negate(answers: Answers) -> bool | None:
        value = part(answers)
        return None if value is None else not value

    return negate


def _compile_junction(parts: list[Evaluation], *, absorbing: bool) -> Evaluation:
    """`||` when `absorbing` is True, `&&` when it is False: one such part decides."""

    def join(answers: Answers) -> bool | None:
        unknown = False
        for part in parts:
            value = part(answers)
            if value is absorbing:
                return absorbing
            unknown = unknown or value is None
        return None if unknown else not absorbing

    return join


def _compile_comparison(
    compare: Callable[[Any, Any], bool], left: Evaluation, right: Evaluation
) -> Evaluation:
    def apply(answers: Answers) -> bool | None:
        one, other = left(answers), right(answers)
        return None if one is None or other is None else compare(one, other)

    return apply
