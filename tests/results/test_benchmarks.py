"""The other regions beside a region (rule 6): only sums of what their own tables show, and never one of them alone."""

from collections.abc import Mapping, Sequence

import pytest

from aoj_survey.datasets import OpenedResponse, WaveDataset, make_dataset
from aoj_survey.disclosure import CaptureClass, Ledger, ReportingGroup, add_release
from aoj_survey.errors import DisclosureError
from aoj_survey.questionnaire import Answers
from aoj_survey.results import Book, TableSet, benchmarks, count_answers, make_tables, tables
from aoj_survey.results.figures import Drawn
from tests.datasets.builders import INSTRUMENTS, ROLE_INSTRUMENTS

from .tables import answer, find_small

Given = Mapping[str, Sequence[Answers]]


def make(region: str, given: Given) -> WaveDataset:
    strata = [CaptureClass(role, (role,), 60, len(found)) for role, found in given.items()]
    responses = [OpenedResponse(role, ("digest-p",), item) for role, found in given.items() for item in found]
    return make_dataset("2026", region, strata, responses, INSTRUMENTS, ROLE_INSTRUMENTS)


def ib(yes: int, no: int) -> list[Answers]:
    return answer("ja", 6, yes) + answer("nee", 7, no)


def find_others(
    made: TableSet, table: str = "snel"
) -> dict[tuple[str, tuple[str, ...]], tuple[str, int, int]]:
    return {
        (figure.group, figure.answers): (f"{found.shown.kind} {found.shown.value}", found.n, found.regions)
        for one in made.tables
        if one.code == table
        for figure, found in one.others.items()
    }


OWN = make("rijnmeer", {"ib": ib(10, 10)})
OTHERS = [make("aa", {"ib": ib(12, 8)}), make("bb", {"ib": ib(5, 15)}), make("cc", {"ib": ib(10, 20)})]


def test_three_other_regions_stand_beside_a_region_without_itself() -> None:
    made = make_tables(OWN, others=OTHERS)
    # 12 + 5 + 10 of 70; the region's own ten are not among them.
    assert find_others(made) == {("ib", ("ja",)): ("percent 39", 70, 3)}
    assert find_others(made, "cijfer") == {("ib", ()): ("mean 6.6", 70, 3)}
    assert find_others(make_tables(OWN)) == {}


@pytest.mark.parametrize(
    "others",
    [
        OTHERS[:2],
        [*OTHERS[:2], make("cc", {"ib": ib(20, 21)})],
        [*OTHERS[:2], make("cc", {"zoco": ib(10, 20)})],
        [*OTHERS[:2], make("cc", {"ib": ib(1, 20)})],
    ],
    ids=["two", "over half", "other role", "not shown exactly"],
)
def test_fewer_or_one_that_is_most_of_it_stands_beside_nothing(others: Sequence[WaveDataset]) -> None:
    assert find_others(make_tables(OWN, others=others)) == {}


def test_a_region_whose_own_table_says_too_few_is_not_among_them() -> None:
    more = [*OTHERS, make("dd", {"ib": ib(6, 3), "zoco": ib(10, 10)})]
    assert find_others(make_tables(OWN, others=more))["ib", ("ja",)][2] == 3


def tell(others: Sequence[WaveDataset]) -> list[frozenset[str]]:
    """What follows of few people from the benchmark of one region and the tables of the others."""
    sizes = count_answers([OWN, *others])["figure/snel"]
    published: list[frozenset[str]] = []
    for dataset in (OWN, *others):
        beside = [one for one in (OWN, *others) if one is not dataset]
        for audited in make_tables(dataset, others=beside).audited:
            if audited.plan.measure == "figure/snel":
                published += audited.plan.groups.values()
    return find_small(published, sizes)


FEW = [*OTHERS, make("dd", {"ib": ib(6, 3), "zoco": ib(10, 10)})]


def test_no_small_group_of_a_region_follows_from_the_benchmark_and_the_tables_of_the_others() -> None:
    assert tell(FEW) == []


def take_all(_own: Drawn, others: Sequence[Drawn]) -> dict[str, benchmarks.Peers]:
    """Every region that has any answer of this group, whatever its own table shows."""
    found = [
        (other, ReportingGroup("ib", ("ib",), ("ib",), item.invited, item.answered))
        for other in others
        for item in other.tally.strata
        if item.code == "ib" and item.answered
    ]
    return {"ib": benchmarks.Peers("ib", tuple(found))} if found else {}


def test_twin_with_every_region_among_the_others_nine_people_follow(monkeypatch: pytest.MonkeyPatch) -> None:
    few = [*OTHERS, make("dd", {"ib": [*ib(5, 4), {}]})]
    assert tell(few) == []
    monkeypatch.setattr(tables, "find_peers", take_all)
    assert frozenset({"dd/ib"}) in tell(few)
    # And with the tables of the others released, the ledger would refuse it.
    answered, ledger = count_answers([OWN, *few]), Ledger()
    for dataset in OTHERS:
        ledger = add_release(ledger, dataset.region, make_tables(dataset, Book(ledger, answered)).audited)
    with pytest.raises(DisclosureError, match="dd/ib = "):
        make_tables(OWN, Book(ledger, answered), few)


def test_the_ledger_holds_the_others_against_what_their_tables_told() -> None:
    answered = count_answers([OWN, *OTHERS])
    first = make_tables(OTHERS[0], Book(Ledger(), answered))
    ledger = add_release(Ledger(), "aa/figures", first.audited)
    second = make_tables(OWN, Book(ledger, answered), OTHERS)
    groups = {code for audited in second.audited for code in audited.plan.groups}
    assert groups == {"rijnmeer/ib", "rijnmeer/ib/others"}
    assert add_release(ledger, "rijnmeer/figures", second.audited)
