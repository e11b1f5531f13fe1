"""Final dispositions: one per person, rates made of them, and nothing that depends on who of them answered."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aoj_survey.statistics import Response, Standing, count_response, judge_disposition, sum_outcomes

STANDINGS: list[Standing] = ["ineligible", "refused", "undelivered", "unsent", "uncertain", "asked"]


@dataclass(frozen=True)
class Asked:
    """Somebody who was asked."""

    standing: Standing
    started: bool = False
    done: bool = False

    @property
    def disposition(self) -> str:
        return judge_disposition(self.standing, started=self.started, done=self.done)


def count_people(people: Sequence[Asked]) -> Counter[str]:
    return Counter(person.disposition for person in people)


people = st.lists(
    st.tuples(st.sampled_from(STANDINGS), st.sampled_from([(False, False), (True, False), (True, True)])).map(
        lambda drawn: Asked(drawn[0], *drawn[1])
    ),
    max_size=12,
)


@pytest.mark.parametrize(
    ("standing", "nothing", "started", "done"),
    [
        ("asked", "2.20", "2.12", "1.1"),
        ("refused", "2.11", "2.11", "1.1/2.11"),
        ("undelivered", "3.30", "2.12/3.30", "1.1/3.30"),
        ("unsent", "3.11", "2.12/3.11", "1.1/3.11"),
        ("uncertain", "3.19", "2.12/3.19", "1.1/3.19"),
        ("ineligible", "4.10", "4.10", "1.1/4.10"),
    ],
)
def test_everybody_has_one_disposition(standing: Standing, nothing: str, started: str, done: str) -> None:
    assert Asked(standing).disposition == nothing
    assert Asked(standing, started=True).disposition == started
    assert Asked(standing, started=True, done=True).disposition == done


def test_rates_of_a_small_example_by_hand() -> None:
    asked = [
        *[Asked("asked", True, True)] * 5,
        *[Asked("asked", True)] * 2,
        *[Asked("asked")] * 6,
        *[Asked("refused")] * 1,
        *[Asked("undelivered")] * 4,
        *[Asked("ineligible")] * 3,
    ]
    assert count_response(count_people(asked)) == Response(invited=18, reached=14, started=7, done=5)
    assert sum_outcomes(count_people(asked).items()) == {
        "1.1": 5,
        "2.11": 1,
        "2.12": 2,
        "2.20": 6,
        "3.30": 4,
        "4.10": 3,
    }


@given(people)
def test_dispositions_add_up_to_all_who_were_listed(asked: list[Asked]) -> None:
    assert sum(sum_outcomes(count_people(asked).items()).values()) == len(asked)


@given(people)
def test_rates_are_those_of_counting_person_by_person(asked: list[Asked]) -> None:
    found = count_response(count_people(asked))
    done = sum(person.done for person in asked)
    invited = [person for person in asked if person.standing != "ineligible"]
    reached = [person for person in invited if person.standing in {"asked", "refused"}]
    assert (found.invited, found.reached, found.done) == (len(invited), len(reached), done)


@given(people)
def test_they_are_aapors_rates_when_only_who_was_reached_answered(asked: list[Asked]) -> None:
    asked = [person for person in asked if person.standing in {"asked", "refused"} or not person.started]
    codes = sum_outcomes(count_people(asked).items())
    complete = codes.get("1.1", 0)
    eligible = sum(number for code, number in codes.items() if code[0] in "12")
    unknown = sum(number for code, number in codes.items() if code[0] == "3")
    found = count_response(count_people(asked))
    assert (found.done, found.reached, found.invited) == (complete, eligible, eligible + unknown)


def swap(asked: Sequence[Asked], first: int, second: int) -> list[Asked]:
    """Exchange what two people did; how they stand by list and mail stays."""
    changed = list(asked)
    one, other = asked[first], asked[second]
    changed[first] = Asked(one.standing, other.started, other.done)
    changed[second] = Asked(other.standing, one.started, one.done)
    return changed


@given(people.filter(lambda asked: len(asked) > 1), st.data())
def test_no_rate_changes_when_two_people_exchange_what_they_did(
    asked: list[Asked], data: st.DataObject
) -> None:
    places = st.integers(0, len(asked) - 1)
    changed = swap(asked, data.draw(places), data.draw(places))
    before, after = count_response(count_people(asked)), count_response(count_people(changed))
    assert (before.done, before.invited, before.reached) == (after.done, after.invited, after.reached)


def test_twin_rates_of_the_codes_alone_tell_who_of_two_answered() -> None:
    def count_reached(asked: Sequence[Asked]) -> int:
        return sum(
            number for code, number in sum_outcomes(count_people(asked).items()).items() if code[0] in "12"
        )

    asked = [Asked("undelivered"), *[Asked("asked", True, True)] * 3, *[Asked("asked")] * 6]
    assert count_reached(asked) != count_reached(swap(asked, 0, 1))
