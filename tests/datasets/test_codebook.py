import json
from pathlib import Path

import pytest

from aoj_survey.datasets import load_codebook
from aoj_survey.datasets.codebook import make_codebook
from aoj_survey.datasets.columns import plan_design, plan_questions
from aoj_survey.disclosure import CaptureClass
from aoj_survey.errors import BundleError

from .builders import INSTRUMENTS, ROLE_INSTRUMENTS

SAMPLE = Path(__file__).resolve().parent.parent / "samples" / "codebook-1.json"


def codebook() -> dict[str, object]:
    strata = (
        CaptureClass("ib", ("ib",), 138, 59),
        CaptureClass("beleid", ("beleid_gem", "swv"), 17, 13),
    )
    questions = plan_questions(INSTRUMENTS, ROLE_INSTRUMENTS)
    columns = (*plan_design(strata), *(column for question in questions for column in question.columns))
    return make_codebook("2015", "proef", columns, strata, INSTRUMENTS)


def test_stored_sample_of_format_1_is_read_for_ever() -> None:
    stored = load_codebook(SAMPLE.read_text(encoding="utf-8"))
    assert stored["format"] == 1
    assert {column["name"] for column in stored["columns"]} >= {"stratum", "zicht", "sturing_visie"}


def test_codebook_of_today_is_that_of_the_sample() -> None:
    assert json.loads(json.dumps(codebook())) == json.loads(SAMPLE.read_text(encoding="utf-8"))


def test_codebook_has_labels_in_all_languages_for_all_codes() -> None:
    for column in json.loads(json.dumps(codebook()))["columns"]:
        assert set(column["label"]) == {"nl", "en"}
        for entry in [*column.get("values", []), *column.get("missing", [])]:
            assert set(entry["label"]) == {"nl", "en"}


def test_unknown_format_is_refused_with_what_to_do() -> None:
    with pytest.raises(BundleError, match="format 2; this engine knows 1"):
        load_codebook('{"format": 2}')


@pytest.mark.parametrize("text", ["", "[]", "{}", "{"])
def test_text_that_is_no_codebook_is_refused(text: str) -> None:
    with pytest.raises(BundleError):
        load_codebook(text)
