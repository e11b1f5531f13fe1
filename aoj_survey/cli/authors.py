"""What commands for authors share: a file, looked at with what its region adds, installation or not."""

from collections.abc import Mapping
from pathlib import Path

import click

from aoj_survey.authoring import Head, Inspection, inspect_file, read_head
from aoj_survey.config import SETTINGS_FILE, Settings, load_settings, make_settings
from aoj_survey.db import db
from aoj_survey.disclosure import DisclosureRule
from aoj_survey.errors import PluginError, QuestionnaireError
from aoj_survey.hooks import Hooks, RegionHooks, find_modules, load_hooks
from aoj_survey.questionnaire import Instrument, ItemKind, OverlayText
from aoj_survey.regions import find_rule, read_overlays, region_hooks

from .door import opened


def read_settings(instance: Path) -> Settings:
    """Return the settings of an installation, or those in force where there is none yet."""
    return load_settings(instance) if (instance / SETTINGS_FILE).exists() else make_settings(instance, {})


def inspect(settings: Settings, file: Path, region: str, language: str = "en") -> Inspection:
    """Return what there is to say of a file for a region; for an overlay's own region when none is given."""
    hooks, own = gather_additions(settings, file, region)
    return inspect_file(file, hooks, Path(settings.questionnaire_directory), language, own)


def gather_additions(
    settings: Settings, file: Path | None, region: str
) -> tuple[RegionHooks, tuple[OverlayText, ...]]:
    """Return the hooks of a region, and the overlay it keeps for the edition in a file.

    Where there is no installation these are the modules in the plugin folder that declare the region.

    Raises:
        PluginError: a module cannot be used.
    """
    head = read_head(file) if file else Head()
    region = region or head.region
    if not (settings.instance / SETTINGS_FILE).exists():
        return _hooks_of_folder(Path(settings.plugin_directory), region), ()
    with opened(settings.instance) as installation:
        _refuse_failures(installation.hooks)
        if not region:
            return installation.hooks.of_region(region, ()), ()
        with db.read() as connection:
            own = read_overlays(connection, region, head.questionnaire, head.edition)
            return region_hooks(connection, installation.hooks, region), own


def gather_kinds(settings: Settings, region: str) -> Mapping[str, ItemKind]:
    """Return the kinds of questions there are: the core's and those of modules, found as `gather_additions` does."""
    hooks, _ = gather_additions(settings, None, region)
    return hooks.hooks.kinds


def gather_rule(settings: Settings, region: str) -> DisclosureRule:
    """Return the strictest numbers for data of a region; where there is no installation, by modules that declare it.

    Raises:
        PluginError: a module cannot be used, or wants looser numbers.
    """
    if not (settings.instance / SETTINGS_FILE).exists():
        return _find_declaring(Path(settings.plugin_directory), region).disclosure_rule()
    with opened(settings.instance) as installation, db.read() as connection:
        return find_rule(connection, installation.hooks, region)


def gather_hooks(settings: Settings, region: str) -> RegionHooks:
    """Return the hooks of a region; where there is no installation, of the modules that declare it.

    Raises:
        PluginError: a module of the plugin folder cannot be used.
    """
    if not (settings.instance / SETTINGS_FILE).exists():
        return _find_declaring(Path(settings.plugin_directory), region)
    with opened(settings.instance) as installation, db.read() as connection:
        return region_hooks(connection, installation.hooks, region)


def _hooks_of_folder(folder: Path, region: str) -> RegionHooks:
    if not region:
        return load_hooks().of_region(region, ())
    found = _find_declaring(folder, region)
    if not found.enabled:
        click.echo(f"No module in {folder} declares the region {region}; nothing of it is added.", err=True)
    return found


def _find_declaring(folder: Path, region: str) -> RegionHooks:
    hooks = load_hooks(folder, find_modules(folder))
    _refuse_failures(hooks)
    return hooks.of_region(
        region,
        [name for name, module in hooks.modules.items() if module.region and module.region.code == region],
    )


def _refuse_failures(hooks: Hooks) -> None:
    for name, reason in hooks.failures.items():
        raise PluginError(name, f"cannot be used: {reason}")


def compile_file(settings: Settings, file: Path, region: str) -> tuple[Instrument, tuple[str, ...]]:
    """Return what a file asks, unchecked translations included, and the languages that are unchecked.

    Raises:
        QuestionnaireError: it has faults.
    """
    found = inspect(settings, file, region)
    if found.instrument is None or found.faults:
        raise QuestionnaireError(found.faults)
    return found.instrument, found.unchecked
