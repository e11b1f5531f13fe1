"""Columns of several datasets as one table: joined when they hold the same, apart when they do not.

Columns join when the item measures the same: kind, choices, codes, unit and bounds agree (`comparability`). Another
condition and other words join, since regions have words of their own, and stand in the crosswalk. Where one dataset
asks an item in two wordings, the wording decides as well. All else gets a column of its own: never silently joined
(`statistics`, *Data handed to analysts*).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from aoj_survey.datasets import NOT_ASKED, PROTECTED, Cell, WaveDataset
from aoj_survey.regions import JOINT_REGION

from .comparability import Measure, compare_measures, read_measures
from .places import NOT_KEPT, Numbers, number_places
from .variables import Derivation, Row, Variable, read_variables, say

LONGEST_NAME = 32
INSTRUMENT = Variable(
    "instrument",
    "text",
    {"nl": "vragenlijst en editie van het stratum", "en": "questionnaire and edition of the stratum"},
)
"""A stratum of roles that answer several questionnaires has the names of all."""
PARTITIONED = ("wave", "region")
"""These columns become names of folders."""

Meaning: TypeAlias = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One dataset in a stack: where each column of the stack stands in its rows, None where it is not there.

    `absent` holds what stands there then: -5 for what was not asked, -6 for what was not kept.
    `measures` tell by the name of a column what its item measures here, `numbers` by where a column of places stands
    in the stack its numbers there by its own. `instruments` are the names of the questionnaires of each stratum.
    """

    dataset: WaveDataset
    variables: tuple[Variable, ...]
    places: tuple[int | None, ...]
    measures: Mapping[str, Measure]
    absent: tuple[Cell, ...]
    numbers: Mapping[int, Mapping[Cell, int]]
    instruments: Mapping[Cell, str]

    def rows(self) -> Sequence[Row]:
        """Return its rows with the columns of the stack."""
        stratum = [variable.name for variable in self.variables].index("stratum")
        found = list(zip(self.places[1:], self.absent[1:], strict=True))
        told = (
            [
                self.instruments[row[stratum]],
                *(absent if place is None else row[place] for place, absent in found),
            ]
            for row in self.dataset.rows
        )
        return tuple(self._number_places(row) for row in told)

    def _number_places(self, row: list[Cell]) -> Row:
        for place, numbers in self.numbers.items():
            row[place] = numbers.get(row[place], row[place])
        return tuple(row)


@dataclass(frozen=True, slots=True)
class Stack:
    """Several datasets with the columns of all of them, `instrument` first, without wave and region."""

    variables: tuple[Variable, ...]
    parts: tuple[Part, ...]


def stack_datasets(datasets: Sequence[WaveDataset]) -> Stack:
    """Return the datasets with columns in common, in the order of the first that has each."""
    read = [read_variables(dataset.codebook) for dataset in datasets]
    measures = [read_measures(dataset.codebook) for dataset in datasets]
    pairs = list(zip(read, measures, strict=True))
    ambiguous = {item for variables, measured in pairs for item in _find_ambiguous(variables, measured)}
    meanings = [
        [_find_meaning(variable, measured, ambiguous) for variable in variables]
        for variables, measured in pairs
    ]
    columns: dict[Meaning, Variable] = {("instrument", "of the stratum"): INSTRUMENT}
    taken = {INSTRUMENT.name}
    for variables, listed in zip(read, meanings, strict=True):
        for variable, meaning in zip(variables, listed, strict=True):
            if meaning not in columns and variable.name not in PARTITIONED:
                columns[meaning] = replace(variable, name=_free_name(variable.name, taken))
                taken.add(columns[meaning].name)
    numbers = number_places([dataset.codebook for dataset in datasets])
    parts = [
        Part(
            dataset,
            variables,
            tuple(listed.index(meaning) if meaning in listed else None for meaning in columns),
            measured,
            tuple(_find_absent(dataset, variable) for variable in columns.values()),
            _place_numbers(columns.values(), own),
            _name_instruments(dataset.codebook),
        )
        for dataset, variables, listed, measured, own in zip(
            datasets, read, meanings, measures, numbers, strict=True
        )
    ]
    return Stack(tuple(columns.values()), tuple(parts))


def _find_absent(dataset: WaveDataset, variable: Variable) -> Cell:
    """Small boxes that opened together keep only what all of them were asked."""
    if variable.item is None and variable.derivation is None:
        return NOT_KEPT.get(variable.name, PROTECTED)
    return PROTECTED if dataset.region == JOINT_REGION else NOT_ASKED


def _name_instruments(codebook: Mapping[str, Any]) -> dict[Cell, str]:
    """The questionnaires of each stratum by its number, as aoj-professionals@2021."""
    names = {one["digest"]: f"{one['questionnaire']}@{one['edition']}" for one in codebook["questionnaires"]}
    return {
        stratum["value"]: "+".join(sorted({names[digest] for digest in stratum["instruments"]}))
        for stratum in codebook["strata"]
    }


def _place_numbers(variables: Iterable[Variable], own: Numbers) -> dict[int, Mapping[Cell, int]]:
    return {
        place: {**own[variable.name]}
        for place, variable in enumerate(variables)
        if variable.item is None and variable.name in own
    }


CROSSWALK = (
    *("wave", "region", "column", "stacked", "item", "choice", "concept", "change", "imported_from"),
    *("label_nl", "label_en"),
)


def write_crosswalk(stack: Stack) -> list[tuple[Cell, ...]]:
    """Return for each dataset which of its columns stands in which of the stack, with its wording there.

    `change` compares the item with the nearest dataset above that has it, or one of its concept: `identical`, `wording`,
    `base`, `scale`, or `new`; empty in the first dataset. What the dataset before of the same region had and this has no
    more, by no concept, is `gone`: a row without a column. `imported_from` is the column's name in the file of an
    imported wave.
    """
    rows: list[tuple[Cell, ...]] = []
    for number, part in enumerate(stack.parts):
        above = stack.parts[:number]
        imported = part.dataset.codebook.get("imported", {}).get("columns", {})
        for column, place in zip(stack.variables, part.places, strict=True):
            if place is not None:
                own = part.variables[place]
                change = _tell_change(above, part, own)
                rows.append(_write_row(part, own.name, column, own, change, imported.get(own.name, "")))
        rows += [_write_row(part, "", column, own, "gone") for column, own in _list_gone(stack, above, part)]
    return rows


def _write_row(
    part: Part, name: str, column: Variable, own: Variable, change: str, imported_from: str = ""
) -> tuple[Cell, ...]:
    return (
        *(part.dataset.wave, part.dataset.region, name, column.name),
        *(column.item or "", column.choice or "", column.concept or "", change, imported_from),
        *(say(own.label, "nl"), say(own.label, "en")),
    )


def _list_gone(stack: Stack, above: Sequence[Part], part: Part) -> Iterator[tuple[Variable, Variable]]:
    """The columns of the dataset before of the same region whose concept is measured no more, as it had them."""
    before = next((one for one in reversed(above) if one.dataset.region == part.dataset.region), None)
    left = {measure.concept for measure in part.measures.values()}
    for column, place in zip(stack.variables, before.places, strict=True) if before else ():
        own = before.variables[place] if before and place is not None else None
        if before and own and own.item and before.measures[own.name].concept not in left:
            yield column, own


def _tell_change(above: Sequence[Part], part: Part, variable: Variable) -> str:
    if not above or variable.item is None:
        return ""
    measure = part.measures[variable.name]
    for other in reversed(above):
        found = other.measures.values()
        same = [one for one in found if one.item == measure.item]
        alike = same or [one for one in found if one.concept == measure.concept]
        if alike:
            return min(compare_measures(one, measure) for one in alike).name.lower()
    return "new"


def _find_meaning(
    variable: Variable, measures: Mapping[str, Measure], ambiguous: AbstractSet[str]
) -> Meaning:
    if variable.derivation is not None:
        return _find_derived_meaning(variable, variable.derivation)
    if variable.item is None:
        return (variable.name,)
    wording = tuple(sorted(variable.label.items())) if variable.item in ambiguous else ()
    return (variable.item, variable.choice, measures[variable.name].scale, wording)


def _find_derived_meaning(variable: Variable, derivation: Derivation) -> Meaning:
    """Derived columns join when one module gave them with the same codes and explained them alike."""
    codes = tuple((code.value, *sorted(code.label.items())) for code in variable.values)
    how = tuple(sorted(derivation.how.items()))
    return ("derived", variable.name, derivation.module, derivation.sources, variable.holds, codes, how)


def _find_ambiguous(variables: Sequence[Variable], measures: Mapping[str, Measure]) -> set[str]:
    """Items that one dataset has in two columns that mean the same but for their wording."""
    counts = Counter(_find_meaning(variable, measures, set()) for variable in variables if variable.item)
    return {str(meaning[0]) for meaning, count in counts.items() if count > 1}


def _free_name(name: str, taken: set[str]) -> str:
    short, number = name, 1
    while short in taken:
        number += 1
        ending = f"_{number}"
        short = name[: LONGEST_NAME - len(ending)].rstrip("_") + ending
    return short
