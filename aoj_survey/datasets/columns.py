"""Columns of a wave dataset: names, codes and labels, planned from the instruments of the wave.

Codes: `statistics`, *Data handed to analysts*. What a kind of question fills stands in the table of kinds.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from aoj_survey.disclosure import may_be_asked
from aoj_survey.errors import DisclosureError
from aoj_survey.questionnaire import (
    KINDS,
    ROLES,
    Choice,
    ColumnPlan,
    Instrument,
    Item,
    ItemKind,
    Text,
    find_context,
    label_text,
)

from .universes import tell_universe

Cell: TypeAlias = int | float | str

DONT_KNOW_NUMBER = -4
NOT_ASKED = -5
PROTECTED = -6
NOT_ROUTED = -7
SKIPPED = -8

MISSING: Mapping[int, Text] = {
    NOT_ASKED: {"nl": "niet gevraagd aan deze functie", "en": "not asked of this role"},
    PROTECTED: {"nl": "beveiligd", "en": "protected"},
    NOT_ROUTED: {
        "nl": "niet van toepassing door een eerder antwoord",
        "en": "not routed by an earlier answer",
    },
    SKIPPED: {"nl": "overgeslagen", "en": "skipped"},
}
CHOSEN = (
    Choice("not_chosen", 0, {"nl": "niet gekozen", "en": "not chosen"}),
    Choice("chosen", 1, {"nl": "gekozen", "en": "chosen"}),
)
NOT_RANKED = Choice("not_ranked", 0, {"nl": "niet gerangschikt", "en": "not ranked"})
MAX_NAME = 32
WITHOUT_CODE_TO_SPARE = frozenset({"number", "date", "month"})
"""What a column holds when every value could be an answer, so that "don't know" is among the missing codes."""

_NAME = re.compile("[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: what it is called, what it holds and what its codes mean.

    `holds` is `text`, `integer` or `decimal` for the columns of the design; `code`, `number`, `chosen`, `rank`,
    `date` (20260531) or `month` (202605) for those of an item, always whole numbers. `kind` is that of the
    item, `roles` are those who are asked it. `choice` is set where each choice of an item has a column.
    A `quasi_identifier` could be known of a person from elsewhere.
    """

    name: str
    holds: str
    label: Text
    values: tuple[Choice, ...] = ()
    missing: Mapping[int, Text] | None = None
    kind: str | None = None
    item: str | None = None
    choice: str | None = None
    roles: tuple[str, ...] = ()
    sensitive: bool = False
    quasi_identifier: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """An item with the columns it fills, and who is asked it.

    `instruments` are the digests of those that ask it, `roles` the roles that answer one of these and could
    come to it. `universe` says in words who was asked: these roles, and the condition. `theme` is its section, `region` set
    when a region added it. `item` is sensitive, or a quasi-identifier, when one of this code is in any of the instruments.
    """

    item: Item
    columns: tuple[Column, ...]
    instruments: tuple[str, ...]
    roles: tuple[str, ...]
    unit: Text | None
    universe: Text
    theme: str
    region: str | None


@dataclass(frozen=True, slots=True)
class _Asking:
    """An instrument that asks an item, with its digest and the theme."""

    digest: str
    instrument: Instrument
    theme: str
    item: Item


DESIGN_NAMES: tuple[str, ...] = (
    *("wave", "region", "stratum", "pop_n", "w_region", "w_all"),
    *("area", "municipality", "swv", "swv_sector"),
)
"""The columns that come first, planned in `design` and `places`; no item's column has one of these names."""


def plan_questions(
    instruments: Mapping[str, Instrument],
    role_instruments: Mapping[str, str],
    kinds: Mapping[str, ItemKind] = KINDS,
) -> tuple[Question, ...]:
    """Return the items of a wave that fill columns, in the order of questionnaires and items.

    An item that several instruments ask in the same way (code, kind, texts as shown, choices, bounds,
    condition) is one question. The same code asked in another way gets columns of its own, `code_2`: never
    silently joined. Open text and explanations have no column.

    Raises:
        DisclosureError: a kind of a module that is not installed, or that gives columns no program can read.
    """
    order = [role_instruments[role] for role in ROLES if role in role_instruments]
    found: dict[tuple[object, ...], list[_Asking]] = {}
    for digest in dict.fromkeys(order):
        for asking in _list_asking(digest, instruments[digest]):
            if _find_kind(asking, kinds).columns(asking.item):
                found.setdefault(_definition(asking), []).append(asking)
    taken: set[str] = set(DESIGN_NAMES)
    flagged = [
        asking.item for digest in dict.fromkeys(order) for asking in _list_asking(digest, instruments[digest])
    ]
    return tuple(
        _place(asking, kinds[asking[0].item.kind], role_instruments, taken, flagged)
        for asking in found.values()
    )


def _list_asking(digest: str, instrument: Instrument) -> list[_Asking]:
    return [
        _Asking(digest, instrument, theme.code, item)
        for theme in instrument.themes
        for page in theme.pages
        for item in page.items
    ]


def _find_kind(asking: _Asking, kinds: Mapping[str, ItemKind]) -> ItemKind:
    kind = kinds.get(asking.item.kind)
    if kind is None:
        modules = ", ".join(asking.instrument.modules) or "none is named"
        message = (
            f"The question {asking.item.code!r} is of the kind {asking.item.kind!r}, which is not known here. It "
            f"came from a region module ({modules}); install that version again to read its answers."
        )
        raise DisclosureError(message)
    return kind


def _definition(asking: _Asking) -> tuple[object, ...]:
    item = asking.item
    texts = [_show(asking.instrument, text) for text in (item.text, item.unit or {})]
    choices = tuple(
        (
            *(choice.code, choice.value, choice.dont_know, choice.exclusive, bool(choice.other)),
            tuple(sorted(_show(asking.instrument, choice.text).items())),
        )
        for choice in item.choices
    )
    bounds = (item.minimum, item.maximum, item.first, item.earliest, item.latest, item.settings)
    shown = [tuple(sorted(text.items())) for text in texts]
    return (item.code, item.kind, *shown, choices, *bounds, item.ask_if)


def _show(instrument: Instrument, text: Text) -> Text:
    """A text as it labels a column: no Markdown, the region's words, quoted answers as a blank."""
    return {language: label_text(instrument, text, language) for language in text}


def _place(
    asking: Sequence[_Asking],
    kind: ItemKind,
    role_instruments: Mapping[str, str],
    taken: set[str],
    items: Sequence[Item],
) -> Question:
    first = asking[0]
    alike = [one for one in items if one.code == first.item.code]
    item = replace(
        first.item,
        sensitive=any(one.sensitive for one in alike),
        quasi_identifier=any(one.quasi_identifier for one in alike),
    )
    roles = _find_roles(asking, role_instruments)
    return Question(
        item,
        tuple(_column(first.instrument, item, plan, roles, taken) for plan in kind.columns(item)),
        tuple(one.digest for one in asking),
        roles,
        _show(first.instrument, item.unit) if item.unit else None,
        tell_universe(first.instrument, item, roles, role_instruments.keys()),
        first.theme,
        _find_region(first),
    )


def _find_roles(asking: Sequence[_Asking], role_instruments: Mapping[str, str]) -> tuple[str, ...]:
    regions = {one.digest: one.instrument.region for one in asking}
    return tuple(
        role
        for role in ROLES
        if (digest := role_instruments.get(role)) in regions
        and may_be_asked(asking[0].item, find_context(role, regions[str(digest)]))
    )


def _find_region(asking: _Asking) -> str | None:
    """The region, when its overlay added the item: only the codes of such items start with its name."""
    region = asking.instrument.region
    return region if asking.item.code.startswith(f"{region.replace('-', '_')}_") else None


def _column(
    instrument: Instrument, item: Item, plan: ColumnPlan, roles: tuple[str, ...], taken: set[str]
) -> Column:
    if not _NAME.fullmatch(plan.name):
        message = (
            f"The kind {item.kind!r} calls a column {plan.name!r}; use small letters, digits and _. "
            "Mend the module that brought it."
        )
        raise DisclosureError(message)
    name = _free_name(plan.name, taken)
    taken.add(name)
    shown = [replace(choice, text=_show(instrument, choice.text)) for choice in item.choices]
    return Column(
        name,
        plan.holds,
        _label(instrument, item, plan),
        _values(plan, shown),
        dict(MISSING) | _extra_missing(plan, shown),
        item.kind,
        item.code,
        plan.choice.code if plan.choice else None,
        roles,
        item.sensitive,
        item.quasi_identifier,
    )


def _values(plan: ColumnPlan, choices: Sequence[Choice]) -> tuple[Choice, ...]:
    if plan.holds == "chosen":
        return CHOSEN
    if plan.holds == "rank":
        return (NOT_RANKED,)
    return tuple(choices) if plan.holds == "code" else ()


def _label(instrument: Instrument, item: Item, plan: ColumnPlan) -> Text:
    text = _show(instrument, item.text)
    if plan.choice is None:
        return text
    choice = _show(instrument, plan.choice.text)
    return {key: f"{words}: {choice.get(key, plan.choice.code)}" for key, words in text.items()}


def _extra_missing(plan: ColumnPlan, choices: Sequence[Choice]) -> dict[int, Text]:
    texts = [choice.text for choice in choices if choice.dont_know]
    return {DONT_KNOW_NUMBER: texts[0]} if plan.holds in WITHOUT_CODE_TO_SPARE and texts else {}


def _free_name(name: str, taken: set[str]) -> str:
    """The name cut to its length, or with the first number that makes it unique."""
    short = name[:MAX_NAME].rstrip("_")
    number = 1
    while short in taken:
        number += 1
        ending = f"_{number}"
        short = name[: MAX_NAME - len(ending)].rstrip("_") + ending
    return short
