"""`aoj regions`."""

from pathlib import Path

import click

from aoj_survey.db import db
from aoj_survey.regions import add_region

from .door import opened
from .overlays import overlay


@click.group()
def regions() -> None:
    """Regions that hold the monitor."""


@regions.command()
@click.argument("code")
@click.argument("name")
@click.option("--time-zone", default="Europe/Amsterdam", show_default=True)
@click.pass_obj
def add(instance: Path, code: str, name: str, time_zone: str) -> None:
    """Add region CODE, called NAME."""
    with opened(instance), db.write() as connection:
        added = add_region(connection, code, name, time_zone)
    click.echo(f"Added region {code}." if added else f"Region {code} was there already; nothing changed.")


regions.add_command(overlay)
