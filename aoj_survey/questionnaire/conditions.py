"""The language of `ask_if`: a strict subset of CEL, read by a Pratt parser that checks types as it goes.

`== != < <= > >= in && || !`, brackets, texts, whole numbers, `true`, `false`, lists after `in`, `size(x)`,
the codes of earlier items, and `role`, `group`, `sector` and `region`. What is written here means the same in
CEL when all its items are answered. `has(x)` is ours: CEL's own asks for a field.
"""

import re
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import NoReturn

from .dates import read_day, read_month
from .instrument import Expression, Item
from .kinds import KINDS, ItemKind
from .tokens import Token, split_tokens

MAX_LENGTH = 1000
MAX_DEPTH = 20

_POWERS = {"||": 1, "&&": 2, "==": 3, "!=": 3, "<": 3, "<=": 3, ">": 3, ">=": 3, "in": 3}
_PREFIX_POWER = 4
_TYPE_WORDS = {
    "bool": "true or false",
    "number": "a number",
    "code": "an answer code",
    "codes": "several answer codes",
    "numbers": "several numbers",
    "date": 'a day like "2026-05-31"',
    "month": 'a month like "2026-05"',
    "open": "an open answer",
    "none": "no question but an explanation",
}
_READ_DATES: dict[str, Callable[[str], int | None]] = {"date": read_day, "month": read_month}
_ORDERED = ("number", "date", "month")
_EQUAL = ("code", "number", "bool", "date", "month")
_FUNCTIONS = {"size": ("codes",), "has": ("code", "codes", "number", "date", "month", "open")}
_MAX_DIGITS = 18  # CEL's numbers have 64 bits


@dataclass(frozen=True, slots=True)
class Scope:
    """What a condition may name: earlier items, and `context` with the values it can have (None for any).

    Other codes are known only to say why they will not do.
    """

    items: Mapping[str, Item]
    context: Mapping[str, frozenset[str] | None] = field(default_factory=dict[str, frozenset[str] | None])
    kinds: Mapping[str, ItemKind] = field(default_factory=lambda: KINDS)
    page: AbstractSet[str] = frozenset()
    later: AbstractSet[str] = frozenset()
    broken: AbstractSet[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Fault:
    """A problem in a condition: code of the catalogue, offset in the condition, values for its texts."""

    code: str
    offset: int
    values: Mapping[str, str | int] = field(default_factory=dict[str, str | int])


@dataclass(frozen=True, slots=True)
class _Term:
    """A part of a condition with its type; `any` after a fault, so that one fault is told once."""

    type: str
    expression: "Expression | str | int | bool"
    offset: int
    choices: frozenset[str] | None = None
    literals: tuple[tuple[str, int], ...] = ()


class _UnreadableError(Exception):
    """The rest of the condition is not read."""


def parse_condition(source: str, scope: Scope) -> tuple[Expression | None, tuple[Fault, ...]]:
    """Return the expression and the faults found; the expression is None when there are faults."""
    parser = _Parser(scope)
    try:
        parser.split(source)
        term = parser.parse(0, 0)
        if parser.token.kind != "end":
            parser.stop(f"`{parser.token.text}` is not expected")
    except _UnreadableError:
        return None, tuple(parser.faults)
    parser.expect(term, "bool")
    if not parser.named and not parser.faults:
        parser.fault("condition-constant", 0)
    if parser.faults or not isinstance(term.expression, tuple):
        return None, tuple(parser.faults)
    return term.expression, ()


class _Parser:
    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.tokens = [Token("end", "the end of the condition", 0)]
        self.position = 0
        self.faults: list[Fault] = []
        self.named = False

    # Faults

    def fault(self, code: str, offset: int, **values: str | int) -> None:
        self.faults.append(Fault(code, offset, values))

    def stop(self, reason: str, offset: int | None = None) -> NoReturn:
        self.fault("condition-syntax", self.token.offset if offset is None else offset, reason=reason)
        raise _UnreadableError

    def expect(self, term: _Term, *types: str) -> bool:
        fits = term.type in (*types, "any")
        if not fits:
            wanted = " or ".join(_TYPE_WORDS[name] for name in types)
            reason = f"This is {_TYPE_WORDS[term.type]}; expected here: {wanted}"
            self.fault("condition-type", term.offset, reason=reason)
        return fits

    # Tokens

    def split(self, source: str) -> None:
        if len(source.rstrip()) > MAX_LENGTH:
            self.stop(f"it is longer than {MAX_LENGTH} characters", 0)
        self.tokens, wrong = split_tokens(source)
        if wrong is not None:
            self.stop(f"`{source[wrong]}` has no meaning", wrong)

    @property
    def token(self) -> Token:
        return self.tokens[self.position]

    def take(self) -> Token:
        token = self.token
        if token.kind == "end":
            self.stop("something is missing")
        self.position += 1
        return token

    def take_sign(self, sign: str) -> None:
        if self.token.text != sign or self.token.kind != "sign":
            self.stop(f"`{sign}` is missing")
        self.position += 1

    # Grammar

    def parse(self, power: int, depth: int) -> _Term:
        """Read as far as operators bind stronger than `power` (Pratt, "Top down operator precedence")."""
        if depth > MAX_DEPTH:
            self.stop(f"it is nested more than {MAX_DEPTH} levels deep")
        left = self.parse_prefix(self.take(), depth + 1)
        while self.token.kind in ("sign", "name") and _POWERS.get(self.token.text, 0) > power:
            operator = self.take()
            right = self.parse(_POWERS[operator.text], depth + 1)
            left = self.join(operator, left, right)
        return left

    def parse_prefix(self, token: Token, depth: int) -> _Term:
        readers = {"text": self.read_text, "number": self.read_number, "name": self.read_name}
        if reader := readers.get(token.kind):
            return reader(token)
        if token.text == "!":
            inner = self.parse(_PREFIX_POWER, depth)
            self.expect(inner, "bool")
            return _Term("bool", ("!", inner.expression), token.offset)
        if token.text == "(":
            inner = self.parse(0, depth)
            self.take_sign(")")
            return inner
        if token.text == "[":
            return self.read_list(token, depth)
        if token.text == "-" and self.token.kind == "number":
            return self.read_number(self.take(), -1)
        return self.stop(f"`{token.text}` is not expected", token.offset)

    def read_text(self, token: Token) -> _Term:
        value = re.sub(r"\\(.)", r"\1", token.text[1:-1])
        return _Term("code", value, token.offset, literals=((value, token.offset),))

    def read_number(self, token: Token, sign: int = 1) -> _Term:
        if len(token.text) > _MAX_DIGITS:
            self.stop("this number is too long", token.offset)
        return _Term("number", sign * int(token.text), token.offset)

    def read_list(self, token: Token, depth: int) -> _Term:
        terms = [self.parse(_PREFIX_POWER, depth)]
        while self.token.text == ",":
            self.take()
            terms.append(self.parse(_PREFIX_POWER, depth))
        self.take_sign("]")
        first = terms[0].type
        for term in terms:
            if isinstance(term.expression, tuple) or term.type not in ("code", "number"):
                self.stop("a list holds only answer codes or only numbers", term.offset)
            self.expect(term, first)
        literals = tuple(literal for term in terms for literal in term.literals)
        return _Term(
            f"{first}s", ("list", *(term.expression for term in terms)), token.offset, None, literals
        )

    def read_name(self, token: Token) -> _Term:
        name, offset = token.text, token.offset
        if name in ("true", "false"):
            return _Term("bool", name == "true", offset)
        if name in _FUNCTIONS and self.token.text == "(":
            return self.read_call(token)
        self.named = True
        if name in self.scope.context:
            return _Term("code", ("context", name), offset, self.scope.context[name])
        if item := self.scope.items.get(name):
            kind = self.scope.kinds[item.kind]
            leaf = "number" if kind.type == "number" else "item"
            choices = frozenset(choice.code for choice in item.choices) if kind.type != "number" else None
            return _Term(kind.type, (leaf, name), offset, choices or None)
        self.fault_name(name, offset)
        return _Term("any", ("item", name), offset)

    def read_call(self, function: Token) -> _Term:
        self.take_sign("(")
        if self.token.kind != "name":
            self.stop("the code of a question is missing")
        item = self.read_name(self.take())
        self.take_sign(")")
        if isinstance(item.expression, tuple) and item.expression[0] == "context":
            self.stop(f"`{function.text}` takes the code of a question", item.offset)
        self.expect(item, *_FUNCTIONS[function.text])
        code = item.expression[1] if isinstance(item.expression, tuple) else ""
        result = "number" if function.text == "size" else "bool"
        return _Term("any" if item.type == "any" else result, (function.text, code), function.offset)

    def fault_name(self, name: str, offset: int) -> None:
        if name in self.scope.page:
            self.fault("condition-same-page", offset, value=name)
        elif name in self.scope.later:
            self.fault("condition-forward", offset, value=name)
        elif name not in self.scope.broken:
            close = get_close_matches(name, [*self.scope.items, *self.scope.context], 1)
            suggestion = f"Did you mean `{close[0]}`?" if close else "Use the code of an earlier question."
            self.fault("condition-unknown-name", offset, value=name, suggestion=suggestion)

    # Types

    def join(self, operator: Token, left: _Term, right: _Term) -> _Term:
        sign = operator.text
        if sign in ("&&", "||"):
            self.expect(left, "bool")
            self.expect(right, "bool")
        else:
            left, right = self.read_date(left, right.type), self.read_date(right, left.type)
            if self.check_types(sign, left, right):
                self.check_choices(left.literals, right.choices)
                self.check_choices(right.literals, left.choices)
        return _Term("bool", (sign, *_flatten(sign, left), *_flatten(sign, right)), left.offset)

    def read_date(self, term: _Term, other: str) -> _Term:
        """A text that stands beside a date is one."""
        if other not in _READ_DATES or not isinstance(term.expression, str):
            return term
        if _READ_DATES[other](term.expression) is None:
            self.expect(term, other)
            return replace(term, type="any")
        return replace(term, type=other)

    def check_types(self, sign: str, left: _Term, right: _Term) -> bool:
        if sign == "in":
            lefts, rights = ("code", "number"), {"code": ("codes",), "number": ("numbers",)}
        else:
            lefts = _EQUAL if sign in ("==", "!=") else _ORDERED
            rights = {name: (name,) for name in lefts}
        anything = tuple(name for names in rights.values() for name in names)
        return self.expect(left, *lefts) and self.expect(right, *rights.get(left.type, anything))

    def check_choices(self, literals: tuple[tuple[str, int], ...], choices: frozenset[str] | None) -> None:
        for value, offset in literals:
            if choices is not None and value not in choices:
                self.fault("condition-unknown-choice", offset, value=value, known=", ".join(sorted(choices)))


def _flatten(sign: str, term: _Term) -> "tuple[Expression | str | int | bool, ...]":
    """`a && b && c` is kept as one `&&` with three parts, so long conditions do not nest deeply."""
    if sign in ("&&", "||") and isinstance(term.expression, tuple) and term.expression[0] == sign:
        return term.expression[1:]
    return (term.expression,)
