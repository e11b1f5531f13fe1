"""Protection: opened responses and a policy become a wave dataset, or are refused.

`WaveDataset` can be made by `make_dataset` alone, so publishing raw rows is a type error.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import InitVar, dataclass, replace
from typing import Any

from aoj_survey.disclosure import Area, Asked, CaptureClass, JoinedStrata, find_asked, join_strata
from aoj_survey.errors import DisclosureError
from aoj_survey.questionnaire import KINDS, Answers, Instrument, ItemKind
from aoj_survey.waves import MadeErratum

from .cells import encode_answers
from .closeness import find_closeness
from .codebook import Origin, make_codebook
from .columns import PROTECTED, Cell, Column, Question, plan_questions
from .design import fill_design, plan_design
from .places import PlaceColumns, find_coverage, plan_places
from .policies import MINIMUM_K, Policy
from .privacy import PrivacyReport, report_protection
from .suppression import Encoded, suppress

_PROOF = object()


@dataclass(frozen=True, slots=True)
class OpenedResponse:
    """A response after the opening: its stratum, the instruments of that stratum's roles, its answers."""

    stratum: str
    instruments: tuple[str, ...]
    answers: Answers


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
    former: PrivacyReport | None = None,
    origin: Origin | None = None,
    areas: Sequence[Area] = (),
    consent: Collection[str] = (),
) -> WaveDataset:
    """Return the protected dataset of a region in a wave.

    `instruments` by digest, `role_instruments` the digest each role answers, `kinds` all kinds of questions,
    those of modules included. The policy is k = 5 unless a stricter one is given; strata that are too small for it
    join. `errata` are told in the codebook. `former` is the privacy report of a former file of the wave: what that
    dropped is dropped again, and nothing else. `origin` tells where an imported wave came from. `areas` are those
    that answers were kept by: municipality and swv are quasi-identifiers, by which the strata of a role join.
    `consent` is what allowed the opening, for the privacy report.

    Raises:
        DisclosureError: a stratum with fewer than five responses, or fewer than k in all; counts or instruments
            that do not agree with the strata; a kind of question that is not known, or an answer that does not
            fit its item; a former file that kept what would leave too many rows in small classes.
    """
    given = _Given(tuple(strata), tuple(responses), instruments, role_instruments, kinds, tuple(areas))
    protected = _protect(given, policy or Policy(), former, consent)
    codebook = make_codebook(
        *(wave, region, protected.questions, protected.classes),
        *(instruments, role_instruments, errata),
        origin=origin,
        areas=areas,
    )
    return _assemble(wave, region, protected, codebook)


@dataclass(frozen=True, slots=True)
class _Given:
    """What a dataset is made of."""

    strata: tuple[CaptureClass, ...]
    responses: tuple[OpenedResponse, ...]
    instruments: Mapping[str, Instrument]
    role_instruments: Mapping[str, str]
    kinds: Mapping[str, ItemKind]
    areas: tuple[Area, ...]

    def find_asked(self, strata: Iterable[CaptureClass]) -> dict[str, Asked]:
        """Return what the roles of each stratum are asked."""
        return {item.code: find_asked(item, self.role_instruments, self.instruments) for item in strata}


@dataclass(frozen=True, slots=True)
class _Protected:
    """The strata of the file, its questions, their protected cells by stratum, and what was done."""

    classes: tuple[CaptureClass, ...]
    questions: tuple[Question, ...]
    answers: Encoded
    privacy: PrivacyReport
    places: PlaceColumns


def _protect(
    given: _Given, policy: Policy, former: PrivacyReport | None, consent: Collection[str]
) -> _Protected:
    """Join the strata, then hide what points to people or what a whole class gave alike."""
    _refuse_wrong_counts(given.strata, given.responses, policy)
    _refuse_wrong_instruments(given.responses, given.find_asked(given.strata))
    coverage = find_coverage(given.strata, given.areas)
    joined = join_strata(given.strata, coverage, policy.k, policy.limit, former and former.places)
    classes = joined.classes()
    roles = {role: given.role_instruments[role] for item in classes for role in item.roles}
    questions = plan_questions(given.instruments, roles, given.kinds)
    asked = given.find_asked(classes)
    answers = _encode(given, joined, questions, asked)
    columns = _list_columns(questions)
    protected = _count_protected(columns, answers)
    parts = _number_parts(given.responses, joined.strata)
    hidden = suppress(questions, asked, answers, policy.k, policy.limit, former and former.node, parts)
    closeness = find_closeness(columns, answers, hidden.classes)
    privacy = report_protection(policy, joined, hidden, protected, closeness)
    privacy = replace(privacy, consent=tuple(sorted(set(consent))))
    return _Protected(classes, questions, answers, privacy, plan_places(classes, given.areas))


def _list_columns(questions: Iterable[Question]) -> tuple[Column, ...]:
    return tuple(column for question in questions for column in question.columns)


def _assemble(wave: str, region: str, protected: _Protected, codebook: Mapping[str, Any]) -> WaveDataset:
    """Whole rows, sorted by their own values, so that no order of answering or opening is left."""
    design, places = fill_design(wave, region, protected.classes), protected.places.cells
    rows = sorted(
        (*design[code], *places[code], *cells) for code, found in protected.answers.items() for cells in found
    )
    return WaveDataset(
        wave,
        region,
        (*plan_design(protected.classes), *protected.places.columns, *_list_columns(protected.questions)),
        tuple(rows),
        protected.classes,
        protected.privacy,
        codebook,
        _PROOF,
    )


def add_columns(
    dataset: WaveDataset,
    columns: Sequence[Column],
    rows: Sequence[tuple[Cell, ...]],
    privacy: PrivacyReport,
    codebook: Mapping[str, Any],
) -> WaveDataset:
    """Return a dataset with further columns; `rows` are its own with the new cells at their end.

    Raises:
        ValueError: the rows differ from those of the dataset in anything else, or the codebook in its columns.
    """
    width = len(dataset.columns)
    names = [column.name for column in (*dataset.columns, *columns)]
    if (
        [row[:width] for row in rows] != list(dataset.rows)
        or any(len(row) != len(names) for row in rows)
        or [column["name"] for column in codebook["columns"]] != names
    ):
        raise ValueError("Columns may be added to a dataset, and nothing of it changed.")
    return replace(
        dataset,
        columns=(*dataset.columns, *columns),
        rows=tuple(rows),
        privacy=privacy,
        codebook=codebook,
        proof=_PROOF,
    )


def _encode(
    given: _Given, joined: JoinedStrata, questions: Sequence[Question], asked: Mapping[str, Asked]
) -> Encoded:
    """The answers as cells, by the stratum of the file."""
    answers: Encoded = {item.code: [] for item in joined.classes()}
    for response in given.responses:
        code = joined.strata[response.stratum].code
        answers[code].append(encode_answers(questions, asked[code], response.answers, given.kinds))
    return answers


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
