"""How much protection data get: the profiles, which may be tightened and never loosened."""

from dataclasses import dataclass
from fractions import Fraction

from aoj_survey.disclosure import MOST_SUPPRESSED
from aoj_survey.errors import DisclosureError

MINIMUM_K = 5
PROFILES = {"onderzoek": MINIMUM_K, "openbaar": 10}
"""Smallest k of each profile: for analysts under agreement, and for everybody."""


@dataclass(frozen=True, slots=True)
class Policy:
    """How much protection the data get: smallest class, profile, open text or not, most rows suppressed.

    Every number may be tightened, none loosened. Profile `openbaar` has no open text.

    Raises:
        DisclosureError: a profile that does not exist, k under that of the profile, open text for everybody, or
            more than a twentieth of the rows to suppress.
    """

    k: int = MINIMUM_K
    profile: str = "onderzoek"
    open_text: bool = False
    limit: Fraction = MOST_SUPPRESSED

    def __post_init__(self) -> None:
        if self.profile not in PROFILES:
            raise DisclosureError(f"There is no profile {self.profile!r}; there are: {', '.join(PROFILES)}.")
        least = PROFILES[self.profile]
        if self.k < least:
            raise DisclosureError(f"A policy may tighten k = {least}, never loosen it; {self.k} was asked.")
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


def strictest(*policies: Policy) -> Policy:
    """Return the policy that is as strict as each: of the core, a region, its modules.

    Open text only where all allow it; `openbaar` as soon as one says so. Of no policies it is the core's.
    """
    every = policies or (ONDERZOEK,)
    return Policy(
        max(policy.k for policy in every),
        max((policy.profile for policy in every), key=lambda profile: PROFILES[profile]),
        all(policy.open_text for policy in every),
        min(policy.limit for policy in every),
    )
