"""An earlier wave as ours: read, checked, merged and protected through the same door as what we open ourselves."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from aoj_survey.datasets import OpenedResponse, Origin, Policy, WaveDataset, make_dataset
from aoj_survey.disclosure import freeze_classes, merge_classes
from aoj_survey.errors import HistoryError, NotFoundError, Problem, QuestionnaireError
from aoj_survey.interview import walk
from aoj_survey.questionnaire import (
    KINDS,
    Instrument,
    ItemKind,
    digest_instrument,
    dump_instrument,
    find_context,
    load_questionnaire,
)
from aoj_survey.responses import MINIMUM
from aoj_survey.statistics import ResponseTable, RoleCount, list_printed, response_table

from .answers import EarlierResponse, read_responses
from .checks import check_columns, check_mapping, list_items
from .mapping import Findings, WaveMapping, read_wave_mapping, sort_problems
from .printed import Comparison, compare_printed
from .sources import SourceTable, read_source_table


@dataclass(frozen=True, slots=True)
class ImportedWave:
    """An earlier wave: its protected dataset, its response, and the printed totals beside those found again.

    `off_path` counts by item the answers that its condition rules out; they are not in the dataset.
    """

    dataset: WaveDataset
    response: ResponseTable
    printed: tuple[Comparison, ...]
    off_path: Mapping[str, int]


def import_wave(
    path: Path, policy: Policy | None = None, kinds: Mapping[str, ItemKind] = KINDS
) -> ImportedWave:
    """Return the wave that a mapping file describes. Nothing is stored.

    Raises:
        NotFoundError: the mapping file cannot be opened.
        QuestionnaireError: it is no YAML as we read it.
        HistoryError: the mapping file, a questionnaire or the data file has faults. All of them are named but those
            in cells, which are once there are no others.
        DisclosureError: fewer than ten responses, or they cannot be protected as the policy asks.
    """
    mapping, findings = read_wave_mapping(path)
    instruments, table = _read_files(mapping, path, kinds, findings)
    by_role = {role: one for one in instruments for role in one.roles if role in mapping.role.codes}
    responses, problems = read_responses(mapping, table, by_role, kinds)
    _refuse_wrong_numbers(mapping, responses, findings)
    _stop_at([*findings.problems, *problems])
    dataset = _protect(mapping, table, by_role, responses, policy, kinds)
    response = response_table(_count_roles(mapping, responses))
    printed = compare_printed(mapping.printed, dataset, response)
    return ImportedWave(dataset, response, printed, _count_off_path(responses, by_role, mapping.region))


def _read_files(
    mapping: WaveMapping, path: Path, kinds: Mapping[str, ItemKind], findings: Findings
) -> tuple[tuple[Instrument, ...], SourceTable]:
    """The questionnaires and the data file; raises HistoryError with the faults of these and of the mapping."""
    instruments, problems = _read_questionnaires(mapping, path, kinds)
    table = None
    try:
        table = read_source_table(path.parent / mapping.data.file, mapping.data.sheet, mapping.data.encoding)
        check_columns(mapping, table.columns, findings)
    except HistoryError as error:
        problems += error.problems
    # Beside a part of the questionnaires, much would seem wrong that is not.
    if len(instruments) == len(mapping.questionnaires):
        check_mapping(mapping, instruments, findings, kinds)
    _stop_at([*findings.problems, *problems])
    if table is None:
        raise HistoryError(problems)
    return instruments, table


def _stop_at(problems: Sequence[Problem]) -> None:
    if problems:
        raise HistoryError(sort_problems(list(problems)))


def _read_questionnaires(
    mapping: WaveMapping, path: Path, kinds: Mapping[str, ItemKind]
) -> tuple[tuple[Instrument, ...], list[Problem]]:
    found: list[Instrument] = []
    problems: list[Problem] = []
    for name in mapping.questionnaires:
        try:
            found.append(load_questionnaire(path.parent / name, mapping.region, kinds=kinds))
        except QuestionnaireError as error:
            problems += error.problems
        except NotFoundError as error:
            problems.append(
                Problem("no-file", str(path.parent / name), 1, 1, str(error), "Mend `questionnaires`.")
            )
    return tuple(found), problems


def _refuse_wrong_numbers(
    mapping: WaveMapping, responses: Sequence[EarlierResponse], findings: Findings
) -> None:
    for role, answered in Counter(response.role for response in responses).items():
        if answered > mapping.invited[role]:
            what = f"{answered} answered, which is more than were invited."
            findings.add("invited", ("invited", role), what, "Mend the number, or the codes of the roles.")


def _protect(
    mapping: WaveMapping,
    table: SourceTable,
    instruments: Mapping[str, Instrument],
    responses: Sequence[EarlierResponse],
    policy: Policy | None,
    kinds: Mapping[str, ItemKind],
) -> WaveDataset:
    """As an opening does: too few stay closed, classes are frozen by who was invited and merge by who answered."""
    if len(responses) < MINIMUM:
        message = f"There are {len(responses)} responses; with fewer than {MINIMUM} a wave stays closed."
        raise HistoryError(
            [
                Problem(
                    "too-few",
                    table.file,
                    table.lines[0] if table.lines else 1,
                    1,
                    message,
                    "Leave this wave out.",
                )
            ]
        )
    digests = {role: digest_instrument(dump_instrument(one)) for role, one in instruments.items()}
    classes = freeze_classes(mapping.invited)
    class_of = {role: item.code for item in classes for role in item.roles}
    answered = Counter(class_of[response.role] for response in responses)
    merged = merge_classes(classes, answered, printed=list_printed(_count_roles(mapping, responses)))
    strata = {role: merged[class_of[role]] for role in class_of}
    opened = [
        OpenedResponse(
            strata[response.role].code,
            tuple(dict.fromkeys(digests[role] for role in strata[response.role].roles)),
            response.answers,
        )
        for response in responses
    ]
    return make_dataset(
        mapping.wave,
        mapping.region,
        tuple(dict.fromkeys(strata.values())),
        opened,
        {digests[role]: one for role, one in instruments.items()},
        digests,
        policy,
        kinds=kinds,
        origin=Origin(mapping.source, Path(mapping.data.file).name, _list_columns(mapping)),
    )


def _list_columns(mapping: WaveMapping) -> dict[tuple[str, str | None], str]:
    single = {(code, None): where.column for code, where in mapping.items.items() if where.column}
    by_choice = {
        (code, choice): column
        for code, where in mapping.items.items()
        for choice, column in where.columns.items()
    }
    return {**single, **by_choice}


def _count_roles(mapping: WaveMapping, responses: Sequence[EarlierResponse]) -> list[RoleCount]:
    done = Counter(response.role for response in responses)
    partial = Counter(response.role for response in responses if response.is_partial)
    return [
        RoleCount(role, number, number, done[role], done[role], mapping.estimated, partial[role])
        for role, number in mapping.invited.items()
    ]


def _count_off_path(
    responses: Sequence[EarlierResponse], instruments: Mapping[str, Instrument], region: str
) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for response in responses:
        instrument = instruments[response.role]
        path = walk(instrument, response.answers, find_context(response.role, region))
        asked = {item.code for page in path.pages for item in page.items}
        counts.update(response.answers.keys() - asked)
    return {code: counts[code] for code in list_items(instruments.values()) if counts[code]}
