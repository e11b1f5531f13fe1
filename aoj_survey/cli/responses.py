"""`aoj responses`: approving and opening the ballot box."""

from pathlib import Path

import click

from aoj_survey.db import db
from aoj_survey.fieldwork import finish_openings
from aoj_survey.responses import approve_opening, open_box
from aoj_survey.waves import find_participation

from .custodians import unlock
from .door import opened


@click.group()
def responses() -> None:
    """The ballot box and its opening."""


@responses.command()
@click.argument("wave")
@click.argument("region")
@click.option("--as", "person", required=True, help="Who approves; two different people are needed.")
@click.pass_obj
def approve(instance: Path, wave: str, region: str, person: str) -> None:
    """Approve the opening of the box of REGION in WAVE."""
    with opened(instance), db.write() as connection:
        given = approve_opening(connection, find_participation(connection, wave, region).id, person)
    click.echo(f"{given} of 2 people approved the opening of {wave} {region}.")


@responses.command("open")
@click.argument("wave")
@click.argument("region")
@click.pass_obj
def open_(instance: Path, wave: str, region: str) -> None:
    """Open the box of REGION in WAVE: once, after its close, all answers together."""
    with opened(instance) as installation:
        now = installation.now()
        with db.read() as connection:
            custodians = unlock(connection, find_participation(connection, wave, region))
        with db.write() as connection:
            facts = find_participation(connection, wave, region)
            count = open_box(connection, installation.keys, facts, now, custodians)
        click.echo(f"Opened {count} responses of {wave} {region}, in random order.")
        if finish_openings(db, installation.keys, now):
            click.echo("The emptied box was erased from the database files.")
        else:
            click.echo("Erasing the emptied box waits for readers; the worker tries again.")
