"""Two devices at once: what is kept of each answer, against a table of all that can happen."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from aoj_survey.questionnaire import Answers, Value
from aoj_survey.responses import mark_answers, merge_answers

VALUES: tuple[Value | None, ...] = (None, "ja", "nee", 1, "1", ("ja",), ("ja", "nee"))
CODES = ("a", "b", "c")
answers = st.dictionaries(st.sampled_from(CODES), st.sampled_from([v for v in VALUES if v is not None]))


def expect(was: Value | None, here: Value | None, there: Value | None) -> tuple[Value | None, bool]:
    """What is kept in the end, and whether the reader is told, case by case."""
    if here == was:
        return there, False
    if there in (was, here):
        return here, False
    return here, True


def as_answers(value: Value | None) -> Answers:
    return {} if value is None else {"a": value}


def test_all_that_can_happen_to_one_answer() -> None:
    for was, here, there in product(VALUES, repeat=3):
        shown = mark_answers("a", as_answers(was))
        merged = merge_answers("a", shown, as_answers(here), as_answers(there))
        value, told = expect(was, here, there)
        assert merged.answers == as_answers(value), (was, here, there)
        assert bool(merged.contested) is told, (was, here, there)


@given(answers, answers, answers)
def test_each_answer_is_put_together_by_itself(was: Answers, here: Answers, there: Answers) -> None:
    whole = merge_answers(CODES, mark_answers(CODES, was), here, there)
    for code in CODES:
        value, told = expect(was.get(code), here.get(code), there.get(code))
        assert whole.answers.get(code) == value
        assert (code in whole.contested) is told


@given(answers, answers, answers)
def test_an_answer_off_the_page_is_not_its_business(was: Answers, here: Answers, there: Answers) -> None:
    merged = merge_answers(CODES[:2], mark_answers(CODES, was), here, there)
    assert set(merged.answers) <= set(CODES[:2])
    assert set(merged.marks) == set(CODES[:2])


@given(answers, answers)
def test_without_a_mark_the_page_wins_and_nobody_is_told(here: Answers, there: Answers) -> None:
    merged = merge_answers(CODES, {}, here, there)
    assert merged.answers == here
    assert not merged.contested


@given(answers, answers, answers)
def test_a_page_that_yields_leaves_what_is_contested_and_wins_with_what_it_learnt(
    was: Answers, here: Answers, there: Answers
) -> None:
    first = merge_answers(CODES, mark_answers(CODES, was), here, there, yields=True)
    for code in first.contested:
        assert first.answers.get(code) == there.get(code)
    again = merge_answers(CODES, first.marks, here, first.answers, yields=True)
    assert not again.contested
    at_once = merge_answers(CODES, mark_answers(CODES, was), here, there)
    assert again.answers == at_once.answers


@given(answers, answers, answers)
def test_a_page_that_comes_late_changes_nothing_that_was_sent_after_it(
    was: Answers, half: Answers, whole: Answers
) -> None:
    """The script sent `half`; the line was slow, and the page itself with `whole` came in first."""
    shown = mark_answers(CODES, was)
    sent = merge_answers(CODES, shown, whole, was)
    late = merge_answers(CODES, shown, half, sent.answers, yields=True)
    for code in CODES:
        if whole.get(code) != was.get(code):
            assert late.answers.get(code) == whole.get(code)


def test_twin_a_late_page_that_does_not_yield_takes_the_answer_back() -> None:
    shown = mark_answers("a", {})
    late = merge_answers("a", shown, {"a": "to"}, {"a": "together"})
    assert late.answers == {"a": "to"}


def test_answers_that_look_alike_have_marks_of_their_own() -> None:
    marks = {mark_answers("a", as_answers(value))["a"] for value in VALUES}
    assert len(marks) == len(VALUES)
