"""`aoj regions`."""

from pathlib import Path

import click

from aoj_survey.db import db
from aoj_survey.disclosure import DisclosureRule
from aoj_survey.regions import (
    SCHOOL_AREAS,
    add_region,
    find_members,
    find_own_rule,
    find_rule,
    set_members,
    set_own_rule,
    set_school_area,
)

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


@regions.command()
@click.argument("code")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.pass_obj
def members(instance: Path, code: str, names: tuple[str, ...]) -> None:
    """Show the municipalities and school partnerships of region CODE, or say which they are: all NAMEs at once.

    A name that begins with swv is a school partnership, as 'swv PO Rijnmeer'; any other is a municipality.
    """
    with opened(instance), db.write() as connection:
        known = set_members(connection, code, names) if names else find_members(connection, code)
    for name in known.municipalities:
        click.echo(f"municipality: {name}")
    for name in known.partnerships:
        click.echo(f"school partnership: {name}")
    if not (known.municipalities or known.partnerships):
        click.echo(f"Nobody said which the members of {code} are.")


@regions.command()
@click.argument("code")
@click.option("--k", type=int, help="Fewest answers of a class, and fewest rows alike in a dataset.")
@click.option("--threshold", type=int, help="Fewest answers behind a figure.")
@click.pass_obj
def rule(instance: Path, code: str, k: int | None, threshold: int | None) -> None:
    """Show by which numbers data and figures of region CODE are protected, or ask stricter ones for it."""
    with opened(instance) as installation, db.write() as connection:
        own = find_own_rule(connection, code)
        if k is not None or threshold is not None:
            own = DisclosureRule(own.k if k is None else k, own.threshold if threshold is None else threshold)
            set_own_rule(connection, code, own)
        found = find_rule(connection, installation.hooks, code)
    click.echo(f"{code} itself asks k = {own.k} and a threshold of {own.threshold}.")
    click.echo(f"With its modules that makes k = {found.k} and a threshold of {found.threshold}.")


regions.add_command(overlay)
