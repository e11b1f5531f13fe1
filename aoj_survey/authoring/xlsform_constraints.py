"""XLSForm's `constraint`: the bounds and answers-by-themselves it is mostly used for, in and out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from aoj_survey.questionnaire import Item

_NUMBER = re.compile(r"\.\s*(<=|>=|<|>)\s*([0-9]{1,9})")
_LENGTH = re.compile(r"string-length\(\s*\.\s*\)\s*(<=|<)\s*([0-9]{1,9})")
_DAY = re.compile(r"\.\s*(<=|>=)\s*date\(\s*['\"]([0-9]{4}-[0-9]{2}-[0-9]{2})['\"]\s*\)")
_ALONE = re.compile(
    r"not\(\s*selected\(\s*\.\s*,\s*['\"]([^'\"]+)['\"]\s*\)\s+and\s+count-selected\(\s*\.\s*\)\s*>\s*1\s*\)"
)


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a constraint asks of an answer; `alone` are answers that go with no other, `rest` what was not read."""

    minimum: int | None = None
    maximum: int | None = None
    length: int | None = None
    earliest: str | None = None
    latest: str | None = None
    alone: tuple[str, ...] = ()
    rest: str = ""


def read_constraint(text: str) -> Bounds:
    """Return the bounds in a constraint of parts joined by `and`."""
    alone = tuple(match[1] for match in _ALONE.finditer(text))
    found: dict[str, int | str] = {}
    rest: list[str] = []
    for part in re.split(r"\band\b", _ALONE.sub("", text)):
        written = part.strip()
        if match := _NUMBER.fullmatch(written):
            below = match[1].startswith("<")
            step = {"<": -1, ">": 1}.get(match[1], 0)
            found["maximum" if below else "minimum"] = int(match[2]) + step
        elif match := _LENGTH.fullmatch(written):
            found["length"] = int(match[2]) - (match[1] == "<")
        elif match := _DAY.fullmatch(written):
            found["latest" if match[1] == "<=" else "earliest"] = match[2]
        elif written:
            rest.append(written)
    return Bounds(**found, alone=alone, rest=" and ".join(rest))  # pyright: ignore[reportArgumentType] - by name


def write_constraint(item: Item) -> str:
    """Return the constraint of an item, empty where it has none."""
    if item.kind == "number":
        return f". >= {item.minimum or 0} and . <= {item.maximum or 0}"
    if item.kind == "open":
        return f"string-length(.) <= {item.max_length or 0}"
    if item.kind in ("date", "month"):
        ending = "-01" if item.kind == "month" else ""
        return f". >= date('{item.earliest}{ending}') and . <= date('{item.latest}{ending}')"
    if item.kind == "multiple":
        return write_alone([choice.code for choice in item.choices if choice.alone])
    return ""


def write_alone(codes: Sequence[str]) -> str:
    """Return the constraint that these answers go with no other."""
    return " and ".join(f"not(selected(., '{code}') and count-selected(.) > 1)" for code in codes)
