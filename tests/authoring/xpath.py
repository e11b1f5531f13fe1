"""XPath as XLSForm's conditions use it, tried out on answers: a second opinion, written by its rules and not by ours."""

import math
import operator
import re
from collections.abc import Callable
from typing import Any

from aoj_survey.questionnaire import Answers, Value


class Node:
    """A text of the form: compared as a text with texts, else as a number; an empty one is not a number."""

    def __init__(self, text: str) -> None:
        self.text = text

    def number(self) -> float:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", self.text):
            return float(self.text.replace("-", ""))
        return float(self.text) if re.fullmatch(r"\d+", self.text) else math.nan

    def _ask(self, other: Any, compare: Callable[[Any, Any], bool], *, equal: bool) -> bool:
        if equal and isinstance(other, (str, Node)):
            return compare(self.text, other if isinstance(other, str) else other.text)
        return compare(self.number(), other.number() if isinstance(other, Node) else float(other))

    def __eq__(self, other: object) -> bool:
        return self._ask(other, operator.eq, equal=True)

    def __ne__(self, other: object) -> bool:
        return self._ask(other, operator.ne, equal=True)

    def __lt__(self, other: Any) -> bool:
        return self._ask(other, operator.lt, equal=False)

    def __le__(self, other: Any) -> bool:
        return self._ask(other, operator.le, equal=False)

    def __gt__(self, other: Any) -> bool:
        return self._ask(other, operator.gt, equal=False)

    def __ge__(self, other: Any) -> bool:
        return self._ask(other, operator.ge, equal=False)

    def __hash__(self) -> int:
        return hash(self.text)


def write_value(value: Value) -> str:
    """An answer as a form keeps it."""
    if isinstance(value, tuple):
        return " ".join(value)
    return f"{value}-01" if re.fullmatch(r"\d{4}-\d\d", str(value)) else str(value)


def evaluate(relevant: str, answers: Answers) -> bool:
    """Whether a condition is true; it is a test's own, so Python may read it."""
    written = re.sub(r"\$\{(\w+)\}", r"node('\1')", relevant)
    written = re.sub(r"(?<![<>!=])=", "==", written).replace("count-selected(", "count(")

    def node(name: str) -> Node:
        return Node(write_value(answers[name]) if name in answers else "")

    names: dict[str, Any] = {
        "node": node,
        "date": Node,
        "selected": lambda found, code: code in found.text.split(),
        "count": lambda found: len(found.text.split()),
    }
    return bool(eval(written, {"__builtins__": {}}, names))
