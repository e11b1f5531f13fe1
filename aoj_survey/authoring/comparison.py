"""Two editions beside each other, with the texts that differ."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from aoj_survey.questionnaire import (
    Change,
    Instrument,
    Item,
    ItemChange,
    Page,
    Text,
    diff_editions,
    universe,
)


@dataclass(frozen=True, slots=True)
class Difference:
    """A part of an item as it was and as it is, in one language; empty where it was not or is not there."""

    part: str
    language: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ItemComparison:
    """An item in two editions: its codes, the name of its gravest change and of all, and what differs.

    `meaning` says what the change means for trends.
    """

    before: str | None
    after: str | None
    change: str
    changes: tuple[str, ...]
    meaning: str
    differences: tuple[Difference, ...]


def compare_editions(before: Instrument, after: Instrument, language: str = "") -> tuple[ItemComparison, ...]:
    """Return what became of each item, as `diff_editions` classes it, with what differs in its texts.

    Texts are compared in one language or, without one, in every language both editions have. The meaning is
    in Dutch where that is asked for, else in English.
    """
    shared = [code for code in after.languages if code in before.languages]
    languages = [language] if language else shared
    sides = _Sides(before, after, _find_places(before), _find_places(after))
    return tuple(
        ItemComparison(
            item.before,
            item.after,
            item.change.name.lower(),
            tuple(change.name.lower() for change in item.changes),
            item.meaning["nl" if language == "nl" else "en"],
            tuple(_list_differences(sides, item, languages)),
        )
        for item in diff_editions(before, after)
    )


@dataclass(frozen=True, slots=True)
class _Sides:
    """Two editions with their items and pages by code."""

    before: Instrument
    after: Instrument
    old: Mapping[str, tuple[Item, Page]]
    new: Mapping[str, tuple[Item, Page]]


def _find_places(instrument: Instrument) -> dict[str, tuple[Item, Page]]:
    return {item.code: (item, page) for page in instrument.pages for item in page.items}


def _list_differences(sides: _Sides, item: ItemChange, languages: list[str]) -> Iterator[Difference]:
    if item.before is None or item.after is None or not item.changes:
        return
    old, new = sides.old[item.before], sides.new[item.after]
    for language in languages:
        was, now = _list_texts(*old, language), _list_texts(*new, language)
        if Change.BASE in item.changes:
            was["asked of"] = universe(sides.before, old[0], language)
            now["asked of"] = universe(sides.after, new[0], language)
        yield from _compare(was, now, language)
    yield from _compare(_list_settings(old[0]), _list_settings(new[0]), "")


def _compare(old: Mapping[str, str], new: Mapping[str, str], language: str) -> Iterator[Difference]:
    for part in dict.fromkeys((*new, *old)):
        was, now = old.get(part, ""), new.get(part, "")
        if was != now:
            yield Difference(part, language, was, now)


def _list_texts(item: Item, page: Page, language: str) -> dict[str, str]:
    texts: dict[str, Text | None] = {
        "group": page.text,
        "hint of the group": page.hint,
        "text": item.text,
        "hint": item.hint,
        "unit": item.unit,
    }
    answers: dict[str, Text] = {f"answer {choice.code}": choice.text for choice in item.choices}
    return {part: text[language] for part, text in (texts | answers).items() if text and language in text}


def _list_settings(item: Item) -> dict[str, str]:
    """What differs whatever the language."""
    settings: dict[str, object] = {
        "kind": item.kind,
        "lowest": item.earliest if item.minimum is None else item.minimum,
        "highest": item.latest if item.maximum is None else item.maximum,
        "characters": item.max_length,
        "ranked": item.first,
        "answers": ", ".join(f"{choice.code} ({choice.value})" for choice in item.choices),
        "required": "yes" if item.required else None,
    }
    return {part: str(value) for part, value in settings.items() if value is not None}
