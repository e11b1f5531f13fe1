"""The JSON Schema takes what the compiler takes, and refuses what has another shape."""

from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from aoj_survey.questionnaire import KINDS, overlay_schema, questionnaire_schema
from aoj_survey.questionnaire.document import read_document
from aoj_survey.questionnaire.problems import Report

from .module_kind import KINDS_WITH_SLIDER
from .test_corpus import CORPUS, OVERLAYS, read_expected

VALIDATOR = Draft202012Validator(questionnaire_schema())
OVERLAY_VALIDATOR = Draft202012Validator(overlay_schema())
VALID = sorted([*CORPUS.glob("valid/*.yaml"), *(CORPUS.parents[2] / "questionnaires").glob("*/*.yaml")])
SHAPES = {
    "unknown-key", "missing-key", "wrong-type", "out-of-range", "bad-code", "unknown-kind", "key-not-for-kind",
    "unknown-format", "text-empty", "not-a-mapping",
}  # fmt: skip
# A choice's key, a scale or a range that only the compiler looks at.
BEYOND = {"explanation-required", "first-too-large"}
MISSHAPEN = [
    path
    for path in sorted(CORPUS.glob("invalid/*.yaml"))
    if SHAPES & set(read_expected(path)) and path.stem not in BEYOND
]


def read(path: Path) -> Any:
    document = read_document(path.read_text("utf-8"), Report("f.yaml"))
    assert document is not None
    return document.value


def find_errors(path: Path) -> list[str]:
    validator = OVERLAY_VALIDATOR if path in OVERLAYS else VALIDATOR
    return [error.message for error in validator.iter_errors(read(path))]


def test_the_schemas_are_schemas() -> None:
    Draft202012Validator.check_schema(questionnaire_schema())
    Draft202012Validator.check_schema(overlay_schema())


@pytest.mark.parametrize("path", VALID, ids=[path.stem for path in VALID])
def test_what_compiles_fits_the_schema(path: Path) -> None:
    assert find_errors(path) == []


@pytest.mark.parametrize("path", [p for p in OVERLAYS if not read_expected(p)], ids=lambda path: path.stem)
def test_overlays_that_compile_fit_their_schema(path: Path) -> None:
    assert find_errors(path) == []


@pytest.mark.parametrize("path", MISSHAPEN, ids=[path.stem for path in MISSHAPEN])
def test_what_has_another_shape_does_not_fit(path: Path) -> None:
    assert find_errors(path) != []


def test_there_are_enough_misshapen_files_to_mean_something() -> None:
    assert len(MISSHAPEN) >= 9


def test_an_editor_is_offered_the_kinds_and_only_their_keys() -> None:
    item = questionnaire_schema()["$defs"]["ItemShape"]
    assert item["properties"]["kind"]["enum"] == list(KINDS)
    rules = {rule["if"]["properties"]["kind"]["const"]: rule["then"] for rule in item["allOf"]}
    assert rules["number"]["required"] == ["max", "min"]
    assert rules["open"]["properties"]["choices"] is False
    assert "choices" not in rules["choice"]["properties"]


def test_kinds_of_modules_are_in_it_too() -> None:
    item = questionnaire_schema(KINDS_WITH_SLIDER)["$defs"]["ItemShape"]
    assert "slider" in item["properties"]["kind"]["enum"]
    assert "step" in item["properties"]
