"""What an item measures in a dataset, and how that compares with the same item of an earlier one.

The classes are those of `diff_editions`: what decides is what the codebook says, so imported waves count alike. The
scale decides whether columns join; another condition or other words are told in the crosswalk.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from aoj_survey.questionnaire import Change

from .variables import Text

Described: TypeAlias = Mapping[str, Any]
"""A column as the codebook describes it."""

BOUNDS = ("minimum", "maximum", "earliest", "latest", "unit")
SHOWN = ("text", "hint", "page", "intro")


@dataclass(frozen=True, slots=True)
class Measure:
    """What an item measures: its answers, of whom they are asked, and in which words.

    `scale` holds the kind, all choices, codes and bounds; `base` the condition, and those of the items it looks at.
    """

    item: str
    concept: str
    scale: str
    base: str
    words: Mapping[str, Text]


def read_measures(codebook: Mapping[str, Any]) -> dict[str, Measure]:
    """Return what each column of an item measures, by its name; columns of one question share theirs."""
    questions: dict[tuple[object, ...], list[Described]] = defaultdict(list)
    for column in codebook["columns"]:
        if column.get("item"):
            questions[column["item"], *column["instruments"]].append(column)
    conditions = _find_conditions(codebook["columns"])
    return {
        column["name"]: _read_measure(columns, conditions)
        for columns in questions.values()
        for column in columns
    }


def compare_measures(before: Measure, after: Measure) -> Change:
    """Return the gravest difference between two measures of one item."""
    if before.scale != after.scale:
        return Change.SCALE
    if before.base != after.base:
        return Change.BASE
    return Change.WORDING if _differ(before.words, after.words) else Change.IDENTICAL


def _read_measure(columns: Sequence[Described], conditions: Mapping[str, Sequence[str]]) -> Measure:
    first = columns[0]
    scale = {
        "kind": first["kind"],
        "holds": first["holds"],
        "choices": sorted(str(column["choice"]) for column in columns),
        "values": sorted((value["value"], value["code"]) for value in first.get("values", ())),
        **{bound: first.get(bound) for bound in BOUNDS},
    }
    return Measure(
        first["item"],
        first["concept"] or first["item"],
        json.dumps(scale, sort_keys=True),
        json.dumps(_find_base(first["item"], conditions), sort_keys=True),
        _find_words(columns),
    )


def _find_conditions(columns: Iterable[Described]) -> dict[str, list[str]]:
    """The conditions of each item as texts: one, unless questionnaires ask it on several."""
    found: dict[str, set[str]] = defaultdict(set)
    for column in columns:
        if column.get("item"):
            found[column["item"]].add(json.dumps(column["universe"]["ask_if"]))
    return {item: sorted(texts) for item, texts in found.items()}


def _find_base(item: str, conditions: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    found: dict[str, Sequence[str]] = {}
    waiting = [item]
    while waiting:
        name = waiting.pop()
        if name not in found and name in conditions:
            found[name] = conditions[name]
            waiting += [other for text in conditions[name] for other in _list_items(json.loads(text))]
    return found


def _list_items(part: object) -> list[str]:
    """The codes of the items a condition looks at; those of other words in it are no items."""
    if isinstance(part, list):
        return [code for inner in part for code in _list_items(inner)]  # pyright: ignore[reportUnknownVariableType]
    return [part] if isinstance(part, str) else []


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
