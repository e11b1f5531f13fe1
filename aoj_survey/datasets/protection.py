"""Protection: opened responses and a policy become a wave dataset, or are refused.

`WaveDataset` can be made by `make_dataset` alone, so publishing raw rows is a type error.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import InitVar, dataclass
from fractions import Fraction
from typing import Any

from aoj_survey.disclosure import Asked, CaptureClass, find_asked, sort_roles
from aoj_survey.errors import DisclosureError
from aoj_survey.questionnaire import KINDS, ROLES, Answers, Instrument, ItemKind
from aoj_survey.statistics import round_half_away, weight
from aoj_survey.waves import MadeErratum

from .cells import encode_answers
from .codebook import make_codebook
from .columns import PROTECTED, Cell, Column, plan_design, plan_questions
from .suppression import Encoded, Suppression, suppress

_PROOF = object()
MINIMUM_K = 5
DIGITS = 6


@dataclass(frozen=True, slots=True)
class Policy:
    """How much protection the data get. `k` may be raised, never lowered under 5.

    Raises:
        DisclosureError: k under 5.
    """

    k: int = MINIMUM_K
    profile: str = "onderzoek"

    def __post_init__(self) -> None:
        if self.k < MINIMUM_K:
            raise DisclosureError(
                f"A policy may tighten k = {MINIMUM_K}, never loosen it; {self.k} was asked."
            )


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
    ones, asked or not because of those.
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
) -> WaveDataset:
    """Return the protected dataset of a region in a wave.

    `instruments` by digest, `role_instruments` the digest each role answers, `kinds` all kinds of questions,
    those of modules included. Rows are sorted by their own values, so no order of answering or opening is left.
    The policy is k = 5 unless a stricter one is given. `errata` are told in the codebook.

    Raises:
        DisclosureError: a stratum with fewer than k responses, counts or instruments that do not agree with
            the strata, a kind of question that is not known, or an answer that does not fit its item.
    """
    policy = policy or Policy()
    classes = tuple(sorted(strata, key=lambda item: list(ROLES).index(sort_roles(item.roles)[0])))
    opened = tuple(responses)
    asked = {item.code: find_asked(item, role_instruments, instruments) for item in classes}
    _refuse_wrong_counts(classes, opened, policy)
    _refuse_wrong_instruments(opened, asked)
    roles = {role: role_instruments[role] for item in classes for role in item.roles}
    questions = plan_questions(instruments, roles, kinds)
    items = tuple(column for question in questions for column in question.columns)
    answers: Encoded = {item.code: [] for item in classes}
    for response in opened:
        cells = encode_answers(questions, asked[response.stratum], response.answers, kinds)
        answers[response.stratum].append(cells)
    protected = _count_protected(items, answers)
    suppression = suppress(questions, asked, answers, policy.k)
    return WaveDataset(
        wave,
        region,
        (*plan_design(classes), *items),
        tuple(sorted(_rows(wave, region, classes, answers))),
        classes,
        _report(policy, classes, protected, suppression),
        make_codebook(wave, region, questions, classes, instruments, errata),
        _PROOF,
    )


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
        if item.answered < policy.k:
            raise DisclosureError(
                f"Stratum {item.code!r} has {item.answered} responses; at least {policy.k} are needed. "
                "Merge it with another stratum first."
            )
        if item.invited < item.answered:
            raise DisclosureError(f"In stratum {item.code!r} more people answered than were invited.")


def _refuse_wrong_instruments(responses: Iterable[OpenedResponse], asked: Mapping[str, Asked]) -> None:
    for response in responses:
        if frozenset(response.instruments) != asked[response.stratum].digests:
            raise DisclosureError(
                f"A response in stratum {response.stratum!r} names other questionnaires than that stratum's roles "
                "were asked. Nothing was made of the responses."
            )


def _count_protected(columns: Sequence[Column], answers: Encoded) -> dict[str, int]:
    rows = [row for cells in answers.values() for row in cells]
    counts = {
        column.name: sum(row[place] == PROTECTED for row in rows) for place, column in enumerate(columns)
    }
    return {name: count for name, count in counts.items() if count}


def _rows(
    wave: str, region: str, strata: Sequence[CaptureClass], answers: Encoded
) -> Iterable[tuple[Cell, ...]]:
    for number, item in enumerate(strata, start=1):
        one = float(round_half_away(weight(item.invited, item.answered), DIGITS))
        for cells in answers[item.code]:
            yield (wave, region, number, item.invited, one, one, *cells)


def _report(
    policy: Policy, strata: Sequence[CaptureClass], protected: Mapping[str, int], suppression: Suppression
) -> PrivacyReport:
    smallest, rows = min(suppression.classes), sum(suppression.classes)
    return PrivacyReport(
        policy.profile,
        policy.k,
        {item.code: item.answered for item in strata},
        smallest,
        float(round_half_away(Fraction(1, smallest), DIGITS)),
        float(round_half_away(Fraction(len(suppression.classes), rows), DIGITS)),
        protected,
        suppression.homogeneous,
        suppression.quasi_identifiers,
        suppression.dependent,
    )
