"""Data by area: what stricter data merge first, and what routing may not tell beside an area."""

from collections import Counter, defaultdict
from collections.abc import Sequence

import pytest

from aoj_survey.datasets import OPENBAAR, Policy, PrivacyReport, WaveDataset, make_dataset, protection
from aoj_survey.disclosure import Area, CaptureClass, JoinedStrata
from aoj_survey.questionnaire import Answers
from tests.datasets.builders import SNEL, column_of, compile_items, respond

PO, VO, WRITTEN = "swv PO Rijnmeer", "swv VO Rijnmeer", "SWV VO Rijnmeer"
AREAS = (
    Area("a1", (("Havendam", PO),), 20),
    Area("a2", (("gemeente Rijnmeer", PO),), 20),
    Area("a3", (("rijnmeer", "SWV  VO Rijnmeer"),), 20),
    Area("a4", (("Oudeland", PO), ("Oudeland", VO), ("Oudeland", "")), 20),
    Area("a5", (("Zand", VO), ("Havendam", VO)), 20),
    Area("a6", (("Veen", "swv Noord"), ("", "")), 20),
)
ROUTED = SNEL + (
    "      - {code: eigen, kind: choice, scale: jnw, ask_if: role == 'ib', text: {nl: Eigen?, en: Own?}}\n"
    "      - {code: dan, kind: choice, scale: jnw, ask_if: has(eigen), text: {nl: En dan?, en: Then?}}\n"
)
GIVEN: Answers = {"snel": "ja", "eigen": "nee", "dan": "ja"}


def make(policy: Policy | None = None, former: PrivacyReport | None = None, **sizes: int) -> WaveDataset:
    """A dataset of so many answers in each class, named as `ib_a1`."""
    named = {code.replace("_", "@"): size for code, size in sizes.items()}
    strata = [CaptureClass(code, (code.partition("@")[0],), 20, size) for code, size in named.items()]
    return make_of(strata, policy, former=former)


def make_of(
    strata: Sequence[CaptureClass],
    policy: Policy | None = None,
    areas: Sequence[Area] = AREAS,
    former: PrivacyReport | None = None,
) -> WaveDataset:
    instrument = compile_items("professionals", "ib, zoco, swv", (ROUTED,))
    return make_dataset(
        "2026",
        "rijnmeer",
        strata,
        [answer for item in strata for answer in respond(item.code, *(GIVEN,) * item.answered)],
        {"digest-p": instrument},
        dict.fromkeys(("ib", "zoco", "swv"), "digest-p"),
        policy,
        areas=areas,
        former=former,
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


ALL = ("area", "municipality", "swv", "swv_sector")


def places_of(dataset: WaveDataset) -> dict[str, tuple[object, ...]]:
    """By stratum what the columns of places say, in words."""
    columns = {column.name: column for column in dataset.columns}
    told: dict[str, tuple[object, ...]] = {}
    for row in zip(*(column_of(dataset, name) for name in ("stratum", *ALL)), strict=True):
        words = [
            {value.value: value.text["nl"] for value in columns[name].values}.get(int(str(cell)), cell)
            for name, cell in zip(ALL, row[1:], strict=True)
        ]
        assert told.setdefault(dataset.strata[int(str(row[0])) - 1].code, tuple(words)) == tuple(words)
    return told


def test_one_municipality_and_one_swv_of_a_stratum_have_columns_and_several_are_minus_six() -> None:
    told = places_of(make(ib_a1=5, ib_a2=5, ib_a3=5, ib_a4=5, ib_a5=5, ib_a6=5, zoco=5))
    assert {code: words[1:] for code, words in told.items()} == {
        "ib@a1": ("Havendam", PO, "primair onderwijs"),
        "ib@a2": ("Rijnmeer", PO, "primair onderwijs"),
        # However the list spelled it, it is one municipality.
        "ib@a3": ("Rijnmeer", WRITTEN, "voortgezet onderwijs"),
        "ib@a4": ("Oudeland", -6, -6),
        # Havendam is told of another stratum, and of this one with Zand only.
        "ib@a5": (-6, WRITTEN, "voortgezet onderwijs"),
        # Of some people in it the place is not known.
        "ib@a6": (-6, -6, -6),
        "zoco": (-6, -6, -6),
    }
    assert [words[0] for words in told.values()] == [
        f"Havendam / {PO}",
        f"gemeente Rijnmeer / {PO}",
        "rijnmeer / SWV  VO Rijnmeer",
        f"Oudeland / -; Oudeland / {PO}; Oudeland / {VO}",
        f"Havendam / {VO}; Zand / {VO}",
        "Veen / swv Noord; plaats niet bekend",
        "niet naar gebied bewaard",
    ]


def test_for_everybody_a_small_area_is_told_by_its_swv_or_by_the_sector_of_that() -> None:
    by_swv = make(OPENBAAR, ib_a1=9, ib_a2=8, ib_a5=20)
    assert {code: words[1:] for code, words in places_of(by_swv).items()} == {
        "ib@a1+a2": (-6, PO, "primair onderwijs"),
        "ib@a5": (-6, WRITTEN, "voortgezet onderwijs"),
    }
    assert by_swv.privacy.places == {"ib": {"municipality": 1, "swv": 0}}
    # Of the same sector lies a second swv, too small by itself.
    other = (*AREAS, Area("a7", (("Havendam", "swv PO Duin"),), 20))
    strata = [
        CaptureClass(f"ib@{code}", ("ib",), 20, size) for code, size in (("a1", 12), ("a7", 8), ("a5", 20))
    ]
    by_sector = make_of(strata, OPENBAAR, other)
    assert {code: words[1:] for code, words in places_of(by_sector).items()} == {
        "ib@a1+a7": ("Havendam", -6, "primair onderwijs"),
        "ib@a5": (-6, WRITTEN, "voortgezet onderwijs"),
    }
    assert by_sector.privacy.places == {"ib": {"municipality": 0, "swv": 1}}


def test_few_of_many_are_told_without_place_and_the_others_with() -> None:
    sizes = (("a1", 150), ("a2", 150), ("a4", 6), ("a5", 6))
    strata = [CaptureClass(f"ib@{code}", ("ib",), 2 * size, size) for code, size in sizes]
    dataset = make_of(strata, OPENBAAR)
    assert places_of(dataset)["ib@a4+a5"][1:] == (-6, -6, -6)
    assert places_of(dataset)["ib@a1"][1] == "Havendam"
    assert dataset.privacy.places_suppressed == {"ib": 12}


def test_twin_strata_left_as_they_were_would_tell_of_six(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        protection, "join_strata", lambda strata, *_: JoinedStrata({item.code: item for item in strata})
    )
    dataset = make(OPENBAAR, ib_a1=12, ib_a4=6)
    assert min(Counter(zip(*(column_of(dataset, name) for name in ALL), strict=True)).values()) == 6


def test_a_file_of_the_same_wave_tells_places_as_the_former_did() -> None:
    former = make(OPENBAAR, ib_a1=9, ib_a2=8, ib_a5=20).privacy
    again = make(None, former, ib_a1=9, ib_a2=8, ib_a5=20)
    assert again.privacy.k == 5
    assert set(places_of(again)) == {"ib@a1+a2", "ib@a5"}


def test_the_column_says_no_area_where_it_was_dropped() -> None:
    dataset = make(OPENBAAR, ib_a1=12, ib_a5=9, zoco=10)
    assert set(column_of(dataset, "area")) == {0}
    assert {cell for name in ALL[1:] for cell in column_of(dataset, name)} == {-6}
    assert dataset.codebook["areas"] == []


def test_a_question_with_the_name_of_a_column_of_places_gets_another() -> None:
    strata = [CaptureClass("ib", ("ib",), 20, 5)]
    instrument = compile_items("professionals", "ib", (SNEL.replace("snel", "area"),))
    dataset = make_dataset(
        "2026", "rijnmeer", strata, respond("ib", *({},) * 5), {"digest-p": instrument}, {"ib": "digest-p"}
    )
    assert [column.name for column in dataset.columns][-1] == "area_2"


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
