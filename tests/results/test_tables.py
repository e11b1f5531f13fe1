"""Tables of figures as they are printed: the numbers of 2015, and what an attacker works out of any (tests 12 and 20)."""

import csv
from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aoj_survey.datasets import Column, OpenedResponse, WaveDataset, make_dataset
from aoj_survey.disclosure import (
    OPENBAAR,
    AuditedPlan,
    CaptureClass,
    ReportingGroup,
    freeze_classes,
    ledger,
    merge_classes,
    reporting_groups,
)
from aoj_survey.errors import DisclosureError
from aoj_survey.questionnaire import Answers
from aoj_survey.results import TableSet, figures, groups, make_files, make_tables, plans
from tests.datasets.builders import INSTRUMENTS, ROLE_INSTRUMENTS

from .tables import find_small

INVITED = {"ib": 138, "zoco": 29, "jeugdhulp": 9, "beleid_gem": 8, "swv": 9}
ANSWERED = {"ib": 59, "zoco": 14, "jeugdhulp": 5, "beleid_gem": 4, "swv": 9}


def make(given_by: Mapping[str, Sequence[Answers]], invited: Mapping[str, int] = INVITED) -> WaveDataset:
    """A wave whose classes are frozen and merged as an opening does."""
    classes = freeze_classes(invited)
    class_of = {role: item.code for item in classes for role in item.roles}
    counts = {item.code: 0 for item in classes}
    for role, found in given_by.items():
        counts[class_of[role]] += len(found)
    merged = merge_classes(classes, counts)
    strata = {role: merged[class_of[role]] for role in class_of}
    responses = [
        OpenedResponse(
            strata[role].code,
            tuple(dict.fromkeys(ROLE_INSTRUMENTS[other] for other in strata[role].roles)),
            item,
        )
        for role, found in given_by.items()
        for item in found
    ]
    return make_dataset(
        "2015", "proef", tuple(dict.fromkeys(strata.values())), responses, INSTRUMENTS, ROLE_INSTRUMENTS
    )


def make_2015() -> WaveDataset:
    marks = {"ib": 5, "zoco": 6, "jeugdhulp": 7, "beleid_gem": 7, "swv": 8}
    return make(
        {
            role: [{"cijfer": marks[role] - number % 2, "zicht": "ja"} for number in range(answered)]
            for role, answered in ANSWERED.items()
        }
    )


def read_rows(made: TableSet) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(make_files(made, "proef")["data/tables.csv"].decode())))


def list_sets(made: TableSet, dataset: WaveDataset, table: str) -> list[frozenset[str]]:
    """The groups whose number of answers is printed."""
    found = [figure for one in made.tables if one.code == table for figure in one.figures]
    return [
        frozenset(item.code for item in dataset.strata if set(item.roles) <= set(figure.roles))
        for figure in found
        if figure.n is not None
    ]


# 2015


def test_the_marks_of_2015_are_printed_of_five_groups_and_tell_of_no_other() -> None:
    rows = [row for row in read_rows(make_tables(make_2015())) if row["table"] == "cijfer"]
    means = {row["group"]: (row["n"], row["text_nl"]) for row in rows if row["shown"] == "mean"}
    assert means == {
        "ib": ("59", "4,5"),
        "jeugdhulp+zoco": ("19", "5,8"),
        "beleid": ("13", "7,2"),
        "professionals": ("78", "4,8"),
        "region": ("91", "5,2"),
    }
    hidden = {row["group"]: row["text_nl"] for row in rows if row["shown"] == "too_few"}
    assert hidden == {"zoco": "te weinig antwoorden", "jeugdhulp": "te weinig antwoorden"}
    assert {row["n"] for row in rows}.isdisjoint({"4", "5", "9", "14"})


def test_nothing_small_follows_from_the_tables_of_2015() -> None:
    dataset = make_2015()
    made = make_tables(dataset)
    for table in ("cijfer", "zicht"):
        published = list_sets(made, dataset, table)
        assert find_small(published, dataset.privacy.classes) == []
    assert list_sets(made, dataset, "cijfer")


def test_twin_hiding_the_small_rows_alone_tells_of_five(monkeypatch: pytest.MonkeyPatch) -> None:
    def hide_small_rows(strata: Sequence[CaptureClass], _: int) -> tuple[ReportingGroup, ...]:
        rows = [
            ReportingGroup(item.code, item.roles, (item.code,), item.invited, item.answered)
            for item in strata
            if item.answered >= 10
        ]
        whole = [group for group in reporting_groups(strata) if group.code in {"professionals", "region"}]
        return (*rows, *whole)

    dataset = make_2015()
    monkeypatch.setattr(groups, "reporting_groups", hide_small_rows)
    with pytest.raises(DisclosureError, match="proef/jeugdhulp = "):
        make_tables(dataset)
    take_the_audit_away(monkeypatch)
    published = list_sets(make_tables(dataset), dataset, "cijfer")
    assert find_small(published, dataset.privacy.classes) == [frozenset({"jeugdhulp"})]


def take_the_audit_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "_PROOF", None)
    monkeypatch.setattr(plans, "audit_plan", lambda plan, *_: AuditedPlan(plan, OPENBAAR, ""))


def test_a_total_is_the_sum_of_its_rows() -> None:
    rows = [row for row in read_rows(make_tables(make_2015())) if row["shown"] == "mean"]
    n = {row["group"]: int(row["n"]) for row in rows}
    assert n["professionals"] == n["ib"] + n["jeugdhulp+zoco"]
    assert n["region"] == n["professionals"] + n["beleid"] == sum(ANSWERED.values())


# Any table

some = st.lists(st.sampled_from(["ja", "nee", "weet_niet", None]), min_size=5, max_size=30)
waves = st.fixed_dictionaries(
    {"ib": some, "zoco": some}, optional=dict.fromkeys(("jeugdhulp", "beleid_gem", "swv"), some)
)


def as_answers(values: Sequence[str | None]) -> list[Answers]:
    return [{} if value is None else {"zicht": value} for value in values]


def count_bases(dataset: WaveDataset, wave: Mapping[str, Sequence[str | None]]) -> dict[str, int]:
    return {
        item.code: sum(value is not None for role in item.roles for value in wave.get(role, ()))
        for item in dataset.strata
    }


@settings(max_examples=80, deadline=None)
@given(waves)
def test_nothing_small_follows_from_any_table(wave: Mapping[str, Sequence[str | None]]) -> None:
    dataset = make({role: as_answers(values) for role, values in wave.items()}, dict.fromkeys(wave, 60))
    made = make_tables(dataset)
    bases = count_bases(dataset, wave)
    for figure in (figure for table in made.tables for figure in table.figures if figure.n is not None):
        inside = [item.code for item in dataset.strata if set(item.roles) <= set(figure.roles)]
        assert figure.n == sum(bases[code] for code in inside) >= 10
    assert find_small(list_sets(made, dataset, "zicht"), bases) == []


UNEVEN = {
    "ib": [{"cijfer": 6}, {"cijfer": 8}] * 20,
    "zoco": [{"cijfer": 7}, {"cijfer": 6}] * 3 + [{"zicht": "ja"}] * 8,
    "swv": [{"cijfer": 8}] * 5 + [{"cijfer": 7}] * 7,
}


def make_uneven() -> WaveDataset:
    """Six of fourteen zorgcoördinatoren gave a mark."""
    return make(UNEVEN, dict.fromkeys(UNEVEN, 60))


def test_a_cell_that_few_answered_takes_another_with_it() -> None:
    found = [figure for table in make_tables(make_uneven()).tables for figure in table.figures]
    n = {figure.group: figure.n for figure in found if figure.item == "cijfer" and not figure.answers}
    assert n == {"professionals": 46, "swv": 12, "region": 58, "ib": None, "zoco": None}


def test_twin_hiding_that_cell_alone_tells_of_six(monkeypatch: pytest.MonkeyPatch) -> None:
    def hide_one(planned: Sequence[ReportingGroup], threshold: int) -> frozenset[str]:
        return frozenset(group.code for group in planned if group.answered < threshold)

    dataset = make_uneven()
    monkeypatch.setattr(groups, "hide_cells", hide_one)
    with pytest.raises(DisclosureError, match="proef/zoco = "):
        make_tables(dataset)
    take_the_audit_away(monkeypatch)
    found = find_small(list_sets(make_tables(dataset), dataset, "cijfer"), {"ib": 40, "zoco": 6, "swv": 12})
    assert found == [frozenset({"zoco"})]


# Routes


def find_routed(dataset: WaveDataset) -> list[str]:
    """Groups whose number tells that all, or nearly all, gave the answer that leads to a question."""
    made = make_tables(dataset)
    led = [figure for table in made.tables if table.code == "richting" for figure in table.figures]
    return [figure.group for figure in led if figure.n is not None]


LED = {
    "ib": [{"doelen": "ja", "richting": "ja"}] * 30 + [{"doelen": "nee"}] * 20,
    "zoco": [{"doelen": "ja", "richting": "nee"}] * 19 + [{"doelen": "nee"}],
}


def test_how_many_came_to_a_question_does_not_tell_the_answer_that_leads_to_it() -> None:
    # 19 of 20 zorgcoördinatoren said ja, which is printed as >= 90 %.
    assert set(find_routed(make(LED, dict.fromkeys(LED, 80)))) == {"professionals"}


def test_twin_without_looking_at_routes_it_tells_of_one_who_said_no(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groups, "tells_route", lambda *_: False)
    assert "zoco" in find_routed(make(LED, dict.fromkeys(LED, 80)))


# Planned groups


def test_a_figure_of_a_group_that_was_not_planned_stops_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    audit = figures.audit_groups

    def forget_one(column: Column, planned: Mapping[str, Sequence[plans.Part]], *rest: Any) -> AuditedPlan:
        return audit(column, {name: parts for name, parts in planned.items() if name != "proef/ib"}, *rest)

    monkeypatch.setattr(figures, "audit_groups", forget_one)
    with pytest.raises(DisclosureError, match="'proef/ib' is no planned breakdown"):
        make_tables(make_2015())


def test_areas_of_a_role_are_one_row() -> None:
    strata = [CaptureClass(f"ib@a{number}", ("ib",), 20, 12) for number in (1, 2)] + [
        CaptureClass(f"zoco@a{number}", ("zoco",), 20, 4 + number) for number in (1, 2)
    ]
    given_by = {"ib@a1": "ja", "ib@a2": "nee", "zoco@a1": "ja", "zoco@a2": None}
    responses = [
        OpenedResponse(item.code, ("digest-p",), {"snel": value} if value else {})
        for item in strata
        for value in [given_by[item.code]] * item.answered
    ]
    made = make_tables(make_dataset("2015", "proef", strata, responses, INSTRUMENTS, ROLE_INSTRUMENTS))
    (table,) = made.tables
    n = {figure.group: figure.n for figure in table.figures}
    assert n == {"professionals": 29, "ib": None, "zoco": None}


def test_raw_rows_are_refused() -> None:
    with pytest.raises(TypeError, match="protected WaveDataset"):
        make_tables([{"cijfer": 6}])  # pyright: ignore[reportArgumentType]
