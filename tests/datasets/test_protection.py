from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aoj_survey.datasets import OPENBAAR, OpenedResponse, Policy, WaveDataset, cells, make_dataset, protection
from aoj_survey.disclosure import CaptureClass, JoinedStrata
from aoj_survey.disclosure.routing import find_asked
from aoj_survey.errors import DisclosureError
from aoj_survey.questionnaire import Answers

from .builders import INSTRUMENTS, ROLE_INSTRUMENTS, ROW, column_of, make_small, respond

BOTH = ("digest-b", "digest-p")


def make(strata: Sequence[CaptureClass], responses: Sequence[OpenedResponse], k: int = 5) -> WaveDataset:
    return make_dataset("2015", "proef", strata, responses, INSTRUMENTS, ROLE_INSTRUMENTS, Policy(k))


def make_mixed(*answers: Answers) -> WaveDataset:
    """A stratum of school partnerships and support coordinators, who were asked different questionnaires."""
    strata = [CaptureClass("ib+swv", ("ib", "swv"), 20, len(answers))]
    return make(strata, respond("ib+swv", *answers, digests=BOTH))


# Made in one way only


def test_dataset_made_by_hand_is_refused() -> None:
    made = make_small([ROW] * 5)
    with pytest.raises(TypeError, match="make_dataset"):
        WaveDataset("2015", "proef", made.columns, (("name@school.example",),), made.strata, made.privacy, {})


def test_dataset_with_exchanged_rows_is_refused() -> None:
    with pytest.raises(TypeError, match="make_dataset"):
        replace(make_small([ROW] * 5), rows=())


def test_twin_without_the_proof_raw_rows_would_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    made = make_small([ROW] * 5)
    monkeypatch.setattr(protection, "_PROOF", None)
    assert replace(made, rows=(("name@school.example",),)).rows


# k


@pytest.mark.parametrize("number", [1, 4])
def test_stratum_with_fewer_than_five_is_refused(number: int) -> None:
    with pytest.raises(DisclosureError, match="at least 5"):
        make_small([ROW] * number)


def test_twin_without_the_check_four_would_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    def accept(*_: object) -> None:
        """Take the protection away."""

    monkeypatch.setattr(protection, "_refuse_wrong_counts", accept)
    assert make_small([ROW] * 4).privacy.smallest == 4


def test_stricter_policy_is_kept() -> None:
    strata = [CaptureClass("ib", ("ib",), 20, 9)]
    with pytest.raises(DisclosureError, match="at least 10"):
        make(strata, respond("ib", *[ROW] * 9), k=10)


PROFESSIONALS = [
    CaptureClass("ib", ("ib",), 40, 12),
    CaptureClass("zoco", ("zoco",), 30, 7),
    CaptureClass("jeugdhulp", ("jeugdhulp",), 20, 5),
    CaptureClass("beleid", ("beleid_gem", "swv"), 17, 10),
]


def respond_all() -> list[OpenedResponse]:
    return [
        response
        for item in PROFESSIONALS
        for response in respond(
            item.code,
            *[ROW if item.code != "beleid" else {"jaren": 3}] * item.answered,
            digests=("digest-b",) if item.code == "beleid" else ("digest-p",),
        )
    ]


def test_small_strata_merge_for_everybody_and_weights_with_them() -> None:
    dataset = make_dataset(
        "2015", "proef", PROFESSIONALS, respond_all(), INSTRUMENTS, ROLE_INSTRUMENTS, OPENBAAR
    )
    assert [(item.code, item.invited, item.answered) for item in dataset.strata] == [
        ("ib", 40, 12),
        ("jeugdhulp+zoco", 50, 12),
        ("beleid", 17, 10),
    ]
    assert dataset.privacy.merged == {"zoco": "jeugdhulp+zoco", "jeugdhulp": "jeugdhulp+zoco"}
    assert (dataset.privacy.profile, dataset.privacy.k, dataset.privacy.smallest) == ("openbaar", 10, 10)
    assert set(column_of(dataset, "w_region")) == {3.333333, 4.166667, 1.7}
    assert min(Counter(column_of(dataset, "stratum")).values()) == 10


def test_twin_without_merging_seven_would_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        protection, "join_strata", lambda strata, *_: JoinedStrata({item.code: item for item in strata})
    )
    dataset = make_dataset(
        "2015", "proef", PROFESSIONALS, respond_all(), INSTRUMENTS, ROLE_INSTRUMENTS, OPENBAAR
    )
    assert min(Counter(column_of(dataset, "stratum")).values()) == 5


def test_strata_that_are_large_enough_keep_their_names() -> None:
    strata = [CaptureClass("ib+swv", ("ib", "swv"), 20, 12)]
    dataset = make(strata, respond("ib+swv", *[ROW] * 12, digests=BOTH), k=10)
    assert [item.code for item in dataset.strata] == ["ib+swv"]
    assert dataset.privacy.merged == {}


def test_merged_stratum_keeps_only_what_all_its_roles_were_asked() -> None:
    strata = [CaptureClass("ib", ("ib",), 20, 6), CaptureClass("swv", ("swv",), 20, 6)]
    responses = respond("ib", *[ROW] * 6) + respond("swv", *[{"jaren": 3}] * 6, digests=("digest-b",))
    dataset = make(strata, responses, k=10)
    assert [item.answered for item in dataset.strata] == [12]
    for name in ("snel", "jaren"):
        assert set(column_of(dataset, name)) == {-6}


def test_looser_policy_is_refused() -> None:
    with pytest.raises(DisclosureError, match="never loosen"):
        Policy(k=4)


# Counts and questionnaires must agree


@pytest.mark.parametrize("answered", [5, 7])
def test_counts_that_disagree_with_the_stratum_are_refused(answered: int) -> None:
    with pytest.raises(DisclosureError, match="do not agree"):
        make([CaptureClass("ib", ("ib",), 20, answered)], respond("ib", *[ROW] * 6))


def test_responses_of_another_stratum_are_refused() -> None:
    responses = respond("ib", *[ROW] * 5) + respond("zoco", ROW)
    with pytest.raises(DisclosureError, match="do not agree"):
        make([CaptureClass("ib", ("ib",), 20, 5)], responses)


def test_more_answers_than_invited_are_refused() -> None:
    with pytest.raises(DisclosureError, match="more people answered"):
        make([CaptureClass("ib", ("ib",), 4, 5)], respond("ib", *[ROW] * 5))


def test_no_strata_at_all_are_refused() -> None:
    with pytest.raises(DisclosureError, match="do not agree"):
        make([], [])


def test_stratum_whose_role_has_no_questionnaire_is_refused() -> None:
    with pytest.raises(DisclosureError, match="'jgz'"):
        make([CaptureClass("jgz", ("jgz",), 20, 5)], respond("jgz", *[ROW] * 5))


def test_response_with_other_questionnaires_than_its_stratum_is_refused() -> None:
    with pytest.raises(DisclosureError, match="other questionnaires"):
        make([CaptureClass("ib", ("ib",), 20, 5)], respond("ib", *[ROW] * 5, digests=("digest-b",)))


@pytest.mark.parametrize("value", ["misschien", 3, ("ja",)])
def test_answer_that_does_not_fit_is_refused_without_being_repeated(value: Any) -> None:
    with pytest.raises(DisclosureError, match="'snel'") as caught:
        make_small([ROW] * 4 + [{**ROW, "snel": value}])
    assert "misschien" not in str(caught.value)


# Codes


def test_answers_become_integer_codes() -> None:
    answers: list[Answers] = [
        {"snel": "weet_niet", "doelen": "ja", "richting": "nee", "zicht": "ja", "cijfer": "weet_niet"},
        *[ROW] * 4,
    ]
    dataset = make_small(answers)
    assert sorted(map(str, column_of(dataset, "snel"))) == ["1"] * 4 + ["99"]
    assert sorted(map(str, column_of(dataset, "cijfer"))) == ["6"] * 4 + ["99"]


def test_not_routed_is_told_from_skipped() -> None:
    answers: list[Answers] = [{**ROW, "doelen": "ja"}, *[ROW] * 4]
    assert column_of(make_small(answers), "richting") == [-8, -7, -7, -7, -7]


def test_answer_left_over_off_the_path_is_not_routed() -> None:
    answers: list[Answers] = [{**ROW, "richting": "ja"}, *[ROW] * 4]
    assert set(column_of(make_small(answers), "richting")) == {-7}


def test_unanswered_item_is_skipped() -> None:
    assert column_of(make_small([{}, *[ROW] * 4]), "snel") == [-8, 1, 1, 1, 1]


def test_open_text_is_nowhere_in_the_dataset() -> None:
    marker = "marker-in-een-open-antwoord"
    dataset = make_small([{**ROW, "trots": marker}] * 5)
    assert marker not in repr(dataset)
    assert "trots" not in {column.name for column in dataset.columns}


def test_more_answers_become_columns_of_zero_and_one_and_numbers_stay_numbers() -> None:
    strata = [CaptureClass("beleid", ("beleid_gem", "swv"), 17, 5)]
    answers: list[Answers] = [{"sturing": ("visie",), "jaren": 12}, *[{"jaren": 3}] * 4]
    dataset = make(strata, respond("beleid", *answers, digests=("digest-b",)))
    assert sorted(map(str, column_of(dataset, "sturing_visie"))) == ["-8"] * 4 + ["1"]
    assert sorted(map(str, column_of(dataset, "sturing_inkoop"))) == ["-8"] * 4 + ["0"]
    assert sorted(map(str, column_of(dataset, "jaren"))) == ["12", "3", "3", "3", "3"]


def test_item_of_another_role_is_not_asked() -> None:
    strata = [CaptureClass("ib", ("ib",), 138, 5), CaptureClass("beleid", ("beleid_gem", "swv"), 17, 5)]
    responses = respond("ib", *[ROW] * 5) + respond("beleid", *[{"jaren": 3}] * 5, digests=("digest-b",))
    dataset = make(strata, responses)
    assert column_of(dataset, "snel") == [1] * 5 + [-5] * 5
    assert column_of(dataset, "jaren") == [-5] * 5 + [3] * 5


# A stratum of roles that were asked different things


def test_mixed_stratum_keeps_only_what_all_its_roles_were_asked() -> None:
    dataset = make_mixed(*[ROW] * 3, *[{"zicht": "ja", "jaren": 4, "cijfer": 8, "sturing": ("visie",)}] * 3)
    for name in ("snel", "doelen", "richting", "sturing_visie", "sturing_inkoop", "jaren"):
        assert set(column_of(dataset, name)) == {-6}
    assert sorted(map(str, column_of(dataset, "zicht"))) == ["1", "1", "1", "2", "2", "2"]
    assert dataset.privacy.protected["snel"] == 6


def test_item_asked_of_nobody_in_a_mixed_stratum_tells_nothing() -> None:
    dataset = make_mixed(*[{"zicht": "ja"}] * 6)
    assert set(column_of(dataset, "cijfer")) == {-8}


def test_twin_without_the_rule_the_roles_could_be_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    def encode(questions: Any, _: Any, answers: Answers, kinds: Any) -> tuple[int, ...]:
        role = "ib" if "snel" in answers else "swv"
        alone = find_asked(CaptureClass(role, (role,), 20, 6), ROLE_INSTRUMENTS, INSTRUMENTS)
        return cells.encode_answers(questions, alone, answers, kinds)

    monkeypatch.setattr(protection, "encode_answers", encode)
    dataset = make_mixed(*[ROW] * 3, *[{"zicht": "ja", "jaren": 4}] * 3)
    assert set(column_of(dataset, "snel")) == {1, -5}


# Weights, order and report


def test_weights_are_invited_by_answered_to_six_decimals() -> None:
    strata = [CaptureClass("ib", ("ib",), 138, 59), CaptureClass("zoco", ("zoco",), 29, 14)]
    dataset = make(strata, respond("ib", *[ROW] * 59) + respond("zoco", *[ROW] * 14))
    # As in case P2 of the reference.
    assert sorted(set(column_of(dataset, "w_region")), key=str) == [2.071429, 2.338983]
    assert column_of(dataset, "w_all") == column_of(dataset, "w_region")
    assert set(column_of(dataset, "pop_n")) == {138, 29}


def test_strata_are_numbered_in_the_order_of_roles() -> None:
    strata = [CaptureClass("beleid", ("beleid_gem", "swv"), 17, 5), CaptureClass("ib", ("ib",), 20, 5)]
    dataset = make(strata, respond("ib", *[ROW] * 5) + respond("beleid", *[{}] * 5, digests=("digest-b",)))
    stratum = next(column for column in dataset.columns if column.name == "stratum")
    assert [(choice.value, choice.code) for choice in stratum.values] == [(1, "ib"), (2, "beleid")]


rows = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "snel": st.sampled_from(["ja", "nee", "weet_niet"]),
            "doelen": st.sampled_from(["ja", "nee"]),
            "richting": st.sampled_from(["ja", "nee"]),
            "cijfer": st.integers(1, 10),
        },
    ),
    min_size=5,
    max_size=12,
)


@given(rows, st.data())
def test_order_of_the_responses_leaves_no_trace(answers: list[Answers], data: st.DataObject) -> None:
    assert make_small(data.draw(st.permutations(answers))) == make_small(answers)


@given(rows)
def test_rows_are_whole_numbers_that_the_codebook_knows(answers: list[Answers]) -> None:
    dataset = make_small(answers)
    known: dict[str, set[int]] = {}
    for column in dataset.codebook["columns"]:
        if "item" in column:
            codes = {entry["value"] for part in ("values", "missing") for entry in column[part]}
            bounds = () if column["minimum"] is None else range(column["minimum"], column["maximum"] + 1)
            known[column["name"]] = codes | set(bounds)
    for name, values in known.items():
        assert set(column_of(dataset, name)) <= values
    assert known["cijfer"] >= {1, 10, 99}


def test_twin_unsorted_rows_would_show_the_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protection, "sorted", lambda items, **_: list(items), raising=False)
    answers: list[Answers] = [{**ROW, "cijfer": mark} for mark in (9, 2, 7, 4, 6)]
    assert make_small(answers) != make_small(answers[::-1])


def test_mark_everybody_gave_is_protected() -> None:
    dataset = make_small([ROW] * 5)
    assert set(column_of(dataset, "cijfer")) == {-6}
    assert dataset.privacy.homogeneous == (("cijfer", "ib"),)


def test_twin_of_a_mark_that_differs_once_is_kept() -> None:
    dataset = make_small([*[ROW] * 4, {**ROW, "cijfer": 7}])
    assert set(column_of(dataset, "cijfer")) == {6, 7}
    assert dataset.privacy.homogeneous == ()


def test_privacy_report_tells_policy_classes_and_risks() -> None:
    strata = [CaptureClass("ib", ("ib",), 138, 15), CaptureClass("zoco", ("zoco",), 29, 5)]
    report = make(strata, respond("ib", *[ROW] * 15) + respond("zoco", *[ROW] * 5)).privacy
    assert (report.profile, report.k, dict(report.classes)) == ("onderzoek", 5, {"ib": 15, "zoco": 5})
    assert (report.smallest, report.largest_risk, report.average_risk) == (5, 0.2, 0.1)
