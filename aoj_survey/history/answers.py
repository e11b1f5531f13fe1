"""From the rows of a data file to answers in the words of the questionnaire: every cell that fits nothing is a fault."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from aoj_survey.errors import Problem
from aoj_survey.questionnaire import KINDS, Answers, Instrument, Item, ItemKind, Value

from .checks import BY_CHOICE, list_items
from .mapping import ItemColumns, WaveMapping, list_codes
from .sources import SourceTable

MOST_FAULTS = 200
WHOLE = re.compile(r"-?[0-9]+([.,]0+)?")
"""A whole number, also as a sheet with decimals writes it."""


@dataclass(frozen=True, slots=True)
class EarlierResponse:
    """A row of the data file: the role of who answered, the answers, and whether they stopped halfway."""

    role: str
    answers: Answers
    is_partial: bool


@dataclass(slots=True)
class Faults:
    """Faults in cells: each value of a column once, where it first stands, with how often."""

    table: SourceTable
    first: dict[tuple[str, str, str], tuple[int, str]] = field(
        default_factory=dict[tuple[str, str, str], tuple[int, str]]
    )
    counts: dict[tuple[str, str, str], int] = field(default_factory=dict[tuple[str, str, str], int])

    def add(self, row: int, column: str, value: str, what: str, remedy: str) -> None:
        """Add a fault at a cell."""
        key = (column, value, what)
        self.first.setdefault(key, (row, remedy))
        self.counts[key] = self.counts.get(key, 0) + 1

    def list_problems(self) -> list[Problem]:
        """Return the faults by line; of more than anybody reads the first, and how many there are besides."""
        found = [self._tell(key) for key in self.first]
        found.sort(key=lambda problem: (problem.line, problem.column))
        more = found[MOST_FAULTS:]
        if not more:
            return found
        what = f"There are {len(more)} more faults from here on."
        rest = Problem("more", self.table.file, more[0].line, 1, what, "Mend those above first.")
        return [*found[:MOST_FAULTS], rest]

    def _tell(self, key: tuple[str, str, str]) -> Problem:
        (column, value, what), (row, remedy), more = key, self.first[key], self.counts[key] - 1
        others = f" The same stands in {more} more rows." if more else ""
        return Problem(
            "cell",
            self.table.file,
            self.table.lines[row],
            self.table.columns.index(column) + 1,
            f"{column} holds {value!r}: {what}{others}",
            remedy,
        )


def read_responses(
    mapping: WaveMapping,
    table: SourceTable,
    instruments: Mapping[str, Instrument],
    kinds: Mapping[str, ItemKind] = KINDS,
) -> tuple[list[EarlierResponse], list[Problem]]:
    """Return the responses in a data file and every fault in its cells; `instruments` by role.

    What a role was not asked must be empty in its rows. No answer chosen of several is no answer.
    """
    faults = Faults(table)
    roles = {code: role for role, codes in mapping.role.codes.items() for code in list_codes(codes)}
    items = {
        role: {code: found[0] for code, found in list_items([instrument], kinds).items()}
        for role, instrument in instruments.items()
    }
    empty = frozenset({"", *list_codes(mapping.skipped)})
    responses: list[EarlierResponse] = []
    for number, cells in enumerate(table.rows):
        row = _Row(number, dict(zip(table.columns, cells, strict=True)), empty, faults)
        role = roles.get(row.cells[mapping.role.column])
        if role is None:
            row.refuse(
                mapping.role.column, "no role has this code.", "Add it under `role`, or mend the data."
            )
            continue
        answers: dict[str, Value] = {}
        for code, where in mapping.items.items():
            if code not in items[role]:
                row.refuse_answers(where, role)
            elif (value := row.read(items[role][code], where, kinds)) is not None:
                answers[code] = value
        partial = mapping.partial
        halfway = partial is not None and row.cells[partial.column] in list_codes(partial.codes)
        responses.append(EarlierResponse(role, answers, halfway))
    return responses, faults.list_problems()


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    cells: Mapping[str, str]
    empty: frozenset[str]
    faults: Faults

    def refuse(self, column: str, what: str, remedy: str) -> None:
        """Add a fault in a cell of this row."""
        self.faults.add(self.number, column, self.cells[column], what, remedy)

    def refuse_answers(self, where: ItemColumns, role: str) -> None:
        """Add a fault for each answer of a role to what it was not asked."""
        skipped = self._skipped(where) | set(list_codes(where.not_chosen) if where.columns else ())
        for column in filter(None, (where.column, *where.columns.values())):
            if self.cells[column] not in skipped:
                what = f"the questionnaire does not ask this of the role {role}."
                self.refuse(column, what, "Mend the role, empty the cell, or mend the questionnaire.")

    def read(self, item: Item, where: ItemColumns, kinds: Mapping[str, ItemKind]) -> Value | None:
        """Return the answer to an item; None for none."""
        if item.kind in BY_CHOICE:
            value = self._read_choices(item, where)
            columns: Iterable[str] = where.columns.values()
        else:
            value = self._read_one(item, where)
            columns = (where.column,)
        if value is not None and not kinds[item.kind].accepts(item, value):
            what = f"this cannot be an answer to {item.code!r}."
            self.refuse(next(iter(columns)), what, "Mend the data, or the questionnaire.")
            return None
        return value

    def _skipped(self, where: ItemColumns) -> set[str]:
        return {*self.empty, *list_codes(where.skipped)}

    def _read_one(self, item: Item, where: ItemColumns) -> Value | None:
        cell = self.cells[where.column]
        for code, codes in where.answers.items():
            if cell in list_codes(codes):
                return code
        if cell in self._skipped(where):
            return None
        if item.kind in {"mark", "number"}:
            if WHOLE.fullmatch(cell):
                return int(cell.replace(",", ".").partition(".")[0])
            what = f"answers to {item.code!r} are whole numbers."
            self.refuse(
                where.column, what, "Round it in the data, or add the code under `answers` or `skipped`."
            )
            return None
        if item.kind in {"date", "month"}:
            return cell
        self.refuse(
            where.column, f"no answer to {item.code!r} has this code.", "Add it under `answers` or `skipped`."
        )
        return None

    def _read_choices(self, item: Item, where: ItemColumns) -> Value | None:
        ranks: dict[str, int] = {}
        for choice, column in where.columns.items():
            cell = self.cells[column]
            if item.kind == "multiple" and cell in list_codes(where.chosen):
                ranks[choice] = item.choices.index(item.choice(choice))
            elif cell in list_codes(where.not_chosen) or cell in self._skipped(where):
                continue
            elif item.kind == "ranking" and cell.isdecimal():
                ranks[choice] = int(cell)
            else:
                what = "this means neither chosen nor not chosen."
                self.refuse(column, what, "Add it under `chosen`, `not_chosen` or `skipped`.")
        if item.kind == "ranking" and sorted(ranks.values()) != list(range(1, len(ranks) + 1)):
            self.refuse(
                next(iter(where.columns.values())), "the ranks do not count from 1.", "Mend the data."
            )
            return None
        return tuple(sorted(ranks, key=lambda choice: ranks[choice])) or None
