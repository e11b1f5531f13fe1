"""Final dispositions: what became of each person who was asked, in the codes of AAPOR.

Source: AAPOR, *Standard Definitions*, internet surveys of specifically named persons: Table 5 of the 9th edition
(2016), Table 4 of the 7th (2011). The editions themselves were not at hand: codes and names were compared with a
public survey program that prints that table (1KA), the wording of 3.1x with the 9th edition's part on mail surveys.

Two readings are ours. The list says that people belong to the population, so who was asked and returned nothing
counts as eligible, *non-contact* (2.20), and not as *nothing ever returned* (3.19), which AAPOR takes where
eligibility is unknown. And 3.19, for which nothing is known about whether the invitation arrived, is used where
it is not certain that it left. Whose invitation was not sent (3.11) or came back (3.30) is of unknown eligibility
too; who left the job is not eligible.

A disposition is what somebody ended in, and after a slash what this person would have ended in by list and
mail alone: `1.1/3.30` is complete though the invitation came back. The second part never depends on who
answered. Rates are made of it (`count_response`), so that a rate tells nothing of single people whose mail
state is known.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, TypeAlias

COMPLETE, BREAK_OFF = "1.1", "2.12"

Standing: TypeAlias = Literal["ineligible", "refused", "undelivered", "unsent", "uncertain", "asked"]
"""How somebody stands by list and mail alone, whether this person answered or not.

`ineligible`: the list was wrong; `refused`: wants no mail, or was removed at own request; `undelivered`: the
invitation came back or was refused; `unsent`: it never left; `uncertain`: nobody knows; `asked`: all others.
"""

STANDINGS: Mapping[Standing, str] = MappingProxyType(
    {
        "ineligible": "4.10",
        "refused": "2.11",
        "undelivered": "3.30",
        "unsent": "3.11",
        "uncertain": "3.19",
        "asked": "2.20",
    }
)
"""The disposition of a standing when nothing was filled in."""


def judge_disposition(standing: Standing, *, started: bool, done: bool) -> str:
    """Return the final disposition of somebody, as this module describes it."""
    code = STANDINGS[standing]
    if done:
        outcome = COMPLETE
    elif started and standing not in {"ineligible", "refused"}:
        outcome = BREAK_OFF
    else:
        return code
    return outcome if standing == "asked" else f"{outcome}/{code}"


@dataclass(frozen=True, slots=True)
class Response:
    """How many people were invited, reached, started and done.

    Of few people, more may be done than `invited` or `reached` hold: see `count_response`.
    """

    invited: int
    reached: int
    started: int
    done: int


def count_response(people: Mapping[str, int]) -> Response:
    """Return what the rates of a number of people per disposition are made of.

    `invited` leaves out who is not eligible, `reached` also whose eligibility is unknown, each whether done or
    not. RR1 is done / invited, RR5 is done / reached, where rows of a table hold at least those who are done.
    """
    done = _count(people, COMPLETE)
    invited = sum(people.values()) - _count_standing(people, "4")
    reached = invited - _count_standing(people, "3")
    return Response(invited, reached, done + _count(people, BREAK_OFF), done)


def _count(people: Mapping[str, int], outcome: str) -> int:
    return sum(number for code, number in people.items() if code.partition("/")[0] == outcome)


def _count_standing(people: Mapping[str, int], chapter: str) -> int:
    return sum(number for code, number in people.items() if code.rpartition("/")[2].startswith(chapter))


def sum_outcomes(people: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Return the number of people per AAPOR code alone, without what stands after the slash."""
    sums: dict[str, int] = {}
    for code, number in people:
        outcome = code.partition("/")[0]
        sums[outcome] = sums.get(outcome, 0) + number
    return dict(sorted(sums.items()))
