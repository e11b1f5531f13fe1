"""The one caller of hooks: typed methods that ask, check what comes back, and name the module that fails.

Modules are asked one by one, sorted by name and the core last, so the order in which they were registered
never decides anything.
"""

import logging
import traceback
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pluggy

from aoj_survey.disclosure import DisclosureRule, strictest_rule
from aoj_survey.errors import PluginError, Problem
from aoj_survey.questionnaire import Instrument, Item, ItemKind, Value

from .checks import (
    LONGEST_SENTENCE,
    check_derived,
    check_format,
    check_message,
    check_overlay,
    check_problem,
    check_rule,
    check_sentence,
    unusable,
)
from .types import DatasetFacts, DerivedColumn, ExportFormat, MessageText, Region, StoredDataset

CORE = "core"
"""The name under which the core's own implementations are registered."""

LONGEST_DELAY = timedelta(days=7)

R = TypeVar("R")
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Module:
    """A loaded region module. `place` is its folder or package, `hooks` are the names of those it implements."""

    name: str
    version: str
    summary: str
    place: str
    hooks: tuple[str, ...]
    region: Region | None
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hooks:
    """The modules of one application.

    `failures` says by name why a module that was asked for is not there. `kinds` are all kinds of questions,
    the core's and the modules', `formats` the modules' data files by their names.
    """

    plugins: pluggy.PluginManager
    modules: Mapping[str, Module]
    failures: Mapping[str, str]
    kinds: Mapping[str, ItemKind]
    formats: Mapping[str, tuple[ExportFormat, ...]] = field(
        default_factory=dict[str, tuple[ExportFormat, ...]]
    )

    def of_region(self, region: str, enabled: Collection[str]) -> "RegionHooks":
        """Return the hooks as asked for one region, of the modules enabled for it and the core."""
        return RegionHooks(self, region, tuple(sorted(set(enabled))))


@dataclass(frozen=True, slots=True)
class RegionHooks:
    """The hooks of one region; each method raises PluginError when a module fails or gives something unusable."""

    hooks: Hooks
    region: str
    enabled: tuple[str, ...]

    def require_whole(self) -> None:
        """Check that every enabled module is there, so that the region loses none of its rules.

        Raises:
            PluginError: a module that failed to load, or is not loaded here.
        """
        for name in self.enabled:
            if name not in self.hooks.modules:
                why = self.hooks.failures.get(name, "is not among the `modules` of the settings.")
                remedy = f"Mend that, or go on without it: aoj plugins disable {name} {self.region}"
                raise PluginError(name, f"is enabled for {self.region} but {why} {remedy}")

    def list_versions(self, instrument: Instrument) -> tuple[str, ...]:
        """Return name and version of the modules that have a say in an instrument, e.g. `almere 1.2`."""
        used = {item.kind for item in instrument.items()}
        return tuple(
            f"{module.name} {module.version}"
            for module in sorted(self.hooks.modules.values(), key=lambda module: module.name)
            if module.name in self.enabled or used.intersection(module.kinds)
        )

    def overlays(self, questionnaire: str, edition: str) -> tuple[Path, ...]:
        """Return the files with the region's additions to a questionnaire."""
        return self._ask_all(
            "aoj_overlays", check_overlay, questionnaire=questionnaire, edition=edition, region=self.region
        )

    def check_questionnaire(self, instrument: Instrument) -> tuple[Problem, ...]:
        """Return the problems a compiled questionnaire has by the region's own rules."""
        return self._ask_all(
            "aoj_check_questionnaire", check_problem, instrument=instrument, region=self.region
        )

    def check_answer(self, item: Item, value: Value, language: str) -> str | None:
        """Return what is wrong with an answer, in the given language, or None.

        With more messages, the first by the name of the module. What the error of a failing module says is
        left out, since it may hold the answer.
        """
        for name in self._names("aoj_check_answer"):
            asked = {"item": item, "value": value, "language": language, "region": self.region}
            for message in ask(self.hooks.plugins, "aoj_check_answer", name, asked, secret=True):
                if message == "":
                    continue
                return check_sentence("aoj_check_answer", name, message, LONGEST_SENTENCE)
        return None

    def message_text(self, kind: str, language: str) -> MessageText:
        """Return the region's own words in a mail."""
        name, text = self._ask_first("aoj_message_text", kind=kind, language=language, region=self.region)
        return check_message(name, text)

    def reminder_day(self, proposed: date, number: int, latest: date) -> date:
        """Return the day of a reminder: as proposed, or at most seven days later and not after `latest`.

        What a module gives beyond that is refused and logged.
        """
        name, day = self._ask_first("aoj_reminder_day", proposed=proposed, number=number, region=self.region)
        # A moment is a day too, by its class; a module that gives one has misread the hook.
        if type(day) is not date:
            raise unusable("aoj_reminder_day", name, day, "a day (datetime.date)")
        if day == proposed or proposed < day <= min(proposed + LONGEST_DELAY, latest):
            return day
        _LOG.warning(
            "the region module %s may not move reminder %s of %s from %s to %s: at most seven days later, "
            "and not after %s; it stays where it was",
            *(name, number, self.region, proposed, day, latest),
        )
        return proposed

    def disclosure_rule(self) -> DisclosureRule:
        """Return the strictest of the core's rule and those of the region's modules.

        Raises:
            PluginError: also when an enabled module is not there: its rule would be lost.
        """
        self.require_whole()
        hook, asked = "aoj_disclosure_rule", {"region": self.region}
        given = [
            (name, rule) for name in self._names(hook) for rule in ask(self.hooks.plugins, hook, name, asked)
        ]
        return strictest_rule(*(check_rule(name, rule) for name, rule in given))

    def derived_columns(self, dataset: DatasetFacts) -> tuple[tuple[str, DerivedColumn], ...]:
        """Return the columns that modules derive from a protected dataset, each with the name of its module.

        Raises:
            PluginError: also when an enabled module is not there: its columns would be lost.
        """
        self.require_whole()
        return self._ask_all(
            "aoj_derived_columns",
            lambda name, given: (name, check_derived(name, given)),
            dataset=dataset,
            region=self.region,
        )

    def export_formats(self) -> tuple[tuple[str, ExportFormat], ...]:
        """Return the data files that modules add to bundles, each with the name of its module.

        Raises:
            PluginError: an enabled module is not there: its file would be lost.
        """
        self.require_whole()
        return tuple((name, form) for name in self.enabled for form in self.hooks.formats.get(name, ()))

    def tell_stored(self, dataset: StoredDataset) -> tuple[str, ...]:
        """Tell modules of a bundle that was written; return what went wrong in them, which goes no further."""
        hook, faults = "aoj_dataset_stored", list[str]()
        asked = {"wave": dataset.dataset.wave, "dataset": dataset, "region": self.region}
        for name in self._names(hook):
            try:
                ask(self.hooks.plugins, hook, name, asked)
            except PluginError as error:
                _LOG.warning("%s", error)
                faults.append(str(error))
        return tuple(faults)

    def _names(self, hook: str) -> Iterable[str]:
        modules = self.hooks.modules
        return [name for name in self.enabled if name in modules and hook in modules[name].hooks] + [CORE]

    def _ask_all(self, hook: str, check: Callable[[str, object], R], **asked: Any) -> tuple[R, ...]:
        return tuple(
            check(name, part)
            for name in self._names(hook)
            for part in ask_parts(self.hooks.plugins, hook, name, asked)
        )

    def _ask_first(self, hook: str, **asked: Any) -> tuple[str, object]:
        for name in self._names(hook):
            for result in ask(self.hooks.plugins, hook, name, asked):
                return name, result
        message = f"the core has no {hook}"
        raise LookupError(message)


def ask(
    plugins: pluggy.PluginManager,
    hook: str,
    module: str,
    asked: Mapping[str, Any] | None = None,
    *,
    secret: bool = False,
    read: Callable[[Any], Any] = lambda result: result,
) -> list[Any]:
    """Return what one module gives for a hook: nothing or one result, as `read` makes it.

    Raises:
        PluginError: the module raises. `secret` leaves out what its error says.
    """
    others = [plugin for name, plugin in plugins.list_name_plugin() if name != module]
    caller = plugins.subset_hook_caller(hook, others)
    try:
        given: Any = caller(**(asked or {}))
        results = given if isinstance(given, list) else [given]
        return [read(result) for result in results if result is not None]
    except (Exception, SystemExit) as error:
        raise PluginError(module, f"failed in {hook}: {describe(error, secret=secret)}") from error


def ask_parts(
    plugins: pluggy.PluginManager, hook: str, module: str, asked: Mapping[str, Any] | None = None
) -> list[Any]:
    """Return the parts of what one module gives for a hook that gives several. Raises as `ask`."""
    # Read while errors are caught: what is given may be a generator.
    return [part for result in ask(plugins, hook, module, asked, read=list) for part in result]


def ask_region(plugins: pluggy.PluginManager, module: str) -> Region | None:
    """Return the region a module declares. Raises PluginError."""
    for given in ask(plugins, "aoj_region", module):
        if not isinstance(given, Region):
            raise unusable("aoj_region", module, given, "a Region")
        return given
    return None


def ask_kinds(plugins: pluggy.PluginManager, module: str) -> tuple[ItemKind, ...]:
    """Return the kinds of questions a module, or the core, brings. Raises PluginError."""
    kinds = ask_parts(plugins, "aoj_item_kinds", module)
    for kind in kinds:
        if not isinstance(kind, ItemKind):
            raise unusable("aoj_item_kinds", module, kind, "kinds of questions (ItemKind)")
    return tuple(kinds)


def ask_formats(plugins: pluggy.PluginManager, module: str) -> tuple[ExportFormat, ...]:
    """Return the data files a module brings. Raises PluginError."""
    return tuple(check_format(module, form) for form in ask_parts(plugins, "aoj_export_formats", module))


def describe(error: BaseException, *, secret: bool = False) -> str:
    """Return kind, place and (unless secret) text of an error in a module, in one line."""
    said = str(error)
    if isinstance(error, SyntaxError):
        # Its frames are those of the import; the mistake itself is where the error says.
        said, place = error.msg, f" at {error.filename}:{error.lineno}"
    else:
        frames = traceback.extract_tb(error.__traceback__)
        place = f" at {frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    text = "" if secret or not said else f" ({' '.join(said.split())})"
    return f"{type(error).__name__}{text}{place}."
