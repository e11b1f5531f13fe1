"""A condition of ours, written again as it stands in `ask_if`."""

from aoj_survey.questionnaire import Expression

_Part = Expression | str | int | bool


def write_condition(part: _Part) -> str:
    """Return a condition as it is written in `ask_if`."""
    if not isinstance(part, tuple):
        return _write_value(part)
    name, *sides = part
    if name in ("item", "number", "context"):
        return str(sides[0])
    if name in ("has", "size"):
        return f"{name}({sides[0]})"
    if name == "!":
        return f"!({write_condition(sides[0])})"
    if name in ("&&", "||"):
        return f" {name} ".join(_write_inner(str(name), side) for side in sides)
    written = [write_condition(side) for side in sides]
    return f"[{', '.join(written)}]" if name == "list" else f" {name} ".join(written)


def _write_value(value: str | int) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)


def _write_inner(sign: str, part: _Part) -> str:
    mixed = isinstance(part, tuple) and part[0] in ("&&", "||") and part[0] != sign
    return f"({write_condition(part)})" if mixed else write_condition(part)
