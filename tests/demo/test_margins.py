import json
from typing import Any

import pytest

from aoj_survey.demo.answers import largest_remainder
from aoj_survey.demo.margins import SOURCE, load_margins
from aoj_survey.statistics import mean, round_half_away

BASES = {"professionals": 78, "beleid": 13}


def test_people_per_role_are_those_of_2015() -> None:
    assert dict(load_margins().response) == {"ib": 59, "zoco": 14, "jeugdhulp": 5, "beleid_gem": 4, "swv": 9}


def test_marks_are_as_many_as_people() -> None:
    margins = load_margins()
    assert {marks.role: sum(marks.counts.values()) for marks in margins.marks} == dict(margins.response)


@pytest.mark.parametrize("role", ["ib", "zoco", "jeugdhulp"])
def test_invented_marks_round_to_the_published_mean(role: str) -> None:
    marks = load_margins().find_marks("cijfer", role)
    assert marks is not None
    values = [mark for mark, count in marks.counts.items() for _ in range(count)]
    assert round_half_away(mean(values), 1) == marks.mean


def test_mean_that_whole_marks_cannot_give_is_noted() -> None:
    marks = load_margins().find_marks("cijfer", "beleid_gem")
    assert marks is not None
    possible = {round_half_away(mean([total]) / 4, 1) for total in range(4, 41)}
    assert marks.mean not in possible
    assert "7.25" in marks.note


def test_figure_nobody_can_read_is_invented_and_says_so() -> None:
    marks = load_margins().find_marks("cijfer", "swv")
    assert marks is not None
    assert (marks.mean, marks.words) == (None, {"nl": "hoger dan elders", "en": "higher than elsewhere"})


def test_published_shares_fit_their_base_or_a_note_says_not() -> None:
    for margin in load_margins().items:
        base = margin.answered or (36 if margin.item == "doelen_richting" else BASES[margin.group])
        for answer in margin.answers:
            counts = range(base + 1)
            fits = any(round_half_away(100 * mean([count]) / base) == answer.percent for count in counts)
            assert fits or answer.invented or margin.note, (margin.item, answer.answer)


def test_contradiction_of_the_source_is_real() -> None:
    # 16 % of 78 is no number of people; of 77 it is, and so is 51 %.
    assert not any(round_half_away(mean([100 * count]) / 78) == 16 for count in range(79))
    assert round_half_away(mean([1200]) / 77) == 16
    assert round_half_away(mean([3900]) / 77) == 51


def test_every_number_is_published_or_marked_as_invented() -> None:
    stored: dict[str, Any] = json.loads(SOURCE.read_text(encoding="utf-8"))
    published = [
        (entry["item"], answer["answer"])
        for entry in stored["items"]
        for answer in entry["answers"]
        if not answer.get("invented")
    ]
    assert len(published) == 24 + 8
    assert ("casus", "nee") not in published


def test_item_or_role_without_margin_is_not_found() -> None:
    assert load_margins().find_item("snel", "beleid") is None
    assert load_margins().find_marks("cijfer", "jgz") is None


@pytest.mark.parametrize(
    ("shares", "total", "counts"),
    [
        ([33, 23, 44], 78, [26, 18, 34]),
        ([54, 41, 5], 36, [19, 15, 2]),
        ([1, 1, 1], 10, [4, 3, 3]),
        ([0, 0], 3, [2, 1]),
        ([100, 0], 13, [13, 0]),
    ],
)
def test_shares_become_whole_people(shares: list[int], total: int, counts: list[int]) -> None:
    assert largest_remainder(shares, total) == counts
