"""What somebody may be asked at most: the path with every page that some answers of theirs would open."""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from aoj_survey.questionnaire import (
    KINDS,
    Budget,
    Context,
    Expression,
    Instrument,
    Item,
    ItemKind,
    Theme,
    can_hold,
)

from .path import Path
from .plan import Same

TRIALS = 2000
"""Trials one condition may cost; a condition that needs more counts as possible."""


def widest_path(instrument: Instrument, context: Context, kinds: Mapping[str, ItemKind] = KINDS) -> Path:
    """Return every theme, page and item that a respondent may be asked, texts as they were written.

    It holds every path of theirs, but need not be one: of two pages that exclude each other it has both.
    """
    return _find_widest(Same(instrument), context, Same(kinds))


@lru_cache(maxsize=64)
def _find_widest(key: Same[Instrument], context: Context, kinds: Same[Mapping[str, ItemKind]]) -> Path:
    instrument = key.thing
    known = {"region": instrument.region, **context.names()}
    items = {
        item.code: replace(item, ask_if=_settle(item.ask_if, known)) if item.ask_if else item
        for item in instrument.items()
    }
    asked = {item.code for item in items.values() if _may_be_asked(item, items, context, kinds.thing)}
    themes = tuple(theme for theme in (_keep(theme, asked) for theme in instrument.themes) if theme.pages)
    return Path(themes, tuple(page for theme in themes for page in theme.pages))


def _may_be_asked(
    item: Item, items: Mapping[str, Item], context: Context, kinds: Mapping[str, ItemKind]
) -> bool:
    """Whether some answers open an item; a text beside a choice is asked with the question it belongs to."""
    owner = items[item.beside[0]] if item.beside else item
    if owner.ask_if is None:
        return True
    roles = (context.role,) if context.role else ()
    return can_hold(owner.ask_if, items, roles, kinds, Budget(TRIALS))


def _settle(condition: Expression, known: Mapping[str, str]) -> Expression:
    """A condition with what is known of the respondent filled in."""

    def settle(part: Any) -> Any:
        if not isinstance(part, tuple):
            return part
        if part[0] == "context" and part[1] in known:
            return known[part[1]]
        return tuple(settle(inner) for inner in part)

    return settle(condition)


def _keep(theme: Theme, asked: set[str]) -> Theme:
    """A theme with only its items that may be asked."""
    pages = (replace(page, items=tuple(i for i in page.items if i.code in asked)) for page in theme.pages)
    return replace(theme, pages=tuple(page for page in pages if page.items))
