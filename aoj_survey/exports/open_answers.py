"""The file of released open answers: no id, in an order that tells nothing of people or of the responses."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from aoj_survey.datasets import OpenAnswers, WaveDataset
from aoj_survey.errors import BundleError

from .descriptions import describe_package
from .formats import Plan
from .variables import Sheet, Variable, are_same

SUFFIXES = (".csv", ".parquet", ".xlsx")
COLUMNS = (
    Variable("wave", "text", {"nl": "meting", "en": "wave"}),
    Variable("region", "text", {"nl": "regio", "en": "region"}),
    Variable("item", "text", {"nl": "vraag", "en": "question"}),
    Variable(
        "level",
        "text",
        {
            "nl": "code van het stratum, leeg waar minder dan 10 antwoorden zijn",
            "en": "code of the stratum, empty where there are fewer than 10 answers",
        },
    ),
    Variable("text", "text", {"nl": "antwoord in eigen woorden", "en": "answer in own words"}),
)


def make_open_sheet(name: str, dataset: WaveDataset, given: OpenAnswers) -> Sheet:
    """Return the rows of the file.

    Raises:
        BundleError: data for everybody, which hold no open text.
    """
    if dataset.privacy.profile == "openbaar":
        raise BundleError("Data for everybody hold no open answers. Take the profile onderzoek for them.")
    rows = [(dataset.wave, dataset.region, one.item, one.level, one.text) for one in given.answers]
    return Sheet(name, COLUMNS, rows)


def write_open_answers(folder: Path, sheet: Sheet, plan: Plan) -> list[dict[str, Any]]:
    """Write the file in the formats for tables of text, read it back, and return its resources for the package.

    Raises:
        BundleError: what was read back is not what was written.
    """
    forms = [
        replace(form, path=form.path.replace("responses", "open_answers"))
        for form in plan.formats
        if form.path.endswith(SUFFIXES)
    ]
    for form in forms:
        form.write(folder / form.path, sheet)
        if not are_same(form.read(folder / form.path, sheet.variables), sheet.rows):
            raise BundleError(f"{form.path} read back differs from the open answers. Nothing was published.")
    return describe_package(folder, sheet, forms, {"nl": sheet.name})["resources"]


def describe_open_answers(given: OpenAnswers) -> dict[str, Any]:
    """Return what the codebook says of the file."""
    return {
        "columns": [
            {"name": column.name, "holds": column.holds, "label": dict(column.label)} for column in COLUMNS
        ],
        "items": [{"item": code, "label": dict(label)} for code, label in sorted(given.labels.items())],
    }
