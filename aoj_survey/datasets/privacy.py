"""The privacy report: what was done to the data, and what risk is left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from aoj_survey.disclosure import CORE_RULE, JoinedStrata, Levels
from aoj_survey.statistics import round_half_away

from .policies import Policy
from .suppression import Cause, Suppression

DIGITS = 6


@dataclass(frozen=True, slots=True)
class PrivacyReport:
    """What was done to the data and what risk is left. Risks are chances to point out a person's row.

    `classes` holds the rows of each stratum; `smallest` and the risks count rows that share stratum and
    quasi-identifiers. `protected` counts cells set to -6 per column because a stratum mixes roles that were not
    all asked in one way. The others name columns set to -6 in a stratum: `quasi_identifiers` that would have
    made classes under k, `homogeneous` ones to which a whole class gave one sensitive answer, and `dependent`
    ones, asked or not because of those. `node` tells by stratum which quasi-identifiers were kept (0) or dropped
    (1), `suppressed` how many rows lost all of them. `places` tells by class of roles how municipality and swv were
    kept, `places_suppressed` how many rows lost both. `merged` holds the stratum that each small one went into.
    `closeness` is t by sensitive column and stratum: how far a class lies from all answers at most, 0 to 1.
    `threshold` is the fewest answers behind a figure that is made of these data. `consent` is what allowed the
    opening: `two_people`, or `delay` for 72 hours that were announced; of small boxes each that occurred.
    """

    profile: str
    k: int
    classes: Mapping[str, int]
    smallest: int
    largest_risk: float
    average_risk: float
    protected: Mapping[str, int]
    homogeneous: tuple[tuple[str, str], ...]
    quasi_identifiers: tuple[tuple[str, str], ...] = ()
    dependent: tuple[tuple[str, str], ...] = ()
    node: Mapping[str, Levels] = field(default_factory=dict[str, Levels])
    suppressed: Mapping[str, int] = field(default_factory=dict[str, int])
    merged: Mapping[str, str] = field(default_factory=dict[str, str])
    places: Mapping[str, Levels] = field(default_factory=dict[str, Levels])
    places_suppressed: Mapping[str, int] = field(default_factory=dict[str, int])
    closeness: tuple[tuple[str, str, float], ...] = ()
    threshold: int = CORE_RULE.threshold
    consent: tuple[str, ...] = ()


def report_protection(
    policy: Policy,
    joined: JoinedStrata,
    suppression: Suppression,
    protected: Mapping[str, int],
    closeness: Mapping[Cause, Fraction],
) -> PrivacyReport:
    """Return the report of data that were protected in this way."""
    report = PrivacyReport(
        policy.profile,
        policy.k,
        {item.code: item.answered for item in joined.classes()},
        *(0, 0.0, 0.0),
        protected,
        suppression.homogeneous,
        suppression.quasi_identifiers,
        suppression.dependent,
        suppression.node,
        suppression.suppressed,
        merged={code: item.code for code, item in joined.strata.items() if item.code != code},
        places=joined.levels,
        places_suppressed=joined.suppressed,
        closeness=list_distances(closeness),
        threshold=policy.threshold,
    )
    return measure_risks(report, suppression.sizes())


def measure_risks(report: PrivacyReport, sizes: Sequence[int]) -> PrivacyReport:
    """Return the report with the risks of classes of these sizes."""
    return replace(
        report,
        smallest=min(sizes),
        largest_risk=float(round_half_away(Fraction(1, min(sizes)), DIGITS)),
        average_risk=float(round_half_away(Fraction(len(sizes), sum(sizes)), DIGITS)),
    )


def list_distances(closeness: Mapping[Cause, Fraction]) -> tuple[tuple[str, str, float], ...]:
    """Return distances by column and stratum as the report lists them."""
    return tuple((*cause, float(round_half_away(distance, DIGITS))) for cause, distance in closeness.items())
