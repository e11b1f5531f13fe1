"""`aoj plugins`: region modules."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import click

from aoj_survey.config import SETTINGS_FILE, Settings, load_settings, make_settings
from aoj_survey.db import db
from aoj_survey.errors import NotFoundError, StateError
from aoj_survey.hooks import Hooks, find_modules, make_module
from aoj_survey.regions import disable_module, enable_module, list_enabled

from .door import as_json, opened, print_json


@dataclass(frozen=True, slots=True)
class Line:
    """A module in the list: `state` is `loaded`, `not loaded` or why it could not be."""

    name: str
    version: str
    state: str
    summary: str
    regions: tuple[str, ...]
    hooks: tuple[str, ...]
    declares: str
    place: str

    def __str__(self) -> str:
        """The module in a few lines, for people."""
        about = [
            f"{self.name} {self.version}".rstrip() + f": {self.state}",
            self.summary,
            f"for: {', '.join(self.regions) or 'no region yet'}",
            f"hooks: {', '.join(self.hooks)}" if self.hooks else "",
            f"brings the region: {self.declares}" if self.declares else "",
            f"in: {self.place}" if self.place else "",
        ]
        return "\n    ".join(part for part in about if part)


@click.group()
def plugins() -> None:
    """Region modules: what a region adds to the monitor."""


@plugins.command("list")
@as_json
@click.pass_obj
def list_plugins(instance: Path, as_json: bool) -> None:
    """Show the region modules there are: what each does, for whom, and whether it is loaded."""
    with opened(instance) as installation, db.read() as connection:
        enabled = list_enabled(connection)
        lines = list(list_lines(installation.settings, installation.hooks, enabled))
    if as_json:
        print_json(lines)
    else:
        for line in lines:
            click.echo(str(line))
        if not lines:
            click.echo(f"There are no region modules in {installation.settings.plugin_directory}.")


def list_lines(settings: Settings, hooks: Hooks, enabled: Mapping[str, tuple[str, ...]]) -> Iterator[Line]:
    """Yield every module that was found, is loaded, failed to load, or is enabled somewhere, by name."""
    found = find_modules(Path(settings.plugin_directory))
    for name in sorted({*found, *hooks.modules, *hooks.failures, *enabled}):
        place = found[name].place if name in found else ""
        if module := hooks.modules.get(name):
            region = module.region
            members = f" with {', '.join(region.members)}" if region and region.members else ""
            declares = f"{region.name} ({region.code}){members}" if region else ""
            about = (module.version, "loaded", module.summary)
            yield Line(name, *about, enabled.get(name, ()), module.hooks, declares, place)
            continue
        known = f"add it to `modules` in {SETTINGS_FILE} to load it" if name in found else "not found"
        why = hooks.failures.get(name, f"not loaded; {known}.")
        yield Line(name, "", why, "", enabled.get(name, ()), (), "", place)


@plugins.command()
@click.argument("region")
@click.option("--name", default="", help="The region's name as people read it.")
@click.option(
    "--questionnaire", default="aoj-professionals@2021", show_default=True, help="Where the question goes."
)
@click.pass_obj
def new(instance: Path, region: str, name: str, questionnaire: str) -> None:
    """Make a module for REGION with one question, a test and a README."""
    has_settings = (instance / SETTINGS_FILE).exists()
    settings = load_settings(instance) if has_settings else make_settings(instance, {})
    title, _, edition = questionnaire.partition("@")
    if not title or not edition:
        raise StateError(
            f"{questionnaire!r} is no edition. Write it as NAME@EDITION, such as aoj-professionals@2021."
        )
    file = Path(settings.questionnaire_directory) / title / f"{edition}.yaml"
    folder = make_module(Path(settings.plugin_directory), region, name or region.capitalize(), file)
    click.echo(f"Made {folder}. Its README.md says how to go on; try it with: python -m pytest {folder}")


@plugins.command()
@click.argument("module")
@click.argument("region")
@click.pass_obj
def enable(instance: Path, module: str, region: str) -> None:
    """Let MODULE speak for REGION in participations that are planned or started from now on."""
    with opened(instance) as installation:
        _refuse_unloaded(installation.hooks, module)
        with db.write() as connection:
            changed = enable_module(connection, region, module)
    click.echo(
        f"Enabled {module} for {region}." if changed else f"{module} was enabled for {region} already."
    )


@plugins.command()
@click.argument("module")
@click.argument("region")
@click.pass_obj
def disable(instance: Path, module: str, region: str) -> None:
    """Let MODULE speak for REGION no longer; what was started with it keeps its questions."""
    with opened(instance), db.write() as connection:
        changed = disable_module(connection, region, module)
    click.echo(f"Disabled {module} for {region}." if changed else f"{module} was not enabled for {region}.")


def _refuse_unloaded(hooks: Hooks, module: str) -> None:
    if module in hooks.modules:
        return
    if module in hooks.failures:
        raise NotFoundError(f"The region module {module} cannot be used: {hooks.failures[module]}")
    known = ", ".join(hooks.modules) or "none"
    raise NotFoundError(
        f"The region module {module} is not loaded. Add it to `modules` in {SETTINGS_FILE}; loaded are: {known}."
    )
