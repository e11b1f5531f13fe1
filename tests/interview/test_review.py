"""Looking back: the answers in words, and the check before they are sealed."""

import pytest
from hypothesis import HealthCheck, given, settings

from aoj_survey.errors import AnswersError
from aoj_survey.interview import check_answers, drop_off_path, show_answer, summary, walk
from aoj_survey.questionnaire import Answers, Instrument, Value, find_item
from tests.questionnaire.strategies import WIDTHS, answered

ANSWERS: dict[str, Value] = {
    "overleg": "ja",
    "jaren": 10,
    "taken": "weet_niet",
    "sturing": ("visie", "anders"),
    "visie_hoe": "Samen\naan tafel",
    "cijfer": 5,
}


def test_the_summary_tells_every_open_item_by_theme_in_words() -> None:
    themes = summary(walk(WIDTHS, ANSWERS), ANSWERS, "nl")
    assert [
        (theme.theme.code, [(line.item.code, line.page_code, line.answer) for line in theme.lines])
        for theme in themes
    ] == [
        (
            "werk",
            [
                ("overleg", "overleg", "ja"),
                ("jaren", "jaren", "10 jaar"),
                ("taken", "kennen", "weet ik niet"),
                ("afspraken", "kennen", None),
            ],
        ),
        (
            "samen",
            [("sturing", "sturing", "visie, iets anders"), ("visie_hoe", "visie_hoe", "Samen\naan tafel")],
        ),
        ("oordeel", [("cijfer", "cijfer", "5"), ("beter", "beter", None)]),
    ]


def test_the_summary_speaks_the_language_asked_for() -> None:
    themes = summary(walk(WIDTHS, ANSWERS), ANSWERS, "en")
    shown = [line.answer for theme in themes for line in theme.lines if line.answer]
    assert shown == [
        "yes",
        "10 years",
        "I don\u2019t know",
        "vision, something else",
        "Samen\naan tafel",
        "5",
    ]


def test_the_summary_leaves_out_what_is_off_the_path() -> None:
    answers = {**ANSWERS, "overleg": "nee"}
    codes = [
        line.item.code for theme in summary(walk(WIDTHS, answers), answers, "nl") for line in theme.lines
    ]
    assert codes == ["overleg", "jaren", "taken", "cijfer"]


def test_a_mark_of_dont_know_is_shown_in_its_own_words() -> None:
    assert show_answer(find_item(WIDTHS, "cijfer"), "weet_niet", "nl") == "weet ik niet of geen mening"
    assert show_answer(find_item(WIDTHS, "cijfer"), None, "nl") is None


def test_checked_answers_are_those_on_the_path() -> None:
    assert check_answers(WIDTHS, ANSWERS) == ANSWERS
    assert check_answers(WIDTHS, {**ANSWERS, "overleg": "nee"}) == {
        "overleg": "nee",
        "jaren": 10,
        "taken": "weet_niet",
        "cijfer": 5,
    }


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("geheim", "ja"),
        ("overleg", "misschien"),
        ("overleg", ["ja"]),
        ("overleg", None),
        ("jaren", "10"),
        ("jaren", 51),
        ("jaren", True),
        ("jaren", 1.0),
        ("sturing", "visie"),
        ("sturing", ("anders", "visie")),
        ("sturing", (1,)),
        ("cijfer", 11),
        ("visie_hoe", "x" * 501),
        ("visie_hoe", "a\x00"),
        ("visie_hoe", 5),
    ],
)
def test_a_value_that_is_no_answer_is_refused_without_being_quoted(code: str, value: object) -> None:
    with pytest.raises(AnswersError) as caught:
        check_answers(WIDTHS, {**ANSWERS, code: value})
    assert str(value) not in str(caught.value).replace(code, "")


def test_a_forged_answer_off_the_path_is_refused_too() -> None:
    with pytest.raises(AnswersError):
        check_answers(WIDTHS, {"overleg": "nee", "sturing": ("alles",)})


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(pair=answered())
def test_clean_answers_pass_and_come_out_on_the_path(pair: tuple[Instrument, Answers]) -> None:
    instrument, answers = pair
    checked = check_answers(instrument, answers)
    assert checked == drop_off_path(instrument, answers)
    assert check_answers(instrument, checked) == checked
