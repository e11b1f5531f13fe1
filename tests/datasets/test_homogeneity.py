"""Sensitive answers a whole class gave: not to be read, nor to be worked out from what is left beside them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from aoj_survey.datasets import OpenedResponse, Policy, WaveDataset, make_dataset
from aoj_survey.disclosure import CaptureClass
from aoj_survey.questionnaire import KINDS, Answers, Choice, Instrument, Item, compile_questionnaire
from tests.questionnaire.module_kind import SLIDER

from .builders import CIJFER, HEAD, SNEL, STURING, column_of, compile_items

VERZUIM = """      - code: verzuim
        kind: number
        sensitive: true
        min: 0
        max: 50
        text: {nl: Hoe vaak ziek?, en: How often ill?}
"""
ZORGEN = STURING.replace("sturing", "zorgen").replace(
    "kind: multiple", "kind: multiple\n        sensitive: true"
)
STEUN = """      - code: steun
        kind: ranking
        sensitive: true
        text: {nl: Wat helpt u het meest?, en: What helps you most?}
        choices:
          - {code: rust, value: 1, text: {nl: rust, en: rest}}
          - {code: geld, value: 2, text: {nl: geld, en: money}}
          - {code: hulp, value: 3, text: {nl: hulp, en: help}}
"""
DONT_KNOW = Choice("weet_niet", 99, {"nl": "weet ik niet", "en": "I don't know"}, dont_know=True)


def offer_dont_know(instrument: Instrument, code: str) -> Instrument:
    """As a kind of a module may: of a number one may not know it."""

    def offer(item: Item) -> Item:
        return replace(item, choices=(DONT_KNOW,)) if item.code == code else item

    return replace(
        instrument,
        themes=tuple(
            replace(
                theme,
                pages=tuple(replace(page, items=tuple(map(offer, page.items))) for page in theme.pages),
            )
            for theme in instrument.themes
        ),
    )


INSTRUMENT = offer_dont_know(
    compile_items("een", "ib, zoco", [SNEL, CIJFER, VERZUIM, ZORGEN, STEUN]), "verzuim"
)
OPENBAAR = Policy(10, "openbaar")


def make(strata: Mapping[str, Sequence[Answers]], policy: Policy | None = None) -> WaveDataset:
    """Each role with its answers."""
    return make_dataset(
        "2026",
        "proef",
        [CaptureClass(role, (role,), 40, len(answers)) for role, answers in strata.items()],
        [OpenedResponse(role, ("d",), answers) for role, part in strata.items() for answers in part],
        {"d": INSTRUMENT},
        dict.fromkeys(strata, "d"),
        policy,
    )


def test_answer_of_all_who_answered_is_hidden_where_others_left_it_open() -> None:
    dataset = make({"ib": [*[{"cijfer": 4}] * 4, {"snel": "ja"}]})
    assert set(column_of(dataset, "cijfer")) == {-6}
    assert dataset.privacy.homogeneous == (("cijfer", "ib"),)


def test_twin_leaving_it_open_as_an_answer_of_its_own_tells_the_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    def all_alike(rows: Sequence[Sequence[int]], members: Sequence[int], place: int) -> bool:
        return len({rows[number][place] for number in members}) == 1

    monkeypatch.setattr("aoj_survey.datasets.suppression.is_homogeneous", all_alike)
    dataset = make({"ib": [*[{"cijfer": 4}] * 4, {"snel": "ja"}]})
    assert Counter(column_of(dataset, "cijfer")) == {4: 4, -8: 1}


def test_not_knowing_a_number_is_an_answer_a_whole_class_can_give() -> None:
    dataset = make({"ib": [{"verzuim": "weet_niet"}] * 5})
    assert set(column_of(dataset, "verzuim")) == {-6}


def test_who_all_left_it_open_gave_no_answer() -> None:
    dataset = make({"ib": [{"snel": "ja"}] * 5})
    assert set(column_of(dataset, "cijfer")) == {-8}
    assert dataset.privacy.homogeneous == ()


def test_question_of_several_columns_is_hidden_whole_since_the_rest_would_tell() -> None:
    # All chose vision, so who has no other choice beside it did; all ranked rest first, and the others are 2 and 3.
    chosen: list[Answers] = [{"zorgen": ("visie", "inkoop")}, {"zorgen": ("visie",)}]
    ranked: list[Answers] = [{"steun": ("rust", "geld", "hulp")}, {"steun": ("rust", "hulp", "geld")}]
    dataset = make({"ib": [{**one, **other} for one in chosen for other in ranked] * 2})
    for name in ("zorgen_visie", "zorgen_inkoop", "steun_rust", "steun_geld", "steun_hulp"):
        assert set(column_of(dataset, name)) == {-6}


def find_single_columns(
    rows: Sequence[Sequence[int]], classes: Sequence[Sequence[int]], _: object, own: frozenset[int]
) -> list[tuple[Sequence[int], frozenset[int]]]:
    return [
        (members, frozenset(place for place in own if len({rows[number][place] for number in members}) == 1))
        for members in classes
    ]


def test_twin_hiding_only_the_column_that_all_share_leaves_it_to_be_worked_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ranked: list[Answers] = [{"steun": ("rust", "geld", "hulp")}, {"steun": ("rust", "hulp", "geld")}]
    monkeypatch.setattr("aoj_survey.datasets.suppression._find_alike", find_single_columns)
    dataset = make({"ib": ranked * 3})
    names = [column.name for column in dataset.columns]
    first, *others = (names.index(f"steun_{choice}") for choice in ("rust", "geld", "hulp"))
    assert {row[first] for row in dataset.rows} == {-6}
    assert {6 - sum(int(row[place]) for place in others) for row in dataset.rows} == {1}


SEVENS: list[Answers] = [{"cijfer": 7, "snel": answer} for answer in ("ja", "ja", "nee", "nee", "weet_niet")]
MIXED: list[Answers] = [{"cijfer": 4 + number, "snel": "ja"} for number in range(5)]


def join_by_other_answers(finer: WaveDataset, coarser: WaveDataset, stratum: str) -> set[object]:
    """The marks that rows of one file may have which look like those of a stratum in the other."""
    names = [column.name for column in finer.columns]
    number = next(place for place, item in enumerate(finer.strata, start=1) if item.code == stratum)
    known = {row[names.index("snel")] for row in finer.rows if row[names.index("stratum")] == number}
    only = known - {row[names.index("snel")] for row in finer.rows if row[names.index("stratum")] != number}
    return {row[names.index("cijfer")] for row in coarser.rows if row[names.index("snel")] in only}


def test_data_for_everybody_hide_what_a_smaller_stratum_gave_alike() -> None:
    strata = {"ib": SEVENS, "zoco": MIXED}
    finer, coarser = make(strata), make(strata, OPENBAAR)
    assert finer.privacy.homogeneous == (("cijfer", "ib"),)
    assert [item.code for item in coarser.strata] == ["professionals"]
    assert join_by_other_answers(finer, coarser, "ib") == {-6}
    assert coarser.privacy.homogeneous == (("cijfer", "professionals"),)


def test_twin_laying_both_files_beside_each_other_tells_the_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aoj_survey.datasets.protection._number_parts", lambda *_: {})
    strata = {"ib": SEVENS, "zoco": MIXED}
    assert join_by_other_answers(make(strata), make(strata, OPENBAAR), "ib") == {7}


# What a module calls sensitive

SCHUIF = """      - code: schuif
        kind: slider
        min: 0
        max: 10
        text: {nl: Hoe gaat het?, en: How are you?}
"""


@pytest.mark.parametrize("sensitive", [True, False])
def test_answers_of_a_kind_that_a_module_calls_sensitive_are_hidden_and_of_others_told(
    sensitive: bool,
) -> None:
    kinds = KINDS | {"slider": replace(SLIDER, sensitive=sensitive)}
    text = HEAD.format(name="een", roles="ib") + SCHUIF
    instrument = compile_questionnaire(text, "een.yaml", "proef", kinds=kinds)
    responses = [OpenedResponse("ib", ("d",), {"schuif": 3})] * 5
    strata = [CaptureClass("ib", ("ib",), 40, 5)]
    dataset = make_dataset("2026", "proef", strata, responses, {"d": instrument}, {"ib": "d"}, kinds=kinds)
    assert set(column_of(dataset, "schuif")) == ({-6} if sensitive else {3})
