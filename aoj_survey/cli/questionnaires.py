"""`aoj questionnaires`."""

from pathlib import Path

import click

from aoj_survey.config import SETTINGS_FILE
from aoj_survey.db import db
from aoj_survey.errors import PluginError, QuestionnaireError
from aoj_survey.hooks import RegionHooks, compile_for_region, load_hooks
from aoj_survey.regions import region_hooks

from .door import as_json, opened, print_json


@click.group()
def questionnaires() -> None:
    """Questionnaires written in YAML."""


@questionnaires.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False)
)
@click.option("--region", default="", help="Compile for this region, with what its modules add.")
@as_json
@click.pass_context
def check(context: click.Context, files: tuple[Path, ...], region: str, as_json: bool) -> None:
    """Compile FILES and show every fault with file, line and what to do; exits with 1 when there is one."""
    hooks = _find_hooks(context.obj, region)
    problems = [problem for file in files for problem in _problems(file, hooks)]
    if as_json:
        print_json(problems)
    else:
        for problem in problems:
            click.echo(str(problem))
        if not problems:
            click.echo(f"{len(files)} checked, no faults.")
    context.exit(1 if problems else 0)


def _find_hooks(instance: Path, region: str) -> RegionHooks:
    """The hooks of a region as the installation asks them; the core's alone where there is no installation."""
    if not (instance / SETTINGS_FILE).exists():
        return load_hooks().of_region(region, ())
    with opened(instance) as installation:
        for name, reason in installation.hooks.failures.items():
            raise PluginError(name, f"cannot be used: {reason}")
        if not region:
            return installation.hooks.of_region(region, ())
        with db.read() as connection:
            return region_hooks(connection, installation.hooks, region)


def _problems(file: Path, hooks: RegionHooks) -> tuple[object, ...]:
    try:
        compile_for_region(file, hooks)
    except QuestionnaireError as error:
        return error.problems
    return ()
