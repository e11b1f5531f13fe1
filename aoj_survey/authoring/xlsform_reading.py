"""An XLSForm that is being read: what was found so far, and what every question has."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aoj_survey.questionnaire import Expression, Text

from .conditions import write_condition
from .xlsform_choices import Lists
from .xlsform_relevant import Asked, RelevantError, join_conditions, read_relevant
from .xlsform_rows import Entry
from .xlsform_sheets import Remark, Row
from .xlsform_texts import find_unknown, has_html, read_text

_REASONS = {
    "default": "Answers are never filled in beforehand; the default is left out.",
    "constraint_message": "The engine has messages of its own; this one is left out.",
    "required_message": "The engine has messages of its own; this one is left out.",
    "calculation": "Nothing is calculated while somebody answers.",
    "choice_filter": "Answers are not filtered by other answers: all of the list are shown.",
    "appearance": "How it looks is the engine's.",
}


@dataclass(slots=True)
class Reading:
    """A form that is being read: its languages by how headers write them, its lists, and what was found so far.

    `asked` are the questions gone by, by their name in the sheet; `beside` the longest text one may write beside
    an answer, by question and answer; `scales` the lists that several questions use, once one of them did.
    """

    languages: Mapping[str, str]
    lists: Lists
    remarks: list[Remark]
    asked: dict[str, Asked] = field(default_factory=dict[str, Asked])
    codes: dict[str, str] = field(default_factory=dict[str, str])
    taken: set[str] = field(default_factory=set[str])
    beside: dict[tuple[str, str], int] = field(default_factory=dict[tuple[str, str], int])
    scales: dict[str, list[dict[str, object]]] = field(default_factory=dict[str, list[dict[str, object]]])
    scale_codes: dict[str, str] = field(default_factory=dict[str, str])
    users: dict[str, int] = field(default_factory=dict[str, int])

    def remark(self, row: Row, column: str, what: str, remedy: str = "") -> None:
        """Tell what of a row is not carried over as it was."""
        self.remarks.append(Remark("survey", row.number, column, what, remedy))

    def pick(self, texts: Mapping[str, str]) -> Text:
        """Return a sentence of ours in the form's languages, English in those we do not have."""
        return {code: texts.get(code, texts["en"]) for code in dict.fromkeys(self.languages.values())}


def read_keys(reading: Reading, entry: Entry, condition: Expression | None) -> dict[str, Any]:
    """Return the keys every kind has: text, hint, whether it is required, and the condition."""
    text = read_texts(reading, entry.row, "label", entry)
    if not text:
        reading.remark(
            entry.row, "label", "There is no text; the name stands in its place.", "Write the question."
        )
        text = reading.pick({"en": entry.name})
    common: dict[str, Any] = {"text": text}
    if hint := read_texts(reading, entry.row, "hint", entry):
        common["hint"] = hint
    required = entry.take("required").lower()
    if required in ("yes", "true", "true()", "1") and entry.kind != "explanation":
        common["required"] = True
    elif required not in ("", "no", "false", "false()", "0", "yes", "true", "true()", "1"):
        reading.remark(entry.row, "required", "Whether it is required cannot depend on answers; it is not.")
    if condition:
        common["ask_if"] = write_condition(condition)
    for column in sorted(entry.row.cells.keys() - entry.used):
        name = column.partition("::")[0]
        plain = column == "appearance" and entry.row.cells[column] in ("multiline", "minimal", "likert")
        # A language that is not known was told once, at its header.
        if plain or (name in ("label", "hint") and "::" in column):
            continue
        reading.remark(entry.row, column, _REASONS.get(name, f"`{column}` is not carried over."))
    return common


def read_texts(reading: Reading, row: Row, column: str, entry: Entry | None = None) -> dict[str, str]:
    """Return a text in the languages of the form; the first language takes another's where it has none."""
    found: dict[str, str] = {}
    for written, code in reading.languages.items():
        header = f"{column}::{written}" if written else column
        if entry:
            entry.used.add(header)
        if not (text := row.cells.get(header, "")):
            continue
        found[code] = read_text(text, reading.codes)
        if unknown := find_unknown(text, reading.codes):
            reading.remark(
                row, header, f"`{unknown[0]}` is no earlier answer that can be quoted; … stands there."
            )
        if has_html(text):
            reading.remark(row, header, "HTML is shown as it was typed.", "Use *stress* or **strong**.")
    first = next(iter(reading.languages.values()))
    if found and first not in found:
        reading.remark(row, column, f"There is no text in `{first}`; another language stands in its place.")
        found = {first: next(iter(found.values())), **found}
    return found


def read_condition(reading: Reading, entry: Entry) -> Expression | None:
    """Return the condition of a row and of the groups around it; one that cannot be carried over goes to the remarks."""
    entry.used.add("relevant")
    found: list[Expression] = []
    for row in (*entry.around, entry.row):
        if not (written := row.cells.get("relevant", "")):
            continue
        try:
            condition, differs = read_relevant(written, reading.asked)
        except RelevantError as error:
            what = f"The condition is left out, so everybody is asked: {error}."
            reading.remark(row, "relevant", what, "Write `ask_if` by hand.")
            continue
        found.append(condition)
        if differs:
            what = "Who left open a question named here is not asked this one; in XLSForm they would be."
            reading.remark(row, "relevant", what)
    return join_conditions(*found)
