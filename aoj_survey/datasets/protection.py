"""Protection: opened responses and a policy become a wave dataset, or are refused.

`WaveDataset` can be made by `make_dataset` alone, so publishing raw rows is a type error.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import InitVar, dataclass
from fractions import Fraction
from typing import Any, TypeAlias

from aoj_survey.disclosure import CaptureClass, sort_roles
from aoj_survey.errors import DisclosureError
from aoj_survey.questionnaire import ROLES, Answers, Instrument
from aoj_survey.statistics import round_half_away, weight

from .cells import encode_answers
from .codebook import make_codebook
from .columns import PROTECTED, Cell, Column, plan_design, plan_questions

Encoded: TypeAlias = dict[str, list[tuple[int, ...]]]
"""Rows of the item columns by code of their stratum."""

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

    `protected` counts cells set to -6 per column because a stratum mixes roles that were not all asked;
    `homogeneous` names the sensitive columns set to -6 in a stratum where everybody gave one answer.
    """

    profile: str
    k: int
    classes: Mapping[str, int]
    smallest: int
    largest_risk: float
    average_risk: float
    protected: Mapping[str, int]
    homogeneous: tuple[tuple[str, str], ...]


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


def make_dataset(
    wave: str,
    region: str,
    strata: Sequence[CaptureClass],
    responses: Iterable[OpenedResponse],
    instruments: Mapping[str, Instrument],
    role_instruments: Mapping[str, str],
    policy: Policy | None = None,
) -> WaveDataset:
    """Return the protected dataset of a region in a wave.

    `instruments` by digest, `role_instruments` the digest each role answers. Rows are sorted by their own
    values, so no order of answering or opening is left. The policy is k = 5 unless a stricter one is given.

    Raises:
        DisclosureError: a stratum with fewer than k responses, counts or instruments that do not agree with
            the strata, or an answer that does not fit its item.
    """
    policy = policy or Policy()
    classes = tuple(sorted(strata, key=lambda item: list(ROLES).index(sort_roles(item.roles)[0])))
    opened = tuple(responses)
    asked = _find_instruments(classes, role_instruments, instruments)
    _refuse_wrong_counts(classes, opened, policy)
    _refuse_wrong_instruments(opened, asked)
    questions = plan_questions(
        instruments, {role: role_instruments[role] for item in classes for role in item.roles}
    )
    items = tuple(column for question in questions for column in question.columns)
    answers: Encoded = {item.code: [] for item in classes}
    for response in opened:
        cells = encode_answers(questions, asked[response.stratum], instruments, response.answers)
        answers[response.stratum].append(cells)
    protected = _count_protected(items, answers)
    homogeneous = _suppress_homogeneous(items, answers)
    columns = (*plan_design(classes), *items)
    return WaveDataset(
        wave,
        region,
        columns,
        tuple(sorted(_rows(wave, region, classes, answers))),
        classes,
        _report(policy, classes, protected, homogeneous),
        make_codebook(wave, region, columns, classes, instruments),
        _PROOF,
    )


def _find_instruments(
    strata: Sequence[CaptureClass], role_instruments: Mapping[str, str], instruments: Mapping[str, Instrument]
) -> dict[str, frozenset[str]]:
    """The digests each stratum's roles answer."""
    for item in strata:
        for role in item.roles:
            if role_instruments.get(role) not in instruments:
                raise DisclosureError(
                    f"There is no questionnaire for the role {role!r} of stratum {item.code!r}."
                )
    return {item.code: frozenset(role_instruments[role] for role in item.roles) for item in strata}


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


def _refuse_wrong_instruments(
    responses: Iterable[OpenedResponse], asked: Mapping[str, frozenset[str]]
) -> None:
    for response in responses:
        if frozenset(response.instruments) != asked[response.stratum]:
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


def _suppress_homogeneous(columns: Sequence[Column], answers: Encoded) -> tuple[tuple[str, str], ...]:
    """Set sensitive columns to -6 where a whole stratum gave one answer; return (column, stratum) of each."""
    found: list[tuple[str, str]] = []
    for code, cells in answers.items():
        for place, column in enumerate(columns):
            values = {row[place] for row in cells}
            if column.sensitive and len(values) == 1 and min(values) >= 0:
                cells[:] = [(*row[:place], PROTECTED, *row[place + 1 :]) for row in cells]
                found.append((column.name, code))
    return tuple(found)


def _rows(
    wave: str, region: str, strata: Sequence[CaptureClass], answers: Encoded
) -> Iterable[tuple[Cell, ...]]:
    for number, item in enumerate(strata, start=1):
        one = float(round_half_away(weight(item.invited, item.answered), DIGITS))
        for cells in answers[item.code]:
            yield (wave, region, number, item.invited, one, one, *cells)


def _report(
    policy: Policy,
    strata: Sequence[CaptureClass],
    protected: Mapping[str, int],
    homogeneous: tuple[tuple[str, str], ...],
) -> PrivacyReport:
    sizes = {item.code: item.answered for item in strata}
    smallest = min(sizes.values())
    return PrivacyReport(
        policy.profile,
        policy.k,
        sizes,
        smallest,
        float(round_half_away(Fraction(1, smallest), DIGITS)),
        float(round_half_away(Fraction(len(sizes), sum(sizes.values())), DIGITS)),
        protected,
        homogeneous,
    )
