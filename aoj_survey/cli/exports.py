"""`aoj exports`: bundles for analysts."""

from pathlib import Path

import click

from aoj_survey.datasets import read_dataset
from aoj_survey.db import db
from aoj_survey.exports import verify_bundle, write_bundle, write_partitions
from aoj_survey.fieldwork import finish_openings
from aoj_survey.responses import record_bundle
from aoj_survey.tracking import read_overview
from aoj_survey.waves import find_participation

from .door import opened


@click.group()
def exports() -> None:
    """Bundles: protected data with codebook, reports and checksums."""


@exports.command()
@click.argument("wave")
@click.argument("region")
@click.option("--to", "folder", type=click.Path(path_type=Path, file_okay=False), default=Path("bundles"))
@click.option("--version", "number", type=click.IntRange(min=1), default=1, show_default=True)
@click.pass_obj
def write(instance: Path, wave: str, region: str, folder: Path, number: int) -> None:
    """Write the bundle of an opened participation; once it is verified, the box key is destroyed."""
    with opened(instance) as installation:
        with db.read() as connection:
            facts = find_participation(connection, wave, region)
            dataset = read_dataset(connection, facts, kinds=installation.hooks.kinds)
            response = read_overview(connection, facts).table
        bundle = write_bundle(dataset, response, folder, number)
        digest = verify_bundle(bundle.folder)
        with db.write() as connection:
            record_bundle(connection, facts.id, digest)
        finish_openings(db, installation.keys, installation.now())
    click.echo(f"Wrote {bundle.folder}, read it back and found it whole. The box key is destroyed.")


@exports.command()
@click.option(
    "--of",
    "named",
    type=(str, str),
    multiple=True,
    required=True,
    metavar="WAVE REGION",
    help="An opened participation; give it once for each.",
)
@click.option("--to", "folder", type=click.Path(path_type=Path, file_okay=False), required=True)
@click.pass_obj
def partitioned(instance: Path, named: tuple[tuple[str, str], ...], folder: Path) -> None:
    """Write opened participations as Parquet in folders wave=.../region=..., which tools read as one table."""
    with opened(instance) as installation, db.read() as connection:
        datasets = [
            read_dataset(
                connection, find_participation(connection, wave, region), kinds=installation.hooks.kinds
            )
            for wave, region in named
        ]
        written = write_partitions(datasets, folder)
    click.echo(f"Wrote {written.rows} rows of {written.parts} participations in {folder} and read them back.")
