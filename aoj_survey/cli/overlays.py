"""`aoj regions overlay`: a region's own questions where nobody made pages or a module for them."""

from pathlib import Path

import click

from aoj_survey.db import db
from aoj_survey.errors import NotFoundError
from aoj_survey.questionnaire import OverlayText, read_source
from aoj_survey.regions import list_overlays, read_overlays, region_hooks, remove_overlay, save_overlay

from .door import opened

_edition = click.argument("edition", metavar="QUESTIONNAIRE@EDITION")


@click.group()
def overlay() -> None:
    """Questions and words a region adds itself, in YAML (questionnaires/README.md, Overlays)."""


@overlay.command("set")
@click.argument("region")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.pass_obj
def set_overlay(instance: Path, region: str, file: Path) -> None:
    """Keep the overlay in FILE for REGION, if it compiles; it counts for what is started from now on."""
    text = OverlayText(read_source(file), str(file))
    with opened(instance) as installation, db.write() as connection:
        hooks = region_hooks(connection, installation.hooks, region)
        edition = save_overlay(connection, hooks, Path(installation.settings.questionnaire_directory), text)
    click.echo(f"Kept for {region}, in {edition}. What was started before stays as it is.")


@overlay.command()
@click.argument("region")
@_edition
@click.pass_obj
def show(instance: Path, region: str, edition: str) -> None:
    """Print the overlay REGION keeps for an edition."""
    with opened(instance), db.read() as connection:
        questionnaire, _, name = edition.rpartition("@")
        found = read_overlays(connection, region, questionnaire, name)
        if not found:
            raise _missing(region, edition, list_overlays(connection, region))
    click.echo(found[0].text, nl=not found[0].text.endswith("\n"))


@overlay.command()
@click.argument("region")
@_edition
@click.pass_obj
def remove(instance: Path, region: str, edition: str) -> None:
    """Remove the overlay REGION keeps for an edition; what was started with it stays as it is."""
    with opened(instance), db.write() as connection:
        questionnaire, _, name = edition.rpartition("@")
        if not remove_overlay(connection, region, questionnaire, name):
            raise _missing(region, edition, list_overlays(connection, region))
    click.echo(f"Removed for {region}, in {edition}. What was started with it stays as it is.")


def _missing(region: str, edition: str, known: tuple[str, ...]) -> NotFoundError:
    kept = f"It keeps: {', '.join(known)}." if known else "It keeps none."
    return NotFoundError(f"The region {region} keeps no overlay for {edition}. {kept}")
