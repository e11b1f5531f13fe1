"""The stored form: an exact inverse, one text per instrument, and a sample that is read for ever."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from aoj_survey.errors import InstrumentError
from aoj_survey.questionnaire import (
    Instrument,
    digest_instrument,
    dump_instrument,
    find_item,
    load_instrument,
    load_questionnaire,
    say,
)

from .strategies import WIDTHS, instruments

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "tests" / "samples" / "instrument-1.json"
SAMPLE_DIGEST = "084cd582ab7686464d0b1a274e255ba168d471dc0edf548f988731ada6973580"
FILES = [
    *sorted((ROOT / "questionnaires").glob("*/*.yaml")),
    *sorted((ROOT / "tests/questionnaires").glob("*.yaml")),
]


def load_sample() -> Instrument:
    return load_instrument(SAMPLE.read_text("utf-8"))


def test_the_stored_sample_of_format_1_is_read_for_ever() -> None:
    assert digest_instrument(SAMPLE.read_text("utf-8")) == SAMPLE_DIGEST
    instrument = load_sample()
    assert [page.code for page in instrument.pages][:3] == ["overleg", "jaren", "kennen"]
    assert find_item(instrument, "overleg").required
    assert find_item(instrument, "overleg").choice("nee").value == 2
    assert find_item(instrument, "jaren").unit == {"nl": "jaar", "en": "years"}
    assert find_item(instrument, "cijfer").choices[0].dont_know
    assert find_item(instrument, "visie_hoe").ask_if == ("in", "visie", ("item", "sturing"))
    assert find_item(instrument, "visie_hoe").max_length == 500
    assert find_item(instrument, "beter").seconds == 60


def test_an_engine_that_knows_format_1_writes_the_sample_back_byte_for_byte() -> None:
    assert dump_instrument(load_sample()) == SAMPLE.read_text("utf-8")


def test_a_changed_letter_changes_the_digest() -> None:
    text = SAMPLE.read_text("utf-8")
    assert digest_instrument(text.replace("visie", "visia", 1)) != SAMPLE_DIGEST


@pytest.mark.parametrize("path", FILES, ids=[path.parent.name + "-" + path.stem for path in FILES])
def test_a_compiled_questionnaire_reads_back_the_same(path: Path) -> None:
    instrument = load_questionnaire(path, "proef")
    assert load_instrument(dump_instrument(instrument)) == instrument


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(instrument=instruments())
def test_what_is_stored_reads_back_the_same_and_stores_the_same(instrument: Instrument) -> None:
    text = dump_instrument(instrument)
    assert load_instrument(text) == instrument
    assert dump_instrument(load_instrument(text)) == text


def test_the_first_language_of_the_file_stays_the_fallback() -> None:
    assert sorted(WIDTHS.languages) != list(WIDTHS.languages)
    text = load_instrument(dump_instrument(WIDTHS)).title
    assert say(text, "tr") == "Alle soorten vragen"
    assert say(text, "en") == "All kinds of questions"


def test_the_text_is_canonical() -> None:
    text = dump_instrument(WIDTHS)
    stored = json.loads(text)
    assert text == json.dumps(stored, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert stored["format"] == 1
    assert "required" not in stored["themes"][0]["pages"][1]["items"][0]


def test_a_changed_text_of_a_choice_is_another_instrument() -> None:
    other = replace(WIDTHS, title={"nl": "Iets anders", "en": "Something else"})
    assert dump_instrument(other) != dump_instrument(WIDTHS)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not JSON"),
        ("[]", "format None"),
        ('{"format":2}', "format 2; this engine reads format 1"),
        ('{"format":1}', "damaged"),
        ('{"format":1,"languages":["nl"],"themes":[{"pages":1}]}', "damaged"),
        ('{"format":1,"languages":["nl"],"surprise":1}', "damaged"),
        ('{"format":1,"languages":["nl"],"title":"x"}', "damaged"),
        ('{"format":1,"languages":["nl"],"themes":["x"]}', "damaged"),
    ],
)
def test_a_text_that_is_no_instrument_says_what_is_wrong(text: str, message: str) -> None:
    with pytest.raises(InstrumentError, match=message):
        load_instrument(text)
