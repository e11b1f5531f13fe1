"""How much stricter than the core a region, or a module of it, wants data and figures.

Rule: `anonymity`, *Disclosure control*: modules and regions may tighten every number, never loosen one.
"""

from dataclasses import dataclass
from fractions import Fraction

from aoj_survey.errors import DisclosureError

from .audit import THRESHOLD
from .classes import MINIMUM
from .lattice import MOST_SUPPRESSED


@dataclass(frozen=True, slots=True)
class DisclosureRule:
    """The numbers of a region: those of the core, unless a stricter one is given.

    `k` is the fewest answers of a capture class and the fewest rows alike in a dataset; `threshold` the fewest
    answers behind a figure; `limit` the largest share of rows that may be suppressed.

    Raises:
        DisclosureError: a number looser than the core's.
    """

    k: int = MINIMUM
    threshold: int = THRESHOLD
    limit: Fraction = MOST_SUPPRESSED

    def __post_init__(self) -> None:
        for name, given, least in (("k", self.k, MINIMUM), ("threshold", self.threshold, THRESHOLD)):
            if given < least:
                raise DisclosureError(
                    f"A rule may tighten {name} = {least}, never loosen it; {given} was asked. Take {least} or more."
                )
        if not 0 <= self.limit <= MOST_SUPPRESSED:
            raise DisclosureError(
                f"A rule may suppress at most {float(MOST_SUPPRESSED):.0%} of the rows; {float(self.limit):.0%} was asked."
            )


CORE_RULE = DisclosureRule()


def strictest_rule(*rules: DisclosureRule) -> DisclosureRule:
    """Return the rule that is as strict as each in every number; of no rules it is the core's."""
    every = (CORE_RULE, *rules)
    return DisclosureRule(
        max(rule.k for rule in every),
        max(rule.threshold for rule in every),
        min(rule.limit for rule in every),
    )
