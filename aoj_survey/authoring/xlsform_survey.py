"""The questions of an XLSForm as themes, groups and items of ours."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from aoj_survey.questionnaire import Expression, Text

from .codes import make_code
from .xlsform_answers import claim_code, has_texts_beside, list_answers, register, use_scale, write_answers
from .xlsform_choices import ListedChoice
from .xlsform_constraints import Bounds, read_constraint
from .xlsform_reading import Reading, read_condition, read_keys, read_texts
from .xlsform_rows import Entry, is_matrix
from .xlsform_sheets import Row

_DONT_KNOW = {
    "nl": "weet ik niet of geen mening",
    "en": "I don\N{RIGHT SINGLE QUOTATION MARK}t know or no opinion",
}
_SECTION = {"nl": "Vragen", "en": "Questions"}
_LARGEST = 999_999_999
_MARKS = tuple(str(number) for number in range(1, 11))


def read_themes(reading: Reading, entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """Return the themes with their items; what is not carried over goes to the remarks."""
    kept = _fold_others(reading, entries)
    for entry in kept:
        reading.users[entry.list] = reading.users.get(entry.list, 0) + bool(entry.list)
    themes: list[dict[str, Any]] = []
    taken: set[str] = set()
    for _, found in groupby(kept, key=lambda entry: entry.theme.number if entry.theme else 0):
        part = list(found)
        items = _read_pages(reading, part)
        theme = part[0].theme
        if not items:
            continue
        name = theme.cells.get("name", "") if theme else "vragen"
        code = make_code(name.removeprefix("thema_"), taken, reserved=False, without="thema")
        taken.add(code)
        title = read_texts(reading, theme, "label") if theme else None
        themes.append({"code": code, "title": title or reading.pick(_SECTION), "items": items})
    return themes


def _fold_others(reading: Reading, entries: Sequence[Entry]) -> list[Entry]:
    """The entries without the texts beside an answer: `vraag_anders_tekst`, asked if that answer was chosen."""
    selects = {entry.name: entry for entry in entries if entry.kind in ("choice", "multiple")}
    kept: list[Entry] = []
    for entry in entries:
        relevant = entry.row.cells.get("relevant", "").replace(" ", "")
        found = next(
            (
                (name, choice.name)
                for name, owner in selects.items()
                if entry.kind == "open" and entry.name.startswith(f"{name}_")
                for choice in reading.lists.get(owner.list, ())
                if entry.name == f"{name}_{choice.name}_tekst"
                and relevant == f"selected(${{{name}}},'{choice.name}')"
            ),
            None,
        )
        if found:
            reading.beside[found] = read_constraint(entry.row.cells.get("constraint", "")).length or 100
        else:
            kept.append(entry)
    return kept


# Pages


def _read_pages(reading: Reading, entries: Sequence[Entry]) -> list[dict[str, Any]]:
    pages: list[dict[str, Any]] = []
    for _, found in groupby(entries, key=lambda entry: entry.group.number if entry.group else 0):
        part = list(found)
        group = part[0].group
        if group and _are_statements(reading, group, part):
            pages.append(_read_group(reading, group, part))
            continue
        if group and (group.cells.keys() - {"type", "name", "relevant", "appearance"}):
            what = "The heading of a group within a theme is left out; its questions are asked one by one."
            reading.remark(
                group, "label", what, "Put what matters of it in the questions, or add an explanation."
            )
        pages += [item for entry in part if (item := _read_item(reading, entry))]
    return pages


def _are_statements(reading: Reading, group: Row, entries: Sequence[Entry]) -> bool:
    """Whether a group can be statements: a table, or one page, of single choices from one list."""
    page = "field-list" in group.cells.get("appearance", "").split() and len(entries) > 1
    same = {(entry.kind, entry.list) for entry in entries} == {("choice", entries[0].list)}
    plain = not any(entry.or_other or has_texts_beside(reading, entry) for entry in entries)
    return (is_matrix(group) or page) and same and plain and entries[0].list in reading.lists


def _read_group(reading: Reading, group: Row, entries: Sequence[Entry]) -> dict[str, Any]:
    code = make_code(group.cells.get("name", "groep"), reading.taken, without="groep")
    reading.taken.add(code)
    scale = use_scale(reading, entries[0].list)
    conditions = [read_condition(reading, entry) for entry in entries]
    items = [
        _read_statement(reading, entry, condition)
        for entry, condition in zip(entries, conditions, strict=True)
    ]
    for entry, item in zip(entries, items, strict=True):
        register(reading, entry, item["code"], reading.lists[entry.list])
    text = read_texts(reading, group, "label") or items[0]["text"]
    hint = read_texts(reading, group, "hint")
    return {"group": code, "text": text, **({"hint": hint} if hint else {}), "scale": scale, "items": items}


def _read_statement(reading: Reading, entry: Entry, condition: Expression | None) -> dict[str, Any]:
    code = claim_code(reading, entry, ())
    read_constraint(entry.take("constraint"))
    return {"code": code, **read_keys(reading, entry, condition)}


# Items


def _read_item(reading: Reading, entry: Entry) -> dict[str, Any] | None:
    listed = reading.lists.get(entry.list, ())
    if entry.list and not listed:
        reading.remark(
            entry.row, "type", f"There is no list `{entry.list}` in choices; the question is left out."
        )
        return None
    bounds = read_constraint(entry.take("constraint"))
    if bounds.rest:
        reading.remark(entry.row, "constraint", f"`{bounds.rest[:80]}` is not checked here.")
    condition = read_condition(reading, entry)
    kind, own = _read_kind(reading, entry, listed, bounds)
    choices = list_answers(reading, entry, bounds) if kind in ("choice", "multiple", "ranking") else ()
    code = claim_code(reading, entry, choices if kind != "choice" else [one for one in choices if one.other])
    if choices:
        own |= write_answers(reading, entry, kind, code, choices)
        fitted = own.pop("fitted")
    else:
        fitted = tuple(listed)
    register(reading, entry, code, fitted, kind)
    return {"code": code, "kind": kind, **read_keys(reading, entry, condition), **own}


def _read_kind(
    reading: Reading, entry: Entry, listed: Sequence[ListedChoice], bounds: Bounds
) -> tuple[str, dict[str, Any]]:
    """The kind of an item with the keys that only this kind has."""
    if entry.kind == "choice" and (unknown := _find_mark(listed)) is not None:
        return "mark", {"dont_know": dict(unknown or reading.pick(_DONT_KNOW))}
    if entry.kind == "range":
        return _read_range(reading, entry)
    if entry.kind == "number":
        return "number", _read_bounds(reading, entry, bounds)
    if entry.kind == "open":
        return "open", {"max_length": min(max(bounds.length or 500, 1), 2000)}
    if entry.kind == "date":
        month = "month-year" in entry.take("appearance").split()
        if not (bounds.earliest and bounds.latest):
            reading.remark(
                entry.row, "constraint", "A date needs bounds; it has 1900 to 2099 now.", "Narrow them."
            )
        earliest, latest = bounds.earliest or "1900-01-01", bounds.latest or "2099-12-31"
        cut = len("2026-05") if month else None
        return ("month" if month else "date"), {"earliest": earliest[:cut], "latest": latest[:cut]}
    return entry.kind, {}


def _find_mark(listed: Sequence[ListedChoice]) -> Text | None:
    """The text of "don't know" when a list is the marks 1 to 10, empty without one; None when it is no such list."""
    rest = [choice for choice in listed if choice.name not in _MARKS]
    if len(listed) - len(rest) < len(_MARKS) or len(rest) > 1:
        return None
    return rest[0].text if rest else {}


def _read_range(reading: Reading, entry: Entry) -> tuple[str, dict[str, Any]]:
    pairs = dict(
        part.split("=", 1) for part in entry.take("parameters").replace(";", " ").split() if "=" in part
    )
    texts = [pairs.get(key, default) for key, default in (("start", "1"), ("end", "10"), ("step", "1"))]
    if texts == ["1", "10", "1"]:
        what = "A mark has \N{LEFT DOUBLE QUOTATION MARK}don't know\N{RIGHT DOUBLE QUOTATION MARK} with us; it was added."
        reading.remark(entry.row, "parameters", what)
        return "mark", {"dont_know": dict(reading.pick(_DONT_KNOW))}
    whole = [int(text) if text.isdecimal() and len(text) <= 9 else None for text in texts]  # noqa: PLR2004 - 9 figures
    minimum, maximum = whole[0], whole[1]
    if minimum is None or maximum is None or whole[2] != 1 or minimum > maximum:
        reading.remark(
            entry.row, "parameters", "Only whole numbers from 0 up in steps of 1 are asked.", "Look at it."
        )
    low, high = minimum or 0, maximum or _LARGEST
    return "number", {"min": min(low, high), "max": max(low, high)}


def _read_bounds(reading: Reading, entry: Entry, bounds: Bounds) -> dict[str, Any]:
    if entry.row.cells["type"].strip().lower() == "decimal":
        reading.remark(entry.row, "type", "Numbers are whole with us.", "Ask for a unit in which they are.")
    if bounds.minimum is None or bounds.maximum is None:
        what = "A number needs a lowest and a highest; it has wide ones now."
        reading.remark(entry.row, "constraint", what, "Narrow `min` and `max`.")
    minimum = max(bounds.minimum or 0, 0)
    return {"min": minimum, "max": max(bounds.maximum if bounds.maximum is not None else _LARGEST, minimum)}
