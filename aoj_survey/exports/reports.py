"""What a bundle reports beside its data: privacy, response, and what formats had no room for."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from aoj_survey.datasets import Cell, OpenAnswers, WaveDataset
from aoj_survey.disclosure import class_code, class_label
from aoj_survey.history import Comparison, ImportedWave
from aoj_survey.statistics import ResponseRow, ResponseTable

from .open_answers import OPEN_RISK, report_open_answers
from .variables import Cut, Text

REPORT_FORMAT = 1
RESIDUAL_RISKS = [
    {
        "code": "knows_participation",
        "nl": "Wie weet dat iemand meedeed en in welk stratum, houdt zoveel rijen over als dat stratum groot is.",
        "en": "Who knows that somebody took part, and in which stratum, is left with as many rows as it holds.",
    },
    {
        "code": "knows_answers",
        "nl": "Wie iemands antwoorden al kent, kan de rij met die antwoorden aanwijzen.",
        "en": "Who knows somebody's answers already can point out the row with those answers.",
    },
]


def write_json(value: Any) -> bytes:
    """Return a value as JSON for people and programs, the same bytes for the same value."""
    return (json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


def report_privacy(
    dataset: WaveDataset, audit: Mapping[str, Any] | None = None, given: OpenAnswers | None = None
) -> dict[str, Any]:
    """Return how the data were protected, what they were audited beside, and which risk is left.

    Of open answers that are `given` with the data it tells what was looked for and what became of all of them.
    """
    return {
        "format": REPORT_FORMAT,
        "wave": dataset.wave,
        "region": dataset.region,
        "rows": len(dataset.rows),
        "open_text": report_open_answers(given) if given else "not included",
        "residual_risks": [*RESIDUAL_RISKS, *([OPEN_RISK] if given else [])],
        "audit": audit,
    } | asdict(dataset.privacy)


def report_response(table: ResponseTable) -> dict[str, Any]:
    """Return the response table for JSON: its rows and the total."""
    *rows, total = response_rows(table)
    return {"format": REPORT_FORMAT, "rows": rows, "total": total}


def report_printed(wave: ImportedWave) -> dict[str, Any]:
    """Return the printed totals of an imported wave beside those found again, and what its data did not fit."""
    return {
        "format": REPORT_FORMAT,
        "compared": len(wave.printed),
        "agree": sum(found.agrees is True for found in wave.printed),
        "differ": sum(found.agrees is False for found in wave.printed),
        "totals": [_tell_comparison(found) for found in wave.printed],
        # How often would count single people.
        "off_path": sorted(wave.off_path),
    }


def _tell_comparison(found: Comparison) -> dict[str, Any]:
    return {
        "what": found.what,
        "roles": list(found.roles),
        "item": found.item,
        "answer": found.answer,
        "printed": str(found.printed),
        "found": None if found.found is None else str(found.found),
        "agrees": found.agrees,
        "reason": found.reason,
    }


def report_limits(
    cuts: Sequence[Cut], left_out: Mapping[str, Text], added: Sequence[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    """Return what formats had no room for, which files could not be made, and which region modules added."""
    return {
        "format": REPORT_FORMAT,
        "cut": [asdict(cut) for cut in cuts],
        "left_out": [{"file": path, **reason} for path, reason in left_out.items()],
        "added": list(added),
    }


def response_rows(table: ResponseTable) -> list[dict[str, Cell]]:
    """Return the response table as rows to write, the total last. A rate is RR1 in whole percents.

    It is `estimated` (1) where people of group links are among the invited: their number was declared.
    `rate_with_partials` is RR2: it counts who stopped halfway, of whom only imported waves have any.
    """
    present = set(table.total.roles)
    named = [(class_code(row.roles, present), row) for row in table.rows]
    return [_response_row(code, row) for code, row in (*named, ("total", table.total))]


def _response_row(code: str, row: ResponseRow) -> dict[str, Cell]:
    label = {"nl": "totaal", "en": "total"} if code == "total" else class_label(code, row.roles)
    return {
        "code": code,
        "roles": " ".join(row.roles),
        "label_nl": label["nl"],
        "label_en": label["en"],
        "invited": row.invited,
        "delivered": row.delivered,
        "done": row.done,
        "rate": "" if row.rate is None else row.rate,
        "estimated": int(row.estimated),
        "partial": row.partial,
        "rate_with_partials": "" if row.rate_with_partials is None else row.rate_with_partials,
    }
