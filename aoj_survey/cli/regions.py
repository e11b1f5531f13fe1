"""`aoj regions`."""

from pathlib import Path

import click

from aoj_survey.db import db
from aoj_survey.regions import SCHOOL_AREAS, add_region, set_school_area

from .door import opened
from .overlays import overlay


@click.group()
def regions() -> None:
    """Regions that hold the monitor."""


@regions.command()
@click.argument("code")
@click.argument("name")
@click.option("--time-zone", default="Europe/Amsterdam", show_default=True)
@click.option("--school-area", type=click.Choice(SCHOOL_AREAS), help="Of the school holidays.")
@click.pass_obj
def add(instance: Path, code: str, name: str, time_zone: str, school_area: str | None) -> None:
    """Add region CODE, called NAME."""
    with opened(instance), db.write() as connection:
        added = add_region(connection, code, name, time_zone, school_area or "")
    click.echo(f"Added region {code}." if added else f"Region {code} was there already; nothing changed.")


@regions.command("school-area")
@click.argument("code")
@click.argument("area", type=click.Choice(SCHOOL_AREAS))
@click.pass_obj
def place(instance: Path, code: str, area: str) -> None:
    """Say in which AREA of the school holidays region CODE lies; no mail is planned in those."""
    with opened(instance), db.write() as connection:
        set_school_area(connection, code, area)
    click.echo(f"Region {code} has the school holidays of {area}.")


regions.add_command(overlay)
