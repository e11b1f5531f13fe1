"""Released open answers, as an export may take them."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import Connection, select

from aoj_survey.open_answers import OpenAnswer, choose_levels

from .desk import Place


@dataclass(frozen=True, slots=True)
class ReleasedAnswer:
    """An open answer that two people released; `level` is a stratum, empty where that may not be told."""

    item: str
    level: str
    text: str


def read_released(
    connection: Connection, place: Place, joined: dict[str, str] | None = None
) -> tuple[ReleasedAnswer, ...]:
    """Return what two people released, by item and in an order that tells nothing: that of the random ids.

    `joined` holds, by stratum, the larger one it went into. Levels are told anew by what was released.
    """
    rows = connection.execute(
        select(OpenAnswer.item, OpenAnswer.level, OpenAnswer.text)
        .where(place.of(OpenAnswer), OpenAnswer.outcome != "")
        .order_by(OpenAnswer.item, OpenAnswer.id)
    ).all()
    levels = [(joined or {}).get(row.level or "", row.level or "") for row in rows]
    counts: dict[str, Counter[str]] = {}
    for row, level in zip(rows, levels, strict=True):
        counts.setdefault(row.item, Counter())[level] += 1
    told = {item: choose_levels(count) for item, count in counts.items()}
    return tuple(
        ReleasedAnswer(row.item, level if level in told[row.item] else "", row.text)
        for row, level in zip(rows, levels, strict=True)
    )
