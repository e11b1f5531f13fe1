"""YAML text as plain values with the place of each: a small, safe part of YAML 1.2.

PyYAML's C parser gives events; nothing is built from tags, anchors or aliases, so no text can make
this expensive. Words mean what the YAML 1.2 core schema says: `no` is a word, not False.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import yaml

from .problems import Mark, Report

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 20

Place: TypeAlias = tuple[str | int, ...]
"""A path of keys and list positions from the top of the document."""

_UNREADABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEAN = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
# Longer whole numbers become floats: no key takes them, and Python refuses to read very long integers.
_NUMBERS: tuple[tuple[re.Pattern[str], Callable[[str], int | float]], ...] = (
    (re.compile(r"[-+]?[0-9]{1,18}"), int),
    (re.compile(r"0o[0-7]{1,18}|0x[0-9a-fA-F]{1,15}"), lambda value: int(value, 0)),
    (re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"), float),
    (re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"), lambda value: float(value.replace(".", ""))),
)
# One character of a double-quoted scalar: an escape, or itself.
_ESCAPED = re.compile(r"\\(x.{2}|u.{4}|U.{8}|.)|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Document:
    """A file's value, with the mark of every value and of every key by place."""

    text: str
    value: Any
    values: Mapping[Place, Mark]
    keys: Mapping[Place, Mark]

    def find_mark(self, place: Place) -> Mark:
        """Return the mark of the value at a place, or of the nearest value around it."""
        while place not in self.values and place:
            place = place[:-1]
        return self.values.get(place, Mark(1, 1))

    def find_key_mark(self, place: Place) -> Mark:
        """Return the mark of the key at a place, or of the nearest value around it."""
        return self.keys.get(place) or self.find_mark(place)

    def find_text(self, place: Place) -> str:
        """Return how the value at a place is written in the text; nothing where there is no such value."""
        mark = self.values.get(place, Mark(1, 1))
        return self.text[mark.start : mark.end]

    def find_offset_mark(self, place: Place, value: str, offset: int) -> Mark:
        """Return the mark of one character of `value`, the text scalar at a place.

        Folding and indentation only change white space, so the n-th other character of the value is
        the n-th other character of the source.
        """
        mark = self.find_mark(place)
        before = sum(not character.isspace() for character in value[:offset])
        position = _skip_characters(self.text[: mark.end], mark, before)
        line_start = self.text.rfind("\n", 0, position) + 1
        return Mark(self.text.count("\n", 0, position) + 1, position - line_start + 1)


class _RefusedError(Exception):
    """The rest of the file is not read."""


def read_document(text: str, report: Report) -> Document | None:
    """Return the document in a text, or None when it cannot be read; faults go to the report."""
    text = text.removeprefix("\ufeff")
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        report.add("too-large", Mark(1, 1), size=size, limit=MAX_BYTES)
        return None
    if bad := _UNREADABLE.search(text):
        report.add("control-character", _mark_at(text, bad.start()), codepoint=ord(bad[0]))
        return None
    reader = _Reader(report, iter(yaml.parse(text, Loader=yaml.CSafeLoader)))
    try:
        value = reader.read_stream()
    except _RefusedError:
        return None
    except yaml.MarkedYAMLError as error:
        found = error.problem_mark or error.context_mark
        mark = Mark(found.line + 1, found.column + 1) if found else Mark(1, 1)
        report.add("yaml", mark, reason=error.problem or error.context or "it cannot be read")
        return None
    return None if reader.refused else Document(text, value, reader.values, reader.keys)


class _Reader:
    """Builds the value from events, noting where each part stands."""

    def __init__(self, report: Report, events: Iterator[Any]) -> None:
        self.report = report
        self.events = events
        self.values: dict[Place, Mark] = {}
        self.keys: dict[Place, Mark] = {}
        self.refused = False

    def read_stream(self) -> Any:
        value: Any = None
        documents = 0
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self.refuse("several-documents", event)
                    raise _RefusedError
                value = self.read_node(next(self.events), ())
        return value

    def read_node(self, event: Any, place: Place) -> Any:
        self.values[place] = _mark_event(event)
        if len(place) > MAX_DEPTH:
            self.refuse("too-deep", event, limit=MAX_DEPTH)
            raise _RefusedError
        if getattr(event, "anchor", None) is not None:
            self.refuse("anchor", event)
        if getattr(event, "tag", None) is not None:
            self.refuse("tag", event, tag=event.tag)
        if isinstance(event, yaml.MappingStartEvent):
            return self.read_mapping(place)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.read_sequence(place)
        return _resolve(event) if isinstance(event, yaml.ScalarEvent) else None

    def read_sequence(self, place: Place) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self.read_node(event, (*place, len(items))))
        self.end(place, event)
        return items

    def read_mapping(self, place: Place) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            # A key that is not used gets a place of its own that nothing asks for.
            aside = (*place, f"\0{len(self.keys)}")
            key = self.read_node(event, aside)
            key_mark = self.values.pop(aside)
            self.keys[aside] = key_mark
            if not isinstance(key, str):
                self.report.add("key-not-text", key_mark)
                self.read_node(next(self.events), aside)
            elif key in found:
                self.report.add("duplicate-key", key_mark, key=key)
                self.read_node(next(self.events), aside)
            else:
                found[key] = self.read_node(next(self.events), (*place, key))
                self.keys[*place, key] = key_mark
        self.end(place, event)
        return found

    def end(self, place: Place, event: Any) -> None:
        started = self.values[place]
        self.values[place] = Mark(started.line, started.column, started.start, event.end_mark.index)

    def refuse(self, code: str, event: Any, **values: str | int) -> None:
        self.report.add(code, _mark_event(event), **values)
        self.refused = True


def _mark_event(event: Any) -> Mark:
    start, end = event.start_mark, event.end_mark
    return Mark(start.line + 1, start.column + 1, start.index, end.index, getattr(event, "style", None))


def _mark_at(text: str, position: int) -> Mark:
    return Mark(text.count("\n", 0, position) + 1, position - text.rfind("\n", 0, position))


def _resolve(event: Any) -> str | int | float | bool | None:
    """The value of a scalar by the core schema of YAML 1.2 (chapter 10.3.2 of its specification)."""
    value: str = event.value
    if not event.implicit[0] or value in _NULL:
        return value if not event.implicit[0] else None
    if value in _BOOLEAN:
        return _BOOLEAN[value]
    for pattern, convert in _NUMBERS:
        if pattern.fullmatch(value):
            return convert(value)
    return value


def _skip_characters(source: str, mark: Mark, count: int) -> int:
    """Return the offset in the source of the scalar's character after `count` non-space ones."""
    position = mark.start
    if mark.style in ("|", ">"):
        position = source.find("\n", position) + 1
    elif mark.style in ("'", '"'):
        position += 1
    while position < len(source):
        step = _step(source, position, mark.style)
        if not source[position].isspace():
            if count == 0:
                break
            count -= 1
        position += step
    return position


def _step(source: str, position: int, style: str | None) -> int:
    if style == "'" and source.startswith("''", position):
        return 2
    if style == '"' and (found := _ESCAPED.match(source, position)):
        return len(found[0])
    return 1
