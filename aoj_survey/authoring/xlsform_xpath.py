"""Our conditions as XPath for XLSForm's `relevant`; the other way round stands in `xlsform_relevant`.

A condition is true in XPath when it is true with us: what is unknown here, because a question was left open, is
false there. Negations are moved inward until only comparisons are left (Kleene's logic allows that), and a
comparison that an empty answer would make true gets `${q} != ''` beside it.
"""

from collections.abc import Mapping

from aoj_survey.questionnaire import KINDS, Expression, Item, list_names

from .xlsform_relevant import RelevantError

_Part = Expression | str | int | bool
_FLIPPED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_NEGATED = {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}


def write_relevant(condition: Expression, items: Mapping[str, Item]) -> str:
    """Return a condition over these items as XPath.

    Raises RelevantError when it asks for more than answers: XLSForm knows no role, group, sector or region.
    """
    names = list_names(condition)[1]
    if names:
        raise RelevantError(f"it looks at {' and '.join(sorted(names))}, which a form does not know")
    return _Writer(items).write(condition, negated=False)


class _Writer:
    def __init__(self, items: Mapping[str, Item]) -> None:
        self.items = items

    def write(self, part: _Part, *, negated: bool) -> str:
        """A condition, or its opposite when `negated`."""
        if not isinstance(part, tuple):
            raise RelevantError("it compares with true or false")
        sign, *sides = part
        if sign == "!":
            return self.write(sides[0], negated=not negated)
        if sign in ("&&", "||"):
            word = " and " if (sign == "&&") is not negated else " or "
            return word.join(self.write_inner(word, side, negated=negated) for side in sides)
        if sign == "has":
            return f"${{{sides[0]}}} {'=' if negated else '!='} ''"
        if sign == "in":
            return self.write_in(sides[0], sides[1], negated=negated)
        return self.compare(_NEGATED[str(sign)] if negated else str(sign), sides[0], sides[1])

    def write_inner(self, word: str, part: _Part, *, negated: bool) -> str:
        """Brackets around what holds a junction of the other kind."""
        written = self.write(part, negated=negated)
        other = " or " if word == " and " else " and "
        return f"({written})" if other in written and not _is_enclosed(written) else written

    def write_in(self, value: _Part, among: _Part, *, negated: bool) -> str:
        if not isinstance(among, tuple):
            raise RelevantError("it cannot be written in XPath")
        if among[0] != "list":
            asked = f"selected(${{{among[1]}}}, '{value}')"
            return f"(${{{among[1]}}} != '' and not({asked}))" if negated else asked
        sign, word = ("!=", " and ") if negated else ("==", " or ")
        parts = [self.compare(sign, value, one) for one in among[1:]]
        return parts[0] if len(parts) == 1 else f"({word.join(parts)})"

    def compare(self, sign: str, left: _Part, right: _Part) -> str:
        if not isinstance(left, tuple):
            left, right, sign = right, left, _FLIPPED[sign]
        if not isinstance(left, tuple):
            raise RelevantError("it compares two fixed values")
        if left[0] not in ("item", "number", "size"):
            raise RelevantError("it compares with true or false")
        one, other = self.write_side(left, right), self.write_side(right, left)
        if self.is_ordered(left):
            return _compare_ordered(sign, one, other, left, right)
        pair = isinstance(right, tuple)
        guards = [one] if sign == "!=" or pair else []
        guards += [other] if sign == "!=" and pair else []
        compared = f"{one} {'=' if sign == '==' else sign} {other}"
        parts = [*(f"{guard} != ''" for guard in guards), compared]
        return f"({' and '.join(parts)})" if guards else compared

    def is_ordered(self, part: Expression) -> bool:
        return part[0] in ("number", "size") or self.find_type(part) in ("date", "month")

    def find_type(self, part: Expression) -> str:
        item = self.items.get(str(part[1]))
        kind = KINDS.get(item.kind) if item else None
        if kind is None:
            raise RelevantError(f"it looks at `{part[1]}`, of a kind XLSForm does not have")
        return kind.type

    def write_side(self, part: _Part, beside: _Part) -> str:
        if isinstance(part, tuple):
            self.find_type(part)
            return f"count-selected(${{{part[1]}}})" if part[0] == "size" else f"${{{part[1]}}}"
        if isinstance(part, str) and isinstance(beside, tuple):
            kind = self.find_type(beside)
            if kind in ("date", "month"):
                return f"date('{part}-01')" if kind == "month" else f"date('{part}')"
            return f"'{part}'"
        return str(part)


def _compare_ordered(sign: str, one: str, other: str, left: Expression, right: _Part) -> str:
    """Numbers and days: an empty answer, and don't know, is neither less nor more than any."""
    compared = f"{one} {'=' if sign == '==' else sign} {other}"
    if sign == "!=":
        compared = f"({one} < {other} or {one} > {other})"
    elif sign == "==" and isinstance(right, tuple):
        compared = f"({one} >= {other} and {one} <= {other})"
    # An open question has no answers chosen, and that is a number too.
    counted = [side[1] for side in (left, right) if isinstance(side, tuple) and side[0] == "size"]
    guards = [f"${{{code}}} != ''" for code in counted]
    return f"({' and '.join([*guards, compared])})" if guards else compared


def _is_enclosed(written: str) -> bool:
    """Whether one pair of brackets stands around the whole."""
    depth = 0
    for position, sign in enumerate(written):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if depth == 0 and position < len(written) - 1:
            return False
    return written.startswith("(")
