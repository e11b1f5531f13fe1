"""The rows of the sheet `survey`, each with its theme and its group."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from .xlsform_sheets import Remark, Row

_SELECTS = {
    "select_one": "choice",
    "select one": "choice",
    "select_multiple": "multiple",
    "select multiple": "multiple",
    "rank": "ranking",
}
_SELECT = re.compile(
    r"(?P<select>select[_ ](?:one|multiple)|rank)\s+(?:from\s+)?(?P<list>\S+)(?P<other>\s+or_other)?"
)
_KINDS = {
    "integer": "number",
    "int": "number",
    "decimal": "number",
    "range": "range",
    "text": "open",
    "string": "open",
    "date": "date",
    "note": "explanation",
}
_ABOUT_PEOPLE = (
    "start",
    "end",
    "today",
    "deviceid",
    "username",
    "email",
    "phonenumber",
    "simserial",
    "audit",
)
_NEVER = "The engine keeps no moment, place, device or person with answers."


@dataclass(slots=True)
class Entry:
    """A question's row as it is being read: its kind and list, the rows of its theme and group, and those around it."""

    row: Row
    name: str
    kind: str
    list: str = ""
    or_other: bool = False
    theme: Row | None = None
    group: Row | None = None
    around: tuple[Row, ...] = ()
    used: set[str] = field(default_factory=lambda: {"type", "name"})

    def take(self, column: str) -> str:
        """Return a cell, and remember that it was looked at."""
        self.used.add(column)
        return self.row.cells.get(column, "")


def read_entries(rows: Sequence[Row], remarks: list[Remark]) -> Iterator[Entry]:
    """Yield the questions in order; groups that do not end where they should, and other types, go to the remarks."""
    around: list[tuple[str, Row]] = []
    for row in rows:
        written = re.sub(r"\s+", " ", row.cells.get("type", "")).strip()
        edge = re.fullmatch(r"(begin|end)[_ ]?(group|repeat)", written.lower())
        if edge and edge[1] == "begin":
            around.append((edge[2], row))
            if edge[2] == "repeat":
                what = "Questions that repeat are not carried over; those in this group are left out."
                remarks.append(
                    Remark("survey", row.number, "type", what, "Ask them once, in words that fit.")
                )
        elif edge:
            if around and around[-1][0] == edge[2]:
                around.pop()
            else:
                remarks.append(
                    Remark("survey", row.number, "type", f"`{written}` ends a group that did not begin.")
                )
        elif not any(kind == "repeat" for kind, _ in around) and (
            entry := _read_entry(row, written, remarks)
        ):
            groups = tuple(group for _, group in around)
            entry.around = groups
            if len(groups) == 1 and is_matrix(groups[0]):
                entry.group = groups[0]
            elif groups:
                entry.theme = groups[0]
                entry.group = groups[-1] if len(groups) > 1 else None
            yield entry
    for kind, row in around:
        remarks.append(
            Remark("survey", row.number, "type", f"This {kind} does not end.", f"Add `end_{kind}`.")
        )


def is_matrix(group: Row) -> bool:
    """Return whether a group is shown as a table of statements."""
    return "table-list" in group.cells.get("appearance", "").split()


def _read_entry(row: Row, written: str, remarks: list[Remark]) -> Entry | None:
    name = row.cells.get("name", "")
    if match := _SELECT.fullmatch(written):
        kind = _SELECTS[match["select"]]
        return Entry(row, name or f"vraag_{row.number}", kind, match["list"], bool(match["other"]))
    kind = _KINDS.get(written.lower(), "")
    if kind:
        return Entry(row, name or f"vraag_{row.number}", kind)
    if not written:
        if name or any(column.startswith("label") for column in row.cells):
            remarks.append(Remark("survey", row.number, "type", "A row without type is left out."))
        return None
    what = f"Rows of type `{written}` are not carried over."
    remarks.append(
        Remark("survey", row.number, "type", what, _NEVER if written.lower() in _ABOUT_PEOPLE else "")
    )
    return None
