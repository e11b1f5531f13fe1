"""Loading region modules: found by name, imported, checked against the hooks there are, registered.

A module that fails to import or raises is left out and kept among the `failures`: pages of respondents go on,
while planning and starting in the regions it is enabled for stop. A mistake in what it declares (a misspelt
hook, a name that is taken) stops the start of the application.
"""

import difflib
import inspect
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import metadata, util
from pathlib import Path
from types import ModuleType
from typing import Any

import pluggy

from aoj_survey.errors import PluginError
from aoj_survey.questionnaire import ItemKind

from . import defaults, spec
from .calls import CORE, Hooks, Module, ask_formats, ask_kinds, ask_region, describe
from .types import ExportFormat

HOOKS: Mapping[str, inspect.Signature] = {
    name: inspect.signature(function)
    for name, function in sorted(vars(spec).items())
    if name.startswith("aoj_") and inspect.isfunction(function)
}
"""Every hook there is, with its arguments and result."""

NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")
"""What names of region modules look like: they are names of Python packages too."""

_PREFIX = "aoj_module_"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a module was found: its folder, or an installed package with its version."""

    name: str
    place: str
    package: metadata.EntryPoint | None = None


def find_modules(folder: Path) -> dict[str, Source]:
    """Return the modules that can be loaded, by name: folders in `folder`, and installed packages.

    Raises:
        PluginError: two modules with one name.
    """
    found = {
        place.name: Source(place.name, str(place))
        for place in sorted(folder.glob("*"))
        if NAME.fullmatch(place.name) and (place / "__init__.py").is_file()
    }
    for entry in metadata.entry_points(group=spec.PROJECT):
        if entry.name in found:
            raise PluginError(entry.name, f"is there twice: {found[entry.name].place} and {entry.value}.")
        found[entry.name] = Source(entry.name, entry.value, entry)
    return found


def load_hooks(folder: Path = Path(), names: Iterable[str] = (), *, trace: bool = False) -> Hooks:
    """Return the hooks of the core and of these modules, found in a folder or as installed packages.

    Without names it is the core alone.

    Raises:
        PluginError: two modules with one name, region, kind of question or data file, a misspelt hook or argument, or no
            version.
    """
    plugins = pluggy.PluginManager(spec.PROJECT)
    plugins.add_hookspecs(spec)
    plugins.register(defaults, CORE)
    if trace:
        plugins.add_hookcall_monitoring(_print_call, lambda *_: None)
    wanted = sorted(set(names))
    found = find_modules(folder) if wanted else {}
    modules: dict[str, Module] = {}
    failures: dict[str, str] = {}
    kinds = {kind.name: kind for kind in ask_kinds(plugins, CORE)}
    formats: dict[str, tuple[ExportFormat, ...]] = {}
    for name in wanted:
        try:
            module, own, files = _load(plugins, name, found.get(name))
        except _LoadError as failure:
            failures[name] = str(failure)
            continue
        _refuse_taken(module, kinds, modules)
        _refuse_taken_endings(name, files, formats)
        modules[name] = module
        kinds |= {kind.name: kind for kind in own}
        formats[name] = files
    return Hooks(plugins, modules, failures, kinds, formats)


class _LoadError(Exception):
    """Why a module is left out."""


def _load(
    plugins: pluggy.PluginManager, name: str, source: Source | None
) -> tuple[Module, tuple[ItemKind, ...], tuple[ExportFormat, ...]]:
    if source is None:
        raise _LoadError("there is no module with this name.")
    try:
        imported = _import(source)
    except (Exception, SystemExit) as error:
        raise _LoadError(f"it cannot be imported: {describe(error)}") from error
    module = _register(plugins, source, imported)
    try:
        kinds = ask_kinds(plugins, name) if "aoj_item_kinds" in module.hooks else ()
        region = ask_region(plugins, name) if "aoj_region" in module.hooks else None
        formats = ask_formats(plugins, name) if "aoj_export_formats" in module.hooks else ()
    except PluginError as error:
        plugins.unregister(imported)
        raise _LoadError(f"it {error.what}") from error
    return replace(module, region=region, kinds=tuple(kind.name for kind in kinds)), kinds, formats


def _import(source: Source) -> ModuleType:
    if source.package is not None:
        imported: ModuleType = source.package.load()
        return imported
    known = _PREFIX + source.name
    # An application that was made before in this process may have read another folder.
    for name in [name for name in sys.modules if name == known or name.startswith(f"{known}.")]:
        del sys.modules[name]
    folder = Path(source.place)
    spec_ = util.spec_from_file_location(
        known, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    if spec_ is None or spec_.loader is None:
        raise ImportError(source.place)
    imported = util.module_from_spec(spec_)
    sys.modules[known] = imported
    spec_.loader.exec_module(imported)
    return imported


def _register(plugins: pluggy.PluginManager, source: Source, imported: ModuleType) -> Module:
    _refuse_unmarked(source, imported)
    try:
        plugins.register(imported, source.name)
        plugins.check_pending()
    except pluggy.PluginValidationError as error:
        raise PluginError(source.name, _explain(plugins, imported, error)) from error
    callers = plugins.get_hookcallers(imported) or []
    version = getattr(imported, "__version__", None) or _find_version(source)
    if not isinstance(version, str) or not version.strip() or version.split() != [version]:
        raise PluginError(source.name, 'has no version. Write in its __init__.py: __version__ = "1.0"')
    summary = (imported.__doc__ or "").strip().partition("\n")[0]
    hooks = tuple(sorted(caller.name for caller in callers))
    return Module(source.name, version, summary, source.place, hooks, None, ())


def _find_version(source: Source) -> str | None:
    distribution = source.package.dist if source.package else None
    return distribution.version if distribution else None


def _refuse_unmarked(source: Source, imported: ModuleType) -> None:
    for name, value in vars(imported).items():
        if not name.startswith("aoj_") or not inspect.isfunction(value):
            continue
        marks: dict[str, Any] | None = getattr(value, f"{spec.PROJECT}_impl", None)
        if marks is None:
            raise PluginError(source.name, f"has a function {name} without @hookimpl above it. Add that.")
        if marks.get("wrapper") or marks.get("hookwrapper"):
            raise PluginError(source.name, f"wraps {name}; a region module adds, it changes no one else's.")


def _explain(plugins: pluggy.PluginManager, imported: ModuleType, error: pluggy.PluginValidationError) -> str:
    """What is wrong with a module's hooks, and the nearest right thing."""
    for caller in plugins.get_hookcallers(imported) or []:
        if caller.name not in HOOKS:
            near = difflib.get_close_matches(caller.name, HOOKS, n=1, cutoff=0.5)
            hint = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(HOOKS)}."
            return f"implements {caller.name}, which is no hook. {hint}"
    for name, signature in HOOKS.items():
        given = getattr(imported, name, None)
        if given and (
            unknown := sorted(set(inspect.signature(given).parameters) - set(signature.parameters))
        ):
            known = ", ".join(signature.parameters) or "none"
            return f"asks {name} for {', '.join(unknown)}; its arguments are: {known}."
    return f"cannot be used: {error}."


def _refuse_taken(module: Module, kinds: Mapping[str, ItemKind], others: Mapping[str, Module]) -> None:
    for kind in module.kinds:
        if kind in kinds or module.kinds.count(kind) > 1:
            raise PluginError(module.name, f"brings the kind of question {kind}, and there is one already.")
    for other in others.values():
        if module.region and other.region and module.region.code == other.region.code:
            taken = module.region.code
            raise PluginError(module.name, f"declares the region {taken}, and so does {other.name}.")


def _refuse_taken_endings(
    name: str, files: Sequence[ExportFormat], others: Mapping[str, Sequence[ExportFormat]]
) -> None:
    known = {form.ending: other for other, forms in others.items() for form in forms}
    for form in files:
        if form.ending in known:
            raise PluginError(
                name, f"brings data files that end in .{form.ending}, and so does {known[form.ending]}."
            )
        known[form.ending] = name


def _print_call(hook: str, implementations: Sequence[Any], asked: Mapping[str, Any]) -> None:
    """Print who is asked what, without an answer, and without the question: that would tell what is filled in."""
    names = ", ".join(implementation.plugin_name for implementation in implementations)
    values = ", ".join(f"{name}={value}" for name, value in asked.items() if name in _SHOWN)
    sys.stderr.write(f"{hook}({values}) asked of {names or 'nobody'}\n")


_SHOWN = ("questionnaire", "edition", "region", "kind", "language", "proposed", "number", "wave")
