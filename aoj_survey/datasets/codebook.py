"""The codebook: what every column and code means, made from the instruments. All other descriptions follow it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aoj_survey.disclosure import Area, CaptureClass, class_label
from aoj_survey.errors import BundleError
from aoj_survey.questionnaire import WORD, Choice, Instrument, count_ranks, label_text
from aoj_survey.waves import MadeErratum

from .columns import (
    Column,
    Question,
)
from .design import plan_design
from .places import describe_areas, plan_places


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an imported wave came from: in words, its data file, and its column for each item and choice."""

    source: str
    file: str
    columns: Mapping[tuple[str, str | None], str]


CODEBOOK_FORMAT = 4
KNOWN_FORMATS = (1, 2, 3, 4)
"""Format 2 says of each column what it `holds`, and of an item all that its questionnaire says of it. Format 3 adds what was
`shown` with it, where an imported wave came from, and the places of `areas` where answers were kept by them. Format 4 says of all columns, those
of the design too, what is missing in them and whether they are quasi-identifiers; of strata which questionnaires they answered; and of items what one
had to choose, could write beside it, and whose answers stood in the words."""


def make_codebook(  # noqa: PLR0913 the parts of a wave; each is told by its name
    wave: str,
    region: str,
    questions: Sequence[Question],
    strata: Sequence[CaptureClass],
    instruments: Mapping[str, Instrument],
    role_instruments: Mapping[str, str],
    errata: Sequence[MadeErratum] = (),
    *,
    origin: Origin | None = None,
    areas: Sequence[Area] = (),
) -> dict[str, Any]:
    """Return the codebook as plain values for JSON, with its format version.

    Labels are the texts as they were at the start; `errata` tell what was shown later. Of a wave
    that was imported it tells the `origin`. `areas` are those that answers were kept by; the codebook
    names their places.
    """
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
                "instruments": sorted({role_instruments[role] for role in item.roles}),
                "invited": item.invited,
                "answered": item.answered,
            }
            for number, item in enumerate(strata, start=1)
        ],
        "columns": [
            describe_column(column) for column in (*plan_design(strata), *plan_places(strata, areas).columns)
        ]
        + [
            _describe_item(column, question, instruments)
            for question in questions
            for column in question.columns
        ],
        "errata": [_describe_erratum(made) for made in errata],
        **({"areas": describe_areas(strata, areas)} if areas else {}),
        **(_describe_origin(origin, questions) if origin else {}),
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
    if found not in KNOWN_FORMATS:
        known = ", ".join(map(str, KNOWN_FORMATS))
        message = f"The codebook has format {found!r}; this engine knows {known}. Use a newer engine."
        raise BundleError(message)
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
        "themes": [{"code": theme.code, "title": dict(theme.title)} for theme in instrument.themes],
    }


def describe_column(column: Column) -> dict[str, Any]:
    """Return what the codebook says of any column."""
    description: dict[str, Any] = {"name": column.name, "holds": column.holds, "label": dict(column.label)}
    if column.values:
        description["values"] = [_describe_choice(choice) for choice in column.values]
    if column.missing:
        description["missing"] = [
            {"value": value, "label": dict(label)} for value, label in column.missing.items()
        ]
    if column.quasi_identifier:
        description["quasi_identifier"] = True
    return description


def _describe_item(
    column: Column, question: Question, instruments: Mapping[str, Instrument]
) -> dict[str, Any]:
    item = question.item
    minimum, maximum = (1, count_ranks(item)) if column.holds == "rank" else (item.minimum, item.maximum)
    return describe_column(column) | {
        "kind": item.kind,
        "item": item.code,
        "choice": column.choice,
        "required": item.required,
        "settings": dict(item.settings),
        "theme": question.theme,
        "region": question.region,
        "concept": item.concept,
        "source": item.source,
        "unit": dict(question.unit) if question.unit else None,
        "minimum": minimum,
        "maximum": maximum,
        "earliest": item.earliest,
        "latest": item.latest,
        "fact": item.fact,
        "sensitive": item.sensitive,
        "quasi_identifier": item.quasi_identifier,
        "seconds": item.seconds,
        "universe": {
            "roles": list(question.roles),
            "ask_if": item.ask_if,
            "label": dict(question.universe),
        },
        "instruments": list(question.instruments),
        "shown": [_describe_shown(digest, instruments[digest], item.code) for digest in question.instruments],
        **(_describe_ways(item.choice(column.choice)) if column.choice else {}),
    }


def _describe_shown(digest: str, instrument: Instrument, code: str) -> dict[str, Any]:
    """What a respondent saw of an item: its words, its hint, and the words above it where a page has them.

    `quotes` are the items whose answers stood in these words, each in the place of a blank.
    """
    page, item = next((page, item) for page in instrument.pages for item in page.items if item.code == code)
    texts = {"text": item.text, "hint": item.hint, "page": page.text, "intro": page.hint}
    quotes = [name for name in (*page.quotes, *item.quotes) if not name.startswith(WORD)]
    return {
        "instrument": digest,
        **({"quotes": sorted(set(quotes))} if quotes else {}),
        **{
            name: {language: label_text(instrument, text, language) for language in text}
            for name, text in texts.items()
            if text
        },
    }


def _describe_origin(origin: Origin, questions: Sequence[Question]) -> dict[str, Any]:
    columns = {
        column.name: origin.columns[question.item.code, column.choice]
        for question in questions
        for column in question.columns
    }
    return {"imported": {"source": origin.source, "file": origin.file, "columns": columns}}


def _describe_erratum(made: MadeErratum) -> dict[str, Any]:
    """Who mended it is left out: the codebook leaves the house."""
    return {
        "questionnaire": made.questionnaire,
        "name": made.erratum.name,
        "language": made.erratum.language,
        "before": made.before,
        "text": made.erratum.text,
        "reason": made.erratum.reason,
        "day": made.made_on.isoformat(),
    }


def _describe_choice(choice: Choice) -> dict[str, Any]:
    """A value; `exclusive` where no other answer goes with it, `other` where one may write beside it."""
    description: dict[str, Any] = {
        "value": choice.value,
        "code": choice.code,
        "label": dict(choice.text),
        "dont_know": choice.dont_know,
    }
    return description | _describe_ways(choice)


def _describe_ways(choice: Choice) -> dict[str, bool]:
    ways = {"exclusive": choice.exclusive, "other": choice.other > 0}
    return {name: True for name, holds in ways.items() if holds}
