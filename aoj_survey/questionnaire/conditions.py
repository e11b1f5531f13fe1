"""The language of `ask_if`: a strict subset of CEL, read by a Pratt parser that checks types as it goes.

`== != < <= > >= in && || !`, brackets, texts, whole numbers, `true`, `false`, lists after `in`, and the
codes of earlier items. What is written here means the same in CEL when all its items are answered.
"""

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import NoReturn

from .instrument import Expression, Item
from .kinds import KINDS

MAX_LENGTH = 1000
MAX_DEPTH = 20

_TOKEN = re.compile(
    r"\s*(?:(?P<number>[0-9]+)|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"""|(?P<text>"(?:[^"\\\n]|\\["'\\])*"|'(?:[^'\\\n]|\\["'\\])*')"""
    r"|(?P<sign>==|!=|<=|>=|&&|\|\||[<>!()\[\],-]))"
)
_POWERS = {"||": 1, "&&": 2, "==": 3, "!=": 3, "<": 3, "<=": 3, ">": 3, ">=": 3, "in": 3}
_PREFIX_POWER = 4
_TYPE_WORDS = {
    "bool": "true or false",
    "number": "a number",
    "code": "an answer code",
    "codes": "several answer codes",
    "numbers": "several numbers",
    "open": "an open answer",
}
_MAX_DIGITS = 18  # CEL's numbers have 64 bits


@dataclass(frozen=True, slots=True)
class Scope:
    """What a condition may name: earlier items; other codes are known only to say why they will not do."""

    items: Mapping[str, Item]
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
class _Token:
    kind: str
    text: str
    offset: int


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
        self.tokens: list[_Token] = []
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
        end = len(source.rstrip())
        self.tokens = [_Token("end", "the end of the condition", end)]
        if end > MAX_LENGTH:
            self.stop(f"it is longer than {MAX_LENGTH} characters", 0)
        found: list[_Token] = []
        offset = 0
        while offset < end:
            match = _TOKEN.match(source, offset)
            if match is None or match.lastgroup is None:
                start = offset + len(source[offset:]) - len(source[offset:].lstrip())
                self.stop(f"`{source[start]}` has no meaning", start)
            found.append(_Token(match.lastgroup, match[match.lastgroup], match.start(match.lastgroup)))
            offset = match.end()
        self.tokens = [*found, *self.tokens]

    @property
    def token(self) -> _Token:
        return self.tokens[self.position]

    def take(self) -> _Token:
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

    def parse_prefix(self, token: _Token, depth: int) -> _Term:
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

    def read_text(self, token: _Token) -> _Term:
        value = re.sub(r"\\(.)", r"\1", token.text[1:-1])
        return _Term("code", value, token.offset, literals=((value, token.offset),))

    def read_number(self, token: _Token, sign: int = 1) -> _Term:
        if len(token.text) > _MAX_DIGITS:
            self.stop("this number is too long", token.offset)
        return _Term("number", sign * int(token.text), token.offset)

    def read_list(self, token: _Token, depth: int) -> _Term:
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

    def read_name(self, token: _Token) -> _Term:
        name, offset = token.text, token.offset
        if name in ("true", "false"):
            return _Term("bool", name == "true", offset)
        self.named = True
        if item := self.scope.items.get(name):
            kind = KINDS[item.kind]
            leaf = "number" if kind.type == "number" else "item"
            choices = frozenset(choice.code for choice in item.choices) if kind.type != "number" else None
            return _Term(kind.type, (leaf, name), offset, choices or None)
        if name in self.scope.page:
            self.fault("condition-same-page", offset, value=name)
        elif name in self.scope.later:
            self.fault("condition-forward", offset, value=name)
        elif name not in self.scope.broken:
            close = get_close_matches(name, self.scope.items, 1)
            suggestion = f"Did you mean `{close[0]}`?" if close else "Use the code of an earlier question."
            self.fault("condition-unknown-name", offset, value=name, suggestion=suggestion)
        return _Term("any", False, offset)

    # Types

    def join(self, operator: _Token, left: _Term, right: _Term) -> _Term:
        sign = operator.text
        if sign in ("&&", "||"):
            self.expect(left, "bool")
            self.expect(right, "bool")
        elif self.check_types(sign, left, right):
            self.check_choices(left.literals, right.choices)
            self.check_choices(right.literals, left.choices)
        return _Term("bool", (sign, *_flatten(sign, left), *_flatten(sign, right)), left.offset)

    def check_types(self, sign: str, left: _Term, right: _Term) -> bool:
        if sign == "in":
            lefts, rights = ("code", "number"), {"code": ("codes",), "number": ("numbers",)}
        elif sign in ("==", "!="):
            lefts = ("code", "number", "bool")
            rights = {name: (name,) for name in lefts}
        else:
            lefts, rights = ("number",), {"number": ("number",)}
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
