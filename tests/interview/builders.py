"""Small questionnaires made for one journey each."""

from textwrap import indent

from aoj_survey.interview import Path
from aoj_survey.questionnaire import Instrument, compile_questionnaire

HEAD = """\
format: 1
questionnaire: proef
edition: "1"
languages: [nl, en]
title: {nl: Proef, en: Trial}
purpose: {nl: Om te proberen., en: To try.}
roles: [ib]
scales:
  jn:
    - {code: ja, value: 1, text: {nl: ja, en: "yes"}}
    - {code: nee, value: 2, text: {nl: nee, en: "no"}}
themes:
"""


def compile_themes(*themes: str) -> Instrument:
    """The instrument of themes, each given as the YAML of its items."""
    text = HEAD
    for number, items in enumerate(themes, start=1):
        text += (
            f"  - code: thema_{number}\n    title: {{nl: Thema {number}, en: Theme {number}}}\n    items:\n"
        )
        text += indent(items, " " * 6) + "\n"
    return compile_questionnaire(text, "proef.yaml", "proef")


def ask(code: str, condition: str = "", **keys: str) -> str:
    """The YAML of a yes-or-no item."""
    more = "".join(f"  {key}: {value}\n" for key, value in keys.items())
    asked = f"  ask_if: {condition}\n" if condition else ""
    return f"- code: {code}\n  kind: choice\n  scale: jn\n  text: {{nl: {code}?, en: {code}!}}\n{more}{asked}"


def list_codes(path: Path) -> list[list[str]]:
    """The codes of the items on each page of a path."""
    return [[item.code for item in page.items] for page in path.pages]
