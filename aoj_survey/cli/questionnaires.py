"""`aoj questionnaires`."""

from pathlib import Path

import click

from aoj_survey.errors import QuestionnaireError
from aoj_survey.questionnaire import load_questionnaire

from .door import as_json, print_json


@click.group()
def questionnaires() -> None:
    """Questionnaires written in YAML."""


@questionnaires.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False)
)
@click.option("--region", default="", help="Compile for this region.")
@as_json
@click.pass_context
def check(context: click.Context, files: tuple[Path, ...], region: str, as_json: bool) -> None:
    """Compile FILES and show every fault with file, line and what to do; exits with 1 when there is one."""
    problems = [problem for file in files for problem in _problems(file, region)]
    if as_json:
        print_json(problems)
    else:
        for problem in problems:
            click.echo(str(problem))
        if not problems:
            click.echo(f"{len(files)} checked, no faults.")
    context.exit(1 if problems else 0)


def _problems(file: Path, region: str) -> tuple[object, ...]:
    try:
        load_questionnaire(file, region)
    except QuestionnaireError as error:
        return error.problems
    return ()
