"""Datasets of several waves and regions, for the tests of stacks and partitions."""

from collections.abc import Sequence

from aoj_survey.datasets import WaveDataset, make_dataset
from aoj_survey.disclosure import Area, CaptureClass, Place
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


HAVENDAM, RIJNMEER = ("Havendam", "swv PO Rijnmeer"), ("gemeente Rijnmeer", "swv PO Rijnmeer")
OUDELAND = ("Oudeland", "")


def make_areas(wave: str, region: str, *areas: Sequence[Place]) -> WaveDataset:
    """A dataset of intern begeleiders by area, six of sixteen in each, and of zorgcoördinatoren who have none.

    In the last area are people too whose place nobody knew.
    """
    instrument = compile_items("professionals", "ib, zoco", (SNEL, ZICHT))
    frozen = [Area(f"a{number}", tuple(places), 10) for number, places in enumerate(areas, start=1)]
    codes = [f"ib@{area.code}" for area in frozen[:-1]] + [f"ib@a0+{frozen[-1].code}"]
    strata = [CaptureClass(code, ("ib",), 16, 6) for code in codes] + [CaptureClass("zoco", ("zoco",), 9, 5)]
    return make_dataset(
        wave,
        region,
        strata,
        [answer for item in strata for answer in respond(item.code, *(GIVEN,) * item.answered)],
        {"digest-p": instrument},
        {"ib": "digest-p", "zoco": "digest-p"},
        areas=frozen,
    )
