"""The groups of a table as plans, audited beside everything released before: no figure is made of others."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from aoj_survey.datasets import Column, WaveDataset
from aoj_survey.disclosure import (
    OPENBAAR,
    AuditedPlan,
    Ledger,
    Plan,
    ReportingGroup,
    TableRules,
    audit_plan,
)

from .tallies import Tally, list_columns, tally_column


@dataclass(frozen=True, slots=True)
class Book:
    """What was released of a wave, and how many answered each column by finest class, as the ledger counts them.

    `rows` is the measure of released rows in that ledger.
    """

    ledger: Ledger = field(default_factory=Ledger)
    answered: Mapping[str, Mapping[str, int]] = field(default_factory=dict[str, Mapping[str, int]])
    rows: str = ""


def audit_column(
    dataset: WaveDataset,
    column: Column,
    tally: Tally,
    groups: Sequence[ReportingGroup],
    book: Book | None = None,
    rules: TableRules = OPENBAAR,
) -> AuditedPlan:
    """Return the groups that show a column, as an audited plan; its measure is the name of the column.

    Without a book the classes are the strata of the dataset, and nothing was released before.

    Raises:
        DisclosureError: as `audit_plan`.
    """
    book = book or Book()
    people = book.answered.get(column.name) or count_classes(dataset.region, tally)
    finest = _find_finest(dataset, people)
    plan = Plan(
        column.name,
        {
            name_group(dataset.region, group.code): frozenset(
                atom for code in group.strata for atom in finest[code]
            )
            for group in groups
        },
    )
    return audit_plan(plan, people, book.ledger, replace(rules, threshold=tally.threshold), book.rows)


def name_group(region: str, code: str) -> str:
    """Return the name that a group or stratum of a region has in the ledger of a wave: rijnmeer/ib."""
    return f"{region}/{code}"


def count_classes(region: str, tally: Tally) -> dict[str, int]:
    """Return how many answered by stratum, under the names of the ledger."""
    return {name_group(region, item.code): item.answered for item in tally.strata}


def _find_finest(dataset: WaveDataset, people: Mapping[str, int]) -> dict[str, list[str]]:
    """The finest classes of each stratum: those that merged into it, or itself."""
    finest: dict[str, list[str]] = {item.code: [] for item in dataset.strata}
    for atom in people:
        region, _, code = atom.partition("/")
        if region == dataset.region:
            finest[dataset.privacy.merged.get(code, code)].append(atom)
    return finest


def count_answers(datasets: Iterable[WaveDataset]) -> dict[str, dict[str, int]]:
    """Return how many answered in datasets of one wave: by column that has figures, and class of the ledger."""
    counted: dict[str, dict[str, int]] = {}
    for dataset in datasets:
        for column in list_columns(dataset):
            tally = tally_column(dataset, column)
            counted.setdefault(column.name, {}).update(count_classes(dataset.region, tally))
    return counted
