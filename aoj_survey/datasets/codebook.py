"""The codebook: what every column and code means, made from the instruments. All other descriptions follow it."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from aoj_survey.disclosure import CaptureClass, class_label
from aoj_survey.errors import BundleError
from aoj_survey.questionnaire import Choice, Instrument

from .columns import Column

CODEBOOK_FORMAT = 1


def make_codebook(
    wave: str,
    region: str,
    columns: Sequence[Column],
    strata: Sequence[CaptureClass],
    instruments: Mapping[str, Instrument],
) -> dict[str, Any]:
    """Return the codebook as plain values for JSON, with its format version."""
    return {
        "format": CODEBOOK_FORMAT,
        "wave": wave,
        "region": region,
        "questionnaires": [
            _describe_instrument(digest, item) for digest, item in sorted(instruments.items())
        ],
        "strata": [
            {
                "value": number,
                "code": item.code,
                "label": dict(class_label(item.code, item.roles)),
                "roles": list(item.roles),
                "invited": item.invited,
                "answered": item.answered,
            }
            for number, item in enumerate(strata, start=1)
        ],
        "columns": [_describe_column(column) for column in columns],
    }


def load_codebook(text: str) -> dict[str, Any]:
    """Return a stored codebook.

    Raises:
        BundleError: not JSON, or a format this version of the engine does not know.
    """
    try:
        codebook: Any = json.loads(text)
    except json.JSONDecodeError as error:
        raise BundleError(f"The codebook is not JSON: {error}. Take it from the bundle again.") from None
    found = codebook.get("format") if isinstance(codebook, dict) else None
    if found != CODEBOOK_FORMAT:
        raise BundleError(
            f"The codebook has format {found!r}; this engine knows {CODEBOOK_FORMAT}. Use a newer engine."
        )
    return codebook


def _describe_instrument(digest: str, instrument: Instrument) -> dict[str, Any]:
    return {
        "digest": digest,
        "questionnaire": instrument.questionnaire,
        "edition": instrument.edition,
        "region": instrument.region,
        "languages": list(instrument.languages),
        "title": dict(instrument.title),
        "roles": list(instrument.roles),
        "modules": list(instrument.modules),
    }


def _describe_column(column: Column) -> dict[str, Any]:
    description: dict[str, Any] = {"name": column.name, "kind": column.kind, "label": dict(column.label)}
    if column.values:
        description["values"] = [_describe_choice(choice) for choice in column.values]
    if column.item is None:
        return description
    missing = column.missing or {}
    return description | {
        "missing": [{"value": value, "label": dict(label)} for value, label in missing.items()],
        "item": column.item,
        "choice": column.choice,
        "concept": column.concept,
        "unit": dict(column.unit) if column.unit else None,
        "minimum": column.minimum,
        "maximum": column.maximum,
        "sensitive": column.sensitive,
        "universe": {"roles": list(column.roles), "ask_if": column.ask_if},
        "instruments": list(column.instruments),
    }


def _describe_choice(choice: Choice) -> dict[str, Any]:
    return {
        "value": choice.value,
        "code": choice.code,
        "label": dict(choice.text),
        "dont_know": choice.dont_know,
    }
