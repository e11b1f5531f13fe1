"""Small instruments and responses for the tests of datasets, exports and results."""

from collections.abc import Sequence

from aoj_survey.datasets import OpenedResponse, Policy, WaveDataset, make_dataset
from aoj_survey.disclosure import CaptureClass
from aoj_survey.questionnaire import Answers, Instrument, compile_questionnaire

HEAD = """
format: 1
questionnaire: {name}
edition: "1"
languages: [nl, en]
title: {{nl: Proef, en: Trial}}
purpose: {{nl: Proef., en: Trial.}}
roles: [{roles}]
scales:
  jnw:
    - {{code: ja, value: 1, text: {{nl: ja, en: "yes"}}}}
    - {{code: nee, value: 2, text: {{nl: nee, en: "no"}}}}
    - {{code: weet_niet, value: 99, text: {{nl: weet ik niet, en: I don't know}}, dont_know: true}}
themes:
  - code: alles
    title: {{nl: Alles, en: Everything}}
    items:
"""
SNEL = "      - {code: snel, kind: choice, scale: jnw, text: {nl: Sneller?, en: Sooner?}}\n"
DOELEN = "      - {code: doelen, kind: choice, scale: jnw, required: true, text: {nl: Doelen?, en: Aims?}}\n"
RICHTING = """      - code: richting
        kind: choice
        scale: jnw
        ask_if: doelen == "ja"
        text: {nl: Richting?, en: Direction?}
"""
ZICHT = "      - {code: zicht, kind: choice, scale: jnw, text: {nl: Zicht?, en: View?}}\n"
ZICHT_OTHERWISE = "      - {code: zicht, kind: choice, scale: jnw, text: {nl: Overzicht?, en: Overview?}}\n"
CIJFER = """      - code: cijfer
        kind: mark
        text: {nl: Welk cijfer?, en: Which mark?}
        dont_know: {nl: weet ik niet, en: I don't know}
"""
STURING = """      - code: sturing
        kind: multiple
        text: {nl: Waarin?, en: "In what?"}
        choices:
          - {code: visie, value: 1, text: {nl: visie, en: vision}}
          - {code: inkoop, value: 2, text: {nl: inkoop, en: purchasing}}
"""
JAREN = """      - code: jaren
        kind: number
        min: 0
        max: 50
        unit: {nl: jaar, en: years}
        text: {nl: Hoe lang?, en: How long?}
"""
TROTS = "      - {code: trots, kind: open, text: {nl: Waar bent u trots op?, en: What are you proud of?}}\n"

PROFESSIONALS = (SNEL, DOELEN, RICHTING, ZICHT, CIJFER, TROTS)
POLICY = (STURING, ZICHT, JAREN, CIJFER)
ROLE_INSTRUMENTS = {
    "ib": "digest-p",
    "zoco": "digest-p",
    "jeugdhulp": "digest-p",
    "beleid_gem": "digest-b",
    "swv": "digest-b",
}
ROW: Answers = {"snel": "ja", "doelen": "nee", "zicht": "nee", "cijfer": 6}


def compile_items(name: str, roles: str, items: Sequence[str]) -> Instrument:
    return compile_questionnaire(
        HEAD.format(name=name, roles=roles) + "".join(items), f"{name}.yaml", "proef"
    )


INSTRUMENTS = {
    "digest-p": compile_items("professionals", "ib, zoco, jeugdhulp", PROFESSIONALS),
    "digest-b": compile_items("beleid", "beleid_gem, swv", POLICY),
}


def respond(
    stratum: str, *answers: Answers, digests: tuple[str, ...] = ("digest-p",)
) -> list[OpenedResponse]:
    return [OpenedResponse(stratum, digests, item) for item in answers]


def make_small(answers: Sequence[Answers], invited: int = 20, policy: Policy | None = None) -> WaveDataset:
    """One stratum of intern begeleiders who gave these answers."""
    strata = [CaptureClass("ib", ("ib",), invited, len(answers))]
    instruments = {"digest-p": INSTRUMENTS["digest-p"]}
    return make_dataset(
        "2015", "proef", strata, respond("ib", *answers), instruments, {"ib": "digest-p"}, policy
    )


JOINED = {"ib": 8, "jeugdhulp": 8, "beleid_gem": 9, "swv": 9}
"""How many of each role answered in `make_joined`."""


def make_joined(region: str = "proef") -> WaveDataset:
    """A stratum of all policy roles, and one of two professional roles; some answers are all alike."""
    strata = [
        CaptureClass("beleid", ("beleid_gem", "swv"), 40, 18),
        CaptureClass("ib+jeugdhulp", ("ib", "jeugdhulp"), 40, 16),
    ]
    policy: Answers = {"sturing": ("visie",), "zicht": "ja"}
    marks = [{**policy, "cijfer": 5 + number % 3} for number in range(18)]
    responses = [
        *respond("beleid", *marks, digests=("digest-b",)),
        *respond("ib+jeugdhulp", *[ROW] * 16),
    ]
    return make_dataset("2015", region, strata, responses, INSTRUMENTS, ROLE_INSTRUMENTS)


def column_of(dataset: WaveDataset, name: str) -> list[object]:
    place = [column.name for column in dataset.columns].index(name)
    return [row[place] for row in dataset.rows]
