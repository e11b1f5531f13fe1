"""Items of a file: what pydantic cannot see of them alone is checked here.

A part that will not compile is still checked as far as it can be read, so that an author sees every
problem at once.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .conditions import Scope, parse_condition
from .dates import read_day, read_month
from .document import Place
from .instrument import Choice, Expression, Item, Setting
from .kinds import DONT_KNOW, DONT_KNOW_VALUE, KINDS, OTHER_LENGTH, ItemKind
from .own_words import check_own_words
from .parts import ChoiceShape, ItemShape, StatementShape
from .quotes import WORD, find_quotes
from .reach import Budget, can_hold
from .reserved import RESERVED
from .roles import find_context
from .shape import MAX_CODE, Source, read_shape


@dataclass(slots=True)
class Compilation(Source):
    """A file that is being compiled, with what was compiled so far of it and of what it adds to.

    `scales` hold no choices when they are broken; `later` are the codes still to come and `passed` those
    gone by, whether or not their items compiled; `columns` are the names taken in the dataset; `places` tells
    where each item and group stands in the file.
    """

    kinds: Mapping[str, ItemKind] = field(default_factory=lambda: KINDS)
    roles: tuple[str, ...] = ()
    words: Collection[str] = ()
    scales: dict[str, tuple[Choice, ...]] = field(default_factory=dict[str, tuple[Choice, ...]])
    items: dict[str, Item] = field(default_factory=dict[str, Item])
    later: list[str] = field(default_factory=list[str])
    passed: set[str] = field(default_factory=set[str])
    columns: set[str] = field(default_factory=set[str])
    budget: Budget = field(default_factory=Budget)
    places: dict[str, Place] = field(default_factory=dict[str, Place])

    def scope(self, page: Collection[str]) -> Scope:
        """Return what a condition may name on a page that holds these codes."""
        known = [find_context(role, "") for role in self.roles]
        context = {
            "role": frozenset(self.roles),
            "group": frozenset(found.group for found in known if found.group),
            "sector": frozenset(found.sector for found in known if found.sector),
            "region": None,
        }
        return Scope(
            self.items, context, self.kinds, frozenset(page), frozenset(self.later), frozenset(self.passed)
        )


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
        if shape.max_length and not shape.other:
            source.add("length-without-other", (*place, index, "max_length"))
        other = (shape.max_length or OTHER_LENGTH) if shape.other else 0
        choices.append(Choice(shape.code, shape.value, shape.text, shape.dont_know, shape.exclusive, other))
    return tuple(choices)


def compile_item(source: Compilation, raw: object, place: Place, page: Collection[str]) -> tuple[Item, ...]:
    """Return the item at a place with the texts beside its choices, or nothing; faults go to the report."""
    own = _read_settings(source, raw)
    known = {key: value for key, value in raw.items() if key not in own} if isinstance(raw, dict) else raw
    shape = read_shape(ItemShape, source, known, place, ChoiceShape)
    if not isinstance(raw, dict):
        return ()
    ask_if = compile_condition(source, raw, place, page)
    kind = _check_keys(source, raw, place)
    choices = find_scale(source, raw, place)
    claim_name(source, raw.get("code"), (*place, "code"))
    if shape is None or kind is None:
        return ()
    if shape.choices is not None:
        choices = compile_choices(source, shape.choices, (*place, "choices"))
    if shape.dont_know is not None:
        choices = (Choice(DONT_KNOW, DONT_KNOW_VALUE, shape.dont_know, dont_know=True),)
    check_choices(source, kind, choices, place)
    if shape.first and choices and shape.first > len(choices):
        reason = f"there are {len(choices)} answers"
        source.add("out-of-range", (*place, "first"), key="first", reason=reason)
    item = make_item(source, shape, kind, choices, ask_if, place, own)
    source.places[item.code] = place
    if fault := check_own_words(item, kind):
        source.add(fault, (*place, "kind"), kind=kind.name)
    for column in kind.columns(item):
        if column.choice:
            _claim_derived(source, column.name, (*place, "code"))
    return (item, *_compile_others(source, item, place))


def make_item(
    source: Compilation,
    shape: ItemShape,
    kind: ItemKind,
    choices: tuple[Choice, ...],
    ask_if: Expression | None,
    place: Place,
    settings: Mapping[str, Setting] | None = None,
) -> Item:
    """Return the item of a shape, with what its kind gives it; its quotes are checked."""
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
        quasi_identifier=shape.quasi_identifier,
        source=shape.source,
        first=shape.first,
        earliest=shape.earliest,
        latest=shape.latest,
        quotes=check_quotes(source, shape, place),
        settings=tuple(sorted((settings or {}).items())),
    )


def find_scale(source: Compilation, raw: Mapping[str, Any], place: Place) -> tuple[Choice, ...]:
    """Return the choices of the scale an item or group names; none when it names none that can be read."""
    name = raw.get("scale")
    if not isinstance(name, str):
        return ()
    if name not in source.scales:
        known = ", ".join(source.scales) or "(the file has no scales)"
        source.add("unknown-scale", (*place, "scale"), value=name, known=known)
    return source.scales.get(name, ())


def check_choices(source: Source, kind: ItemKind, choices: Sequence[Choice], place: Place) -> None:
    """Report choices that do not fit a kind, once for each key."""
    given = {
        "dont_know": any(choice.dont_know for choice in choices),
        "exclusive": any(choice.exclusive for choice in choices),
        "other": any(choice.other for choice in choices),
    }
    for key, there in given.items():
        if there and key not in kind.choice_keys:
            source.add("choice-not-for-kind", place, key=key, kind=kind.name)


def check_quotes(source: Compilation, shape: Any, place: Place) -> tuple[str, ...]:
    """Return the references in the text and hint of an item or group; wrong ones go to the report."""
    for key, text in (("text", shape.text), ("hint", shape.hint)):
        for language, part in (text or {}).items():
            for name in find_quotes({language: part}):
                _check_quote(source, name, (*place, key, language))
    return find_quotes(shape.text, shape.hint)


def claim_name(source: Compilation, column: object, place: Place) -> None:
    """Take a name in the dataset, where items, groups and the answers of an item stand side by side."""
    if not isinstance(column, str):
        return
    if column in source.columns:
        source.add("duplicate-code", place, value=column)
    source.columns.add(column)


def compile_condition(
    source: Compilation, raw: Mapping[str, Any], place: Place, page: Collection[str]
) -> Expression | None:
    """Return the condition of an item; `page` holds the codes it shares its page with, its own among them."""
    condition = raw.get("ask_if")
    if not isinstance(condition, str):
        return None
    where: Place = (*place, "ask_if")
    expression, faults = parse_condition(condition, source.scope(page))
    for fault in faults:
        mark = source.document.find_offset_mark(where, condition, fault.offset)
        source.report.add(fault.code, mark, **fault.values)
    if expression and not can_hold(expression, source.items, source.roles, source.kinds, source.budget):
        source.add("condition-never", where)
    return expression


def _read_settings(source: Compilation, raw: object) -> dict[str, Setting]:
    """The keys of an item that only its kind, from a module, knows."""
    if not isinstance(raw, dict) or not isinstance(raw.get("kind"), str):
        return {}
    kind = source.kinds.get(raw["kind"])
    own = (kind.keys if kind else frozenset[str]()) - ItemShape.model_fields.keys()
    return {key: value for key, value in raw.items() if key in own and isinstance(value, (str, int, bool))}


def _check_keys(source: Compilation, raw: Mapping[str, Any], place: Place) -> ItemKind | None:
    """Return the kind of an item after checking that its keys belong to it."""
    name = raw.get("kind")
    kind = source.kinds.get(name) if isinstance(name, str) else None
    if kind is None:
        if isinstance(name, str):
            source.add("unknown-kind", (*place, "kind"), value=name, known=", ".join(source.kinds))
        return None
    given = {key for key, value in raw.items() if value is not None}
    own = given & (ItemShape.model_fields.keys() - StatementShape.model_fields.keys() - {"kind"})
    if kind.type == "none":
        own |= given & {"required"}
    for key in sorted(own - kind.keys):
        mark = source.document.find_key_mark((*place, key))
        source.report.add("key-not-for-kind", mark, kind=kind.name, key=key)
    for key in sorted(kind.needs - given):
        source.add("missing-key", place, key=key)
    if "scale" in kind.keys and len(given & {"scale", "choices"}) != 1:
        source.add("scale-or-choices", place, kind=kind.name)
    _check_bounds(source, raw, kind, place)
    return kind


def _check_bounds(source: Source, raw: Mapping[str, Any], kind: ItemKind, place: Place) -> None:
    minimum, maximum = raw.get("min"), raw.get("max")
    if isinstance(minimum, int) and isinstance(maximum, int) and minimum > maximum:
        source.add("min-above-max", (*place, "min"), minimum=minimum, maximum=maximum)
    if kind.type not in ("date", "month"):
        return
    read, example = (read_day, "2026-05-31") if kind.type == "date" else (read_month, "2026-05")
    bounds: list[int] = []
    for key in ("earliest", "latest"):
        if isinstance(written := raw.get(key), str):
            if (number := read(written)) is None:
                source.add("bad-date", (*place, key), value=written, example=example)
            else:
                bounds.append(number)
    if bounds != sorted(bounds):
        source.add("earliest-after-latest", (*place, "earliest"))


def _compile_others(source: Compilation, item: Item, place: Place) -> tuple[Item, ...]:
    """The open texts beside choices ("anders, namelijk").

    They are items of their own, so that every protection of open text holds for them.
    """
    found: list[Item] = []
    for choice in item.choices:
        if choice.other:
            code = f"{item.code}_{choice.code}_tekst"
            _claim_derived(source, code, (*place, "code"))
            beside = (item.code, choice.code)
            found.append(Item(code, "open", choice.text, max_length=choice.other, seconds=10, beside=beside))
    return tuple(found)


def _claim_derived(source: Compilation, column: str, place: Place) -> None:
    claim_name(source, column, place)
    if column in RESERVED:
        source.add("reserved-code", place, value=column)
    if len(column) > MAX_CODE:
        source.add("long-column", place, value=column)


def _check_quote(source: Compilation, name: str, place: Place) -> None:
    if name.startswith(WORD):
        if name.removeprefix(WORD) not in source.words:
            known = ", ".join(source.words) or "(the file has no words)"
            source.add("unknown-word", place, value=name.removeprefix(WORD), known=known)
    elif name in source.items:
        if not source.kinds[source.items[name].kind].quotable:
            source.add("quote-not-for-kind", place, value=name, kind=source.items[name].kind)
    elif name not in source.passed:
        source.add("unknown-quote", place, value=name)
