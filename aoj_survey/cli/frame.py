"""`aoj frame`: the list of people to be asked."""

from pathlib import Path

import click

from aoj_survey.db import db
from aoj_survey.invitations import import_frame, load_frame
from aoj_survey.questionnaire import ROLES
from aoj_survey.waves import find_participation

from .door import opened

LANGUAGES = ("nl", "en")


@click.group()
def frame() -> None:
    """The list of people to be asked."""


@frame.command("import")
@click.argument("wave")
@click.argument("region")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.pass_obj
def import_(instance: Path, wave: str, region: str, file: Path) -> None:
    """Import a CSV FILE (e-mail, role, organisation, language), as a whole or not at all."""
    read = load_frame(file, ROLES, LANGUAGES)
    with opened(instance) as installation, db.write() as connection:
        facts = find_participation(connection, wave, region)
        count = import_frame(connection, installation.keys, facts.id, read)
    for column in read.ignored:
        click.echo(f"Column {column!r} was ignored: names of people are not stored.")
    click.echo(f"Added {count} people to {wave} {region}.")
