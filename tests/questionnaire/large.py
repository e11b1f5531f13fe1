"""A questionnaire as large as they come, for measuring."""

HEAD = """\
format: 1
questionnaire: groot
edition: "1"
languages: [nl, en]
title: {nl: Groot, en: Large}
purpose: {nl: Om te meten., en: To measure.}
roles: [ib, zoco]
scales:
  jnw:
    - {code: ja, value: 1, text: {nl: ja, en: "yes"}}
    - {code: nee, value: 2, text: {nl: nee, en: "no"}}
    - {code: weet_niet, value: 99, text: {nl: weet ik niet, en: no idea}, dont_know: true}
themes:
"""
ITEM = """\
      - code: v{number}
        kind: choice
        scale: jnw
        text:
          nl: Is er een vaste afspraak over onderwerp {number} met uw partners?
          en: Is there a fixed arrangement about subject {number} with your partners?
"""
CONDITION = '(v{one} == "ja" || v{two} in ["nee", "weet_niet"]) && !(v0 == "nee") && role == "ib"'


def write_large(items: int, conditions: int) -> str:
    """The YAML of so many items in themes of ten, the last of which have conditions."""
    text = HEAD
    for number in range(items):
        if number % 10 == 0:
            text += f"  - code: thema_{number}\n    title: {{nl: Thema, en: Theme}}\n    items:\n"
        text += ITEM.format(number=number)
        if number >= items - conditions:
            text += f"        ask_if: {CONDITION.format(one=number - 3, two=number - 4)}\n"
    return text
