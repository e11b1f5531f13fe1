"""Open answers taken out of responses at the opening, and kept apart from them."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, insert

from aoj_survey.disclosure import find_dependent, find_looked_at
from aoj_survey.questionnaire import Answers, Context, Evaluation, Instrument, Item, Value, compile_condition

from .levels import choose_levels
from .marks import Names, dump_marks, mark_text
from .models import OpenAnswer, OpenItem

FEWEST = 5
"""People who could have written an answer: where there are fewer, their other answers tell who did."""

AT_ONCE = 500
GIVEN = "…"
"""Stays in the response in place of a text, where a later question depends on whether there is one."""


@dataclass(frozen=True, slots=True)
class OpenItems:
    """The open questions that may be shown of a stratum; `looked_at` are those that others depend on.

    `told` are those of which an answer that stays in the data tells who wrote something.
    """

    items: Mapping[str, Item]
    looked_at: frozenset[str]
    told: frozenset[str]
    known: Mapping[str, Value]


def find_open_items(instrument: Instrument, context: Context, shared: Collection[str]) -> OpenItems:
    """Return the open questions among the items that a stratum shares; `context` is what is known of a role of it."""
    items = [item for item in instrument.items() if item.code in shared]
    texts = {item.code: item for item in items if item.is_text}
    answered = {item.code for item in items if not item.is_text}
    return OpenItems(
        texts,
        frozenset(code for item in items for code in find_looked_at(item)),
        frozenset(code for code in texts if find_dependent(instrument, code) & answered),
        {"region": instrument.region, **context.names()},
    )


def take_texts_out(answers: Answers, open_items: OpenItems) -> dict[str, Value]:
    """Return the answers without what was written in own words."""
    kept = {code: value for code, value in answers.items() if code not in open_items.items}
    given = open_items.items.keys() & open_items.looked_at & answers.keys()
    return kept | dict.fromkeys(given, GIVEN)


@dataclass(frozen=True, slots=True)
class Gathered:
    """What was written in own words, by item and stratum, and how many could have written something."""

    texts: dict[str, list[tuple[str, str]]] = field(
        default_factory=lambda: defaultdict[str, list[tuple[str, str]]](list)
    )
    could: Counter[str] = field(default_factory=Counter[str])

    def gather(self, answers: Answers, stratum: str, open_items: OpenItems) -> None:
        """Take what somebody wrote."""
        for code, item in open_items.items.items():
            text = answers.get(code)
            if code not in open_items.told:
                self.could[code] += _could_write(item, answers, open_items.known)
            if isinstance(text, str):
                self.could[code] += code in open_items.told
                self.texts[code].append((stratum, text))


def _could_write(item: Item, answers: Answers, known: Mapping[str, Value]) -> bool:
    """Whether the other answers of somebody led to an open question."""
    if item.beside:
        value = answers.get(item.beside[0])
        return item.beside[1] in value if isinstance(value, tuple) else value == item.beside[1]
    if item.ask_if is None:
        return True
    condition: Evaluation = compile_condition(item.ask_if)
    return condition({**known, **answers}) is True


def store_texts(
    connection: Connection, gathered: Gathered, place: Mapping[str, Any], names: Names | None
) -> None:
    """Store open answers of a `place` (its column and value) under random ids of their own, in the order of these.

    `names` are marked in the texts; None when the list could not be read.
    """
    items: list[dict[str, Any]] = []
    rows: list[dict[str, Any]] = []
    for code, texts in sorted(gathered.texts.items()):
        enough = gathered.could[code] >= FEWEST
        levels = choose_levels(Counter(stratum for stratum, _ in texts))
        kept = texts if enough else []
        rows += [
            {
                **place,
                "id": uuid4(),
                "item": code,
                "level": stratum if stratum in levels else None,
                "text": text,
                "marks": dump_marks(mark_text(text, names or {})),
            }
            for stratum, text in kept
        ]
        counts = {"kept": len(kept), "unkept": len(texts) - len(kept)}
        items.append({**place, "id": uuid4(), "item": code, **counts, "names_sought": names is not None})
    for table, stored in ((OpenItem, items), (OpenAnswer, rows)):
        for batch in _cut(sorted(stored, key=lambda row: row["id"].bytes)):
            connection.execute(insert(table), batch)


def _cut(rows: Sequence[dict[str, Any]]) -> list[Sequence[dict[str, Any]]]:
    return [rows[start : start + AT_ONCE] for start in range(0, len(rows), AT_ONCE)]
