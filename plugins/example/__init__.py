"""An example: every hook once. It belongs to the invented region Voorbeeld and loads in every test."""

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from wtforms import IntegerField
from wtforms.validators import NumberRange, Optional

from aoj_survey.api import (
    ColumnPlan,
    DisclosureRule,
    FormField,
    Instrument,
    Item,
    ItemKind,
    MessageText,
    Problem,
    Region,
    Value,
    find_overlays,
    hookimpl,
    make_problem,
    say,
)

__version__ = "1.0"

WHOLE = 100
SATURDAY = 5


@hookimpl
def aoj_region() -> Region:
    return Region(
        code="voorbeeld",
        name="Voorbeeld",
        languages=("nl", "en"),
        members=("gemeente Voorbeeld", "swv PO Voorbeeld"),
    )


@hookimpl
def aoj_item_kinds() -> Iterable[ItemKind]:
    def build(item: Item, language: str) -> Any:
        bounds = NumberRange(0, WHOLE, "Vul een heel getal in van 0 tot en met 100.")
        return IntegerField(say(item.text, language), validators=[Optional(), bounds])

    yield ItemKind(
        name="percentage",
        keys=frozenset(),
        needs=frozenset(),
        type="number",
        accepts=lambda _, value: type(value) is int and 0 <= value <= WHOLE,
        largest=lambda _: len(str(WHOLE)),
        columns=lambda item: (ColumnPlan(item.code, "number"),),
        cells=lambda _, value: (value,) if isinstance(value, int) else (),
        seconds=20,
        field=FormField(build=build, read=lambda _, data: data, fill=lambda value: value),
    )


@hookimpl
def aoj_overlays(questionnaire: str, edition: str) -> Iterable[Path]:
    return find_overlays(__file__, questionnaire, edition)


@hookimpl
def aoj_check_questionnaire(instrument: Instrument, region: str) -> Iterable[Problem]:
    prefix = f"{region}_"
    for item in instrument.items():
        if item.code.startswith(prefix) and item.kind == "open":
            yield make_problem(
                instrument,
                "voorbeeld-open",
                f"{item.code} asks for a text, and nobody here has time to read those.",
                "Ask a question with answers to choose from.",
            )


@hookimpl
def aoj_check_answer(item: Item, value: Value, language: str) -> str | None:
    if item.code != "voorbeeld_uren" or value != 0:
        return None
    return (
        "Laat de vraag open als u geen uren heeft." if language == "nl" else "Leave it open if you have none."
    )


@hookimpl
def aoj_message_text(kind: str, language: str) -> MessageText | None:
    if kind == "invitation" and language == "nl":
        return MessageText(
            subject="Hoe werken wij samen in Voorbeeld?", signature="De projectgroep van Voorbeeld"
        )
    return None


@hookimpl
def aoj_reminder_day(proposed: date) -> date | None:
    weekday = proposed.weekday()
    return proposed + timedelta(days=7 - weekday) if weekday >= SATURDAY else None


@hookimpl
def aoj_disclosure_rule() -> DisclosureRule:
    # Invented numbers: what a careful region might ask.
    return DisclosureRule(k=8, threshold=15)
