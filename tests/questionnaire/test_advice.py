"""Advice: each remark on a file that deserves it, and none on one that does not."""

import re
from string import Formatter

import pytest

from aoj_survey.errors import Problem
from aoj_survey.questionnaire import (
    ADVICE,
    CATALOGUE,
    OverlayText,
    check_questionnaire,
    compile_questionnaire,
)

from .test_corpus import CORPUS

HEAD = """\
format: 1
questionnaire: proef
edition: "1"
languages: [nl, en]
title: {nl: Proef, en: Trial}
purpose: {nl: Om te proberen., en: To try.}
roles: [ib, zoco]
scales:
  jnw:
    - {code: ja, value: 1, text: {nl: ja, en: "yes"}}
    - {code: nee, value: 2, text: {nl: nee, en: "no"}}
    - {code: weet_niet, value: 99, text: {nl: weet ik niet, en: no idea}, dont_know: true}
  jn:
    - {code: ja, value: 1, text: {nl: ja, en: "yes"}}
    - {code: nee, value: 2, text: {nl: nee, en: "no"}}
  wrong:
    - {code: weet_niet, value: 99, text: {nl: weet ik niet, en: no idea}, dont_know: true}
    - {code: ja, value: 1, text: {nl: ja, en: "yes"}}
    - {code: nee, value: 2, text: {nl: nee, en: "no"}}
themes:
  - code: begin
    title: {nl: Begin, en: Start}
    items:
"""
GOOD = "- {code: een, kind: choice, scale: jnw, text: {nl: Werkt u samen?, en: Do you cooperate?}}"
OPEN = "hint: {nl: Schrijf geen namen op., en: No names please.}, max_length: 200"


def choice(texts: str, scale: str = "jnw", more: str = "") -> str:
    return f"- {{code: een, kind: choice, scale: {scale}, text: {{{texts}}}{more}}}"


def own(*answers: str) -> str:
    choices = ", ".join(
        f'{{code: k{n}, value: {n}, text: {{nl: "{text}", en: "{text}"}}}}' for n, text in enumerate(answers)
    )
    dont_know = "{code: weet_niet, value: 99, text: {nl: weet ik niet, en: no idea}, dont_know: true}"
    return f"- {{code: een, kind: choice, text: {{nl: Hoeveel?, en: How many?}}, choices: [{choices}, {dont_know}]}}"


def write(*items: str) -> str:
    return HEAD + "".join(f"      {line}\n" for item in items for line in item.splitlines())


def advise(*items: str, language: str = "en") -> list[Problem]:
    text = write(*items)
    compile_questionnaire(text, "f.yaml", "proef")
    return list(check_questionnaire(text, "f.yaml", "proef", language=language))


GROUP = "- group: samen\n  text: {nl: Samen, en: Together}\n  scale: jnw\n  items:\n" + "".join(
    f"    - {{code: s{n}, text: {{nl: Stelling, en: Statement}}}}\n" for n in range(8)
)
LONG = "Wij willen graag van u weten of u in uw werk elke dag met heel veel andere mensen op school over dit kind praat."
MARK = "- {code: cijfer, kind: mark, text: {nl: Welk cijfer?, en: Which mark?}, dont_know: {nl: geen idee, en: no idea}}"
QUOTE = (
    f"- {{code: hoger, kind: open, text: {{nl: 'U gaf {{cijfer}}.', en: 'You gave {{cijfer}}.'}}, {OPEN}}}"
)

DESERVING: dict[str, list[list[str]]] = {
    "two-questions": [
        [choice("nl: Praat u met school en/of gemeente?, en: Do you talk?")],
        [choice("nl: Kent u het plan en gebruikt u het? En waarom?, en: Do you know?")],
        [choice("nl: Werkt u samen en bent u tevreden?, en: Do you cooperate?")],
        [choice("nl: Werkt u samen?, en: Do you cooperate and are you content?")],
    ],
    "no-dont-know": [[choice("nl: Werkt u samen?, en: Do you cooperate?", "jn")]],
    "dont-know-not-last": [[choice("nl: Werkt u samen?, en: Do you cooperate?", "wrong")]],
    "group-long": [[GROUP]],
    "long-sentence": [[choice(f"nl: '{LONG}', en: Do you?")]],
    "difficult-word": [
        [choice("nl: Bent u voornemens te overleggen?, en: Do you?")],
        [choice("nl: Overlegt u?, en: Do you meet prior to the start?")],
    ],
    "abbreviation": [[choice("nl: Kent u het OOGO?, en: Do you know it?")]],
    "double-negation": [
        [choice("nl: Vindt u het niet goed als er geen plan is?, en: Do you?")],
        [choice("nl: Praat u?, en: Do you not talk without a plan?")],
    ],
    "overlapping-answers": [[own("1 - 5", "5 - 10")], [own("0 tot 5", "5 tot en met 9")], [own("vaak", "soms", "Vaak")]],
    "gap-in-answers": [[own("1 - 5", "8 - 10")]],
    "not-translated": [[choice("nl: Werkt u samen?")]],
    "too-long": [[choice("nl: Werkt u samen?, en: Do you?", more=", seconds: 600"), choice("nl: Nu?, en: Now?", more=", seconds: 150").replace("een", "twee")]],
    "required-for-nothing": [[choice("nl: Werkt u samen?, en: Do you?", more=", required: true")]],
    "open-without-limit": [["- {code: hoe, kind: open, text: {nl: Hoe?, en: How?}, hint: {nl: Geen namen., en: No names.}}"]],
    "open-without-hint": [["- {code: hoe, kind: open, text: {nl: Hoe?, en: How?}, max_length: 100}"]],
    "quasi-identifier": [["- {code: jaar, kind: number, min: 0, max: 99, quasi_identifier: true, text: {nl: Hoe oud bent u?, en: How old are you?}}"]],
    "maybe-quasi-identifier": [["- {code: jaar, kind: number, min: 0, max: 99, text: {nl: Hoe oud bent u?, en: How old are you?}}"]],
    "quote-without-fallback": [[MARK, QUOTE], [MARK, QUOTE.replace("kind: open", 'kind: open, ask_if: role == "ib"')]],
}  # fmt: skip

DECENT = [
    [GOOD],
    [GROUP.replace("    - {code: s7, text: {nl: Stelling, en: Statement}}\n", "")],
    [choice("nl: 'Kent u het overleg van scholen en gemeenten?', en: Do you know?")],
    [choice("nl: 'Kent u het samenwerkingsverband (SWV)? ', en: Do you know SWV (partnership)?")],
    [choice("nl: Werkt u samen?, en: Do you?", "jn", ", required: true"), '- {code: hoe, kind: open, ask_if: een == "ja", text: {nl: Hoe?, en: How?}, ' + OPEN + "}"],
    [own("0 - 4", "5 - 9", "10 of meer")],
    [MARK, QUOTE.replace("kind: open", "kind: open, ask_if: cijfer < 6")],
    [MARK, QUOTE.replace("{cijfer}", "{cijfer|niets}")],
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "items"), [(code, items) for code, cases in DESERVING.items() for items in cases]
)
def test_what_deserves_advice_gets_it(code: str, items: list[str]) -> None:
    assert code in {problem.code for problem in advise(*items)}


@pytest.mark.parametrize("items", DECENT)
def test_what_is_decent_gets_none(items: list[str]) -> None:
    assert advise(*items) == []


def test_every_advice_is_tried_here() -> None:
    assert set(DESERVING) == set(ADVICE)


def test_advice_never_stops_compiling_and_has_its_own_level() -> None:
    for cases in DESERVING.values():
        for problem in advise(*cases[0]):
            assert problem.level in ("advice", "tip")
            assert f"{problem.level}: {problem.code}" in str(problem)


def test_advice_is_worded_in_dutch_or_english() -> None:
    (dutch,) = advise(choice("nl: Werkt u samen?, en: Do you?", "jn"), language="nl")
    (english,) = advise(choice("nl: Werkt u samen?, en: Do you?", "jn"), language="en")
    assert dutch.what == "Wie het niet weet, kan dat hier niet zeggen."
    assert english.what == "Who does not know cannot say so here."
    assert advise(choice("nl: Werkt u samen?, en: Do you?", "jn"), language="tr") == [english]


@pytest.mark.parametrize("code", sorted(ADVICE))
def test_both_wordings_use_the_same_values_and_end_well(code: str) -> None:
    level, what, remedy = ADVICE[code]
    assert level in ("advice", "tip")
    assert code not in CATALOGUE
    for text in (what, remedy):
        assert set(text) == {"nl", "en"}
        names = [{name for _, name, _, _ in Formatter().parse(part) if name} for part in text.values()]
        assert names[0] == names[1]
        assert all(re.search(r"[.”]$", part) for part in text.values())


def test_advice_stands_at_its_line() -> None:
    (problem,) = advise(GOOD, choice("nl: Werkt u samen?, en: Do you?", "jn").replace("een", "twee"))
    line = write(GOOD, "- {code: twee").splitlines()[problem.line - 1]
    assert "twee" in line


def test_a_file_that_does_not_compile_gets_its_problems_only() -> None:
    problems = check_questionnaire(write(GOOD.replace("choice", "chioce")), "f.yaml", "proef")
    assert [(problem.code, problem.level) for problem in problems] == [("unknown-kind", "error")]


def test_an_overlay_is_read_too_with_its_own_file_and_lines() -> None:
    base = (CORPUS / "overlay-base.yaml").read_text("utf-8")
    text = (
        'format: 1\noverlay: proef\nedition: "1"\nregion: buurt\nadd:\n  - after_item: een\n    items:\n'
        "      - {code: buurt_x, kind: open, max_length: 90, text: {nl: Wat doet u?, en: What?}}\n"
    )
    problems = check_questionnaire(base, "base.yaml", "buurt", [OverlayText(text, "buurt.yaml")])
    assert [(problem.code, problem.line) for problem in problems if problem.file == "buurt.yaml"] == [
        ("open-without-hint", 8)
    ]
    broken = OverlayText(text.replace("buurt_x", "x"), "buurt.yaml")
    assert [p.code for p in check_questionnaire(base, "base.yaml", "buurt", [broken])] == ["overlay-prefix"]


def test_only_the_roles_for_whom_it_is_too_long_are_named() -> None:
    long = choice("nl: Werkt u samen?, en: Do you?", more=', seconds: 600, ask_if: role == "zoco"')
    more = choice("nl: En nu?, en: And now?", more=", seconds: 150").replace("een", "twee")
    (problem,) = advise(long, more)
    assert problem.what == "For zoco this takes up to 13 minutes."
