"""The answers of an XLSForm: its lists, with codes and values for the dataset."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from aoj_survey.questionnaire import DONT_KNOW_VALUE, Text

from .codes import make_code
from .xlsform_sheets import Remark, Row, Sheet
from .xlsform_texts import find_languages, has_html, read_text

NUMBER = "number"
"""The column with the numbers of the dataset: ours, and ODK leaves it alone."""

_CONSUMED = ("list_name", "name", NUMBER)


@dataclass(frozen=True, slots=True)
class ListedChoice:
    """An answer of a list: its name in the sheet, code, value and text; `other` is the length of a text beside it."""

    name: str
    code: str
    value: int
    text: Text
    exclusive: bool = False
    other: int = 0

    @property
    def dont_know(self) -> bool:
        """Whether it is "don't know": that has a value of its own."""
        return self.value == DONT_KNOW_VALUE

    def write(self) -> dict[str, object]:
        """Return it as it is written in a file of ours."""
        flags = {"dont_know": self.dont_know, "exclusive": self.exclusive, "other": bool(self.other)}
        written: dict[str, object] = {"code": self.code, "value": self.value, "text": dict(self.text)}
        written |= {key: True for key, given in flags.items() if given}
        return written | ({"max_length": self.other} if self.other else {})


Lists = Mapping[str, tuple[ListedChoice, ...]]


def read_lists(sheet: Sheet, default: str) -> tuple[dict[str, tuple[ListedChoice, ...]], list[Remark]]:
    """Return the lists by name, and what of them is not carried over. `default` is the first language."""
    languages = find_languages(sheet.columns, default)
    rows: dict[str, list[Row]] = {}
    remarks: list[Remark] = []
    for row in sheet.rows:
        name = row.cells.get("list_name", "")
        if not name or not row.cells.get("name"):
            remarks.append(
                Remark("choices", row.number, "name", "An answer without list or name is left out.")
            )
            continue
        rows.setdefault(name, []).append(row)
        remarks += _remark_cells(row, languages)
    return {name: _read_list(found, languages, remarks) for name, found in rows.items()}, remarks


def _read_list(
    rows: Sequence[Row], languages: Mapping[str, str], remarks: list[Remark]
) -> tuple[ListedChoice, ...]:
    values = _number(rows)
    choices: dict[str, ListedChoice] = {}
    for row, value in zip(rows, values, strict=True):
        name = row.cells["name"]
        if name in choices:
            remarks.append(
                Remark("choices", row.number, "name", f"`{name}` is in its list twice; this one is left out.")
            )
            continue
        text = _read_label(row, languages)
        first = next(iter(text.values()))
        words = first if name.isdecimal() else name
        code = make_code(
            words, {choice.code for choice in choices.values()}, without="antwoord", reserved=False
        )
        choices[name] = ListedChoice(name, code, value, text)
    return tuple(choices.values())


def _number(rows: Sequence[Row]) -> list[int]:
    """The values of a list: those of its column `number`, or names that are numbers, or its order."""
    for column in (NUMBER, "name"):
        written = [row.cells.get(column, "") for row in rows]
        values = [int(text) for text in written if text.isdecimal() and len(text) <= 2]  # noqa: PLR2004 - 99
        if len(set(values)) == len(rows):
            return values
    return list(range(1, len(rows) + 1))


def _read_label(row: Row, languages: Mapping[str, str]) -> Text:
    found = {
        code: row.cells.get(f"label::{written}" if written else "label")
        for written, code in languages.items()
    }
    text = {code: read_text(label, {}) for code, label in found.items() if label}
    first = next(iter(languages.values()), "nl")
    return {first: next(iter(text.values()), row.cells["name"]), **text}


def _remark_cells(row: Row, languages: Mapping[str, str]) -> list[Remark]:
    remarks: list[Remark] = []
    for column, value in row.cells.items():
        name, _, language = column.partition("::")
        if column in _CONSUMED or (name == "label" and language in languages):
            if has_html(value):
                remarks.append(
                    Remark("choices", row.number, column, "HTML is shown as it was typed.", "Leave it out.")
                )
            continue
        remarks.append(Remark("choices", row.number, column, f"`{column}` is not carried over."))
    return remarks


def fit_choices(choices: Sequence[ListedChoice], longest: int) -> tuple[ListedChoice, ...]:
    """Return choices with codes of at most so many characters: each is a part of a column's name."""
    fitted: list[ListedChoice] = []
    for choice in choices:
        taken = {one.code for one in fitted}
        code = choice.code if len(choice.code) <= longest else make_code(choice.code, taken, longest=longest)
        fitted.append(replace(choice, code=code))
    return tuple(fitted)
