"""All that a region module may import of the engine; `plugins/README.md` says how it is used."""

from pathlib import Path

from .disclosure import DisclosureRule
from .errors import Problem
from .hooks import (
    DatasetFacts,
    DerivedColumn,
    ExportFormat,
    KnownColumn,
    MessageText,
    ProtectedTable,
    Region,
    StoredDataset,
    hookimpl,
)
from .questionnaire import (
    Answers,
    Choice,
    ColumnPlan,
    FormField,
    Instrument,
    Item,
    ItemKind,
    Page,
    Text,
    Theme,
    Value,
    find_item,
    say,
)

__all__ = [
    "Answers",
    "Choice",
    "ColumnPlan",
    "DatasetFacts",
    "DerivedColumn",
    "DisclosureRule",
    "ExportFormat",
    "FormField",
    "Instrument",
    "Item",
    "ItemKind",
    "KnownColumn",
    "MessageText",
    "Page",
    "Problem",
    "ProtectedTable",
    "Region",
    "StoredDataset",
    "Text",
    "Theme",
    "Value",
    "find_item",
    "find_overlays",
    "hookimpl",
    "make_problem",
    "say",
]


def find_overlays(module: str, questionnaire: str, edition: str) -> tuple[Path, ...]:
    """Return the overlay `overlays/<questionnaire>@<edition>.yaml` beside a module, if it is there.

    `module` is the `__file__` of the module; what comes back suits `aoj_overlays`.
    """
    path = Path(module).parent / "overlays" / f"{questionnaire}@{edition}.yaml"
    return (path,) if path.is_file() else ()


def make_problem(instrument: Instrument, code: str, what: str, remedy: str) -> Problem:
    """Return a problem of a whole questionnaire, for `aoj_check_questionnaire`: what is wrong and what to do."""
    return Problem(code, f"{instrument.questionnaire}@{instrument.edition}", 1, 1, what, remedy)
