"""Answers that go along to another questionnaire."""

from pathlib import Path

import pytest

from aoj_survey.interview import carry_answers, check_answers
from aoj_survey.questionnaire import Answers, Instrument, load_questionnaire
from tests.staging import ANSWERS, QUESTIONNAIRES

STANDARD = Path(__file__).parents[2] / "questionnaires"


def load(name: str) -> Instrument:
    return load_questionnaire(QUESTIONNAIRES / name / "1.yaml", "rijnmeer")


def test_only_answers_to_the_same_question_go_along() -> None:
    # `jaren` stands in both with another text and no concept; `taken` stands in one.
    assert carry_answers(ANSWERS, load("widths"), load("beleid")) == {"overleg": "nee", "cijfer": 7}


def test_what_goes_along_fits_the_other_questionnaire() -> None:
    carried = carry_answers(ANSWERS, load("widths"), load("beleid"))
    assert check_answers(load("beleid"), carried) == carried


def test_twin_all_answers_would_not_fit() -> None:
    with pytest.raises(Exception, match="not in this questionnaire"):
        check_answers(load("beleid"), ANSWERS)


def test_all_answers_stay_in_the_same_questionnaire() -> None:
    assert carry_answers(ANSWERS, load("widths"), load("widths")) == ANSWERS


@pytest.mark.parametrize("answers", [{"cijfer": 8}, {"cijfer": "weet_niet"}])
def test_a_concept_ties_questions_of_the_standard_set(answers: Answers) -> None:
    professionals = load_questionnaire(STANDARD / "aoj-professionals" / "2021.yaml", "rijnmeer")
    policy = load_questionnaire(STANDARD / "aoj-beleid" / "2021.yaml", "rijnmeer")
    assert carry_answers(answers, professionals, policy) == answers
