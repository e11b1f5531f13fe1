"""An example: every hook once. It belongs to the invented region Voorbeeld and loads in every test."""

import json
import logging
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from wtforms import IntegerField
from wtforms.validators import NumberRange, Optional

from aoj_survey.api import (
    ColumnPlan,
    DatasetFacts,
    DerivedColumn,
    DisclosureRule,
    ExportFormat,
    FormField,
    Instrument,
    Item,
    ItemKind,
    MessageText,
    Problem,
    ProtectedTable,
    Region,
    StoredDataset,
    Value,
    find_overlays,
    hookimpl,
    make_problem,
    say,
)

__version__ = "1.0"

WHOLE = 100
HALF = 50
SATURDAY = 5
_LOG = logging.getLogger(__name__)


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


@hookimpl
def aoj_derived_columns(dataset: DatasetFacts) -> Iterable[DerivedColumn]:
    if dataset.find_column("voorbeeld_deel"):
        yield DerivedColumn(
            name="voorbeeld_helft",
            label={"nl": "deel van de tijd voor samenwerking", "en": "share of time for working together"},
            how={"nl": "voorbeeld_deel van 50 of meer", "en": "voorbeeld_deel of 50 or more"},
            sources=("voorbeeld_deel",),
            compute=lambda share: int(share >= HALF),
            values={
                0: {"nl": "minder dan de helft", "en": "less than half"},
                1: {"nl": "de helft of meer", "en": "half or more"},
            },
        )


@hookimpl
def aoj_export_formats() -> Iterable[ExportFormat]:
    def write(path: Path, table: ProtectedTable) -> None:
        names = [column.name for column in table.dataset.columns]
        with path.open("w", encoding="utf-8") as file:
            for row in table.rows:
                file.write(json.dumps(dict(zip(names, row, strict=True))) + "\n")

    def read(path: Path) -> Iterable[Sequence[int | float | str]]:
        for line in path.read_text(encoding="utf-8").splitlines():
            yield tuple(json.loads(line).values())

    yield ExportFormat(
        name="json_lines",
        ending="jsonl",
        media_type="application/jsonl",
        label={"nl": "hetzelfde, een JSON-object per regel", "en": "the same, a JSON object on each line"},
        write=write,
        read=read,
    )


@hookimpl
def aoj_dataset_stored(dataset: StoredDataset) -> None:
    # A region would put the bundle on its own site here.
    _LOG.info("%s holds %s responses: %s", dataset.name, dataset.dataset.rows, dataset.digest)
