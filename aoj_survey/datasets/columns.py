"""Columns of a wave dataset: names, codes and labels, planned from the instruments of the wave.

Codes: `statistics`, *Data handed to analysts*.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from aoj_survey.disclosure import CaptureClass, class_label
from aoj_survey.questionnaire import ROLES, Choice, Expression, Instrument, Item, Text

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
MAX_NAME = 32


@dataclass(frozen=True, slots=True)
class Column:
    """A column: what it is called, what its codes mean, and who was asked.

    `kind` is `text`, `integer` or `decimal` for the columns of the design, else that of the item. `roles` and
    `ask_if` are the universe. `choice` is set on the 0/1 columns of an item with more answers possible.
    """

    name: str
    kind: str
    label: Text
    values: tuple[Choice, ...] = ()
    missing: Mapping[int, Text] | None = None
    item: str | None = None
    choice: str | None = None
    concept: str | None = None
    unit: Text | None = None
    minimum: int | None = None
    maximum: int | None = None
    sensitive: bool = False
    roles: tuple[str, ...] = ()
    ask_if: Expression | None = None
    instruments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """An item with the columns it fills and the digests of the instruments that ask it."""

    item: Item
    columns: tuple[Column, ...]
    instruments: frozenset[str]


def plan_design(strata: Sequence[CaptureClass]) -> tuple[Column, ...]:
    """Return the columns that come first: where a row belongs and what it weighs.

    `stratum` is coded from 1 in the order given; `w_region` and `w_all` are N/n of the stratum.
    """
    codes = tuple(
        Choice(item.code, number, class_label(item.code, item.roles))
        for number, item in enumerate(strata, start=1)
    )
    return (
        Column("wave", "text", {"nl": "meting", "en": "wave"}),
        Column("region", "text", {"nl": "regio", "en": "region"}),
        Column("stratum", "integer", {"nl": "groep van functies", "en": "class of roles"}, codes),
        Column("pop_n", "integer", {"nl": "uitgenodigd in het stratum", "en": "invited in the stratum"}),
        Column("w_region", "decimal", {"nl": "gewicht binnen de regio", "en": "weight within the region"}),
        Column("w_all", "decimal", {"nl": "gewicht over alle regio's", "en": "weight over all regions"}),
    )


DESIGN_NAMES = tuple(column.name for column in plan_design(()))


def plan_questions(
    instruments: Mapping[str, Instrument], role_instruments: Mapping[str, str]
) -> tuple[Question, ...]:
    """Return the items of a wave with their columns, in the order of questionnaires and items.

    An item that several instruments ask in the same way (code, kind, texts, choices, bounds, condition) is
    one question. The same code asked in another way gets columns of its own, `code_2`: never silently joined.
    Open text has no column.
    """
    order = [role_instruments[role] for role in ROLES if role in role_instruments]
    found: dict[tuple[object, ...], tuple[Item, list[str]]] = {}
    for digest in dict.fromkeys(order):
        for item in instruments[digest].items():
            if item.kind != "open":
                found.setdefault(_definition(item), (item, []))[1].append(digest)
    taken = set(DESIGN_NAMES)
    return tuple(_place(item, digests, role_instruments, taken) for item, digests in found.values())


def _definition(item: Item) -> tuple[object, ...]:
    texts = [tuple(sorted(text.items())) for text in (item.text, item.unit or {})]
    choices = tuple(
        (choice.code, choice.value, choice.dont_know, tuple(sorted(choice.text.items())))
        for choice in item.choices
    )
    return (item.code, item.kind, *texts, choices, item.minimum, item.maximum, item.ask_if)


def _place(
    item: Item, digests: Sequence[str], role_instruments: Mapping[str, str], taken: set[str]
) -> Question:
    roles = tuple(role for role in ROLES if role_instruments.get(role) in digests)
    parts: Sequence[Choice | None] = item.choices if item.kind == "multiple" else (None,)
    columns = tuple(_column(item, choice, digests, roles, taken) for choice in parts)
    return Question(item, columns, frozenset(digests))


def _column(
    item: Item, choice: Choice | None, digests: Sequence[str], roles: tuple[str, ...], taken: set[str]
) -> Column:
    name = _free_name(f"{item.code}_{choice.code}" if choice else item.code, taken)
    taken.add(name)
    label = (
        {key: f"{text}: {choice.text.get(key, choice.code)}" for key, text in item.text.items()}
        if choice
        else item.text
    )
    return Column(
        name,
        item.kind,
        label,
        CHOSEN if choice else _values(item),
        dict(MISSING) | _number_missing(item),
        item.code,
        choice.code if choice else None,
        item.concept,
        item.unit,
        item.minimum,
        item.maximum,
        item.sensitive,
        roles,
        item.ask_if,
        tuple(digests),
    )


def _values(item: Item) -> tuple[Choice, ...]:
    return () if item.kind == "number" else item.choices


def _number_missing(item: Item) -> dict[int, Text]:
    """A number has no code to spare for "don't know", so that is among the missing ones."""
    texts = [choice.text for choice in item.choices if choice.dont_know]
    return {DONT_KNOW_NUMBER: texts[0]} if item.kind == "number" and texts else {}


def _free_name(name: str, taken: set[str]) -> str:
    """The name cut to its length, or with the first number that makes it unique."""
    short = name[:MAX_NAME].rstrip("_")
    number = 1
    while short in taken:
        number += 1
        ending = f"_{number}"
        short = name[: MAX_NAME - len(ending)].rstrip("_") + ending
    return short
