"""`aoj doctor`: whether all is right before mail goes out, and what to do where it is not."""

from pathlib import Path

import click

from aoj_survey.db import db
from aoj_survey.preflight import Finding, examine

from .door import as_json, opened, print_json

WIDTH = len("advice")


@click.command()
@as_json
@click.pass_context
def doctor(context: click.Context, as_json: bool) -> None:
    """Check mail server, sender's domain, clock, disk, keys and backups; exit with 1 when there is a fault.

    Nothing is sent and nothing is changed. The worker makes the same checks every hour, for the pages.
    """
    instance: Path = context.obj
    with opened(instance) as installation:
        found = examine(db, installation.keys, installation.settings, installation.now())
    if as_json:
        print_json([_describe(one) for one in found])
    else:
        for one in found:
            click.echo(f"{one.level:{WIDTH}}  {one.check}: {one.text}")
            if one.detail:
                click.echo(f"{'':{WIDTH}}  ({one.detail})")
    if any(one.level == "fault" for one in found):
        context.exit(1)


def _describe(finding: Finding) -> dict[str, object]:
    return {
        "check": finding.check,
        "level": finding.level,
        "code": finding.code,
        "text": finding.text,
        "detail": finding.detail,
    }
