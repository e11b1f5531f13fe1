from collections.abc import Mapping, Sequence
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aoj_survey.datasets import OpenedResponse, Policy, WaveDataset, make_dataset
from aoj_survey.disclosure import (
    OPENBAAR,
    AuditedPlan,
    CaptureClass,
    ReportingGroup,
    ledger,
    reporting_groups,
)
from aoj_survey.errors import DisclosureError
from aoj_survey.questionnaire import Answers
from aoj_survey.results import Figure, Shown, figures, groups, make_figures, plans
from tests.datasets.builders import INSTRUMENTS, ROLE_INSTRUMENTS

STRATA = {
    "ib": CaptureClass("ib", ("ib",), 138, 0),
    "zoco": CaptureClass("zoco", ("zoco",), 29, 0),
    "jeugdhulp": CaptureClass("jeugdhulp", ("jeugdhulp",), 9, 0),
    "beleid": CaptureClass("beleid", ("beleid_gem", "swv"), 17, 0),
}
POLICY = {"beleid"}


def make(
    answers: Mapping[str, Sequence[Answers]],
    invited: Mapping[str, int] | None = None,
    policy: Policy | None = None,
) -> WaveDataset:
    strata = [
        CaptureClass(code, STRATA[code].roles, (invited or {}).get(code, STRATA[code].invited), len(found))
        for code, found in answers.items()
    ]
    responses = [
        OpenedResponse(code, ("digest-b",) if code in POLICY else ("digest-p",), item)
        for code, found in answers.items()
        for item in found
    ]
    return make_dataset("2015", "proef", strata, responses, INSTRUMENTS, ROLE_INSTRUMENTS, policy)


def repeat(item: str, **counts: int) -> list[Answers]:
    return [{item: value} for value, number in counts.items() for _ in range(number)]


def marks(*values: int) -> list[Answers]:
    return [{"cijfer": value} for value in values]


def shown(dataset: WaveDataset, item: str) -> dict[tuple[str, tuple[str, ...]], str]:
    return {
        (figure.group, figure.answers): f"{figure.shown.kind} {figure.shown.value or ''}".strip()
        for figure in make_figures(dataset)
        if figure.item == item
    }


# The groups of 2015 (tests 12 and 14)


def dataset_2015(policy: Policy | None = None) -> WaveDataset:
    return make(
        {
            "ib": [{"snel": "ja", "zicht": "ja", "cijfer": 5}] * 20
            + [{"snel": "nee", "zicht": "nee", "cijfer": 6}] * 39,
            "zoco": [{"snel": "ja", "zicht": "ja", "cijfer": 6}] * 4
            + [{"snel": "nee", "zicht": "nee", "cijfer": 5}] * 10,
            "jeugdhulp": [{"snel": "weet_niet", "zicht": "ja", "cijfer": 7}] * 3
            + [{"snel": "nee", "zicht": "nee", "cijfer": 6}] * 2,
            "beleid": [{"zicht": "ja", "cijfer": 8, "sturing": ("visie",)}] * 6
            + [{"zicht": "nee", "cijfer": 7, "sturing": ("visie",)}] * 7,
        },
        policy=policy,
    )


def test_marks_of_2015_are_shown_for_the_five_groups_and_no_other() -> None:
    found = {
        figure.group: figure.n
        for figure in make_figures(dataset_2015())
        if figure.item == "cijfer" and not figure.answers
    }
    assert found == {
        "ib": 59,
        "jeugdhulp+zoco": 19,
        "beleid": 13,
        "professionals": 78,
        "region": 91,
        "zoco": None,
        "jeugdhulp": None,
    }


def test_a_stricter_threshold_of_the_region_shows_fewer_groups() -> None:
    strict = dataset_2015(Policy(threshold=15))
    found = {
        figure.group: figure.n
        for figure in make_figures(strict)
        if figure.item == "cijfer" and not figure.answers and figure.n
    }
    assert found == {"ib": 59, "beleid_gem+jeugdhulp+swv+zoco": 32, "region": 91}


def test_mean_has_one_decimal_of_the_plain_mean() -> None:
    assert shown(dataset_2015(), "cijfer")["ib", ()] == "mean 5.7"
    assert Decimal(20 * 5 + 39 * 6) / 59 == pytest.approx(Decimal("5.66"), abs=Decimal("0.005"))


def test_group_of_five_shows_nothing_of_any_item() -> None:
    hidden = [figure for figure in make_figures(dataset_2015()) if figure.group == "jeugdhulp"]
    assert {figure.item for figure in hidden} == {"snel", "zicht", "cijfer"}
    assert all(figure.shown == Shown("too_few") and figure.n is None for figure in hidden)


def test_item_of_professionals_has_no_figure_for_policy_or_all() -> None:
    groups = {figure.group for figure in make_figures(dataset_2015()) if figure.item == "snel"}
    assert groups == {"ib", "zoco", "jeugdhulp", "jeugdhulp+zoco", "professionals"}


def test_group_of_roles_shows_all_answers_and_its_parts_only_the_first() -> None:
    found = shown(dataset_2015(), "zicht")
    assert found["professionals", ("ja",)] == "percent 35"
    assert found["professionals", ("nee",)] == "percent 65"
    assert found["ib", ("ja",)] == "percent 34"
    assert ("ib", ("nee",)) not in found
    assert found["region", ("ja",)] == "percent 36"
    assert found["beleid", ("ja",)] == "percent 46"


def test_choices_of_a_small_group_are_bands_where_nearly_all_or_none_chose() -> None:
    found = shown(dataset_2015(), "sturing")
    assert found == {("beleid", ("visie",)): "at_least", ("beleid", ("inkoop",)): "at_most"}


def test_marks_are_shown_in_four_bins_for_the_group_of_roles() -> None:
    found = shown(dataset_2015(), "cijfer")
    assert found["professionals", ("1", "2", "3", "4", "5")] == "percent 38"
    assert found["professionals", ("6",)] == "percent 58"
    assert found["professionals", ("7",)] == "percent 4"
    assert ("region", ("6",)) not in found


# Rules one by one


def test_twin_without_merging_groups_jeugdhulp_follows_and_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def hide_small_rows_only(strata: Sequence[CaptureClass], _: int) -> tuple[ReportingGroup, ...]:
        rows = [
            ReportingGroup(item.code, item.roles, (item.code,), item.invited, item.answered)
            for item in strata
        ]
        whole = [group for group in reporting_groups(strata) if group.code == "professionals"]
        return (*(row for row in rows if row.answered >= 10), *whole)

    monkeypatch.setattr(groups, "reporting_groups", hide_small_rows_only)
    with pytest.raises(DisclosureError, match=r"proef/jeugdhulp = \(.*\) - \(proef/ib\) - \(proef/zoco\)"):
        make_figures(dataset_2015())


def test_twin_without_the_guard_the_five_would_be_published(monkeypatch: pytest.MonkeyPatch) -> None:
    def singles(strata: Sequence[CaptureClass], _: int) -> tuple[ReportingGroup, ...]:
        return tuple(
            ReportingGroup(item.code, item.roles, (item.code,), item.invited, item.answered)
            for item in strata
            if item.answered
        )

    monkeypatch.setattr(groups, "reporting_groups", singles)
    monkeypatch.setattr(groups, "hide_cells", lambda *_: frozenset())
    monkeypatch.setattr(ledger, "_PROOF", None)
    monkeypatch.setattr(plans, "audit_plan", lambda plan, *_: AuditedPlan(plan, OPENBAAR, ""))
    assert shown(dataset_2015(), "cijfer")["jeugdhulp", ()] == "mean 6.6"


def test_category_of_two_people_is_merged_with_its_neighbour() -> None:
    found = shown(make({"ib": repeat("snel", ja=19, nee=15, weet_niet=2)}), "snel")
    assert found == {("ib", ("ja",)): "percent 53", ("ib", ("nee", "weet_niet")): "percent 47"}


def test_part_that_would_undo_a_merged_category_is_not_shown() -> None:
    answers = {"ib": repeat("snel", ja=16, nee=2, weet_niet=12), "zoco": repeat("snel", ja=6, weet_niet=8)}
    found = shown(make(answers), "snel")
    # Professionals merge nee (2) with weet niet, so their ja stands alone and both parts may show theirs.
    assert found["professionals", ("ja",)] == "percent 50"
    assert found["professionals", ("nee", "weet_niet")] == "percent 50"
    assert found["ib", ("ja",)] == "percent 53"


def test_first_answer_merged_in_the_whole_is_not_told_by_its_parts() -> None:
    # Over all, 'nee' (2) joins the smaller 'ja' (10): ja of both parts together must not be known exactly.
    answers = {
        "ib": repeat("snel", ja=5, nee=1, weet_niet=24),
        "zoco": repeat("snel", ja=5, nee=1, weet_niet=14),
    }
    found = shown(make(answers), "snel")
    assert found["professionals", ("ja", "nee")] == "percent 24"
    assert [found["ib", ("ja",)], found["zoco", ("ja",)]].count("too_few") == 1


def test_part_in_a_band_is_not_told_by_the_whole_and_the_other_part() -> None:
    answers = {"ib": repeat("snel", ja=30, nee=25), "zoco": repeat("snel", nee=15)}
    found = shown(make(answers), "snel")
    assert found["professionals", ("ja",)] == "percent 43"
    assert found["zoco", ("ja",)] == "at_most"
    assert found["ib", ("ja",)] == "too_few"


def test_twin_without_the_check_the_band_could_be_undone(monkeypatch: pytest.MonkeyPatch) -> None:
    def accept(*_: object) -> bool:
        return False

    monkeypatch.setattr(figures, "_gives_away", accept)
    answers = {"ib": repeat("snel", ja=30, nee=25), "zoco": repeat("snel", nee=15)}
    assert shown(make(answers), "snel")["ib", ("ja",)] == "percent 55"


def test_all_invited_of_a_small_group_are_shown_in_bands_without_distribution() -> None:
    found = shown(make({"ib": repeat("snel", ja=38, nee=2)}, invited={"ib": 40}), "snel")
    assert found == {("ib", ("ja",)): "at_least"}


def test_base_is_who_answered_that_item() -> None:
    skipped: list[Answers] = [{}] * 5
    (figure, *_) = [
        item
        for item in make_figures(make({"ib": [*repeat("snel", ja=20, nee=15), *skipped]}))
        if item.item == "snel"
    ]
    assert figure.n == 35


def test_dont_know_is_in_the_base_of_a_share_and_not_of_a_mean() -> None:
    answers: list[Answers] = [*marks(5, 7, 6, 8, 6, 7, 5, 6, 7, 6), *[{"cijfer": "weet_niet"}] * 4]
    (figure,) = [item for item in make_figures(make({"ib": answers})) if item.item == "cijfer"]
    assert (figure.n, figure.shown) == (10, Shown("mean", Decimal("6.3")))


def test_routed_item_has_only_those_asked_as_its_base() -> None:
    answers: Sequence[Answers] = [{"doelen": "ja", "richting": "nee"}] * 12 + [{"doelen": "nee"}] * 8
    (figure,) = [item for item in make_figures(make({"ib": answers})) if item.item == "richting"]
    assert (figure.n, figure.shown) == (12, Shown("at_most"))


def test_nine_answers_show_nothing() -> None:
    answers: list[Answers] = [*repeat("snel", ja=5, nee=4), *[{}] * 11]
    assert shown(make({"ib": answers}), "snel") == {("ib", ()): "too_few"}


def test_nobody_answered_an_item_has_no_figure() -> None:
    assert shown(make({"ib": repeat("snel", ja=12)}), "richting") == {}


# Properties

people = st.lists(st.sampled_from(["ja", "nee", "weet_niet", None]), min_size=5, max_size=45)


def as_answers(values: Sequence[str | None]) -> list[Answers]:
    return [{} if value is None else {"snel": value} for value in values]


@settings(max_examples=60)
@given(people, people, people)
def test_nothing_shown_is_below_ten_and_percents_are_right(
    ib: list[str | None], zoco: list[str | None], jeugdhulp: list[str | None]
) -> None:
    given_answers = {"ib": ib, "zoco": zoco, "jeugdhulp": jeugdhulp}
    dataset = make(
        {code: as_answers(values) for code, values in given_answers.items()}, dict.fromkeys(given_answers, 60)
    )
    for figure in make_figures(dataset):
        if figure.shown.kind == "too_few":
            assert figure.n is None
            continue
        values = [value for role in figure.roles for value in given_answers[role] if value is not None]
        count = sum(value in figure.answers for value in values)
        assert figure.n == len(values) >= 10
        check_share(figure, count)


def check_share(figure: Figure, count: int) -> None:
    assert figure.n is not None
    if figure.shown.kind == "percent":
        assert figure.shown.value is not None
        assert abs(figure.shown.value - Decimal(100 * count) / figure.n) <= Decimal("0.5")
        assert count not in {1, 2}
    elif figure.shown.kind == "at_most":
        assert count * 10 <= figure.n
    else:
        assert count * 10 >= figure.n * 9
