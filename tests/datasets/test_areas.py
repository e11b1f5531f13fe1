"""Data by area: what stricter data merge first, and what routing may not tell beside an area."""

from collections import defaultdict
from collections.abc import Sequence

import pytest

from aoj_survey.datasets import OPENBAAR, Policy, WaveDataset, make_dataset
from aoj_survey.disclosure import Area, CaptureClass
from aoj_survey.questionnaire import Answers
from tests.datasets.builders import SNEL, column_of, compile_items, respond

AREAS = (Area("a1", (("Havendam", ""),), 20), Area("a2", (("Rijnmeer", ""),), 20))
ROUTED = SNEL + (
    "      - {code: eigen, kind: choice, scale: jnw, ask_if: role == 'ib', text: {nl: Eigen?, en: Own?}}\n"
    "      - {code: dan, kind: choice, scale: jnw, ask_if: has(eigen), text: {nl: En dan?, en: Then?}}\n"
)
GIVEN: Answers = {"snel": "ja", "eigen": "nee", "dan": "ja"}


def make(policy: Policy | None = None, **sizes: int) -> WaveDataset:
    """A dataset of so many answers in each class, named as `ib_a1`."""
    named = {code.replace("_", "@"): size for code, size in sizes.items()}
    strata = [CaptureClass(code, (code.partition("@")[0],), 20, size) for code, size in named.items()]
    return make_of(strata, policy)


def make_of(strata: Sequence[CaptureClass], policy: Policy | None = None) -> WaveDataset:
    instrument = compile_items("professionals", "ib, zoco, swv", (ROUTED,))
    return make_dataset(
        "2026",
        "rijnmeer",
        strata,
        [answer for item in strata for answer in respond(item.code, *(GIVEN,) * item.answered)],
        {"digest-p": instrument},
        dict.fromkeys(("ib", "zoco", "swv"), "digest-p"),
        policy,
        areas=AREAS,
    )


def classes_of(dataset: WaveDataset) -> dict[str, int]:
    return {item.code: item.answered for item in dataset.strata}


def test_for_everybody_areas_are_dropped_before_a_role_joins_another() -> None:
    assert classes_of(make(ib_a1=12, ib_a2=10, zoco=10)) == {"ib@a1": 12, "ib@a2": 10, "zoco": 10}
    assert classes_of(make(OPENBAAR, ib_a1=12, ib_a2=9, zoco=10)) == {"ib": 21, "zoco": 10}
    # Only who is still too small without areas joins, and then the union has none.
    joined = make(OPENBAAR, ib_a1=12, ib_a2=11, zoco=9, swv=10)
    assert classes_of(joined) == {"professionals": 32, "swv": 10}
    assert joined.privacy.merged == dict.fromkeys(("ib@a1", "ib@a2", "zoco"), "professionals")


def test_the_column_says_no_area_where_it_was_dropped() -> None:
    dataset = make(OPENBAAR, ib_a1=12, ib_a2=9, zoco=10)
    assert set(column_of(dataset, "area")) == {0}
    assert dataset.codebook["areas"] == []


def test_weights_of_a_class_sum_to_who_was_invited_in_it() -> None:
    dataset = make(ib_a1=12, ib_a2=9, zoco=7)
    weights = defaultdict[object, float](float)
    for number, weight in zip(column_of(dataset, "stratum"), column_of(dataset, "w_region"), strict=True):
        weights[number] += float(str(weight))
    assert [round(weights[number], 4) for number in (1, 2, 3)] == [20, 20, 20]


def test_an_item_routed_by_role_is_minus_six_where_roles_share_an_area() -> None:
    shared = [
        CaptureClass("professionals@a1", ("ib", "zoco"), 20, 8),
        CaptureClass("professionals@a2", ("ib", "zoco"), 20, 9),
    ]
    dataset = make_of([*shared, CaptureClass("swv", ("swv",), 20, 6)])
    inside = [number != 0 for number in column_of(dataset, "area")]
    for name in ("eigen", "dan"):
        values = list(zip(inside, column_of(dataset, name), strict=True))
        assert {value for among, value in values if among} == {-6}
        assert -6 not in {value for among, value in values if not among}
    assert -6 not in column_of(dataset, "snel")
    assert -6 not in column_of(make(ib_a1=8, ib_a2=9), "eigen")


def test_twin_without_the_rule_routing_tells_roles_within_an_area(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "aoj_survey.disclosure.routing.find_shared",
        lambda instruments, _: frozenset(item.code for item in instruments[0].items()),
    )
    dataset = make_of([CaptureClass("professionals@a1", ("ib", "zoco"), 20, 8)])
    assert -6 not in column_of(dataset, "eigen")
