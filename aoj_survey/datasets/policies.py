"""How much protection data get: the profiles, which may be tightened and never loosened."""

from dataclasses import dataclass, replace
from fractions import Fraction

from aoj_survey.disclosure import CORE_RULE, MOST_SUPPRESSED, DisclosureRule
from aoj_survey.errors import DisclosureError

MINIMUM_K = CORE_RULE.k
PROFILES = {"onderzoek": MINIMUM_K, "openbaar": 10}
"""Smallest k of each profile: for analysts under agreement, and for everybody."""


@dataclass(frozen=True, slots=True)
class Policy:
    """How much protection the data get: smallest class, profile, open text or not, most rows suppressed.

    `threshold` is the fewest answers behind a figure made of the data. Every number may be tightened, none
    loosened. Profile `openbaar` has no open text.

    Raises:
        DisclosureError: a profile that does not exist, k under that of the profile, open text for everybody, or
            more than a twentieth of the rows to suppress, or a threshold under the core's.
    """

    k: int = MINIMUM_K
    profile: str = "onderzoek"
    open_text: bool = False
    limit: Fraction = MOST_SUPPRESSED
    threshold: int = CORE_RULE.threshold

    def __post_init__(self) -> None:
        if self.profile not in PROFILES:
            raise DisclosureError(f"There is no profile {self.profile!r}; there are: {', '.join(PROFILES)}.")
        least = PROFILES[self.profile]
        if self.k < least:
            raise DisclosureError(f"A policy may tighten k = {least}, never loosen it; {self.k} was asked.")
        if self.threshold < CORE_RULE.threshold:
            raise DisclosureError(
                f"A policy may tighten the threshold of {CORE_RULE.threshold}, never loosen it; {self.threshold} was asked."
            )
        if self.open_text and self.profile == "openbaar":
            raise DisclosureError(
                "Data for everybody hold no open text; take the profile onderzoek for that."
            )
        if not 0 <= self.limit <= MOST_SUPPRESSED:
            raise DisclosureError(
                f"At most {float(MOST_SUPPRESSED):.0%} of the rows may be suppressed; {float(self.limit):.0%} was asked."
            )


ONDERZOEK = Policy()
OPENBAAR = Policy(PROFILES["openbaar"], "openbaar")
POLICIES = {policy.profile: policy for policy in (ONDERZOEK, OPENBAAR)}


def tighten(policy: Policy, rule: DisclosureRule) -> Policy:
    """Return the policy with each number as strict as the rule of a region wants it."""
    return replace(
        policy,
        k=max(policy.k, rule.k),
        limit=min(policy.limit, rule.limit),
        threshold=max(policy.threshold, rule.threshold),
    )
