"""Questionnaires of an invented author, and the commands on them without an installation."""

from pathlib import Path

from click.testing import CliRunner, Result

from aoj_survey.cli import main

GOOD = """\
format: 1
questionnaire: proef
edition: "1"
languages: [nl, en, {code: tr, unchecked: true}]
title: {nl: Hoe werken we samen?, en: How do we work together?, tr: Nasil?}
purpose: {nl: Met uw antwoorden maken we afspraken., en: Your answers help us., tr: Yanit.}
roles: [ib, zoco]
themes:
  - code: begin
    title: {nl: Begin, en: Beginning}
    items:
      - code: overleg
        kind: choice
        text: {nl: Heeft u overleg?, en: Do you meet?}
        choices:
          - {code: ja, value: 1, text: {nl: ja, en: "yes"}}
          - {code: nee, value: 2, text: {nl: nee, en: "no"}}
          - {code: weet_niet, value: 99, text: {nl: weet ik niet, en: no idea}, dont_know: true}
      - code: hoe_vaak
        kind: number
        min: 1
        max: 20
        ask_if: overleg == "ja"
        text: {nl: Hoe vaak per maand?, en: How often a month?}
  - code: einde
    title: {nl: Einde, en: End}
    items:
      - {code: cijfer, kind: mark, text: {nl: Welk cijfer?, en: Which mark?}, dont_know: {nl: geen, en: none}}
"""
"""A questionnaire without faults and without advice but on its missing translations."""

OVERLAY = """\
format: 1
overlay: proef
edition: "1"
region: zuid
add:
  - after_item: overleg
    items:
      - {code: zuid_tafel, kind: open, max_length: 80, text: {nl: Welke leertafel?, en: Which table?},
         hint: {nl: Geen namen., en: No names.}}
"""


def write(folder: Path, text: str = GOOD, name: str = "proef/1.yaml") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def run(*words: str | Path) -> Result:
    """Run `aoj questionnaires` where nothing was installed."""
    nowhere = ["--instance", "nowhere-at-all", "questionnaires"]
    return CliRunner().invoke(main, [*nowhere, *map(str, words)])
