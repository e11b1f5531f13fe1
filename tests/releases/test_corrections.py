"""Versions of a wave held elsewhere: by the same classes, and different by nobody or by many."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from aoj_survey.disclosure import OPENBAAR, Ledger, Plan
from aoj_survey.errors import DisclosureError, ReleaseError
from aoj_survey.releases import Counted, Told, audit_bundle, audit_plans, corrections
from aoj_survey.releases.people import DONE, INVITED, STRATA

NOBODY = Counted({}, {}, {})
FIRST = Told(
    "onderzoek",
    5,
    {},
    (("ib",), ("zoco", "jeugdhulp")),
    classes={"ib": 20, "zoco+jeugdhulp": 6},
    numbers=((40, 20), (12, 6)),
)


def release(ledger: Ledger, version: int, told: Told = FIRST) -> Ledger:
    name = f"aoj_rijnmeer_2020_v{version}"
    return audit_bundle(ledger, name, "rijnmeer", told, NOBODY, imported=True)


def change(**numbers: tuple[int, int]) -> Told:
    """The first version with another number of people answered (and done) and invited in a class."""
    classes = {**FIRST.classes, **{code: done for code, (_, done) in numbers.items()}}
    rows = [numbers.get(code, pair) for code, pair in zip(FIRST.classes, FIRST.numbers, strict=True)]
    return replace(FIRST, classes=classes, numbers=tuple(rows))


def test_the_ledger_keeps_the_people_of_a_wave_held_elsewhere() -> None:
    first = release(Ledger(), 1)
    assert first.people(STRATA) == {"rijnmeer/ib": 20, "rijnmeer/zoco+jeugdhulp": 6}
    assert first.people(INVITED) == {"rijnmeer/ib": 40, "rijnmeer/zoco+jeugdhulp": 12}
    assert first.people(DONE) == {"rijnmeer/ib": 20, "rijnmeer/zoco+jeugdhulp": 6}
    second = release(first, 2)
    assert second.people(STRATA) == first.people(STRATA)


def test_a_class_with_another_number_is_another_class() -> None:
    second = release(release(Ledger(), 1), 2, change(ib=(40, 30)))
    assert second.people(STRATA)["rijnmeer/ib"] == 20
    assert second.people(STRATA)["rijnmeer/ib (aoj_rijnmeer_2020_v2)"] == 30
    third = release(second, 3)
    assert third.releases[-2].plans == second.releases[0].plans


@pytest.mark.parametrize(
    ("told", "measure"),
    [
        (change(ib=(40, 21)), "strata"),
        (change(ib=(40, 11)), "strata"),
        (change(ib=(42, 20)), "invited"),
        (replace(FIRST, numbers=((40, 29), (12, 6))), "done"),
    ],
)
def test_a_few_people_more_or_less_are_refused(told: Told, measure: str) -> None:
    with pytest.raises(ReleaseError, match=rf"in rijnmeer/ib \({measure}\).*about few people"):
        release(release(Ledger(), 1), 2, told)


def test_a_version_is_held_against_every_former_one() -> None:
    second = release(release(Ledger(), 1), 2, change(ib=(40, 30)))
    with pytest.raises(ReleaseError, match="v3 and aoj_rijnmeer_2020_v1 tell of 25 and 20"):
        release(second, 3, change(ib=(40, 25)))


def test_twin_without_that_rule_one_person_would_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corrections, "LEAST", dict.fromkeys(corrections.LEAST, 1))
    assert release(release(Ledger(), 1), 2, change(ib=(41, 21)))


@pytest.mark.parametrize(
    "other",
    [
        {"classes": {"ib": 20, "zoco": 3, "jeugdhulp": 3}},
        {"classes": {"ib+zoco": 20, "jeugdhulp": 6}},
        {"rows": (("ib", "zoco"), ("jeugdhulp",))},
    ],
)
def test_other_classes_than_before_are_refused(other: Mapping[str, object]) -> None:
    with pytest.raises(ReleaseError, match="divide people in other classes"):
        release(release(Ledger(), 1), 2, replace(FIRST, **other))


def test_small_classes_of_a_wave_held_elsewhere_are_refused() -> None:
    with pytest.raises(DisclosureError, match=r"rijnmeer/ib = \(rijnmeer/ib\)"):
        release(Ledger(), 1, change(ib=(40, 4)))
    with pytest.raises(DisclosureError, match=r"rijnmeer/ib = \(rijnmeer/ib\)"):
        release(Ledger(), 1, replace(FIRST, numbers=((40, 2), (12, 6))))


def test_totals_of_a_wave_are_audited_beside_what_was_held_elsewhere() -> None:
    first = release(Ledger(), 1, replace(FIRST, profile="openbaar", classes={"ib": 20}))
    total = Plan(STRATA, {"all": frozenset({"rijnmeer/ib", "duinstreek/ib"})})
    with pytest.raises(DisclosureError, match=r"duinstreek/ib = .* - \(rijnmeer/ib\)"):
        audit_plans(first, "totals/figures", [total], {STRATA: {"duinstreek/ib": 7}}, OPENBAAR)
    assert audit_plans(first, "totals/figures", [total], {STRATA: {"duinstreek/ib": 10}}, OPENBAAR)


def test_another_region_of_the_same_wave_is_no_former_version() -> None:
    first = release(Ledger(), 1)
    told = replace(FIRST, classes={"ib": 21}, rows=(("ib",),), numbers=((41, 21),))
    both = audit_bundle(first, "aoj_duinstreek_2020_v1", "duinstreek", told, NOBODY, imported=True)
    assert both.people(STRATA)["duinstreek/ib"] == 21
