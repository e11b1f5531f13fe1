"""What an item measures in a dataset, and how that compares with the same item of an earlier one.

The classes are those of `diff_editions`: what decides is what the codebook says, so imported waves count alike. The
scale decides whether columns join; another condition or other words are told in the crosswalk.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

from aoj_survey.questionnaire import Change

from .variables import Text

Described: TypeAlias = Mapping[str, Any]
"""A column as the codebook describes it."""

BOUNDS = ("minimum", "maximum", "earliest", "latest", "unit")
SHOWN = ("text", "hint", "page", "intro")
NAMING = frozenset({"item", "number", "has", "size"})
"""What stands before the code of an item in a condition."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What an item measures: its answers, of whom they are asked, and in which words.

    `scale` holds the kind, all choices, codes and bounds; `base` the condition, and those of the items it looks at, by
    their concepts; `order` the choices as they were offered, and whether one had to
    choose.
    """

    item: str
    concept: str
    scale: str
    base: str
    words: Mapping[str, Text]
    order: tuple[str, ...]


def read_measures(codebook: Mapping[str, Any]) -> dict[str, Measure]:
    """Return what each column of an item measures, by its name; columns of one question share theirs."""
    questions: dict[tuple[object, ...], list[Described]] = defaultdict(list)
    items = [column for column in codebook["columns"] if column.get("item")]
    for column in items:
        questions[column["item"], *column["instruments"]].append(column)
    concepts = {column["item"]: column["concept"] or column["item"] for column in items}
    conditions = _find_conditions(items, concepts)
    return {
        column["name"]: _read_measure(columns, conditions, concepts)
        for columns in questions.values()
        for column in columns
    }


def compare_measures(before: Measure, after: Measure) -> Change:
    """Return the gravest difference between two measures of one item."""
    if before.scale != after.scale:
        return Change.SCALE
    if before.base != after.base:
        return Change.BASE
    alike = before.order == after.order and not _differ(before.words, after.words)
    return Change.IDENTICAL if alike else Change.WORDING


def _read_measure(
    columns: Sequence[Described], conditions: Mapping[str, Sequence[str]], concepts: Mapping[str, str]
) -> Measure:
    first = columns[0]
    concept = concepts[first["item"]]
    scale = {
        "kind": first["kind"],
        "holds": first["holds"],
        "choices": sorted((str(column["choice"]), *_find_ways(column)) for column in columns),
        "values": sorted(
            (value["value"], value["code"], *_find_ways(value)) for value in first.get("values", ())
        ),
        "settings": first.get("settings", {}),
        **{bound: first.get(bound) for bound in BOUNDS},
    }
    return Measure(
        first["item"],
        concept,
        json.dumps(scale, sort_keys=True),
        json.dumps(_find_base(concept, conditions), sort_keys=True),
        _find_words(columns),
        (
            *(str(value["code"]) for value in first.get("values", ())),
            *(str(column["choice"]) for column in columns),
            str(first.get("required", False)),
        ),
    )


def _find_ways(choice: Mapping[str, Any]) -> tuple[bool, bool]:
    return choice.get("exclusive", False), choice.get("other", False)


def _find_conditions(items: Iterable[Described], concepts: Mapping[str, str]) -> dict[str, list[str]]:
    """The conditions of each concept as texts: one, unless questionnaires ask it on several."""
    found: dict[str, set[str]] = defaultdict(set)
    for column in items:
        condition = _rename(column["universe"]["ask_if"], concepts)
        found[concepts[column["item"]]].add(json.dumps(condition))
    return {concept: sorted(texts) for concept, texts in found.items()}


def _rename(part: Any, concepts: Mapping[str, str]) -> Any:
    """A condition with concepts in place of items, as `diff_editions` compares them."""
    if not isinstance(part, (list, tuple)):
        return part
    sign, *sides = cast("Sequence[Any]", part)
    if sign in NAMING:
        return [sign, concepts.get(str(sides[0]), sides[0])]
    return [sign, *(_rename(side, concepts) for side in sides)]


def _find_base(concept: str, conditions: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    found: dict[str, Sequence[str]] = {}
    waiting = [concept]
    while waiting:
        name = waiting.pop()
        if name not in found and name in conditions:
            found[name] = conditions[name]
            waiting += [other for text in conditions[name] for other in _list_names(json.loads(text))]
    return found


def _list_names(part: Any) -> list[str]:
    """The concepts a condition looks at."""
    if not isinstance(part, list):
        return []
    sign, *sides = cast("list[Any]", part)
    return [str(sides[0])] if sign in NAMING else [name for side in sides for name in _list_names(side)]


def _find_words(columns: Sequence[Described]) -> dict[str, Text]:
    first = columns[0]
    words: dict[str, Text] = {f"label {column['choice']}": column["label"] for column in columns}
    words |= {f"value {value['code']}": value["label"] for value in first.get("values", ())}
    shown = next(iter(first.get("shown", ())), {})
    return words | {name: shown[name] for name in SHOWN if shown.get(name)}


def _differ(before: Mapping[str, Text], after: Mapping[str, Text]) -> bool:
    """Whether any text differs in a language that both have; a text that only one has is another wording."""
    if before.keys() != after.keys():
        return True
    return any(
        before[name][language] != after[name][language]
        for name in before
        for language in before[name].keys() & after[name].keys()
    )
