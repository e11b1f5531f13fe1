"""The ledger of a wave: which groups each release told of, and new releases audited beside all before.

Rules: `anonymity`, *Disclosure control*, rules 4, 5, 7 and 8: over everything published of the wave, whatever its
region, small boxes together and waves held elsewhere included. A row of the ledger never changes, also when what
it stands for is withdrawn: whoever pulled it still has it.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

from aoj_survey.disclosure import (
    BESLOTEN,
    COUNTS,
    OPENBAAR,
    Ledger,
    People,
    Plan,
    Release,
    TableRules,
    add_release,
    audit_plan,
    audit_rows,
    check_ledger,
)
from aoj_survey.errors import DisclosureError
from aoj_survey.regions import JOINT_REGION

from .corrections import plan_imported
from .facts import Told
from .models import LedgerEntry
from .people import DONE, INVITED, STRATA, Counted, name_class

LEDGER_FORMAT = 2
NOBODY: People = {}
READERS = {"onderzoek": BESLOTEN, "openbaar": OPENBAAR}
"""The rules of those who get data of a profile: named recipients under agreement, or everybody."""


def read_ledger(connection: Connection, wave: str, before: str = "") -> Ledger:
    """Return the ledger of a wave; with `before`, as it was when that bundle was released.

    Raises:
        DisclosureError: it was changed after it was written.
    """
    query = select(LedgerEntry.document).where(LedgerEntry.wave == wave)
    rows = connection.execute(query.order_by(LedgerEntry.number)).scalars()
    ledger = Ledger(tuple(load_release(row) for row in rows))
    check_ledger(ledger)
    names = list_bundles(ledger)
    return Ledger(ledger.releases[: names.index(before)]) if before in names else ledger


def list_bundles(ledger: Ledger) -> list[str]:
    """Return which bundle each release of a ledger is of."""
    return [release.name.rpartition("/")[0] for release in ledger.releases]


def write_ledger(connection: Connection, wave: str, ledger: Ledger, known: int) -> None:
    """Store what a ledger has beyond the first `known` releases.

    Raises:
        DisclosureError: another release of the wave was written since; nothing of this one may be kept.
    """
    try:
        for number, release in enumerate(ledger.releases[known:], known + 1):
            connection.execute(
                insert(LedgerEntry).values(wave=wave, number=number, document=dump_release(release))
            )
    except IntegrityError as error:
        raise DisclosureError(
            f"Something else of {wave} was released at this moment. Try again: it is audited beside that."
        ) from error


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
        "people": {measure: dict(counted) for measure, counted in release.people.items()},
        "digest": release.digest,
    }
    return json.dumps(document, ensure_ascii=False, sort_keys=True)


def load_release(text: str) -> Release:
    """Return a stored release; `tests/samples/` keeps one of each format for ever.

    Those of format 1 name classes without their region; the migration to ledgers of waves turned them into format 2.
    """
    document: Any = json.loads(text)
    rules = TableRules(
        document["profile"], document["threshold"], banded=document["banded"], counts=document["counts"]
    )
    plans = tuple(
        Plan(plan["measure"], {code: frozenset(group) for code, group in plan["groups"].items()})
        for plan in document["plans"]
    )
    return Release(document["name"], rules, plans, document["digest"], document.get("people", {}))


def audit_bundle(
    ledger: Ledger,
    name: str,
    region: str,
    told: Told,
    counted: Counted,
    *,
    imported: bool = False,
    answered: People = NOBODY,
) -> Ledger:
    """Return the ledger of a wave with what a bundle of a region tells, audited beside all that was released before.

    Its strata are held to the k of its profile, and to the threshold for everybody where they are what small boxes
    held together; the numbers of its response table to rule 7: three invited and done, also in every difference.
    What was `imported` brings its own numbers, and is held against its former versions. `answered` holds how many of
    the wave answered each column that has figures: whoever has rows can add up every figure over their groups.

    Raises:
        DisclosureError: the bundle, alone or beside former releases, gives a small group away; the text has the sums.
            Or tables of figures were released of the region and `answered` does not count them.
        ReleaseError: of an imported wave, it differs from a former version by a few people, or in its classes.
    """
    rules = replace(READERS[told.profile], threshold=max(told.k, READERS[told.profile].threshold))
    if region == JOINT_REGION:
        rules = replace(rules, threshold=max(rules.threshold, OPENBAAR.threshold))
    people = {STRATA: counted.strata, INVITED: counted.invited, DONE: counted.done}
    plans, brought = [_plan_strata(region, told, counted), *_plan_rows(region, told, counted)], NOBODY
    if imported:
        plans, brought = plan_imported(ledger, name, region, told)
    for part, measures, by in (("data", (STRATA,), rules), ("response", (INVITED, DONE), COUNTS)):
        own = [plan for plan in plans if plan.measure in measures and plan.groups]
        for plan in own if part == "data" else ():
            _hold_against_figures(ledger, plan, rules, answered)
        if own:
            known = {measure: brought[measure] for measure in measures if measure in brought}
            ledger = audit_plans(ledger, f"{name}/{part}", own, people, by, known)
    return ledger


def _hold_against_figures(ledger: Ledger, plan: Plan, rules: TableRules, answered: People) -> None:
    atoms = frozenset[str]().union(*plan.groups.values())
    measures = {
        item.measure
        for release in ledger.releases
        for item in release.plans
        if item.measure not in {STRATA, INVITED, DONE}
        and any(atoms & group for group in item.groups.values())
    }
    if uncounted := sorted(measures - set(answered)):
        raise DisclosureError(
            f"Figures of {', '.join(uncounted)} were released of these people, and nobody counted who answered that."
        )
    audit_rows(plan, {measure: answered[measure] for measure in sorted(measures)}, ledger, rules)


def audit_plans(
    ledger: Ledger,
    name: str,
    plans: Sequence[Plan],
    people: People,
    rules: TableRules,
    brought: People = NOBODY,
) -> Ledger:
    """Return the ledger of a wave with planned groups under a new name, each audited beside all of its measure.

    Classes are named by `name_class`. `people` holds, by measure, the classes of all regions of the wave, as far as
    they were told of or are told of now; `brought` those that are counted nowhere else, which the ledger keeps.

    Raises:
        DisclosureError: as `audit_plan` and `add_release`.
    """
    audited = [
        audit_plan(
            plan,
            {**ledger.people(plan.measure), **people.get(plan.measure, {}), **brought.get(plan.measure, {})},
            ledger,
            rules,
        )
        for plan in plans
    ]
    return add_release(ledger, name, audited, brought)


def _plan_strata(region: str, told: Told, counted: Counted) -> Plan:
    """The strata of a region, or the one of small boxes together, as a bundle merged them."""
    groups: dict[str, frozenset[str]] = {}
    for atom in counted.strata:
        place, _, code = atom.partition("/")
        if place == region:
            target = name_class(region, told.merged.get(code, code))
            groups[target] = groups.get(target, frozenset()) | {atom}
    return Plan(STRATA, groups)


def _plan_rows(region: str, told: Told, counted: Counted) -> list[Plan]:
    """The rows of a response table; that of small boxes together has one, over the roles of all their regions."""
    places = counted.joint if region == JOINT_REGION else (region,)
    groups = {
        name_class(region, "+".join(roles)): frozenset(
            name
            for place in places
            for role in roles
            if (name := name_class(place, role)) in counted.done or place == region
        )
        for roles in told.rows
    }
    return [Plan(measure, groups) for measure in (INVITED, DONE)]


def report_audit(ledger: Ledger, former: int) -> dict[str, Any]:
    """Return what the privacy report says of the audit of the releases after the first `former` ones.

    `beside` names the bundles before that tell of the same people, also by way of others; `ledger` is the digest of
    the last of those in the ledger.
    """
    before = Ledger(ledger.releases[:former])
    related = _find_related(ledger, former)
    names = list_bundles(before)
    return {
        "beside": list(dict.fromkeys(names[place] for place in related)),
        "groups": [
            {"measure": plan.measure, "threshold": release.rules.threshold, "groups": sorted(plan.groups)}
            for release in ledger.releases[former:]
            for plan in release.plans
        ],
        "ledger": before.releases[related[-1]].digest if related else "",
    }


def _find_related(ledger: Ledger, former: int) -> list[int]:
    """The places of former releases that hang together with the new ones by the classes they tell of."""
    told = [
        {atom for plan in release.plans for group in plan.groups.values() for atom in group}
        for release in ledger.releases
    ]
    reached = set[str]().union(*told[former:])
    related: set[int] = set()
    while more := {
        place for place, atoms in enumerate(told[:former]) if place not in related and atoms & reached
    }:
        related |= more
        reached = reached.union(*(told[place] for place in more))
    return sorted(related)
