"""The ledger of a participation: which groups each release told of, and new releases audited beside all before.

Rules: `anonymity`, *Disclosure control*, rules 4, 5, 7 and 8. A row of the ledger never changes, also when what it
stands for is withdrawn: whoever pulled it still has it.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert, select

from aoj_survey.disclosure import (
    BESLOTEN,
    COUNTS,
    OPENBAAR,
    Ledger,
    Plan,
    Release,
    TableRules,
    add_release,
    audit_plan,
    check_ledger,
)
from aoj_survey.responses import read_strata
from aoj_survey.waves import FinalCount

from .facts import Told
from .models import LedgerEntry

LEDGER_FORMAT = 1
STRATA, INVITED, DONE = "strata", "invited", "done"
READERS = {"onderzoek": BESLOTEN, "openbaar": OPENBAAR}
"""The rules of those who get data of a profile: named recipients under agreement, or everybody."""


@dataclass(frozen=True, slots=True)
class Counted:
    """How many people stand in the finest classes there are: answered by stratum, invited and done by role."""

    strata: Mapping[str, int]
    invited: Mapping[str, int]
    done: Mapping[str, int]


def read_ledger(connection: Connection, participation: UUID, before: str = "") -> Ledger:
    """Return the ledger of a participation; with `before`, as it was when that bundle was released.

    Raises:
        DisclosureError: it was changed after it was written.
    """
    query = select(LedgerEntry.document).where(LedgerEntry.participation_id == participation)
    rows = connection.execute(query.order_by(LedgerEntry.number)).scalars()
    ledger = Ledger(tuple(load_release(row) for row in rows))
    check_ledger(ledger)
    names = [_split(release.name)[0] for release in ledger.releases]
    return Ledger(ledger.releases[: names.index(before)]) if before in names else ledger


def write_ledger(connection: Connection, participation: UUID, ledger: Ledger, known: int) -> None:
    """Store what a ledger has beyond the first `known` releases."""
    for number, release in enumerate(ledger.releases[known:], known + 1):
        connection.execute(
            insert(LedgerEntry).values(
                participation_id=participation, number=number, document=dump_release(release)
            )
        )


def dump_release(release: Release) -> str:
    """Return a release of a ledger as JSON, with the version of its format."""
    document = {
        "format": LEDGER_FORMAT,
        "name": release.name,
        "profile": release.rules.profile,
        "threshold": release.rules.threshold,
        "banded": release.rules.banded,
        "counts": release.rules.counts,
        "plans": [
            {"measure": plan.measure, "groups": {code: sorted(group) for code, group in plan.groups.items()}}
            for plan in release.plans
        ],
        "digest": release.digest,
    }
    return json.dumps(document, ensure_ascii=False, sort_keys=True)


def load_release(text: str) -> Release:
    """Return a stored release; `tests/samples/` keeps one of each format for ever."""
    document: Any = json.loads(text)
    rules = TableRules(
        document["profile"], document["threshold"], banded=document["banded"], counts=document["counts"]
    )
    plans = tuple(
        Plan(plan["measure"], {code: frozenset(group) for code, group in plan["groups"].items()})
        for plan in document["plans"]
    )
    return Release(document["name"], rules, plans, document["digest"])


def count_people(connection: Connection, participation: UUID) -> Counted:
    """Return the numbers behind all that can be released of an opened participation."""
    rows = connection.execute(
        select(FinalCount.role, FinalCount.invited, FinalCount.done).where(
            FinalCount.participation_id == participation
        )
    ).all()
    return Counted(
        {item.code: item.answered for item in read_strata(connection, participation)},
        {row.role: row.invited for row in rows},
        {row.role: row.done for row in rows},
    )


def audit_bundle(ledger: Ledger, name: str, told: Told, counted: Counted) -> Ledger:
    """Return the ledger with what a bundle tells, audited beside all that was released before.

    Its strata are held to the k of its profile, the numbers of its response table to rule 7: three invited
    and done, also in every difference.

    Raises:
        DisclosureError: the bundle, alone or beside former releases, gives a small group away; the text has the sums.
    """
    rules = replace(READERS[told.profile], threshold=max(told.k, READERS[told.profile].threshold))
    for part, plans, by in (
        ("data", [_plan_strata(told, counted)], rules),
        ("response", _plan_rows(told), COUNTS),
    ):
        audited = [audit_plan(plan, people, ledger, by) for plan, people in _beside(plans, counted)]
        ledger = add_release(ledger, f"{name}/{part}", audited)
    return ledger


def _beside(plans: Sequence[Plan], counted: Counted) -> Iterator[tuple[Plan, Mapping[str, int]]]:
    people = {STRATA: counted.strata, INVITED: counted.invited, DONE: counted.done}
    for plan in plans:
        known = people[plan.measure]
        yield replace(plan, groups={code: group & set(known) for code, group in plan.groups.items()}), known


def _plan_strata(told: Told, counted: Counted) -> Plan:
    groups: dict[str, frozenset[str]] = {}
    for code in counted.strata:
        target = told.merged.get(code, code)
        groups[target] = groups.get(target, frozenset()) | {code}
    return Plan(STRATA, groups)


def _plan_rows(told: Told) -> list[Plan]:
    groups = {"+".join(roles): frozenset(roles) for roles in told.rows}
    return [Plan(measure, groups) for measure in (INVITED, DONE)]


def report_audit(ledger: Ledger, former: int) -> dict[str, Any]:
    """Return what the privacy report says of the audit: the groups told, beside which releases, by which threshold."""
    return {
        "beside": list(dict.fromkeys(_split(release.name)[0] for release in ledger.releases[:former])),
        "groups": [
            {"measure": plan.measure, "threshold": release.rules.threshold, "groups": sorted(plan.groups)}
            for release in ledger.releases[former:]
            for plan in release.plans
        ],
        "ledger": ledger.digest,
    }


def _split(name: str) -> tuple[str, str]:
    bundle, _, part = name.rpartition("/")
    return bundle, part
