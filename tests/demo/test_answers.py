from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aoj_survey.demo.answers import largest_remainder, synthetic_answers
from aoj_survey.demo.margins import Margins, load_margins
from aoj_survey.interview import check_answers, drop_off_path
from aoj_survey.questionnaire import Value, dump_answers, load_questionnaire
from tests.datasets.places import QUESTIONNAIRES
from tests.demo.demonstration import instruments


def values(item: str, *roles: str) -> Counter[Value]:
    answers = synthetic_answers(instruments())
    return Counter(found[item] for role in roles for found in answers[role] if item in found)


def test_as_many_answer_per_role_as_in_2015() -> None:
    answers = synthetic_answers(instruments())
    numbers = {role: len(found) for role, found in answers.items()}
    assert numbers == {"ib": 59, "zoco": 14, "jeugdhulp": 5, "beleid_gem": 4, "swv": 9}
    assert sum(numbers.values()) == 91


def test_every_answer_fits_its_questionnaire_and_lies_on_the_path() -> None:
    for role, found in synthetic_answers(instruments()).items():
        for answers in found:
            assert check_answers(instruments()[role], answers) == answers
            assert drop_off_path(instruments()[role], answers) == answers


def test_all_items_of_2015_are_answered() -> None:
    for role, found in synthetic_answers(instruments()).items():
        codes = {item.code for item in instruments()[role].items()}
        # Of five youth-care workers nobody need know the aims, so the follow-up may be asked of none.
        assert codes - {code for answers in found for code in answers} <= {"doelen_richting"}


def test_answers_of_professionals_are_the_published_shares_in_whole_people() -> None:
    assert values("snel", "ib", "zoco", "jeugdhulp") == {"ja": 26, "nee": 18, "weet_niet": 34}
    assert values("doelen", "ib", "zoco", "jeugdhulp") == {"ja": 36, "nee": 42}
    assert values("doelen_richting", "ib", "zoco", "jeugdhulp") == {
        "meestal_wel": 19,
        "soms": 15,
        "meestal_niet": 2,
    }


def test_one_professional_skips_the_item_whose_shares_fit_77() -> None:
    assert values("zicht", "ib", "zoco", "jeugdhulp") == {"ja": 39, "nee": 26, "weet_niet": 12}


def test_policy_staff_choose_as_published() -> None:
    chosen = Counter(code for codes in values("sturing", "beleid_gem", "swv").elements() for code in codes)  # type: ignore[union-attr]
    assert chosen == {"visie": 13, "werkprocessen": 12, "implementatie": 6, "inkoop": 1}


@pytest.mark.parametrize(
    ("role", "mean"), [("ib", "5.5"), ("zoco", "5.6"), ("jeugdhulp", "6.4"), ("beleid_gem", "7.25")]
)
def test_marks_have_the_published_mean(role: str, mean: str) -> None:
    counts = values("cijfer", role)
    total = sum(int(str(mark)) * count for mark, count in counts.items())
    exact = Decimal(total) / counts.total()
    assert round(exact, len(mean) - 2) == Decimal(mean)


def test_same_seed_gives_the_same_answers_and_another_seed_others() -> None:
    first, again, other = (synthetic_answers(instruments(), seed=seed) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_margins_hold_whatever_the_seed() -> None:
    for seed in range(5):
        answers = synthetic_answers(instruments(), seed=seed)
        assert (
            Counter(found["casus"] for role in ("ib", "zoco", "jeugdhulp") for found in answers[role])["ja"]
            == 62
        )


def test_respondents_differ_from_each_other() -> None:
    texts = [dump_answers(answers) for answers in synthetic_answers(instruments())["ib"]]
    assert len(set(texts)) > 50


def test_other_questionnaire_is_filled_without_margins() -> None:
    widths = load_questionnaire(QUESTIONNAIRES / "widths.yaml", "proef")
    found = synthetic_answers({"ib": widths, "swv": widths})
    for answers in [*found["ib"], *found["swv"]]:
        assert check_answers(widths, answers) == answers
    assert {answers["overleg"] for answers in found["ib"]} == {"ja", "nee"}
    assert not any("beter" in answers for answers in found["ib"])


def test_role_without_response_answers_nothing() -> None:
    professionals = instruments()["ib"]
    assert synthetic_answers({"ib": professionals, "jgz": professionals})["jgz"] == []
    assert synthetic_answers({"ib": professionals}, Margins({"ib": 2}, ()))["ib"][0]["snel"] in {
        "ja",
        "nee",
        "weet_niet",
    }


@given(st.lists(st.integers(0, 100), min_size=1, max_size=8), st.integers(0, 500))
def test_largest_remainder_keeps_the_total_and_is_off_by_less_than_one(shares: list[int], total: int) -> None:
    counts = largest_remainder(shares, total)
    assert sum(counts) == total
    weights = shares if sum(shares) else [1] * len(shares)
    assert all(
        abs(count - total * weight / sum(weights)) < 1 for count, weight in zip(counts, weights, strict=True)
    )


def test_margins_of_every_item_add_up_to_a_hundred() -> None:
    for margin in load_margins().items:
        if margin.item != "sturing":
            assert sum(answer.percent for answer in margin.answers) == 100, margin.item
