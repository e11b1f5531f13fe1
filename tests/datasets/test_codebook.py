import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from aoj_survey.datasets import load_codebook
from aoj_survey.datasets.codebook import make_codebook
from aoj_survey.datasets.columns import plan_questions
from aoj_survey.disclosure import CaptureClass
from aoj_survey.errors import BundleError
from aoj_survey.questionnaire import Erratum, compile_questionnaire
from aoj_survey.waves import MadeErratum

from .builders import DOELEN, HEAD, INSTRUMENTS, ROLE_INSTRUMENTS, STURING, compile_items

SAMPLES = Path(__file__).resolve().parent.parent / "samples"


def codebook() -> dict[str, object]:
    strata = (
        CaptureClass("ib", ("ib",), 138, 59),
        CaptureClass("beleid", ("beleid_gem", "swv"), 17, 13),
    )
    questions = plan_questions(INSTRUMENTS, ROLE_INSTRUMENTS)
    return make_codebook("2015", "proef", questions, strata, INSTRUMENTS, ROLE_INSTRUMENTS)


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_stored_sample_of_each_format_is_read_for_ever(number: int) -> None:
    stored = load_codebook((SAMPLES / f"codebook-{number}.json").read_text(encoding="utf-8"))
    assert stored["format"] == number
    assert {column["name"] for column in stored["columns"]} >= {"stratum", "zicht", "sturing_visie"}


def test_codebook_of_today_is_that_of_the_sample() -> None:
    assert json.loads(json.dumps(codebook())) == json.loads(
        (SAMPLES / "codebook-4.json").read_text(encoding="utf-8")
    )


def test_codebook_has_labels_in_all_languages_for_all_codes() -> None:
    for column in json.loads(json.dumps(codebook()))["columns"]:
        assert set(column["label"]) == {"nl", "en"}
        for entry in [*column.get("values", []), *column.get("missing", [])]:
            assert set(entry["label"]) == {"nl", "en"}


def test_unknown_format_is_refused_with_what_to_do() -> None:
    with pytest.raises(BundleError, match="format 5; this engine knows 1, 2, 3, 4"):
        load_codebook('{"format": 5}')


@pytest.mark.parametrize("text", ["", "[]", "{}", "{"])
def test_text_that_is_no_codebook_is_refused(text: str) -> None:
    with pytest.raises(BundleError):
        load_codebook(text)


WORDS = "words: {wijkteam: {nl: buurtteam, en: local team}}\n"
ITEMS = (
    """      - code: leeftijd
        kind: number
        min: 18
        max: 99
        unit: {nl: jaar, en: years}
        quasi_identifier: true
        seconds: 12
        source: Verzonnen bron 1.
        text: {nl: Hoe **oud** bent u?, en: How **old** are you?}
""",
    """      - code: snel
        kind: choice
        scale: jnw
        fact: true
        concept: tempo
        ask_if: leeftijd > 30 && group == "professionals"
        text:
          nl: 'U bent {leeftijd|volwassen}. Is het {word:wijkteam} snel?'
          en: 'You are {leeftijd|grown up}. Is the {word:wijkteam} quick?'
""",
)


def rich_codebook(errata: Sequence[MadeErratum] = (), region: str = "proef") -> dict[str, Any]:
    text = HEAD.format(name="rijk", roles="ib").replace("scales:", WORDS + "scales:")
    instrument = compile_questionnaire(text + "".join(ITEMS), "rijk.yaml", region)
    questions = plan_questions({"d": instrument}, {"ib": "d"})
    strata = (CaptureClass("ib", ("ib",), 20, 9),)
    made = make_codebook("2015", region, questions, strata, {"d": instrument}, {"ib": "d"}, errata)
    return json.loads(json.dumps(made))


def rich_columns() -> dict[str, dict[str, Any]]:
    return {column["name"]: column for column in rich_codebook()["columns"]}


def test_labels_have_the_words_of_the_region_no_markdown_and_a_blank_for_quoted_answers() -> None:
    columns = rich_columns()
    assert columns["leeftijd"]["label"]["nl"] == "Hoe oud bent u?"
    assert columns["snel"]["label"]["en"] == "You are grown up. Is the local team quick?"


def test_universe_is_told_in_words_in_both_languages() -> None:
    label = rich_columns()["snel"]["universe"]["label"]
    assert label["nl"] == "alleen als “Hoe oud bent u?” is meer dan 30 en groep is professionals"
    assert label["en"] == "only if “How old are you?” is more than 30 and group is professionals"
    assert rich_columns()["leeftijd"]["universe"]["label"] == {"nl": "iedereen", "en": "everyone"}


def test_what_a_questionnaire_says_of_an_item_is_kept() -> None:
    leeftijd, snel = rich_columns()["leeftijd"], rich_columns()["snel"]
    assert (leeftijd["holds"], leeftijd["kind"], leeftijd["minimum"], leeftijd["maximum"]) == (
        *("number", "number"),
        *(18, 99),
    )
    assert (leeftijd["quasi_identifier"], leeftijd["seconds"], leeftijd["source"]) == (
        *(True, 12),
        "Verzonnen bron 1.",
    )
    assert (snel["fact"], snel["concept"], snel["theme"], snel["region"]) == (True, "tempo", "alles", None)
    [questionnaire] = rich_codebook()["questionnaires"]
    assert questionnaire["themes"] == [{"code": "alles", "title": {"nl": "Alles", "en": "Everything"}}]


def test_what_a_respondent_saw_tells_whose_answer_stood_in_it() -> None:
    [shown] = rich_columns()["snel"]["shown"]
    assert shown["quotes"] == ["leeftijd"]
    assert "quotes" not in rich_columns()["leeftijd"]["shown"][0]


GROUP = """      - group: kennen
        text: {nl: Kent u elkaar?, en: Do you know each other?}
        hint: {nl: Kies bij elke zin wat past., en: Choose what fits each sentence.}
        scale: jnw
        items:
          - {code: taken, hint: {nl: Denk aan nu., en: Think of now.}, text: {nl: Hun taken., en: Their tasks.}}
"""


def test_statement_is_shown_with_the_words_above_it_and_its_hint_in_both_languages() -> None:
    instrument = compile_items("een", "ib", [GROUP])
    questions = plan_questions({"d": instrument}, {"ib": "d"})
    made = make_codebook("2015", "proef", questions, (), {"d": instrument}, {"ib": "d"})
    [shown] = made["columns"][-1]["shown"]
    assert shown == {
        "instrument": "d",
        "text": {"nl": "Hun taken.", "en": "Their tasks."},
        "hint": {"nl": "Denk aan nu.", "en": "Think of now."},
        "page": {"nl": "Kent u elkaar?", "en": "Do you know each other?"},
        "intro": {"nl": "Kies bij elke zin wat past.", "en": "Choose what fits each sentence."},
    }


def test_what_one_had_to_choose_and_could_write_beside_it_is_told() -> None:
    choices = STURING.replace("value: 2,", "value: 2, exclusive: true,").replace(
        "value: 1,", "value: 1, other: true,"
    )
    instrument = compile_items("een", "ib", [DOELEN, choices])
    made = make_codebook(
        "2015", "proef", plan_questions({"d": instrument}, {"ib": "d"}), (), {"d": instrument}, {"ib": "d"}
    )
    columns = {column["name"]: column for column in made["columns"]}
    assert columns["doelen"]["required"]
    assert not columns["sturing_visie"]["required"]
    assert (columns["sturing_visie"].get("other"), columns["sturing_inkoop"].get("exclusive")) == (True, True)


def test_item_of_the_region_itself_is_told_by_its_name() -> None:
    columns = rich_codebook(region="snel")["columns"]
    assert {column["name"]: column.get("region") for column in columns}["snel"] is None
    own = compile_items("eigen", "ib", [ITEMS[0].replace("leeftijd", "proef_leeftijd")])
    [question] = plan_questions({"d": own}, {"ib": "d"})
    assert question.region == "proef"


def test_errata_are_told_without_who_made_them() -> None:
    erratum = Erratum("item.snel", "nl", "Is het snel?", "Er stond een fout.")
    made = MadeErratum("d", "rijk@1", erratum, "Is hte snel?", "Verzonnen Persoon", date(2026, 5, 6))
    codebook = rich_codebook([made])
    assert codebook["errata"] == [
        {
            "questionnaire": "rijk@1",
            "name": "item.snel",
            "language": "nl",
            "before": "Is hte snel?",
            "text": "Is het snel?",
            "reason": "Er stond een fout.",
            "day": "2026-05-06",
        }
    ]
    assert "Verzonnen Persoon" not in json.dumps(codebook)
