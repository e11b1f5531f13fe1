"""What a reader with pen and paper can work out from the figures of one item, against what may be known."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aoj_survey.datasets import OpenedResponse, WaveDataset, make_dataset
from aoj_survey.disclosure import CaptureClass
from aoj_survey.questionnaire import Answers
from aoj_survey.results import figures, make_figures
from tests.datasets.builders import INSTRUMENTS, ROLE_INSTRUMENTS

ROLES = ("ib", "zoco", "jeugdhulp")
INVITED = 60

Given = Mapping[str, Sequence[str | None]]


def make(answers: Given) -> WaveDataset:
    strata = [CaptureClass(role, (role,), INVITED, len(found)) for role, found in answers.items()]
    responses = [
        OpenedResponse(role, ("digest-p",), {} if value is None else {"snel": value})
        for role, found in answers.items()
        for value in found
    ]
    return make_dataset("2015", "proef", strata, responses, INSTRUMENTS, ROLE_INSTRUMENTS)


def known_sets(dataset: WaveDataset, answer: str) -> list[frozenset[str]]:
    """The groups whose exact share of this answer, by itself, is printed."""
    return [
        frozenset(figure.roles)
        for figure in make_figures(dataset)
        if figure.item == "snel" and figure.answers == (answer,) and figure.shown.kind == "percent"
    ]


def solvable(known: Sequence[frozenset[str]], filled: Sequence[str]) -> set[frozenset[str]]:
    """Unions of roles that some combination of the known sets adds up to, by trying small coefficients."""
    coefficients = [Fraction(number, 2) for number in (-4, -2, -1, 0, 1, 2, 4)]
    reached: set[tuple[Fraction, ...]] = {tuple(Fraction(0) for _ in filled)}
    for group in known:
        vector = [Fraction(role in group) for role in filled]
        reached = {
            tuple(value + factor * part for value, part in zip(row, vector, strict=True))
            for row in reached
            for factor in coefficients
        }
    unions = [frozenset(union) for size in range(1, len(filled) + 1) for union in combinations(filled, size)]
    return {union for union in unions if tuple(Fraction(role in union) for role in filled) in reached}


def too_much(answers: Given, answer: str) -> list[str]:
    """What the figures tell that they should not, in words; empty when they are safe."""
    filled = [role for role, found in answers.items() if any(value is not None for value in found)]
    complaints: list[str] = []
    for union in solvable(known_sets(make(answers), answer), filled):
        values = [value for role in union for value in answers[role] if value is not None]
        count, base = values.count(answer), len(values)
        name = "+".join(sorted(union))
        if base < 10:
            complaints.append(f"{name}: only {base} people")
        if count in {1, 2}:
            complaints.append(f"{name}: {count} people gave this answer")
        if base < 30 and not base < 10 * count < 9 * base:
            complaints.append(f"{name}: nearly nobody or everybody of {base}")
    return complaints


value = st.sampled_from(["ja", "nee", "weet_niet", None])
small = st.lists(value, min_size=5, max_size=14)
large = st.lists(value, min_size=20, max_size=55)


@settings(max_examples=80, deadline=None)
@given(large, small | large, small)
def test_no_reader_can_work_out_a_protected_share(
    ib: list[str | None], zoco: list[str | None], jeugdhulp: list[str | None]
) -> None:
    answers: Given = {"ib": ib, "zoco": zoco, "jeugdhulp": jeugdhulp}
    assert too_much(answers, "ja") == []


BAND: Given = {"ib": [*["ja"] * 30, *["nee"] * 25], "zoco": [*["nee"] * 15]}


def test_band_of_a_part_cannot_be_worked_out() -> None:
    assert too_much(BAND, "ja") == []


def test_twin_without_the_check_the_reader_finds_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def accept(*_: object) -> bool:
        return False

    monkeypatch.setattr(figures, "_gives_away", accept)
    assert too_much(BAND, "ja") == ["zoco: nearly nobody or everybody of 15"]


def test_other_answers_are_known_of_one_group_only() -> None:
    answers: Given = {"ib": ["ja", "nee", "weet_niet"] * 15, "zoco": ["ja", "nee", "weet_niet"] * 12}
    dataset = make(answers)
    assert known_sets(dataset, "nee") == [frozenset({"ib", "zoco"})]
    assert set(known_sets(dataset, "ja")) == {
        frozenset({"ib"}),
        frozenset({"zoco"}),
        frozenset({"ib", "zoco"}),
    }


@settings(max_examples=40, deadline=None)
@given(st.permutations(ROLES), st.data())
def test_figures_do_not_depend_on_the_order_of_people(roles: list[str], data: st.DataObject) -> None:
    answers: Given = {role: data.draw(small) for role in roles}
    shuffled: Given = {role: data.draw(st.permutations(found)) for role, found in reversed(answers.items())}
    assert make_figures(make(answers)) == make_figures(make(shuffled))


def test_question_with_two_answers_does_not_tell_the_rest_of_two_people() -> None:
    # 'doelen' has three answers here, so its rest is not one answer: 13 of 15 may be told.
    strata = [CaptureClass("ib", ("ib",), INVITED, 15)]
    found: Sequence[Answers] = [{"doelen": "ja"}] * 13 + [{"doelen": "nee"}] * 2
    dataset = make_dataset(
        "2015",
        "proef",
        strata,
        [OpenedResponse("ib", ("digest-p",), item) for item in found],
        INSTRUMENTS,
        ROLE_INSTRUMENTS,
    )
    (figure,) = [item for item in make_figures(dataset) if item.item == "doelen"]
    assert (figure.shown.kind, figure.shown.value) == ("percent", 87)
