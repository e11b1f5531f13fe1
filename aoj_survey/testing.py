"""A fixture for authors of region modules, to try a module as the engine would use it.

Import it in the `conftest.py` beside the module: `from aoj_survey.testing import region_module`. It needs no
installation and no database.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from .config import ROOT
from .disclosure import DisclosureRule
from .errors import PluginError
from .hooks import (
    DatasetFacts,
    DerivedColumn,
    ExportFormat,
    MessageText,
    Module,
    RegionHooks,
    compile_for_region,
    load_hooks,
)
from .questionnaire import Instrument, Value, find_item

__all__ = ["TriedModule", "region_module", "try_module"]


@dataclass(frozen=True, slots=True)
class TriedModule:
    """A loaded module, asked for one region. Its methods raise PluginError where the engine would stop."""

    module: Module
    hooks: RegionHooks
    questionnaires: Path

    def compile(self, questionnaire: str, edition: str) -> Instrument:
        """Return a questionnaire as this region would hold it; raises QuestionnaireError with every problem."""
        return compile_for_region(self.questionnaires / questionnaire / f"{edition}.yaml", self.hooks)

    def check_answer(
        self, instrument: Instrument, code: str, value: Value, language: str = "nl"
    ) -> str | None:
        """Return what the module says about an answer to the question with this code."""
        return self.hooks.check_answer(find_item(instrument, code), value, language)

    def message_text(self, kind: str = "invitation", language: str = "nl") -> MessageText:
        """Return the module's words in a mail, empty where it leaves the engine's."""
        return self.hooks.message_text(kind, language)

    def reminder_day(self, proposed: date, number: int = 1, latest: date = date.max) -> date:
        """Return the day of a reminder as the engine would send it, `latest` being the last that is allowed."""
        return self.hooks.reminder_day(proposed, number, latest)

    def disclosure_rule(self) -> DisclosureRule:
        """Return the numbers by which data and figures of the region are protected."""
        return self.hooks.disclosure_rule()

    def derived_columns(self, dataset: DatasetFacts) -> tuple[DerivedColumn, ...]:
        """Return the columns the module derives from a dataset with these columns."""
        return tuple(column for _, column in self.hooks.derived_columns(dataset))

    def export_formats(self) -> tuple[ExportFormat, ...]:
        """Return the data files the module adds to bundles."""
        return tuple(form for _, form in self.hooks.export_formats())


def try_module(folder: Path, region: str = "", questionnaires: Path = ROOT / "questionnaires") -> TriedModule:
    """Return the module in a folder, for its own region or another.

    Raises:
        PluginError: it cannot be loaded, or declares something that cannot be.
    """
    hooks = load_hooks(folder.parent, [folder.name])
    if folder.name in hooks.failures:
        raise PluginError(folder.name, f"cannot be tried: {hooks.failures[folder.name]}")
    module = hooks.modules[folder.name]
    code = region or (module.region.code if module.region else module.name)
    return TriedModule(module, hooks.of_region(code, [module.name]), questionnaires)


@pytest.fixture
def region_module(request: pytest.FixtureRequest) -> TriedModule:
    """The module in the folder of the test file, asked for its own region and the engine's questionnaires."""
    return try_module(request.path.parent)
