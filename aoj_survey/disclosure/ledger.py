"""Planned breakdowns, audited before any figure is made of them, and the ledger of what was released.

Rules: `anonymity`, *Disclosure control*, rules 4, 5 and 8. Pure values: whoever keeps a ledger stores it as it is.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import InitVar, dataclass, field
from hashlib import sha256
from types import MappingProxyType
from typing import TypeAlias

from aoj_survey.errors import DisclosureError

from .audit import Change, Group, Leak, find_changes, find_leaks, weigh_nobody
from .tables import OPENBAAR, TableRules

_PROOF = object()

People: TypeAlias = Mapping[str, Mapping[str, int]]
"""How many people stand in each finest class, by measure."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Groups that figures of one measure are planned for: by code, the finest classes each consists of."""

    measure: str
    groups: Mapping[str, Group]


@dataclass(frozen=True, slots=True)
class AuditedPlan:
    """A plan that gives nothing away beside all that a ledger holds. Made by `audit_plan` only.

    `ledger` is the digest of that ledger.

    Raises:
        TypeError: made in any other way.
    """

    plan: Plan
    rules: TableRules
    ledger: str
    proof: InitVar[object] = None

    def __post_init__(self, proof: object) -> None:
        if proof is not _PROOF:
            raise TypeError("An AuditedPlan is made by audit_plan, which audits it, and in no other way.")

    def find_group(self, code: str) -> Group:
        """Return the classes of a planned group.

        Raises:
            DisclosureError: the group was not planned (rule 5).
        """
        if code not in self.plan.groups:
            planned = ", ".join(sorted(self.plan.groups)) or "none"
            raise DisclosureError(
                f"{code!r} is no planned breakdown of {self.plan.measure!r}; planned are: {planned}."
            )
        return self.plan.groups[code]


@dataclass(frozen=True, slots=True)
class Release:
    """What was published at once, by what rules; `digest` is over this and all releases before.

    `people` holds, by measure, the classes that are counted nowhere else, such as those of a wave held elsewhere.
    """

    name: str
    rules: TableRules
    plans: tuple[Plan, ...]
    digest: str
    people: People = field(default_factory=dict[str, Mapping[str, int]])


@dataclass(frozen=True, slots=True)
class Ledger:
    """All releases of a wave, the oldest first."""

    releases: tuple[Release, ...] = ()

    @property
    def digest(self) -> str:
        """That of the last release, or nothing."""
        return self.releases[-1].digest if self.releases else ""

    def people(self, measure: str) -> dict[str, int]:
        """Return the classes of a measure that are counted in the ledger alone."""
        return {
            atom: number
            for release in self.releases
            for atom, number in release.people.get(measure, {}).items()
        }


EMPTY = Ledger()
NOBODY: People = MappingProxyType({})


def audit_plan(
    plan: Plan,
    respondents: Mapping[str, int],
    ledger: Ledger = EMPTY,
    rules: TableRules = OPENBAAR,
    rows: str = "",
) -> AuditedPlan:
    """Return the plan as audited: over itself and everything released of its measure, to readers of all kinds.

    `respondents` holds how many of each finest class answered this measure, over all releases: responses that
    came later, or were taken back, are classes of their own. A class of a former release that is not among them
    would be taken for empty, so it is refused. `rows` is the measure of released rows: whoever has these can add up
    every measure over their groups. What rows tell by themselves is held to their own k.

    Raises:
        DisclosureError: the plan, or the plan beside former releases, gives a small group away; a group of no
            class, or here or in a former release of an unknown one; or as `audit_sets`. The text names each group
            and the sums that give it away.
    """
    if empty := sorted(code for code, group in plan.groups.items() if not group):
        raise DisclosureError(
            f"The breakdown of {plan.measure!r} has groups without classes: {', '.join(empty)}."
        )
    former = [item for release in ledger.releases for item in release.plans if item.measure == plan.measure]
    for source, plans in ((f"The breakdown of {plan.measure!r}", [plan]), ("The ledger", former)):
        named = frozenset[str]().union(*(group for item in plans for group in item.groups.values()))
        if unknown := sorted(named - set(respondents)):
            raise DisclosureError(f"{source} names classes nobody is in: {', '.join(unknown)}.")
    _refuse(plan.measure, _find_faults(plan, respondents, ledger, rules, rows))
    return AuditedPlan(plan, rules, ledger.digest, _PROOF)


def audit_rows(
    plan: Plan, answered: Mapping[str, Mapping[str, int]], ledger: Ledger, rules: TableRules
) -> None:
    """Hold rows that are to be released in these groups against all figures of a ledger.

    `answered` holds by measure how many of each finest class answered; other measures are not looked at.

    Raises:
        DisclosureError: the rows beside released figures give a group away that is too small.
    """
    for measure, people in answered.items():
        for threshold in _find_thresholds(ledger, rules):
            seen = _find_seen(ledger, threshold)
            told = [*_find_groups(seen, plan.measure), *plan.groups.values()]
            figures = _find_groups(seen, measure)
            _refuse(measure, find_leaks(figures, people, threshold, told) if figures else ())


def _refuse(measure: str, faults: Iterable[Leak | Change]) -> None:
    found = dict.fromkeys(str(item) for item in faults)
    if found:
        raise DisclosureError(
            f"The planned figures of {measure!r} give away groups that are too small to be shown: "
            f"{'; '.join(found)}. Publish fewer groups, or merge small ones first."
        )


def add_release(ledger: Ledger, name: str, plans: Sequence[AuditedPlan], people: People = NOBODY) -> Ledger:
    """Return the ledger with a release of these plans, and the `people` of classes that are counted nowhere else.

    Raises:
        DisclosureError: no plan, a name that was used, two plans of one measure, plans by different rules, or
            plans that were audited beside another ledger than this.
    """
    measures = [item.plan.measure for item in plans]
    if not plans or len(set(measures)) < len(measures) or len({item.rules for item in plans}) > 1:
        raise DisclosureError("A release holds one plan for each of its measures, all by the same rules.")
    if name in {release.name for release in ledger.releases}:
        raise DisclosureError(f"There is a release {name!r} already; a correction is a new release.")
    if any(item.ledger != ledger.digest for item in plans):
        raise DisclosureError(
            "Something was released since these plans were audited. Audit them again beside it."
        )
    content, rules = tuple(item.plan for item in plans), plans[0].rules
    digest = _digest(ledger.digest, name, rules, content, people)
    return Ledger((*ledger.releases, Release(name, rules, content, digest, people)))


def check_ledger(ledger: Ledger) -> None:
    """Hold every digest of a ledger against what it stands for.

    Raises:
        DisclosureError: a release was changed, taken out or put in.
    """
    former = ""
    for release in ledger.releases:
        if release.digest != _digest(former, release.name, release.rules, release.plans, release.people):
            raise DisclosureError(
                f"The release {release.name!r} is not as it was entered in the ledger, or one before it is gone. "
                "Take the ledger from a backup; publish nothing until then."
            )
        former = release.digest


def _find_faults(
    plan: Plan, respondents: Mapping[str, int], ledger: Ledger, rules: TableRules, rows: str
) -> Iterator[Leak | Change]:
    """What any readers could work out: those of a threshold see all releases by that threshold and stricter ones.

    Of numbers of people nobody is too few to tell of, as one and two are (rule 7).
    """
    for limit in _find_thresholds(ledger, rules):
        people, threshold = weigh_nobody(respondents, limit) if rules.counts else (respondents, limit)
        seen = _find_seen(ledger, limit)
        told = _find_groups(seen, rows) if rows and rows != plan.measure else []
        published = [*_find_groups(seen, plan.measure), *plan.groups.values()]
        yield from find_leaks(published, people, threshold, told)
        for former in seen:
            for item in former.plans:
                if item.measure == plan.measure:
                    yield from find_changes(item.groups, plan.groups, people, threshold)


def _find_thresholds(ledger: Ledger, rules: TableRules) -> list[int]:
    """The thresholds of all readers who would see a release by these rules."""
    known = {release.rules.threshold for release in ledger.releases} | {rules.threshold}
    return sorted(threshold for threshold in known if threshold <= rules.threshold)


def _find_seen(ledger: Ledger, threshold: int) -> list[Release]:
    return [release for release in ledger.releases if release.rules.threshold >= threshold]


def _find_groups(releases: Sequence[Release], measure: str) -> list[Group]:
    plans = (item for release in releases for item in release.plans if item.measure == measure)
    return [group for item in plans for group in item.groups.values()]


def _digest(former: str, name: str, rules: TableRules, plans: Sequence[Plan], people: People) -> str:
    content: list[object] = [
        former,
        name,
        [rules.profile, rules.threshold, rules.banded, rules.counts],
        [
            [plan.measure, [[code, sorted(group)] for code, group in sorted(plan.groups.items())]]
            for plan in plans
        ],
    ]
    if people:
        content.append([[measure, sorted(counted.items())] for measure, counted in sorted(people.items())])
    return sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()
