"""The groups of a table as plans, audited beside everything released before: no figure is made of others."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from aoj_survey.datasets import Column, WaveDataset
from aoj_survey.disclosure import OPENBAAR, AuditedPlan, Ledger, Plan, TableRules, audit_plan

from .tallies import Tally, list_columns, tally_column


@dataclass(frozen=True, slots=True)
class Book:
    """What was released of a wave, and how many answered each column by finest class, as the ledger counts them.

    `rows` is the measure of released rows in that ledger.
    """

    ledger: Ledger = field(default_factory=Ledger)
    answered: Mapping[str, Mapping[str, int]] = field(default_factory=dict[str, Mapping[str, int]])
    rows: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """Strata of one region in a group, with the answers of that region to the column."""

    dataset: WaveDataset
    tally: Tally
    strata: tuple[str, ...]


def audit_groups(
    column: Column,
    groups: Mapping[str, Sequence[Part]],
    threshold: int,
    book: Book | None = None,
    rules: TableRules = OPENBAAR,
) -> AuditedPlan:
    """Return the groups that show a column, by their names in the ledger, as an audited plan.

    Without a book the classes are the strata of the datasets, and nothing was released before.

    Raises:
        DisclosureError: as `audit_plan`.
    """
    book, measure = book or Book(), name_measure(column)
    parts = [part for found in groups.values() for part in found]
    people = book.answered.get(measure) or {
        name: number for part in parts for name, number in count_classes(part.dataset, part.tally).items()
    }
    plan = Plan(
        measure,
        {
            name: frozenset(atom for part in found for atom in _find_finest(part, people))
            for name, found in groups.items()
        },
    )
    return audit_plan(plan, people, book.ledger, replace(rules, threshold=threshold), book.rows)


def name_measure(column: Column) -> str:
    """Return the measure of a column's figures in the ledger of a wave."""
    return f"figure/{column.name}"


def name_group(region: str, code: str) -> str:
    """Return the name that a group or stratum of a region has in the ledger of a wave: rijnmeer/ib."""
    return f"{region}/{code}"


def count_classes(dataset: WaveDataset, tally: Tally) -> dict[str, int]:
    """Return how many answered by stratum, under the names of the ledger."""
    return {name_group(dataset.region, item.code): item.answered for item in tally.strata}


def count_answers(datasets: Iterable[WaveDataset]) -> dict[str, dict[str, int]]:
    """Return how many answered in datasets of one wave: by measure, and class of the ledger."""
    counted: dict[str, dict[str, int]] = {}
    for dataset in datasets:
        for column in list_columns(dataset):
            found = count_classes(dataset, tally_column(dataset, column))
            counted.setdefault(name_measure(column), {}).update(found)
    return counted


def _find_finest(part: Part, people: Mapping[str, int]) -> Iterable[str]:
    """The finest classes of a part: its strata, or those that merged into them."""
    for atom in people:
        region, _, code = atom.partition("/")
        if region == part.dataset.region and part.dataset.privacy.merged.get(code, code) in part.strata:
            yield atom
