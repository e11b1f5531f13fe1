"""Who is asked an item, in words."""

import pytest

from aoj_survey.questionnaire import (
    Instrument,
    compile_questionnaire,
    find_item,
    label_text,
    load_questionnaire,
    role_label,
    universe,
)

from .strategies import WIDTHS
from .test_corpus import CORPUS

TEXT = """\
format: 1
questionnaire: proef
edition: "1"
languages: [nl, en]
title: Proef
purpose: Om te proberen.
roles: [ib, zoco, beleid_gem]
scales:
  jn:
    - {code: ja, value: 1, text: {nl: ja, en: "yes"}}
    - {code: nee, value: 2, text: {nl: nee, en: "no"}}
themes:
  - code: begin
    title: Begin
    items:
      - {code: doelen, kind: choice, scale: jn, text: {nl: Kent u **de** doelen?, en: Do you know the aims?}}
      - {code: jaren, kind: number, min: 0, max: 50, text: {nl: Hoe lang?, en: How long?}}
      - {code: sinds, kind: month, earliest: "2000-01", latest: "2026-12", text: {nl: Sinds?, en: Since?}}
      - code: samen
        kind: multiple
        text: {nl: Waarin?, en: In what?}
        choices:
          - {code: visie, value: 1, text: {nl: visie, en: vision}}
          - {code: anders, value: 2, text: {nl: "anders, namelijk", en: "other, namely"}, other: true}
        ask_if: doelen == "ja"
      - {code: hoe, kind: open, text: {nl: Hoe?, en: How?}, ask_if: CONDITION}
"""


def say_universe(condition: str, language: str = "nl") -> str:
    text = TEXT.replace("CONDITION", "'" + condition.replace("'", "''") + "'")
    instrument = compile_questionnaire(text, "f.yaml", "proef")
    return universe(instrument, find_item(instrument, "hoe"), language)


@pytest.mark.parametrize(
    ("condition", "dutch", "english"),
    [
        (
            'doelen == "ja" && role == "ib"',
            "alleen als “Kent u de doelen?” is ja en functie is intern begeleider",
            "only if “Do you know the aims?” is yes and role is internal support coordinator (primary school)",
        ),
        (
            'doelen != "ja"',
            "alleen als “Kent u de doelen?” is niet ja",
            "only if “Do you know the aims?” is not yes",
        ),
        (
            'doelen in ["ja", "nee"]',
            "alleen als “Kent u de doelen?” is een van: ja, nee",
            "only if “Do you know the aims?” is one of: yes, no",
        ),
        ("jaren >= 5", "alleen als “Hoe lang?” is ten minste 5", "only if “How long?” is at least 5"),
        ("jaren in [1, 2]", "alleen als “Hoe lang?” is een van: 1, 2", "only if “How long?” is one of: 1, 2"),
        ('sinds < "2010-01"', "alleen als “Sinds?” is vóór 2010-01", "only if “Since?” is before 2010-01"),
        (
            '"visie" in samen',
            "alleen als bij “Waarin?” is gekozen: visie",
            "only if chosen at “In what?”: vision",
        ),
        (
            "size(samen) > 1",
            "alleen als het aantal antwoorden bij “Waarin?” is meer dan 1",
            "only if the number of answers to “In what?” is more than 1",
        ),
        ("!has(jaren)", "alleen als niet (“Hoe lang?” is ingevuld)", "only if not (“How long?” is answered)"),
        (
            'group == "beleid" || sector == "po"',
            "alleen als groep is beleid of sector is po",
            "only if group is policy or sector is po",
        ),
        (
            'doelen == "ja" && (jaren < 2 || jaren > 9)',
            "alleen als “Kent u de doelen?” is ja en (“Hoe lang?” is minder dan 2 of “Hoe lang?” is meer dan 9)",
            "only if “Do you know the aims?” is yes and (“How long?” is less than 2 or “How long?” is more than 9)",
        ),
        (
            '(doelen == "ja") == (jaren > 5)',
            "alleen als (“Kent u de doelen?” is ja) is (“Hoe lang?” is meer dan 5)",
            "only if (“Do you know the aims?” is yes) is (“How long?” is more than 5)",
        ),
        ('region == "almere"', "alleen als regio is almere", "only if region is almere"),
    ],
)
def test_a_condition_is_said_in_words(condition: str, dutch: str, english: str) -> None:
    assert say_universe(condition) == dutch
    assert say_universe(condition, "en") == english
    assert say_universe(condition, "tr") != dutch


def test_without_a_condition_it_is_everyone() -> None:
    assert universe(WIDTHS, find_item(WIDTHS, "cijfer"), "nl") == "iedereen"
    assert universe(WIDTHS, find_item(WIDTHS, "cijfer"), "en") == "everyone"


def load(condition: str = "jaren > 1") -> Instrument:
    return compile_questionnaire(TEXT.replace("CONDITION", condition), "f.yaml", "proef")


def test_a_text_beside_a_choice_has_the_universe_of_its_item() -> None:
    instrument = load()
    beside, owner = find_item(instrument, "samen_anders_tekst"), find_item(instrument, "samen")
    assert universe(instrument, beside, "nl") == universe(instrument, owner, "nl") != "iedereen"


def test_every_condition_of_the_corpus_can_be_said() -> None:
    for path in sorted((CORPUS / "valid").glob("*.yaml")):
        instrument = load_questionnaire(path, "proef")
        for item in instrument.items():
            for language in ("nl", "en"):
                said = universe(instrument, item, language)
                assert said
                assert "{" not in said


def test_a_label_has_no_marks_and_a_blank_for_quotes() -> None:
    quotes = load_questionnaire(CORPUS / "valid" / "quotes.yaml", "proef")
    item = find_item(quotes, "hoger")
    assert label_text(quotes, item.text, "nl") == "U gaf geen cijfer. Wat moet er beter?"
    assert label_text(quotes, item.hint or {}, "nl") == "Denk aan verzuim. Accolades als {deze} mogen."
    instrument = load()
    assert label_text(instrument, find_item(instrument, "doelen").text, "nl") == "Kent u de doelen?"


def test_a_role_has_its_label_of_the_monitor_or_else_its_code() -> None:
    assert role_label(WIDTHS, "zoco")["nl"] == "zorgcoördinator"
    assert role_label(WIDTHS, "kapper") == {"nl": "kapper"}
