"""Conditions: XLSForm's `relevant` (XPath, as ODK reads it) as a condition of ours, and back.

In XPath an empty answer is unequal to everything; with us a question without an answer is neither equal nor
unequal. So what we write has the answer's being there beside it: `${q} != '' and ${q} != 'ja'`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from aoj_survey.questionnaire import Expression, list_names

MAX_LENGTH = 2000
MAX_DEPTH = 20

_Part = Expression | str | int | bool
_FLIPPED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
_TOKEN = re.compile(
    r"\s*(?:\$\{\s*(?P<name>[^{}\s]+)\s*\}"
    r"""|(?P<text>"[^"]*"|'[^']*')"""
    r"|(?P<number>[0-9]+(?:\.[0-9]+)?)"
    r"|(?P<word>[A-Za-z][A-Za-z-]*)"
    r"|(?P<sign>!=|<=|>=|[=<>(),]))"
)


class RelevantError(Exception):
    """Why a condition cannot be carried over, in words."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was read: its code with us, what a condition sees (see `ItemKind.type`), its answers' codes."""

    code: str
    type: str
    choices: Mapping[str, str] = field(default_factory=dict[str, str])


# From XLSForm


def read_relevant(text: str, asked: Mapping[str, Asked]) -> tuple[Expression, bool]:
    """Return the condition of a `relevant` cell, and whether it differs where a question was left open.

    `asked` are the questions before it, by their name in the sheet. Raises RelevantError.
    """
    if len(text) > MAX_LENGTH:
        raise RelevantError(f"it is longer than {MAX_LENGTH} characters")
    parser = _Parser(text, asked)
    condition = parser.read_condition(0)
    if parser.word:
        raise RelevantError(f"`{parser.word}` is not expected in it")
    return _simplify(condition), _differs(condition)


def join_conditions(*conditions: Expression | None) -> Expression | None:
    """Return the condition that all of these hold, None when there are none."""
    parts = [condition for condition in conditions if condition is not None]
    return _join("&&", parts) if parts else None


@dataclass(frozen=True, slots=True)
class _Operand:
    """A side of a comparison: a `name` of a question, a `text`, a `number`, a `count` or `length` of an answer."""

    kind: str
    value: str


class _Parser:
    """Recursive descent: or, and, comparison, and what can stand at its sides."""

    def __init__(self, text: str, asked: Mapping[str, Asked]) -> None:
        self.asked = asked
        self.tokens = _split(text)
        self.position = 0

    @property
    def word(self) -> str:
        """The next token as it is written, empty at the end."""
        return self.tokens[self.position][1] if self.position < len(self.tokens) else ""

    def take(self) -> tuple[str, str]:
        if not self.word:
            raise RelevantError("something is missing at its end")
        self.position += 1
        return self.tokens[self.position - 1]

    def take_sign(self, sign: str) -> None:
        if (found := self.take()[1]) != sign:
            raise RelevantError(f"`{sign}` is expected in it, not `{found}`")

    def read_condition(self, depth: int) -> Expression:
        if depth > MAX_DEPTH:
            raise RelevantError(f"it is nested more than {MAX_DEPTH} levels deep")
        return self._read_joined(
            "||", "or", lambda: self._read_joined("&&", "and", lambda: self._read_part(depth))
        )

    def _read_joined(self, sign: str, word: str, read: Callable[[], Expression]) -> Expression:
        parts = [read()]
        while self.word == word:
            self.take()
            parts.append(read())
        return _join(sign, parts)

    def _read_part(self, depth: int) -> Expression:
        if self.word == "(":
            self.take()
            inner = self.read_condition(depth + 1)
            self.take_sign(")")
            return inner
        if self.word == "not":
            self.take()
            self.take_sign("(")
            inner = self.read_condition(depth + 1)
            self.take_sign(")")
            return inner[1] if inner[0] == "!" and isinstance(inner[1], tuple) else ("!", inner)
        if self.word == "selected":
            return self._read_selected()
        left = self._read_operand()
        sign = self.take()[1]
        sign = "==" if sign == "=" else sign
        if sign not in _FLIPPED:
            raise RelevantError(f"`{sign}` is not expected in it")
        right = self._read_operand()
        if left.kind in ("text", "number"):
            left, right, sign = right, left, _FLIPPED[sign]
        return self._compare(sign, left, right)

    def _read_selected(self) -> Expression:
        self.take()
        self.take_sign("(")
        asked = self._find(*self.take())
        self.take_sign(",")
        kind, text = self.take()
        self.take_sign(")")
        if kind not in ("text", "number"):
            raise RelevantError("selected() takes the name of an answer")
        code = _find_choice(asked, text.strip("'\""))
        return (
            ("==", ("item", asked.code), code) if asked.type == "code" else ("in", code, ("item", asked.code))
        )

    def _read_operand(self) -> _Operand:
        kind, text = self.take()
        if kind in ("name", "number"):
            return _Operand(kind, text)
        if kind == "text":
            return _Operand(kind, text[1:-1])
        functions = {"count-selected": "count", "string-length": "length", "date": "text"}
        if text not in functions:
            raise RelevantError(f"`{text}` has no counterpart here")
        self.take_sign("(")
        inner, value = self.take()
        self.take_sign(")")
        if inner != ("text" if text == "date" else "name"):
            raise RelevantError(f"{text}() is not used like this here")
        return _Operand(functions[text], value[1:-1] if text == "date" else value)

    def _find(self, kind: str, name: str) -> Asked:
        if kind != "name" or name not in self.asked:
            raise RelevantError(f"`{name}` is no question before this one that was carried over")
        return self.asked[name]

    def _compare(self, sign: str, left: _Operand, right: _Operand) -> Expression:
        if left.kind in ("text", "number"):
            raise RelevantError("it compares two fixed values")
        asked = self._find("name", left.value)
        if left.kind == "length":
            return _compare_length(sign, asked, right)
        if "count" in (left.kind, right.kind):
            return (sign, self._read_count(left), self._read_count(right))
        if right.kind == "text" and not right.value:
            return _compare_empty(sign, asked)
        if right.kind == "name":
            other = self._find("name", right.value)
            return (sign, _leaf(asked), _leaf(other))
        return _compare_value(sign, asked, right)

    def _read_count(self, operand: _Operand) -> _Part:
        if operand.kind not in ("count", "name"):
            return _read_number(operand)
        asked = self._find("name", operand.value)
        return ("size", asked.code) if operand.kind == "count" else _leaf(asked)


def _split(text: str) -> list[tuple[str, str]]:
    tokens: list[tuple[str, str]] = []
    position, end = 0, len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            raise RelevantError(f"`{text[position:].strip()[:20]}` cannot be read")
        tokens.append((match.lastgroup, match[match.lastgroup]))
        position = match.end()
    return tokens


def _leaf(asked: Asked) -> Expression:
    return ("number" if asked.type == "number" else "item", asked.code)


def _compare_empty(sign: str, asked: Asked) -> Expression:
    if sign not in ("==", "!="):
        raise RelevantError("it compares with an empty answer")
    has: Expression = ("has", asked.code)
    return has if sign == "!=" else ("!", has)


def _compare_length(sign: str, asked: Asked, right: _Operand) -> Expression:
    found = (sign, _read_number(right))
    has: Expression = ("has", asked.code)
    if found in ((">", 0), (">=", 1), ("!=", 0)):
        return has
    if found in (("==", 0), ("<", 1), ("<=", 0)):
        return ("!", has)
    raise RelevantError("of a text we only know whether it was filled in")


def _compare_value(sign: str, asked: Asked, right: _Operand) -> Expression:
    if asked.type == "number":
        return (sign, ("number", asked.code), _read_number(right))
    if asked.type in ("date", "month"):
        return (sign, ("item", asked.code), right.value[:7] if asked.type == "month" else right.value)
    if asked.type == "code":
        return _compare_code(sign, asked, right.value)
    if asked.type == "codes" and sign in ("==", "!="):
        among: Expression = ("in", _find_choice(asked, right.value), ("item", asked.code))
        only: Expression = ("&&", among, ("==", ("size", asked.code), 1))
        return only if sign == "==" else ("!", only)
    raise RelevantError("of a text we only know whether it was filled in")


def _compare_code(sign: str, asked: Asked, value: str) -> Expression:
    """An answer by its name; names that are numbers may be compared by size too."""
    if sign in ("==", "!="):
        return (sign, ("item", asked.code), _find_choice(asked, value))
    numbers = {name: code for name, code in asked.choices.items() if name.isdecimal()}
    if not value.isdecimal() or len(numbers) < len(asked.choices):
        raise RelevantError("it compares answers by size, and their names are no numbers")
    codes = [code for name, code in numbers.items() if _COMPARE[sign](int(name), int(value))]
    if not codes:
        raise RelevantError("no answer fits it")
    return ("in", ("item", asked.code), ("list", *codes))


def _read_number(operand: _Operand) -> int:
    if operand.kind not in ("number", "text") or not re.fullmatch("[0-9]{1,9}", operand.value):
        raise RelevantError(f"`{operand.value}` is no whole number")
    return int(operand.value)


def _find_choice(asked: Asked, name: str) -> str:
    if name not in asked.choices:
        raise RelevantError(f"`{name}` is no answer to `{asked.code}`")
    return asked.choices[name]


def _join(sign: str, parts: list[Expression]) -> Expression:
    """One junction, with the parts of those inside it that have the same sign."""
    flat: list[_Part] = []
    for part in parts:
        flat += part[1:] if part[0] == sign else (part,)
    return parts[0] if len(parts) == 1 else (sign, *flat)


def _differs(condition: Expression, known: frozenset[str] = frozenset()) -> bool:
    """Whether a part is true in XPath, and unknown with us, when a question is left open; `known` are answered."""
    if condition[0] == "&&":
        known |= {str(part[1]) for part in condition[1:] if isinstance(part, tuple) and part[0] == "has"}
    if condition[0] in ("&&", "||"):
        return any(_differs(part, known) for part in condition[1:] if isinstance(part, tuple))
    return _holds_when_open(condition) and not list_names(condition)[0] <= known


def _holds_when_open(part: Expression) -> bool:
    inner, value = part[1], part[-1]
    if part[0] == "!":
        return isinstance(inner, tuple) and inner[0] != "has"
    counts = isinstance(inner, tuple) and inner[0] == "size" and isinstance(value, int)
    return _COMPARE[str(part[0])](0, int(str(value))) if counts else part[0] == "!="


def _simplify(condition: Expression) -> Expression:
    """Without `has(q)` beside a comparison of `q`, which already needs an answer."""
    if condition[0] not in ("&&", "||", "!"):
        return condition
    parts = [_simplify(part) for part in condition[1:] if isinstance(part, tuple)]
    if condition[0] == "!":
        return ("!", *parts)
    if condition[0] == "&&":
        needed: set[str] = set()
        for part in parts:
            compared = part[1] if part[0] == "!" and isinstance(part[1], tuple) else part
            if compared[0] not in ("has", "&&", "||", "!"):
                needed |= list_names(compared)[0]
        parts = [part for part in parts if part[0] != "has" or part[1] not in needed]
    return _join(str(condition[0]), parts)
