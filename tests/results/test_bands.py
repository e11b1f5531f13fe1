"""Profile besloten: four bands from five answers, and no exact number of a small group beside what everybody reads."""

from collections.abc import Mapping, Sequence
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aoj_survey.datasets import WaveDataset
from aoj_survey.disclosure import Ledger, add_release, judge_band
from aoj_survey.results import Book, bands, count_answers, make_closed_tables, make_tables
from aoj_survey.results.figures import draw_column
from aoj_survey.results.tallies import list_columns, tally_column

from .tables import answer, find_small
from .test_tables import make, make_2015

ROLES = ("ib", "zoco", "jeugdhulp")


def shown(dataset: WaveDataset, table: str) -> dict[str, tuple[str, int | None]]:
    return {
        figure.group: (f"{figure.shown.kind} {figure.shown.value}", figure.n)
        for one in make_closed_tables(dataset).tables
        if one.code == table
        for figure in one.figures
    }


def make_snel(**counts: tuple[int, int]) -> WaveDataset:
    """By role how many said ja, and nee."""
    given_by = {role: answer("ja", 6, yes) + answer("nee", 7, no) for role, (yes, no) in counts.items()}
    return make(given_by, dict.fromkeys(counts, 70))


def test_groups_from_five_answers_have_bands_and_no_means() -> None:
    assert shown(make_2015(), "zicht") == {
        "ib": ("band 3", 59),
        "zoco": ("band 3", 14),
        "jeugdhulp": ("band 3", 5),
        "beleid": ("band 3", 13),
    }
    assert {kind.partition(" ")[0] for kind, _ in shown(make_2015(), "cijfer").values()} <= {
        "band",
        "too_few",
    }


def test_a_band_that_would_leave_one_number_of_five_people_is_not_shown() -> None:
    # Of zorgcoördinator and jeugdhulp together 11 of 19 said ja, which everybody reads.
    dataset = make_snel(ib=(30, 29), zoco=(11, 3), jeugdhulp=(0, 5))
    assert shown(dataset, "snel")["zoco"] == ("too_few None", None)
    assert shown(dataset, "snel")["jeugdhulp"] == ("band 0", 5)


def count_possible(dataset: WaveDataset) -> dict[str, int]:
    """How many numbers of ja stay possible in each role under ten, for who tries all: bands, and exact totals."""
    column = next(column for column in list_columns(dataset) if column.name == "snel")
    tally = tally_column(dataset, column)
    bases = {item.code: item.answered for item in tally.strata}
    banded = {code: kind for code, (kind, n) in shown(dataset, "snel").items() if n and code in bases}
    totals = [(group.strata, tally.count(group.strata, {1})) for group in draw_column(dataset, column).groups]
    possible: dict[str, set[int]] = {code: set() for code in bases}
    for numbers in product(*(range(base + 1) for base in bases.values())):
        found = dict(zip(bases, numbers, strict=True))
        if all(
            f"band {judge_band(found[code], bases[code])}" == kind for code, kind in banded.items()
        ) and all(sum(found[code] for code in strata) == total for strata, total in totals):
            for code, number in found.items():
                possible[code].add(number)
    told = {code for strata, _ in totals if len(strata) == 1 for code in strata}
    return {code: len(numbers) for code, numbers in possible.items() if code not in told}


def could_tell_before(dataset: WaveDataset, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Roles whose number follows from the tables for everybody alone."""
    with monkeypatch.context() as context:
        context.setattr(bands, "may_show", lambda *_: False)
        return {code for code, number in count_possible(dataset).items() if number < 2}


pairs = st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda pair: 5 <= sum(pair) <= 12)


@settings(max_examples=40, deadline=None)
@given(st.fixed_dictionaries(dict.fromkeys(ROLES, pairs)))
def test_who_tries_all_numbers_is_left_with_two_at_least(counts: Mapping[str, tuple[int, int]]) -> None:
    dataset = make_snel(**counts)
    with pytest.MonkeyPatch.context() as context:
        known = could_tell_before(dataset, context)
    assert all(number >= 2 for code, number in count_possible(dataset).items() if code not in known)


def test_twin_without_looking_at_what_everybody_reads_the_five_follow(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dataset = make_snel(ib=(3, 9), zoco=(11, 3), jeugdhulp=(0, 5))
    assert count_possible(dataset)["jeugdhulp"] >= 2
    monkeypatch.setattr(bands, "may_show", lambda *_: True)
    assert count_possible(dataset)["jeugdhulp"] == 1


def test_nothing_under_five_follows_from_bands_and_tables_in_one_ledger() -> None:
    dataset = make(
        {
            "ib": answer("ja", 6, 30),
            "zoco": answer("ja", 7, 7) + answer("nee", 6, 7),
            "jeugdhulp": [*answer("nee", 6, 3), {}, {}],
        }
    )
    answered = count_answers([dataset])
    first = make_tables(dataset, Book(Ledger(), answered))
    ledger = add_release(Ledger(), "tables_v1", first.audited)
    closed = make_closed_tables(dataset, Book(ledger, answered))
    plans = [
        one.plan for made in (first, closed) for one in made.audited if one.plan.measure == "figure/snel"
    ]
    published: Sequence[frozenset[str]] = [group for plan in plans for group in plan.groups.values()]
    assert find_small(published, answered["figure/snel"], 5) == []
    assert {one.rules.threshold for one in closed.audited} == {5}
    assert add_release(ledger, "tables_v2", closed.audited)
