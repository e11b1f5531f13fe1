"""Planned breakdowns, audited before any figure is made of them, and the ledger of what was released.

Rules: `anonymity`, *Disclosure control*, rules 4, 5 and 8. Pure values: whoever keeps a ledger stores it as it is.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import InitVar, dataclass
from hashlib import sha256

from aoj_survey.errors import DisclosureError

from .audit import Change, Group, Leak, find_changes, find_leaks
from .tables import OPENBAAR, TableRules

_PROOF = object()


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
    """What was published at once, by what rules; `digest` is over this and all releases before."""

    name: str
    rules: TableRules
    plans: tuple[Plan, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """All releases of a wave, the oldest first."""

    releases: tuple[Release, ...] = ()

    @property
    def digest(self) -> str:
        """That of the last release, or nothing."""
        return self.releases[-1].digest if self.releases else ""


EMPTY = Ledger()


def audit_plan(
    plan: Plan, respondents: Mapping[str, int], ledger: Ledger = EMPTY, rules: TableRules = OPENBAAR
) -> AuditedPlan:
    """Return the plan as audited: over itself and everything released of its measure, to readers of all kinds.

    `respondents` holds how many of each finest class answered this measure, over all releases: responses that
    came later, or were taken back, are classes of their own.

    Raises:
        DisclosureError: the plan, or the plan beside former releases, gives a small group away; a group of an
            unknown class; or as `audit_sets`. The text names each group and the sums that give it away.
    """
    unknown = sorted(frozenset().union(*plan.groups.values()) - set(respondents))
    if unknown:
        raise DisclosureError(
            f"The breakdown of {plan.measure!r} names classes nobody is in: {', '.join(unknown)}."
        )
    found = dict.fromkeys(str(item) for item in _find_faults(plan, respondents, ledger, rules))
    if found:
        raise DisclosureError(
            f"The planned figures of {plan.measure!r} give away groups that are too small to be shown: "
            f"{'; '.join(found)}. Publish fewer groups, or merge small ones first."
        )
    return AuditedPlan(plan, rules, ledger.digest, _PROOF)


def add_release(ledger: Ledger, name: str, plans: Sequence[AuditedPlan]) -> Ledger:
    """Return the ledger with a release of these plans.

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
    digest = _digest(ledger.digest, name, rules, content)
    return Ledger((*ledger.releases, Release(name, rules, content, digest)))


def check_ledger(ledger: Ledger) -> None:
    """Hold every digest of a ledger against what it stands for.

    Raises:
        DisclosureError: a release was changed, taken out or put in.
    """
    former = ""
    for release in ledger.releases:
        if release.digest != _digest(former, release.name, release.rules, release.plans):
            raise DisclosureError(
                f"The release {release.name!r} is not as it was entered in the ledger, or one before it is gone. "
                "Take the ledger from a backup; publish nothing until then."
            )
        former = release.digest


def _find_faults(
    plan: Plan, respondents: Mapping[str, int], ledger: Ledger, rules: TableRules
) -> Iterator[Leak | Change]:
    """What any readers could work out: those of a threshold see all releases by that threshold and stricter ones."""
    thresholds = {release.rules.threshold for release in ledger.releases} | {rules.threshold}
    for threshold in sorted(thresholds):
        if threshold <= rules.threshold:
            seen = [release for release in ledger.releases if release.rules.threshold >= threshold]
            former = [
                item.groups for release in seen for item in release.plans if item.measure == plan.measure
            ]
            published = [group for groups in (*former, plan.groups) for group in groups.values()]
            yield from find_leaks(published, respondents, threshold)
            for groups in former:
                yield from find_changes(groups, plan.groups, respondents, threshold)


def _digest(former: str, name: str, rules: TableRules, plans: Sequence[Plan]) -> str:
    content = [
        former,
        name,
        [rules.profile, rules.threshold, rules.banded, rules.counts],
        [
            [plan.measure, [[code, sorted(group)] for code, group in sorted(plan.groups.items())]]
            for plan in plans
        ],
    ]
    return sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()
