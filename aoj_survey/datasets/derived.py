"""Columns that region modules derive: worked out of protected cells alone, row by row, and held to the same rules.

What a module gives is a function of named columns, called once for each set of cells that stands in them. So a derived
column can tell rows apart only where its sources do, and carries nothing that the file does not hold.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from aoj_survey.errors import PluginError
from aoj_survey.hooks import DatasetFacts, DerivedColumn, KnownColumn, RegionHooks, describe
from aoj_survey.questionnaire import Choice

from .closeness import find_closeness
from .codebook import describe_column
from .columns import MAX_NAME, MISSING, NOT_ASKED, PROTECTED, Column
from .privacy import PrivacyReport, list_distances, measure_risks
from .protection import WaveDataset, add_columns
from .suppression import Cause, is_homogeneous

HOOK = "aoj_derived_columns"
LARGEST = 2**31 - 1

Row: TypeAlias = tuple[Any, ...]
_NAME = re.compile("[a-z][a-z0-9_]*[a-z0-9]")


def state_facts(dataset: WaveDataset) -> DatasetFacts:
    """Return what modules may know of a dataset without its rows."""
    return DatasetFacts(
        dataset.wave,
        dataset.region,
        dataset.privacy.profile,
        dataset.privacy.k,
        len(dataset.rows),
        tuple(
            KnownColumn(
                column.name,
                column.holds,
                column.label,
                {value.value: value.text for value in column.values},
                dict(column.missing or {}),
                column.sensitive,
                column.quasi_identifier,
            )
            for column in dataset.columns
        ),
    )


def derive_columns(dataset: WaveDataset, hooks: RegionHooks) -> WaveDataset:
    """Return the dataset with the columns that the modules of its region derive, after its own.

    A quasi-identifier that would leave a class under k, or one that gave one sensitive answer, is -6 in that stratum; a
    sensitive answer of a whole class is -6 in that class.

    Raises:
        PluginError: a module fails, or gives a column that cannot be.
    """
    given = hooks.derived_columns(state_facts(dataset))
    if not given:
        return dataset
    columns: list[Column] = []
    derived: list[list[int]] = []
    for module, one in given:
        _refuse_name(module, one, dataset, columns)
        sources = _find_sources(module, one, dataset)
        columns.append(_plan(one, [dataset.columns[place] for place in sources]))
        derived.append(_compute(module, one, [[row[place] for place in sources] for row in dataset.rows]))
    table = _lay_out(dataset, columns, list(zip(*derived, strict=True)))
    _hide_pointing(table, dataset.privacy.k)
    _hide_alike(table)
    described = [
        describe_column(column)
        | {
            "sensitive": column.sensitive,
            "derived": {"module": module, "sources": list(one.sources), "how": dict(one.how)},
        }
        for column, (module, one) in zip(columns, given, strict=True)
    ]
    codebook = dict(dataset.codebook) | {"columns": [*dataset.codebook["columns"], *described]}
    return add_columns(dataset, columns, table.rows, _report(dataset.privacy, table), codebook)


def _refuse_name(module: str, one: DerivedColumn, dataset: WaveDataset, more: Sequence[Column]) -> None:
    prefix = f"{dataset.region.replace('-', '_')}_"
    if not _NAME.fullmatch(one.name) or len(one.name) > MAX_NAME or not one.name.startswith(prefix):
        raise PluginError(
            module,
            f"calls a derived column {one.name!r}; it begins with {prefix} and has small letters, digits and _, at "
            f"most {MAX_NAME}.",
        )
    if any(column.name == one.name for column in (*dataset.columns, *more)):
        raise PluginError(module, f"derives a column {one.name}, and there is one with that name.")


def _find_sources(module: str, one: DerivedColumn, dataset: WaveDataset) -> list[int]:
    places = {column.name: place for place, column in enumerate(dataset.columns)}
    for name in one.sources:
        if name not in places or dataset.columns[places[name]].holds in {"text", "decimal"}:
            raise PluginError(
                module,
                f"derives {one.name} of {name!r}, which is no column of whole numbers in {dataset.wave}. Give the "
                "column only where the dataset has its sources.",
            )
    return [places[name] for name in one.sources]


def _plan(one: DerivedColumn, sources: Sequence[Column]) -> Column:
    missing = {code: text for source in sources for code, text in (source.missing or {}).items()}
    return Column(
        one.name,
        "code" if one.values else "number",
        one.label,
        tuple(Choice(f"v{value}", value, text) for value, text in sorted(one.values.items())),
        missing | dict(MISSING),
        sensitive=one.sensitive or any(source.sensitive for source in sources),
        quasi_identifier=one.quasi_identifier,
    )


def _compute(module: str, one: DerivedColumn, rows: Sequence[Sequence[Any]]) -> list[int]:
    """The cells of the column: of equal sources always the same, and missing where one of them is."""
    known: dict[tuple[Any, ...], int] = {}
    for cells in map(tuple, rows):
        if cells not in known:
            absent = [cell for cell in cells if cell < 0]
            known[cells] = absent[0] if absent else _ask(module, one, cells)
    return [known[tuple(cells)] for cells in rows]


def _ask(module: str, one: DerivedColumn, cells: tuple[int, ...]) -> int:
    try:
        value: object = one.compute(*cells)
    except Exception as error:  # a module may raise anything, and its words may hold an answer
        raise PluginError(module, f"failed to work out {one.name}: {describe(error, secret=True)}") from error
    if type(value) is not int or not 0 <= value <= LARGEST or (one.values and value not in one.values):
        raise PluginError(
            module,
            f"gave something else than one of its values, or a whole number from 0 up, for {one.name}.",
        )
    return value


@dataclass(slots=True)
class _Table:
    """Whole rows, derived cells at their end, and what becomes of these.

    `members` are the numbers of the rows of each stratum, by its code; `own` is how many columns came before, `known`
    are the places of quasi-identifiers. What was hidden stands in `pointing` and `alike` by column and stratum.
    """

    rows: list[Row]
    columns: tuple[Column, ...]
    own: int
    members: Mapping[str, Sequence[int]]
    known: list[int]
    node: dict[str, dict[str, int]]
    pointing: list[Cause] = field(default_factory=list[Cause])
    alike: list[Cause] = field(default_factory=list[Cause])

    def split(self, code: str) -> list[list[int]]:
        """Return the classes of a stratum: the numbers of rows alike in all quasi-identifiers."""
        classes: dict[Row, list[int]] = defaultdict(list)
        for number in self.members[code]:
            classes[tuple(self.rows[number][place] for place in self.known)].append(number)
        return list(classes.values())

    def list_sensitive(self) -> list[int]:
        """Return the places of sensitive columns."""
        return [place for place, column in enumerate(self.columns) if column.sensitive]

    def hide(self, numbers: Sequence[int], place: int) -> None:
        """Set cells of a column to -6."""
        for number in numbers:
            row = self.rows[number]
            self.rows[number] = (*row[:place], PROTECTED, *row[place + 1 :])


def _lay_out(dataset: WaveDataset, columns: Sequence[Column], derived: Sequence[Row]) -> _Table:
    stratum = [column.name for column in dataset.columns].index("stratum")
    members: dict[str, list[int]] = {item.code: [] for item in dataset.strata}
    for number, row in enumerate(dataset.rows):
        members[dataset.strata[int(row[stratum]) - 1].code].append(number)
    return _Table(
        [(*row, *cells) for row, cells in zip(dataset.rows, derived, strict=True)],
        (*dataset.columns, *columns),
        len(dataset.columns),
        members,
        [place for place, column in enumerate(dataset.columns) if column.quasi_identifier],
        {code: dict(levels) for code, levels in dataset.privacy.node.items()},
    )


def _hide_pointing(table: _Table, k: int) -> None:
    """Quasi-identifiers go in a stratum where they leave a class under k, or one with one sensitive answer."""
    for place, column in enumerate(table.columns[table.own :], start=table.own):
        if not column.quasi_identifier:
            continue
        table.known.append(place)
        for code, members in table.members.items():
            if {table.rows[number][place] for number in members} == {NOT_ASKED}:
                continue
            safe = all(
                len(part) >= k
                and not any(is_homogeneous(table.rows, part, other) for other in table.list_sensitive())
                for part in table.split(code)
            )
            table.node.setdefault(code, {})[column.name] = 0 if safe else 1
            if not safe:
                table.hide(members, place)
                table.pointing.append((column.name, code))


def _hide_alike(table: _Table) -> None:
    """A sensitive answer that follows for a whole class goes for that class."""
    for place in (place for place in table.list_sensitive() if place >= table.own):
        for code in table.members:
            hidden = [part for part in table.split(code) if is_homogeneous(table.rows, part, place)]
            for part in hidden:
                table.hide(part, place)
            if hidden:
                table.alike.append((table.columns[place].name, code))


def _report(privacy: PrivacyReport, table: _Table) -> PrivacyReport:
    """The report with the derived columns in it."""
    classes = {code: table.split(code) for code in table.members}
    places = {number: place for members in table.members.values() for place, number in enumerate(members)}
    closeness = find_closeness(
        table.columns[table.own :],
        {
            code: [table.rows[number][table.own :] for number in members]
            for code, members in table.members.items()
        },
        {code: [[places[number] for number in part] for part in parts] for code, parts in classes.items()},
    )
    return replace(
        measure_risks(privacy, [len(part) for parts in classes.values() for part in parts]),
        node=table.node,
        quasi_identifiers=(*privacy.quasi_identifiers, *table.pointing),
        homogeneous=(*privacy.homogeneous, *table.alike),
        closeness=(*privacy.closeness, *list_distances(closeness)),
    )
