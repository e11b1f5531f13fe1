"""Descriptions of the data for programs: a Data Package (Frictionless) and CSV on the Web (CSVW).

Rules: Data Package 2.0 with Table Schema (types, categories, missing values per field), and the W3C
recommendations *Tabular Data Model* and *Metadata Vocabulary for Tabular Data* of 2015.
"""

from collections.abc import Mapping, Sequence
from hashlib import file_digest
from pathlib import Path
from typing import Any

from .formats import CSV, Format
from .variables import LANGUAGES, Sheet, Text, Variable, say

PACKAGE_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
RESOURCE_PROFILE = "https://datapackage.org/profiles/2.0/dataresource.json"
TYPES = {"text": "string", "decimal": "number", "date": "date", "month": "yearmonth"}
"""Type in a Table Schema by what a column holds; all others are integers."""

DATATYPES: Mapping[str, Any] = {
    "text": "string",
    "decimal": "decimal",
    "date": {"base": "date", "format": "yyyy-MM-dd"},
    "month": "gYearMonth",
}


def describe_package(folder: Path, sheet: Sheet, formats: Sequence[Format], title: Text) -> dict[str, Any]:
    """Return `datapackage.json`. Size and hash of each data file are taken from `folder`."""
    return {
        "$schema": PACKAGE_PROFILE,
        # Names of packages and resources are small letters only.
        "name": sheet.name.lower().replace("_", "-"),
        "title": say(title),
        "resources": [_describe_resource(folder, sheet, form) for form in formats],
    }


def describe_csv(sheet: Sheet, title: Text) -> dict[str, Any]:
    """Return the CSVW metadata of the CSV file, with labels in Dutch and English."""
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "nl"}],
        "url": f"../{CSV.path}",
        "dc:title": _in_languages(title),
        "dialect": {"encoding": "utf-8", "header": True, "delimiter": ",", "lineTerminators": ["\r\n"]},
        "tableSchema": {"columns": [_describe_column(variable) for variable in sheet.variables]},
    }


def describe_file(folder: Path, name: str, media_type: str) -> dict[str, Any]:
    """Return a file as a resource of a Data Package, with its size and hash."""
    path = folder / name
    with path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    return {
        "$schema": RESOURCE_PROFILE,
        "name": path.name.lower().replace(".", "-"),
        "path": name,
        "format": path.suffix[1:],
        "mediatype": media_type,
        "bytes": path.stat().st_size,
        "hash": f"sha256:{digest}",
    }


def _describe_resource(folder: Path, sheet: Sheet, form: Format) -> dict[str, Any]:
    resource = describe_file(folder, form.path, form.media_type)
    if form.media_type != CSV.media_type:
        return resource
    return resource | {
        "type": "table",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "header": True},
        "schema": {
            "fields": [_describe_field(variable) for variable in sheet.variables],
            "missingValues": [],
        },
    }


def _describe_field(variable: Variable) -> dict[str, Any]:
    kind = TYPES.get(variable.holds, "integer")
    field: dict[str, Any] = {"name": variable.name, "type": kind, "title": say(variable.label)}
    if say(variable.label, "en") != field["title"]:
        field["description"] = say(variable.label, "en")
    if variable.missing:
        field["missingValues"] = [
            {"value": str(code.value), "label": say(code.label)} for code in variable.missing
        ]
    if variable.values and variable.minimum is None:
        field["categories"] = [{"value": code.value, "label": say(code.label)} for code in variable.values]
    if bounds := _find_bounds(variable, kind):
        field["constraints"] = bounds
    return field


def _find_bounds(variable: Variable, kind: str) -> dict[str, int]:
    """Values with a meaning of their own (99 don't know, 0 not ranked) may lie outside the others' bounds."""
    if kind != "integer" or variable.minimum is None or variable.maximum is None:
        return {}
    special = [code.value for code in variable.values]
    return {
        "minimum": min(variable.minimum, *special, variable.maximum),
        "maximum": max(variable.maximum, *special, variable.minimum),
    }


def _describe_column(variable: Variable) -> dict[str, Any]:
    column: dict[str, Any] = {
        "name": variable.name,
        "titles": variable.name,
        "datatype": DATATYPES.get(variable.holds, "integer"),
        "dc:description": _in_languages(variable.label),
    }
    if variable.missing:
        column["null"] = [str(code.value) for code in variable.missing]
    return column


def _in_languages(text: Text) -> list[dict[str, str]]:
    return [{"@value": text[language], "@language": language} for language in LANGUAGES if text.get(language)]
