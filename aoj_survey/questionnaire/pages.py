"""Pages of a file: single items, and groups of statements that share a scale."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from .document import Place
from .instrument import Item, Page
from .items import (
    Compilation,
    check_choices,
    check_quotes,
    claim_name,
    compile_condition,
    compile_item,
    find_scale,
    make_item,
)
from .kinds import KINDS, STATEMENT_SECONDS
from .parts import GroupShape, ItemShape, StatementShape
from .shape import read_shape

_STATEMENTS = replace(KINDS["choice"], name="group", choice_keys=frozenset({"dont_know"}))
"""A text beside an answer would break the page of statements."""


def as_list(raw: object) -> list[Any]:
    """Return a list as it is, and an empty one for what is no list: its shape has that problem already."""
    return raw if isinstance(raw, list) else []


def find_codes(entry: object) -> Iterator[str]:
    """Yield the codes of an item or of a group's items, also of those that will not compile."""
    if isinstance(entry, dict):
        if "group" in entry:
            for part in as_list(entry.get("items")):
                yield from find_codes(part)
        elif isinstance(entry.get("code"), str):
            yield entry["code"]


def compile_page(source: Compilation, raw: object, place: Place) -> Page | None:
    """Return the page of an item or a group at a place, or None; faults go to the report."""
    codes = list(find_codes(raw))
    if isinstance(raw, dict) and "group" in raw:
        page = _compile_group(source, raw, place, codes)
    else:
        items = compile_item(source, raw, place, codes)
        page = Page(items[0].code, items) if items else None
    pass_page(source, page, codes)
    return page


def pass_page(source: Compilation, page: Page | None, codes: Collection[str]) -> None:
    """Let a page's items be named in conditions and quotes from here on."""
    source.passed.update(codes)
    del source.later[: len(codes)]
    source.items.update({item.code: item for item in (page.items if page else ())})


def _compile_group(
    source: Compilation, raw: Mapping[str, Any], place: Place, codes: Collection[str]
) -> Page | None:
    group = read_shape(GroupShape, source, raw, place)
    choices = find_scale(source, raw, place)
    check_choices(source, _STATEMENTS, choices, place)
    claim_name(source, raw.get("group"), (*place, "group"))
    items: list[Item] = []
    for index, value in enumerate(as_list(raw.get("items"))):
        where: Place = (*place, "items", index)
        statement = read_shape(StatementShape, source, value, where)
        if isinstance(value, dict):
            ask_if = compile_condition(source, value, where, codes)
            claim_name(source, value.get("code"), (*where, "code"))
            if statement and group:
                values: dict[str, Any] = dict(statement)
                values["seconds"] = statement.seconds or STATEMENT_SECONDS
                shape = ItemShape.model_construct(kind="choice", scale=group.scale, **values)
                items.append(make_item(source, shape, KINDS["choice"], choices, ask_if, where))
                source.places[statement.code] = where
    if group is None:
        return None
    source.places[group.group] = place
    return Page(group.group, tuple(items), group.text, group.hint, check_quotes(source, group, place))
