"""Answers in words, and texts with the answers and words they quote."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import TypeAlias

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton

from aoj_survey.questionnaire import (
    WORD,
    Answers,
    Instrument,
    Item,
    Page,
    Text,
    Value,
    fill_text,
    say,
    show_plain,
)

from .plan import plan_walk

_MARKS = re.compile(r"[\\*_\[\]{}]")
_LOCALES = {"en": "en_GB"}
"""Where a language has several ways to write dates, the one of this region of the world."""

Quoted: TypeAlias = Callable[[str], Text | None]
"""Gives what a reference in a text stands for, or None when there is no such answer."""


def show_answer(
    item: Item, value: Value | None, language: str, beside: Mapping[str, str] | None = None
) -> str | None:
    """Return an answer in plain words: the texts of choices, a number with its unit, an open text as it is.

    `beside` holds what was written beside choices, by the code of the choice.
    """
    if value is None:
        return None
    if isinstance(value, int):
        return f"{value} {show_plain(say(item.unit, language))}" if item.unit else str(value)
    if item.earliest and isinstance(value, str):
        return _show_date(value, language)
    texts = {choice.code: show_plain(say(choice.text, language)) for choice in item.choices}
    texts |= {code: f"{texts[code]}: {text}" for code, text in (beside or {}).items() if code in texts}
    return ", ".join(texts[code] for code in value) if isinstance(value, tuple) else texts.get(value, value)


def find_quoted(instrument: Instrument, answers: Answers) -> Quoted:
    """Return what gives the words for references, with these answers; "don't know" counts as no answer."""
    plan = plan_walk(instrument)

    def find(name: str) -> Text | None:
        if name.startswith(WORD):
            return plan.words.get(name.removeprefix(WORD))
        value = answers.get(name)
        item = plan.items.get(name)
        if item is None or value is None or _is_dont_know(item, value):
            return None
        return {
            language: _take_marks_away(show_answer(item, value, language) or "")
            for language in instrument.languages
        }

    return find


def fill_page(page: Page, find: Quoted) -> Page:
    """Return a page with the references in its texts replaced."""
    items = tuple(_fill_item(item, find) if item.quotes else item for item in page.items)
    if not page.quotes:
        return replace(page, items=items)
    return replace(page, items=items, text=_fill(page.text, find), hint=_fill(page.hint, find))


def _fill_item(item: Item, find: Quoted) -> Item:
    return replace(item, text=fill_text(item.text, find), hint=_fill(item.hint, find))


def _fill(text: Text | None, find: Quoted) -> Text | None:
    return fill_text(text, find) if text else None


def _is_dont_know(item: Item, value: Value) -> bool:
    chosen = value if isinstance(value, tuple) else (value,)
    return any(choice.dont_know and choice.code in chosen for choice in item.choices)


def _take_marks_away(answer: str) -> str:
    """An answer in words, to stand in a text that is read as Markdown."""
    return _MARKS.sub(r"\\\g<0>", answer)


def _show_date(value: str, language: str) -> str:
    """A day or a month in words, in the first language of Babel's that fits."""
    try:
        locale = Locale.parse(_LOCALES.get(language, language))
    except UnknownLocaleError:
        return value
    if value.count("-") > 1:
        return format_date(date.fromisoformat(value), "long", locale=locale)
    return format_skeleton("yMMMM", date.fromisoformat(f"{value}-01"), locale=locale)
