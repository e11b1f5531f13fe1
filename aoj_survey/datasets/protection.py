"""Protection: opened responses and a policy become a wave dataset, or are refused.

`WaveDataset` can be made by `make_dataset` alone, so publishing raw rows is a type error.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import InitVar, dataclass, field, replace
from fractions import Fraction
from typing import Any

from aoj_survey.disclosure import CORE_RULE, Area, Asked, CaptureClass, find_asked, merge_classes, sort_roles
from aoj_survey.errors import DisclosureError
from aoj_survey.questionnaire import KINDS, ROLES, Answers, Instrument, ItemKind
from aoj_survey.statistics import round_half_away, weight
from aoj_survey.waves import MadeErratum

from .cells import encode_answers
from .closeness import find_closeness
from .codebook import Origin, make_codebook
from .columns import (
    PROTECTED,
    Cell,
    Column,
    plan_questions,
)
from .design import NO_AREA, list_areas, number_areas, plan_design
from .policies import MINIMUM_K, Policy
from .suppression import Encoded, Levels, Suppression, suppress

_PROOF = object()
DIGITS = 6
_ORDER = list(ROLES)


@dataclass(frozen=True, slots=True)
class OpenedResponse:
    """A response after the opening: its stratum, the instruments of that stratum's roles, its answers."""

    stratum: str
    instruments: tuple[str, ...]
    answers: Answers


@dataclass(frozen=True, slots=True)
class PrivacyReport:
    """What was done to the data and what risk is left. Risks are chances to point out a person's row.

    `classes` holds the rows of each stratum; `smallest` and the risks count rows that share stratum and
    quasi-identifiers. `protected` counts cells set to -6 per column because a stratum mixes roles that were not
    all asked in one way. The others name columns set to -6 in a stratum: `quasi_identifiers` that would have
    made classes under k, `homogeneous` ones to which a whole class gave one sensitive answer, and `dependent`
    ones, asked or not because of those. `node` tells by stratum which quasi-identifiers were kept (0) or dropped
    (1), `suppressed` how many rows lost all of them. `merged` holds the stratum that each small one went into.
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
    closeness: tuple[tuple[str, str, float], ...] = ()
    threshold: int = CORE_RULE.threshold
    consent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WaveDataset:
    """Protected microdata of one region in one wave. Made by `make_dataset` only.

    Raises:
        TypeError: made in any other way.
    """

    wave: str
    region: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    strata: tuple[CaptureClass, ...]
    privacy: PrivacyReport
    codebook: Mapping[str, Any]
    proof: InitVar[object] = None

    def __post_init__(self, proof: object) -> None:
        if proof is not _PROOF:
            raise TypeError(
                "A WaveDataset is made by make_dataset, which protects the answers, and in no other way."
            )


def make_dataset(  # noqa: PLR0913 the parts of a wave; each is told by its name
    wave: str,
    region: str,
    strata: Sequence[CaptureClass],
    responses: Iterable[OpenedResponse],
    instruments: Mapping[str, Instrument],
    role_instruments: Mapping[str, str],
    policy: Policy | None = None,
    *,
    kinds: Mapping[str, ItemKind] = KINDS,
    errata: Sequence[MadeErratum] = (),
    node: Mapping[str, Levels] | None = None,
    origin: Origin | None = None,
    areas: Sequence[Area] = (),
    consent: Collection[str] = (),
) -> WaveDataset:
    """Return the protected dataset of a region in a wave.

    `instruments` by digest, `role_instruments` the digest each role answers, `kinds` all kinds of questions,
    those of modules included. Rows are sorted by their own values, so no order of answering or opening is left.
    The policy is k = 5 unless a stricter one is given; strata that are too small for a stricter one merge as
    capture classes do. `errata` are told in the codebook. `node` is that of a former file's privacy report: the
    quasi-identifiers it dropped are dropped again, and no others. `origin` tells where an imported wave came from.
    `areas` are those that answers were kept by: the area is a quasi-identifier that merges with the strata, or is dropped.
    `consent` is what allowed the opening, for the privacy report.

    Raises:
        DisclosureError: a stratum with fewer than five responses, or fewer than k in all; counts or instruments
            that do not agree with the strata; a kind of question that is not known, or an answer that does not
            fit its item; a node that leaves too many rows in small classes.
    """
    policy = policy or Policy()
    opened = tuple(responses)
    _refuse_wrong_counts(strata, opened, policy)
    _refuse_wrong_instruments(opened, _find_all_asked(strata, role_instruments, instruments))
    merged = _merge_strata(strata, policy.k)
    classes = tuple(
        sorted(
            set(merged.values()),
            key=lambda item: (_ORDER.index(sort_roles(item.roles)[0]), number_areas(item.areas)),
        )
    )
    asked = _find_all_asked(classes, role_instruments, instruments)
    roles = {role: role_instruments[role] for item in classes for role in item.roles}
    questions = plan_questions(instruments, roles, kinds)
    items = tuple(column for question in questions for column in question.columns)
    answers: Encoded = {item.code: [] for item in classes}
    for response in opened:
        code = merged[response.stratum].code
        answers[code].append(encode_answers(questions, asked[code], response.answers, kinds))
    protected = _count_protected(items, answers)
    parts = _number_parts(opened, merged)
    suppression = suppress(questions, asked, answers, policy.k, policy.limit, node, parts)
    closeness = find_closeness(items, answers, suppression.classes)
    return WaveDataset(
        wave,
        region,
        (*plan_design(classes, areas), *items),
        tuple(sorted(_rows(wave, region, classes, answers, by_area=bool(areas)))),
        classes,
        replace(
            _report(policy, classes, protected, suppression),
            consent=tuple(sorted(set(consent))),
            merged={code: item.code for code, item in merged.items() if item.code != code},
            closeness=tuple(
                (*cause, float(round_half_away(distance, DIGITS))) for cause, distance in closeness.items()
            ),
        ),
        make_codebook(wave, region, questions, classes, instruments, errata, origin, areas=areas),
        _PROOF,
    )


def _find_all_asked(
    strata: Sequence[CaptureClass],
    role_instruments: Mapping[str, str],
    instruments: Mapping[str, Instrument],
) -> dict[str, Asked]:
    return {item.code: find_asked(item, role_instruments, instruments) for item in strata}


def _merge_strata(strata: Sequence[CaptureClass], k: int) -> Mapping[str, CaptureClass]:
    """The stratum of the file that each one goes into: itself, unless a stricter k asks for larger ones."""
    if all(item.answered >= k for item in strata):
        return {item.code: item for item in strata}
    return merge_classes(strata, {item.code: item.answered for item in strata}, k)


def _refuse_wrong_counts(
    strata: Sequence[CaptureClass], responses: Sequence[OpenedResponse], policy: Policy
) -> None:
    counts = Counter(response.stratum for response in responses)
    expected = {item.code: item.answered for item in strata}
    if not strata or len(expected) != len(strata) or dict(counts) != expected:
        raise DisclosureError(
            f"The responses ({dict(sorted(counts.items()))}) do not agree with the strata "
            f"({dict(sorted(expected.items()))}). Nothing was made of them."
        )
    for item in strata:
        if item.answered < MINIMUM_K:
            raise DisclosureError(
                f"Stratum {item.code!r} has {item.answered} responses; at least {MINIMUM_K} are needed. "
                "Merge it with another stratum first."
            )
        if item.invited < item.answered:
            raise DisclosureError(f"In stratum {item.code!r} more people answered than were invited.")
    if counts.total() < policy.k:
        raise DisclosureError(
            f"There are {counts.total()} responses in all; at least {policy.k} are needed for these data. Make "
            "them together with another region or wave, or not at all."
        )


def _refuse_wrong_instruments(responses: Iterable[OpenedResponse], asked: Mapping[str, Asked]) -> None:
    for response in responses:
        if frozenset(response.instruments) != asked[response.stratum].digests:
            raise DisclosureError(
                f"A response in stratum {response.stratum!r} names other questionnaires than that stratum's roles "
                "were asked. Nothing was made of the responses."
            )


def _number_parts(
    responses: Iterable[OpenedResponse], merged: Mapping[str, CaptureClass]
) -> dict[str, tuple[list[int], ...]]:
    """By stratum the numbers of its rows that came from each of those merged in it."""
    found: dict[str, dict[str, list[int]]] = {item.code: {} for item in merged.values()}
    counts = Counter[str]()
    for response in responses:
        code = merged[response.stratum].code
        found[code].setdefault(response.stratum, []).append(counts[code])
        counts[code] += 1
    return {code: tuple(parts.values()) for code, parts in found.items()}


def _count_protected(columns: Sequence[Column], answers: Encoded) -> dict[str, int]:
    rows = [row for cells in answers.values() for row in cells]
    counts = {
        column.name: sum(row[place] == PROTECTED for row in rows) for place, column in enumerate(columns)
    }
    return {name: count for name, count in counts.items() if count}


def _rows(
    wave: str, region: str, strata: Sequence[CaptureClass], answers: Encoded, *, by_area: bool
) -> Iterable[tuple[Cell, ...]]:
    areas = list_areas(strata)
    for number, item in enumerate(strata, start=1):
        one = float(round_half_away(weight(item.invited, item.answered), DIGITS))
        area = [areas.index(item.areas) + 1 if item.areas else NO_AREA.value] if by_area else []
        for cells in answers[item.code]:
            yield (wave, region, number, item.invited, one, one, *area, *cells)


def _report(
    policy: Policy, strata: Sequence[CaptureClass], protected: Mapping[str, int], suppression: Suppression
) -> PrivacyReport:
    sizes = suppression.sizes()
    return PrivacyReport(
        policy.profile,
        policy.k,
        {item.code: item.answered for item in strata},
        min(sizes),
        float(round_half_away(Fraction(1, min(sizes)), DIGITS)),
        float(round_half_away(Fraction(len(sizes), sum(sizes)), DIGITS)),
        protected,
        suppression.homogeneous,
        suppression.quasi_identifiers,
        suppression.dependent,
        suppression.node,
        suppression.suppressed,
        threshold=policy.threshold,
    )
