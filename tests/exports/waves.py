"""Datasets of several waves and regions, for the tests of stacks and partitions."""

from collections.abc import Sequence

from aoj_survey.datasets import WaveDataset, make_dataset
from aoj_survey.disclosure import CaptureClass
from aoj_survey.questionnaire import Answers
from tests.datasets.builders import SNEL, ZICHT, ZICHT_OTHERWISE, compile_items, respond

SNEL_ON_ANOTHER_SCALE = """      - code: snel
        kind: choice
        text: {nl: Sneller?, en: Sooner?}
        choices:
          - {code: veel, value: 1, text: {nl: veel, en: much}}
          - {code: iets, value: 2, text: {nl: iets, en: a little}}
          - {code: niet, value: 3, text: {nl: niet, en: not}}
"""
SNEL_IN_OTHER_WORDS = SNEL.replace("Sneller?", "Gaat het sneller?")
GIVEN: Answers = {"snel": "ja", "zicht": "nee"}


def make_wave(
    wave: str,
    region: str,
    items: Sequence[str] = (SNEL, ZICHT),
    answers: Sequence[Answers] = (GIVEN,) * 5,
) -> WaveDataset:
    """A dataset of intern begeleiders who were asked these items."""
    instrument = compile_items("professionals", "ib", items)
    return make_dataset(
        wave,
        region,
        [CaptureClass("ib", ("ib",), 20, len(answers))],
        respond("ib", *answers),
        {"digest-p": instrument},
        {"ib": "digest-p"},
    )


def make_two_wordings(wave: str, region: str) -> WaveDataset:
    """A dataset in which two roles were asked one item in two wordings."""
    instruments = {
        "digest-p": compile_items("professionals", "ib", (ZICHT,)),
        "digest-b": compile_items("beleid", "swv", (ZICHT_OTHERWISE,)),
    }
    strata = [CaptureClass("ib", ("ib",), 20, 5), CaptureClass("swv", ("swv",), 9, 5)]
    given: Answers = {"zicht": "ja"}
    responses = respond("ib", *(given,) * 5) + respond("swv", *(given,) * 5, digests=("digest-b",))
    return make_dataset(wave, region, strata, responses, instruments, {"ib": "digest-p", "swv": "digest-b"})
