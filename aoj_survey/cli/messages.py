"""`aoj messages`: what happened to the mail, as counts."""

from pathlib import Path

import click

from aoj_survey.db import db
from aoj_survey.invitations import count_messages
from aoj_survey.waves import find_participation

from .door import as_json, opened, print_json


@click.group()
def messages() -> None:
    """Invitations and reminders, as counts."""


@messages.command()
@click.argument("wave")
@click.argument("region")
@as_json
@click.pass_obj
def counts(instance: Path, wave: str, region: str, as_json: bool) -> None:
    """Show how many messages of REGION in WAVE are due, sent, came back, failed or are uncertain.

    For administrators only: who knows when somebody was added to the list, can tell from the number of
    reminders whether that person took part. Do not pass these numbers on before the close.
    """
    with opened(instance), db.read() as connection:
        found = count_messages(connection, find_participation(connection, wave, region).id)
    if as_json:
        print_json([{"kind": kind, "state": state, "count": count} for (kind, state), count in found.items()])
        return
    for (kind, state), count in found.items():
        click.echo(f"{kind.replace('_', ' '):16} {state:10} {count:6}")
