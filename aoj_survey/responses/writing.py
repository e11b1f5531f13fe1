"""Writing what was unsealed as responses, in random order; what was written in own words stands apart."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias
from uuid import UUID, uuid4

from sqlalchemy import Connection, insert

from aoj_survey.open_answers import Gathered, Names, OpenItems, store_texts, take_texts_out
from aoj_survey.questionnaire import Answers

from .envelope import read_answers_document
from .models import Response

FORMAT = 2
"""Format 1 held open answers too, which stand in a table of their own since."""

AT_ONCE = 500
"""Ballots read, and responses written, in one go."""

Tell: TypeAlias = Callable[[int], object]
"""Is told of progress: how many more ballots were dealt with. Each is dealt with twice: unsealed, and written."""


def say_nothing(_ballots: int) -> None:
    """Tell nobody of progress."""


@dataclass(frozen=True, slots=True)
class Unsealed:
    """What a ballot holds, in memory only: its capture class, and its answers as JSON."""

    class_code: str
    answers: bytes


@dataclass(frozen=True, slots=True)
class Shown:
    """What responses of one stratum may show: its instruments, and the items asked of all its roles in one way.

    `open_items` are those of them that are answered in own words.
    """

    stratum: str
    digests: tuple[str, ...]
    items: frozenset[str]
    open_items: OpenItems


def write_responses(
    connection: Connection,
    rows: Sequence[tuple[Unsealed, Shown]],
    place: Mapping[str, Any],
    names: Names | None,
    tell: Tell,
) -> None:
    """Store what was unsealed as responses of a `place` (its column and value), under new random ids.

    They are inserted in the order of these ids, so nothing of the order in the box remains. What was written in
    own words is stored apart, marked with these `names`.
    """
    drawn = sorted(((uuid4(), *row) for row in rows), key=lambda row: row[0].bytes)
    gathered = Gathered()
    for batch in _cut(drawn):
        stored: list[dict[str, Any]] = []
        for identity, item, shown in batch:
            answers = read_answers_document(json.loads(item.answers))
            gathered.gather(answers, shown.stratum, shown.open_items)
            content = write_content(answers, shown)
            stored.append({**place, "id": identity, "stratum": shown.stratum, "content": content})
        connection.execute(insert(Response), stored)
        tell(len(batch))
    store_texts(connection, gathered, place, names)


def _cut(rows: Sequence[tuple[UUID, Unsealed, Shown]]) -> Iterator[Sequence[tuple[UUID, Unsealed, Shown]]]:
    return (rows[start : start + AT_ONCE] for start in range(0, len(rows), AT_ONCE))


def write_content(answers: Answers, shown: Shown) -> str:
    """Return answers as they are stored, with what may be shown of them and nothing in own words."""
    kept = {code: value for code, value in answers.items() if code in shown.items}
    document = {
        "format": FORMAT,
        "instruments": shown.digests,
        "answers": take_texts_out(kept, shown.open_items),
    }
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
