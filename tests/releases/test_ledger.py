"""The ledger: every release is audited beside all before it, and what was entered never changes."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from aoj_survey.db import db
from aoj_survey.disclosure import Ledger, check_ledger
from aoj_survey.errors import DisclosureError
from aoj_survey.releases import (
    LedgerEntry,
    Told,
    audit_bundle,
    read_bundle,
    read_ledger,
    record_release,
    report_audit,
    withdraw_release,
)
from aoj_survey.releases import ledger as module
from aoj_survey.releases.ledger import Counted, dump_release, load_release
from tests.factories import MOMENT

from .bundles import NAME, make_opened, release, write_bundle

SAMPLE = Path(__file__).parent.parent / "samples" / "ledger-1.json"
COUNTED = Counted(
    {"ib": 12, "zoco": 6, "beleid_gem": 6, "swv": 12},
    {"ib": 30, "zoco": 9, "beleid_gem": 9, "swv": 20},
    {"ib": 12, "zoco": 6, "beleid_gem": 6, "swv": 12},
)
ROWS = (("ib",), ("zoco",), ("beleid_gem",), ("swv",))
FIRST = Told("openbaar", 10, {"zoco": "ib", "beleid_gem": "swv"}, ROWS)
OTHER = Told("openbaar", 10, {"zoco": "beleid", "beleid_gem": "beleid"}, ROWS)
FINE = Told("onderzoek", 5, {}, ROWS)


def test_other_merging_in_a_second_release_is_refused_with_the_sums() -> None:
    first = audit_bundle(Ledger(), "v1", FIRST, COUNTED)
    assert audit_bundle(Ledger(), "v2", OTHER, COUNTED)
    with pytest.raises(DisclosureError, match=r"zoco = \(ib \+ zoco\) - \(ib\)"):
        audit_bundle(first, "v2", OTHER, COUNTED)


def test_twin_without_the_ledger_the_second_release_would_tell_of_six(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = audit_bundle(Ledger(), "v1", FIRST, COUNTED)
    audit = module.audit_plan
    monkeypatch.setattr(module, "audit_plan", lambda plan, people, _, by: audit(plan, people, Ledger(), by))
    monkeypatch.setattr(module, "add_release", lambda ledger, *_: ledger)
    assert audit_bundle(first, "v2", OTHER, COUNTED) == first


def test_recipients_under_agreement_may_know_of_six_and_everybody_may_not() -> None:
    fine = audit_bundle(Ledger(), "v1", FINE, COUNTED)
    assert audit_bundle(fine, "v2", FIRST, COUNTED)
    with pytest.raises(DisclosureError, match=r"beleid_gem = \(beleid_gem\)"):
        audit_bundle(fine, "v2", replace(FIRST, merged={"zoco": "ib"}), COUNTED)


def test_a_response_table_that_tells_of_two_is_refused() -> None:
    few = replace(COUNTED, done={**COUNTED.done, "zoco": 2})
    with pytest.raises(DisclosureError, match=r"zoco = \(zoco\)"):
        audit_bundle(Ledger(), "v1", FINE, few)
    joined = replace(FINE, rows=(("ib", "zoco"), ("beleid_gem",), ("swv",)))
    first = audit_bundle(Ledger(), "v1", joined, few)
    with pytest.raises(DisclosureError, match=r"zoco = \(ib \+ zoco\) - \(ib\)"):
        audit_bundle(first, "v2", replace(joined, rows=(("ib",), ("beleid_gem",))), few)


def test_the_report_tells_what_was_audited_beside_which_releases() -> None:
    first = audit_bundle(Ledger(), "aoj_v1", FINE, COUNTED)
    second = audit_bundle(first, "aoj_v2", FIRST, COUNTED)
    told = report_audit(second, len(first.releases))
    assert told["beside"] == ["aoj_v1"]
    assert told["ledger"] == second.digest
    assert [(plan["measure"], plan["threshold"]) for plan in told["groups"]] == [
        *[("strata", 10), ("invited", 3), ("done", 3)]
    ]
    assert told["groups"][0]["groups"] == ["ib", "swv"]


def test_the_stored_sample_is_read_for_ever() -> None:
    found = load_release(SAMPLE.read_text())
    assert dump_release(found) == SAMPLE.read_text().strip()
    assert (found.name, found.rules.threshold, found.plans[0].measure) == (
        "aoj_rijnmeer_2026_v1/data",
        5,
        "strata",
    )
    assert found.plans[0].groups == {"ib": {"ib"}, "beleid": {"beleid_gem", "swv"}}
    check_ledger(Ledger((found,)))


# In the database


def read(facts: Any, before: str = "") -> list[str]:
    with db.read() as connection:
        return [one.name for one in read_ledger(connection, facts.id, before).releases]


def test_a_release_is_entered_once_and_stays_when_it_is_withdrawn(app: Flask, tmp_path: Path) -> None:
    facts, place = make_opened(), write_bundle(tmp_path)
    release(facts, place)
    with db.write() as connection:
        assert not record_release(connection, facts, read_bundle(place), MOMENT)
        withdraw_release(connection, NAME, MOMENT)
    release(facts, write_bundle(tmp_path, "aoj_rijnmeer_2026_v2"))
    v1, v2 = ([f"aoj_rijnmeer_2026_{name}/{part}" for part in ("data", "response")] for name in ("v1", "v2"))
    assert read(facts) == [*v1, *v2]
    assert read(facts, "aoj_rijnmeer_2026_v2") == v1
    assert read(facts, "aoj_rijnmeer_2026_v3") == [*v1, *v2]


def test_a_release_that_gives_away_is_neither_recorded_nor_entered(sqlite_app: Flask, tmp_path: Path) -> None:
    facts = make_opened()
    place = write_bundle(tmp_path)
    bundle = read_bundle(place)
    two = replace(bundle, told=replace(bundle.told, k=13))
    with pytest.raises(DisclosureError, match="ib = "), db.write() as connection:
        record_release(connection, facts, two, MOMENT)
    assert read(facts) == []


def test_a_ledger_that_was_changed_stops_every_release(sqlite_app: Flask, tmp_path: Path) -> None:
    facts = make_opened()
    release(facts, write_bundle(tmp_path))
    with db.write() as connection:
        text = connection.execute(select(LedgerEntry.document).where(LedgerEntry.number == 1)).scalar_one()
        changed = json.dumps(json.loads(text) | {"threshold": 6})
        connection.execute(update(LedgerEntry).where(LedgerEntry.number == 1).values(document=changed))
    with pytest.raises(DisclosureError, match="not as it was entered"):
        release(facts, write_bundle(tmp_path, "aoj_rijnmeer_2026_v2"))
