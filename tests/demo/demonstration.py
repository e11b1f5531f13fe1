"""The demonstration's dataset without mail, web or database: synthetic answers, merged and protected."""

from functools import cache
from pathlib import Path

from aoj_survey.datasets import OpenedResponse, WaveDataset, make_dataset
from aoj_survey.demo.answers import synthetic_answers
from aoj_survey.disclosure import freeze_classes, merge_classes
from aoj_survey.questionnaire import Instrument, load_questionnaire

QUESTIONNAIRES = Path(__file__).resolve().parents[2] / "questionnaires"
INVITED = {"ib": 138, "zoco": 29, "jeugdhulp": 9, "beleid_gem": 8, "swv": 9}
PROFESSIONALS = ("ib", "zoco", "jeugdhulp")


@cache
def instruments() -> dict[str, Instrument]:
    professionals = load_questionnaire(QUESTIONNAIRES / "aoj-professionals/2015.yaml", "proef")
    policy = load_questionnaire(QUESTIONNAIRES / "aoj-beleid/2015.yaml", "proef")
    return {role: professionals if role in PROFESSIONALS else policy for role in INVITED}


@cache
def make_demo_dataset() -> WaveDataset:
    answers = synthetic_answers(instruments())
    merged = merge_classes(freeze_classes(INVITED), {role: len(found) for role, found in answers.items()})
    digests = {role: "digest-p" if role in PROFESSIONALS else "digest-b" for role in INVITED}
    responses = [
        OpenedResponse(merged[role].code, (digests[role],), item)
        for role, found in answers.items()
        for item in found
    ]
    by_digest = {digests[role]: instrument for role, instrument in instruments().items()}
    strata = list(dict.fromkeys(merged.values()))
    return make_dataset("2015", "drechtsteden", strata, responses, by_digest, digests)
