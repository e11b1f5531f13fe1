"""What the columns of a bundle mean, read from its codebook: the one source of all labels and descriptions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, TypeAlias

from aoj_survey.datasets import Cell

Row: TypeAlias = tuple[Cell, ...]
Text: TypeAlias = Mapping[str, str]

LANGUAGES = ("nl", "en")
LABEL_LANGUAGE = "nl"
"""Files that have room for one language carry the Dutch labels; all others are in the codebook."""

LARGEST_INT32 = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Code:
    """A value that means something, with its label in all languages; values of answers have a code of letters."""

    value: int
    label: Text
    code: str = ""


@dataclass(frozen=True, slots=True)
class Derivation:
    """How a region module worked a column out, and of which columns."""

    module: str
    sources: tuple[str, ...]
    how: Text


@dataclass(frozen=True, slots=True)
class Variable:
    """A column as its codebook describes it; `holds` is explained in docs/datasets.md.

    What only items have (`item`, `universe`, bounds) is empty for the columns of the design and derived ones. `above` are the
    words over a group of statements, `hint` those beside the question, as respondents saw them.
    """

    name: str
    holds: str
    label: Text
    values: tuple[Code, ...] = ()
    missing: tuple[Code, ...] = ()
    item: str | None = None
    choice: str | None = None
    kind: str | None = None
    concept: str | None = None
    unit: Text | None = None
    minimum: int | None = None
    maximum: int | None = None
    universe: Text | None = None
    derivation: Derivation | None = None
    above: Text | None = None
    hint: Text | None = None

    @property
    def is_integer(self) -> bool:
        """Whether whole numbers stand in it, days and months among them."""
        return self.holds not in {"text", "decimal"}

    @property
    def is_wide(self) -> bool:
        """Whether its numbers may be larger than 32 bits hold."""
        unbounded = self.maximum is None and self.holds == "number"
        return unbounded or (self.maximum or 0) > LARGEST_INT32

    @property
    def codes(self) -> tuple[Code, ...]:
        """Its values and missing codes, from small to large."""
        return tuple(sorted((*self.missing, *self.values), key=lambda code: code.value))


@dataclass(frozen=True, slots=True)
class Sheet:
    """The data of one bundle: its name, its columns and its rows."""

    name: str
    variables: tuple[Variable, ...]
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Cut:
    """A text that a format had no room for, or could not tell from another. `value` is set when it is that value's label.

    `limit` counts `unit`; `kept` is what stands in the file, the whole text is in the codebook.
    """

    file: str
    column: str
    value: int | None
    limit: int
    unit: str
    kept: str


def read_variables(codebook: Mapping[str, Any]) -> tuple[Variable, ...]:
    """Return the columns of a codebook, in its order."""
    return tuple(_read_variable(column) for column in codebook["columns"])


def find_title(codebook: Mapping[str, Any]) -> Text:
    """Return what the data are, in Dutch and English: the titles of the questionnaires, region and wave."""
    titles = [questionnaire["title"] for questionnaire in codebook["questionnaires"]]
    return {
        language: f"{'; '.join(dict.fromkeys(say(title, language) for title in titles))} "
        f"({codebook['region']}, {codebook['wave']})"
        for language in LANGUAGES
    }


def find_universe(codebook: Mapping[str, Any]) -> Text:
    """Return who was invited, in Dutch and English: the strata of the codebook."""
    return {
        language: "; ".join(say(stratum["label"], language) for stratum in codebook["strata"])
        for language in LANGUAGES
    }


def say(text: Text, language: str = LABEL_LANGUAGE) -> str:
    """Return a text in a language, in Dutch when it is not there, else in whichever there is."""
    return text.get(language) or text.get(LABEL_LANGUAGE) or next(iter(text.values()), "")


def cut_bytes(text: str, limit: int) -> str:
    """Return the text within so many bytes of UTF-8, ending in … when it was cut; never half a character."""
    if len(text.encode()) <= limit:
        return text
    return text.encode()[: limit - len("…".encode())].decode(errors="ignore") + "…"


def cut_characters(text: str, limit: int) -> str:
    """Return the text within so many characters, ending in … when it was cut."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def are_same(found: Iterable[Row], rows: Iterable[Row]) -> bool:
    """Return whether these are the same rows in the same order; reads them one by one."""
    return all(one == other for one, other in zip_longest(found, rows))


def group_choices(variables: Iterable[Variable]) -> dict[str, list[Variable]]:
    """Return the 0/1 columns of each question with several answers, by the name they have in common."""
    groups: dict[str, list[Variable]] = {}
    for variable in variables:
        if variable.holds == "chosen" and variable.item:
            groups.setdefault(variable.item, []).append(variable)
    return groups


def _read_variable(column: Mapping[str, Any]) -> Variable:
    shown = next(iter(column.get("shown", ())), {})
    return Variable(
        column["name"],
        column["holds"],
        column["label"],
        _read_codes(column.get("values", [])),
        _read_codes(column.get("missing", [])),
        column.get("item"),
        column.get("choice"),
        column.get("kind"),
        column.get("concept"),
        column.get("unit"),
        column.get("minimum"),
        column.get("maximum"),
        column.get("universe", {}).get("label"),
        _read_derivation(column.get("derived")),
        shown.get("page"),
        shown.get("hint"),
    )


def _read_derivation(derived: Mapping[str, Any] | None) -> Derivation | None:
    if derived is None:
        return None
    return Derivation(derived["module"], tuple(derived["sources"]), derived["how"])


def _read_codes(listed: Iterable[Mapping[str, Any]]) -> tuple[Code, ...]:
    return tuple(Code(entry["value"], entry["label"], entry.get("code", "")) for entry in listed)
