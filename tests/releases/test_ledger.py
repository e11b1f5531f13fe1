"""The ledger: every release is audited beside all before it, and what was entered never changes."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select, update

from aoj_survey.db import db
from aoj_survey.disclosure import BESLOTEN, COUNTS, OPENBAAR, Ledger, Plan, check_ledger
from aoj_survey.errors import DisclosureError
from aoj_survey.releases import (
    Counted,
    LedgerEntry,
    Told,
    audit_bundle,
    audit_plans,
    count_people,
    name_class,
    read_bundle,
    read_ledger,
    record_release,
    report_audit,
    withdraw_release,
    write_ledger,
)
from aoj_survey.releases import ledger as module
from aoj_survey.releases.ledger import dump_release, load_release
from aoj_survey.releases.people import STRATA
from tests.factories import MOMENT, make_response

from .bundles import NAME, make_opened, release, write_bundle

SAMPLES = Path(__file__).parent.parent / "samples"
SIZES = {"ib": 12, "zoco": 6, "beleid_gem": 6, "swv": 12}
INVITED = {"ib": 30, "zoco": 9, "beleid_gem": 9, "swv": 20}
ROWS = (("ib",), ("zoco",), ("beleid_gem",), ("swv",))
FIRST = Told("openbaar", 10, {"zoco": "ib", "beleid_gem": "swv"}, ROWS)
OTHER = Told("openbaar", 10, {"zoco": "beleid", "beleid_gem": "beleid"}, ROWS)
FINE = Told("onderzoek", 5, {}, ROWS)


def count(*regions: str, done: Mapping[str, int] = SIZES) -> Counted:
    """The people of regions that are all alike."""
    strata, invited, finished = (
        {name_class(region, code): number for region in regions for code, number in numbers.items()}
        for numbers in (SIZES, INVITED, done)
    )
    return Counted(strata, invited, finished)


COUNTED = count("rijnmeer")


def audit(
    ledger: Ledger, name: str, told: Told, counted: Counted = COUNTED, region: str = "rijnmeer"
) -> Ledger:
    return audit_bundle(ledger, name, region, told, counted)


def test_other_merging_in_a_second_release_is_refused_with_the_sums() -> None:
    first = audit(Ledger(), "v1", FIRST)
    assert audit(Ledger(), "v2", OTHER)
    with pytest.raises(
        DisclosureError, match=r"rijnmeer/zoco = \(rijnmeer/ib \+ rijnmeer/zoco\) - \(rijnmeer/ib\)"
    ):
        audit(first, "v2", OTHER)


def test_twin_without_the_ledger_the_second_release_would_tell_of_six(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = audit(Ledger(), "v1", FIRST)
    plain = module.audit_plan
    monkeypatch.setattr(module, "audit_plan", lambda plan, people, _, by: plain(plan, people, Ledger(), by))
    monkeypatch.setattr(module, "add_release", lambda ledger, *_: ledger)
    assert audit(first, "v2", OTHER) == first


def test_recipients_under_agreement_may_know_of_six_and_everybody_may_not() -> None:
    fine = audit(Ledger(), "v1", FINE)
    assert audit(fine, "v2", FIRST)
    with pytest.raises(DisclosureError, match=r"rijnmeer/beleid_gem = \(rijnmeer/beleid_gem\)"):
        audit(fine, "v2", replace(FIRST, merged={"zoco": "ib"}))


def test_a_bundle_that_says_a_smaller_k_than_its_profile_is_held_to_that_of_the_profile() -> None:
    with pytest.raises(DisclosureError, match=r"rijnmeer/beleid_gem = \(rijnmeer/beleid_gem\)"):
        audit(Ledger(), "v1", replace(FIRST, k=5, merged={"zoco": "ib"}))


def test_a_response_table_that_tells_of_two_is_refused() -> None:
    few = count("rijnmeer", done={**SIZES, "zoco": 2})
    with pytest.raises(DisclosureError, match=r"rijnmeer/zoco = \(rijnmeer/zoco\)"):
        audit(Ledger(), "v1", FINE, few)
    joined = replace(FINE, rows=(("ib", "zoco"), ("beleid_gem",), ("swv",)))
    first = audit(Ledger(), "v1", joined, few)
    with pytest.raises(
        DisclosureError, match=r"rijnmeer/zoco = \(rijnmeer/ib \+ rijnmeer/zoco\) - \(rijnmeer/ib\)"
    ):
        audit(first, "v2", replace(joined, rows=(("ib",), ("beleid_gem",))), few)


def test_the_report_tells_what_was_audited_beside_which_releases() -> None:
    first = audit(Ledger(), "aoj_v1", FINE)
    second = audit(first, "aoj_v2", FIRST)
    told = report_audit(second, len(first.releases))
    assert told["beside"] == ["aoj_v1"]
    assert told["ledger"] == first.digest
    assert [(plan["measure"], plan["threshold"]) for plan in told["groups"]] == [
        *[("strata", 10), ("invited", 3), ("done", 3)]
    ]
    assert told["groups"][0]["groups"] == ["rijnmeer/ib", "rijnmeer/swv"]


def test_the_report_names_no_release_of_other_people() -> None:
    counted = count("duinstreek", "rijnmeer")
    first = audit(Ledger(), "aoj_v1", FINE, counted)
    second = audit(first, "aoj_v2", FINE, counted, "duinstreek")
    told = report_audit(second, len(first.releases))
    assert (told["beside"], told["ledger"]) == ([], "")
    total = Plan(STRATA, {"all": frozenset(counted.strata)})
    third = audit_plans(second, "totals/data", [total], {STRATA: counted.strata}, OPENBAAR)
    told = report_audit(audit(third, "aoj_v3", FINE, counted, "duinstreek"), len(third.releases))
    assert told["beside"] == ["aoj_v1", "aoj_v2", "totals"]


def test_the_stored_samples_are_read_for_ever() -> None:
    for number, names in ((1, ("ib", "beleid")), (2, ("rijnmeer/ib", "rijnmeer/beleid"))):
        found = load_release((SAMPLES / f"ledger-{number}.json").read_text())
        assert (found.name, found.rules.threshold, found.plans[0].measure) == (
            "aoj_rijnmeer_2026_v1/data",
            5,
            "strata",
        )
        assert set(found.plans[0].groups) == set(names)
        check_ledger(Ledger((found,)))
    assert dump_release(found) == (SAMPLES / "ledger-2.json").read_text().strip()
    assert found.people == {"strata": {"rijnmeer/ib": 12}}


# Over a whole wave

TOTAL = Plan("cijfer", {"all": frozenset({"duinstreek/ib", "heuvelland/ib", "joint/region"})})
REGIONAL = Plan(
    "cijfer",
    {"duinstreek/ib": frozenset({"duinstreek/ib"}), "heuvelland/ib": frozenset({"heuvelland/ib"})},
)


def release_totals_beside_regions(joint: int) -> Ledger:
    """Figures of each region, then those of all together, of an item that so many in small boxes answered."""
    people = {"cijfer": {"duinstreek/ib": 20, "heuvelland/ib": 30, "joint/region": joint}}
    first = audit_plans(Ledger(), "regions/figures", [REGIONAL], people, OPENBAAR)
    return audit_plans(first, "totals/figures", [TOTAL], people, OPENBAAR)


def test_totals_beside_the_regions_do_not_tell_of_few_in_small_boxes() -> None:
    with pytest.raises(
        DisclosureError,
        match=r"joint/region = \(duinstreek/ib \+ heuvelland/ib \+ joint/region\) - \(duinstreek/ib\) - \(heuvelland/ib\)",
    ):
        release_totals_beside_regions(9)
    assert release_totals_beside_regions(10)


def test_twin_with_a_ledger_of_each_region_the_totals_would_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = module.audit_plan
    monkeypatch.setattr(module, "audit_plan", lambda plan, people, _, by: plain(plan, people, Ledger(), by))
    monkeypatch.setattr(module, "add_release", lambda ledger, *_: ledger)
    release_totals_beside_regions(9)


SMALL = Counted(
    {"joint/region": 11, "rijnmeer/ib": 12},
    {"duinstreek/ib": 14, "heuvelland/ib": 12, "heuvelland/zoco": 4, "rijnmeer/ib": 30},
    {"duinstreek/ib": 9, "heuvelland/ib": 1, "heuvelland/zoco": 1, "rijnmeer/ib": 12},
    ("duinstreek", "heuvelland"),
)
JOINT = Told("onderzoek", 5, {}, (("ib", "zoco"),))


def tell_of_one_small_region(ledger: Ledger) -> Ledger:
    """Nine who are done in one of two regions whose boxes opened together, of eleven in both."""
    plan = Plan("done", {"duinstreek/ib": frozenset({"duinstreek/ib"})})
    return audit_plans(ledger, "aoj_duinstreek_2026_v1/response", [plan], {"done": SMALL.done}, COUNTS)


def test_numbers_of_one_small_region_beside_those_of_all_are_refused() -> None:
    assert tell_of_one_small_region(Ledger())
    joint = audit(Ledger(), "aoj_joint_2026_v1", JOINT, SMALL, "joint")
    assert joint.releases[0].plans[0].groups == {"joint/region": {"joint/region"}}
    assert joint.releases[1].plans[1].groups == {
        "joint/ib+zoco": {"duinstreek/ib", "heuvelland/ib", "heuvelland/zoco"}
    }
    with pytest.raises(DisclosureError, match=r"heuvelland/ib \+ heuvelland/zoco = .* - \(duinstreek/ib\)"):
        tell_of_one_small_region(joint)


def test_twin_without_the_joint_release_in_the_ledger_two_people_would_be_told() -> None:
    other = audit(Ledger(), "aoj_rijnmeer_2026_v1", replace(FINE, rows=(("ib",),)), SMALL)
    assert tell_of_one_small_region(other)


def release_nine_together() -> Ledger:
    return audit(Ledger(), "aoj_joint_2026_v1", JOINT, replace(SMALL, strata={"joint/region": 9}), "joint")


def test_what_small_boxes_held_is_told_from_ten_up_whoever_gets_it() -> None:
    with pytest.raises(DisclosureError, match=r"joint/region = \(joint/region\)"):
        release_nine_together()


def test_twin_with_the_k_of_a_region_nine_would_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "OPENBAAR", BESLOTEN)
    release_nine_together()


# In the database


def read(before: str = "", wave: str = "2026") -> list[str]:
    with db.read() as connection:
        return [one.name for one in read_ledger(connection, wave, before).releases]


def test_a_release_is_entered_once_and_stays_when_it_is_withdrawn(app: Flask, tmp_path: Path) -> None:
    facts, place = make_opened(), write_bundle(tmp_path)
    release(facts, place)
    with db.write() as connection:
        assert not record_release(connection, facts, read_bundle(place), MOMENT)
        withdraw_release(connection, NAME, MOMENT)
    release(facts, write_bundle(tmp_path, "aoj_rijnmeer_2026_v2"))
    v1, v2 = ([f"aoj_rijnmeer_2026_{name}/{part}" for part in ("data", "response")] for name in ("v1", "v2"))
    assert read() == [*v1, *v2]
    assert read("aoj_rijnmeer_2026_v2") == v1
    assert read("aoj_rijnmeer_2026_v3") == [*v1, *v2]


def test_each_wave_has_a_ledger_and_people_of_its_own(sqlite_app: Flask, tmp_path: Path) -> None:
    for region, wave in (("duinstreek", "2025"), ("rijnmeer", "2026")):
        release(make_opened(region, wave), write_bundle(tmp_path, f"aoj_{region}_{wave}_v1"))
    assert read(wave="2025") == ["aoj_duinstreek_2025_v1/data", "aoj_duinstreek_2025_v1/response"]
    with db.write() as connection:
        for _ in range(11):
            make_response(connection, uuid4(), participation_id=None, wave_code="2026", stratum="region")
        assert count_people(connection, "2025").strata == {"duinstreek/ib": 12}
        found = count_people(connection, "2026")
    assert found.strata == {"rijnmeer/ib": 12, "joint/region": 11}
    assert (found.invited, found.done, found.joint) == ({"rijnmeer/ib": 20}, {"rijnmeer/ib": 12}, ())


def test_a_release_that_gives_away_is_neither_recorded_nor_entered(sqlite_app: Flask, tmp_path: Path) -> None:
    facts = make_opened()
    place = write_bundle(tmp_path)
    bundle = read_bundle(place)
    two = replace(bundle, told=replace(bundle.told, k=13))
    with pytest.raises(DisclosureError, match="ib = "), db.write() as connection:
        record_release(connection, facts, two, MOMENT)
    assert read() == []


def test_a_ledger_that_was_changed_stops_every_release(sqlite_app: Flask, tmp_path: Path) -> None:
    facts = make_opened()
    release(facts, write_bundle(tmp_path))
    with db.write() as connection:
        text = connection.execute(select(LedgerEntry.document).where(LedgerEntry.number == 1)).scalar_one()
        changed = json.dumps(json.loads(text) | {"threshold": 6})
        connection.execute(update(LedgerEntry).where(LedgerEntry.number == 1).values(document=changed))
    with pytest.raises(DisclosureError, match="not as it was entered"):
        release(facts, write_bundle(tmp_path, "aoj_rijnmeer_2026_v2"))


def test_two_releases_at_once_are_not_both_written_beside_one_ledger(app: Flask) -> None:
    one, other = (audit(Ledger(), name, FINE) for name in ("v1", "v2"))
    with db.write() as connection:
        write_ledger(connection, "2026", one, 0)
    with pytest.raises(DisclosureError, match="at this moment"), db.write() as connection:
        write_ledger(connection, "2026", other, 0)
    assert read() == ["v1/data", "v1/response"]
