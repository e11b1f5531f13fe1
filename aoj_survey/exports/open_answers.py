"""The file of released open answers: no id, in an order that tells nothing of people or of the responses."""

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

from aoj_survey.datasets import OpenAnswers, WaveDataset
from aoj_survey.errors import BundleError

from .descriptions import describe_package
from .formats import FORMATS, Format, Plan, plan_formats
from .variables import Sheet, Text, Variable, are_same, say

NAME = "open_answers"
CSV_PATH = f"data/{NAME}.csv"
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
ABOUT: Text = {
    "nl": (
        "Antwoorden in eigen woorden die twee mensen vrijgaven, een per rij. Dit bestand hoort niet rij voor rij bij de "
        "andere gegevens: het heeft geen nummer van een respondent, en de antwoorden op elke vraag staan in willekeurige "
        "volgorde. Waar […] staat, zijn woorden weggelaten."
    ),
    "en": (
        "Answers in own words that two people released, one in each row. This file does not go with the other data row by "
        "row: it has no response id, and the answers to each question are shuffled. Where […] stands, words were left out."
    ),
}

SOUGHT = [
    {"code": "email", "nl": "mailadressen", "en": "mail addresses"},
    {"code": "phone", "nl": "telefoonnummers", "en": "phone numbers"},
    {"code": "bsn", "nl": "burgerservicenummers", "en": "citizen service numbers (BSN)"},
    {"code": "postcode", "nl": "postcodes", "en": "postcodes"},
]
ON_LIST = {
    "code": "organisations",
    "nl": "namen van organisaties, gemeenten en samenwerkingsverbanden op de lijst van genodigden",
    "en": "names of organisations, municipalities and school partnerships on the list of who was invited",
}
PEOPLE = {
    "code": "people",
    "nl": "namen van mensen: die staan op geen lijst; alleen wie de antwoorden las kan ze gezien hebben",
    "en": "names of people: no list holds them; only who read the answers can have seen them",
}
OPEN_RISK = {
    "code": "knows_style",
    "nl": "Wie iemands manier van schrijven of verhaal kent, kan een open antwoord herkennen.",
    "en": "Who knows somebody's way of writing, or the story, can recognise an open answer.",
}


def make_open_sheet(name: str, dataset: WaveDataset, given: OpenAnswers) -> Sheet:
    """Return the rows of the file.

    Raises:
        BundleError: data for everybody, which hold no open text.
    """
    if dataset.privacy.profile == "openbaar":
        raise BundleError("Data for everybody hold no open answers. Take the profile onderzoek for them.")
    rows = [(dataset.wave, dataset.region, one.item, one.level, one.text) for one in given.answers]
    return Sheet(name, COLUMNS, rows)


def plan_open_answers(rows: int) -> Plan:
    """Return the formats for a table of text that so many rows can be written in here, by their path in the bundle."""
    return plan_formats(rows, [_rename(form) for form in FORMATS if form.path.endswith(SUFFIXES)])


def _rename(form: Format) -> Format:
    return replace(form, path=form.path.replace("responses", NAME))


def write_open_answers(folder: Path, sheet: Sheet, plan: Plan) -> list[dict[str, Any]]:
    """Write the file in the formats of its plan, read it back, and return its resources for the package.

    Raises:
        BundleError: what was read back is not what was written.
    """
    for form in plan.formats:
        form.write(folder / form.path, sheet)
        if not are_same(form.read(folder / form.path, sheet.variables), sheet.rows):
            raise BundleError(f"{form.path} read back differs from the open answers. Nothing was published.")
    resources = describe_package(folder, sheet, plan.formats, {"nl": sheet.name})["resources"]
    return [resource | {"description": say(ABOUT, "en")} for resource in resources]


def describe_open_answers(given: OpenAnswers) -> dict[str, Any]:
    """Return what the codebook says of the file."""
    released = Counter(answer.item for answer in given.answers)
    return {
        "about": dict(ABOUT),
        "files": f"data/{NAME}.*",
        "columns": [
            {"name": column.name, "holds": column.holds, "label": dict(column.label)} for column in COLUMNS
        ],
        "items": [
            {"item": code, "label": dict(label), "answers": released[code]}
            for code, label in sorted(given.labels.items())
        ],
    }


def report_open_answers(given: OpenAnswers) -> dict[str, Any]:
    """Return what the privacy report says: what a program looked for and what not, how many people looked, and what came of it.

    `unsought` names the items whose answers could not be compared with the list.
    """
    compared = set(given.labels) > set(given.unsought)
    return {
        **given.counts,
        "sought": [*SOUGHT, ON_LIST] if compared else SOUGHT,
        "not_sought": [PEOPLE] if compared else [ON_LIST, PEOPLE],
        "unsought": list(given.unsought),
        "people": {"proposed": given.people.proposed, "decided": given.people.decided},
    }
