"""Pages and items of a file: what pydantic cannot see of them alone is checked here.

A part that will not compile is still checked as far as it can be read, so that an author sees every
problem at once.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .conditions import Scope, parse_condition
from .document import Place
from .instrument import Choice, Expression, Item, Page
from .kinds import DONT_KNOW, DONT_KNOW_VALUE, KINDS, STATEMENT_SECONDS, ItemKind
from .shape import MAX_CODE, ChoiceShape, GroupShape, ItemShape, Source, StatementShape, read_shape


@dataclass(slots=True)
class Compilation(Source):
    """A file that is being compiled, with what was compiled of it so far.

    `scales` hold no choices when they are broken; `later` are the codes still to come and `passed` those
    gone by, whether or not their items compiled; `columns` are the names taken in the dataset.
    """

    scales: dict[str, tuple[Choice, ...]] = field(default_factory=dict[str, tuple[Choice, ...]])
    items: dict[str, Item] = field(default_factory=dict[str, Item])
    later: list[str] = field(default_factory=list[str])
    passed: set[str] = field(default_factory=set[str])
    columns: set[str] = field(default_factory=set[str])


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


def compile_choices(source: Source, shapes: Iterable[ChoiceShape], place: Place) -> tuple[Choice, ...]:
    """Return the choices at a place; a code or value given twice goes to the report."""
    seen: dict[str, set[str | int]] = {"code": set(), "value": set()}
    choices: list[Choice] = []
    for index, shape in enumerate(shapes):
        for key, value in (("code", shape.code), ("value", shape.value)):
            if value in seen[key]:
                source.add("duplicate-choice", (*place, index, key), key=key, value=value)
            seen[key].add(value)
        if shape.dont_know != (shape.value == DONT_KNOW_VALUE):
            source.add("dont-know-value", (*place, index, "value"))
        choices.append(Choice(shape.code, shape.value, shape.text, shape.dont_know))
    return tuple(choices)


def compile_page(source: Compilation, raw: object, place: Place) -> Page | None:
    """Return the page of an item or a group at a place, or None; faults go to the report."""
    codes = list(find_codes(raw))
    if isinstance(raw, dict) and "group" in raw:
        page = _compile_group(source, raw, place, codes)
    else:
        item = _compile_single(source, raw, place, codes)
        page = Page(item.code, (item,)) if item else None
    # From here on these items may be named in conditions.
    source.passed.update(codes)
    del source.later[: len(codes)]
    source.items.update({item.code: item for item in (page.items if page else ())})
    return page


def _compile_group(
    source: Compilation, raw: Mapping[str, Any], place: Place, codes: Collection[str]
) -> Page | None:
    group = read_shape(GroupShape, source, raw, place)
    choices = _find_scale(source, raw, place)
    _claim(source, raw.get("group"), (*place, "group"))
    items: list[Item] = []
    for index, value in enumerate(as_list(raw.get("items"))):
        where: Place = (*place, "items", index)
        statement = read_shape(StatementShape, source, value, where)
        if isinstance(value, dict):
            ask_if = _compile_condition(source, value, where, codes)
            _claim(source, value.get("code"), (*where, "code"))
            if statement and group:
                values: dict[str, Any] = dict(statement)
                values["seconds"] = statement.seconds or STATEMENT_SECONDS
                shape = ItemShape.model_construct(kind="choice", scale=group.scale, **values)
                items.append(_make_item(shape, KINDS["choice"], choices, ask_if))
    return Page(group.group, tuple(items), group.text, group.hint) if group else None


def _compile_single(source: Compilation, raw: object, place: Place, codes: Collection[str]) -> Item | None:
    shape = read_shape(ItemShape, source, raw, place)
    if not isinstance(raw, dict):
        return None
    ask_if = _compile_condition(source, raw, place, codes)
    kind = _check_keys(source, raw, place)
    choices = _find_scale(source, raw, place)
    _claim(source, raw.get("code"), (*place, "code"))
    if shape is None or kind is None:
        return None
    if shape.choices is not None:
        choices = compile_choices(source, shape.choices, (*place, "choices"))
    if shape.dont_know is not None:
        choices = (Choice(DONT_KNOW, DONT_KNOW_VALUE, shape.dont_know, dont_know=True),)
    if kind.type == "codes":
        for choice in choices:
            column = f"{shape.code}_{choice.code}"
            _claim(source, column, (*place, "code"))
            if len(column) > MAX_CODE:
                source.add("long-column", (*place, "code"), value=column)
    return _make_item(shape, kind, choices, ask_if)


def _check_keys(source: Source, raw: Mapping[str, Any], place: Place) -> ItemKind | None:
    """Return the kind of an item after checking that its keys belong to it."""
    name = raw.get("kind")
    kind = KINDS.get(name) if isinstance(name, str) else None
    if kind is None:
        if isinstance(name, str):
            source.add("unknown-kind", (*place, "kind"), value=name, known=", ".join(KINDS))
        return None
    given = {key for key, value in raw.items() if value is not None}
    own = given & (ItemShape.model_fields.keys() - StatementShape.model_fields.keys() - {"kind"})
    for key in sorted(own - kind.keys):
        mark = source.document.find_key_mark((*place, key))
        source.report.add("key-not-for-kind", mark, kind=str(name), key=key)
    for key in sorted(kind.needs - given):
        source.add("missing-key", place, key=key)
    if "scale" in kind.keys and len(given & {"scale", "choices"}) != 1:
        source.add("scale-or-choices", place, kind=str(name))
    minimum, maximum = raw.get("min"), raw.get("max")
    if isinstance(minimum, int) and isinstance(maximum, int) and minimum > maximum:
        source.add("min-above-max", (*place, "min"), minimum=minimum, maximum=maximum)
    return kind


def _find_scale(source: Compilation, raw: Mapping[str, Any], place: Place) -> tuple[Choice, ...]:
    """Return the choices of the scale an item or group names; none when it names none that can be read."""
    name = raw.get("scale")
    if not isinstance(name, str):
        return ()
    if name not in source.scales:
        known = ", ".join(source.scales) or "(the file has no scales)"
        source.add("unknown-scale", (*place, "scale"), value=name, known=known)
    return source.scales.get(name, ())


def _make_item(
    shape: ItemShape, kind: ItemKind, choices: tuple[Choice, ...], ask_if: Expression | None
) -> Item:
    return Item(
        code=shape.code,
        kind=shape.kind,
        text=shape.text,
        hint=shape.hint,
        scale=shape.scale,
        choices=choices,
        required=shape.required,
        ask_if=ask_if,
        minimum=kind.bounds[0] if kind.bounds else shape.min,
        maximum=kind.bounds[1] if kind.bounds else shape.max,
        unit=shape.unit,
        max_length=shape.max_length or kind.max_length,
        concept=shape.concept,
        fact=shape.fact,
        sensitive=kind.sensitive if shape.sensitive is None else shape.sensitive,
        seconds=shape.seconds or kind.seconds,
    )


def _claim(source: Compilation, column: object, place: Place) -> None:
    """Take a name in the dataset, where items, groups and the answers of `multiple` items stand side by side."""
    if not isinstance(column, str):
        return
    if column in source.columns:
        source.add("duplicate-code", place, value=column)
    source.columns.add(column)


def _compile_condition(
    source: Compilation, raw: Mapping[str, Any], place: Place, page: Collection[str]
) -> Expression | None:
    """Return the condition of an item; `page` holds the codes it shares its page with, its own among them."""
    condition = raw.get("ask_if")
    if not isinstance(condition, str):
        return None
    scope = Scope(source.items, frozenset(page), frozenset(source.later), frozenset(source.passed))
    expression, faults = parse_condition(condition, scope)
    for fault in faults:
        mark = source.document.find_offset_mark((*place, "ask_if"), condition, fault.offset)
        source.report.add(fault.code, mark, **fault.values)
    return expression
