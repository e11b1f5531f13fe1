from fractions import Fraction

from aoj_survey.datasets.closeness import find_closeness
from aoj_survey.datasets.columns import Column
from aoj_survey.questionnaire import Choice

from .builders import ROW, make_small

UNKNOWN = Choice("weet_niet", 99, {"nl": "weet ik niet", "en": "I don't know"}, dont_know=True)
MARK = Column("cijfer", "code", {"nl": "?"}, (UNKNOWN,), kind="mark", sensitive=True)
CHOICE = Column("zicht", "code", {"nl": "?"}, (UNKNOWN,), kind="choice", sensitive=True)
OTHER = Column("snel", "code", {"nl": "?"}, kind="choice")


def test_only_sensitive_columns_are_measured() -> None:
    assert find_closeness([OTHER], {"ib": [(1,), (2,)]}, {"ib": [[0], [1]]}) == {}


def test_marks_are_measured_in_their_order_and_choices_are_not() -> None:
    answers = {"ib": [(1, 1), (2, 2), (3, 3)], "zoco": [(1, 1), (2, 2), (3, 3)]}
    classes = {"ib": [[0], [1, 2]], "zoco": [[0, 1, 2]]}
    assert find_closeness([MARK, CHOICE], answers, classes) == {
        ("cijfer", "ib"): Fraction(1, 2),
        ("cijfer", "zoco"): 0,
        ("zicht", "ib"): Fraction(2, 3),
        ("zicht", "zoco"): 0,
    }


def test_unknown_is_an_answer_of_a_choice_and_no_mark() -> None:
    answers = {"ib": [(1, 1), (3, 3), (99, 99)]}
    classes = {"ib": [[0, 1], [2]]}
    assert find_closeness([MARK, CHOICE], answers, classes) == {
        ("cijfer", "ib"): 0,
        ("zicht", "ib"): Fraction(2, 3),
    }


def test_protected_and_skipped_cells_are_no_answers() -> None:
    assert find_closeness([MARK], {"ib": [(-6,), (-8,)]}, {"ib": [[0, 1]]}) == {}


def test_privacy_report_tells_it() -> None:
    report = make_small([*[ROW] * 4, {**ROW, "cijfer": 7}]).privacy
    assert report.closeness == (("cijfer", "ib", 0.0),)
