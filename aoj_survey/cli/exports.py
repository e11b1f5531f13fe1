"""`aoj exports`: bundles for analysts."""

from dataclasses import asdict
from pathlib import Path
from uuid import UUID

import click
from sqlalchemy import Connection

from aoj_survey.datasets import (
    ONDERZOEK,
    POLICIES,
    Policy,
    WaveDataset,
    read_dataset,
    read_joint_dataset,
    read_open_answers,
)
from aoj_survey.db import db
from aoj_survey.errors import NotFoundError, ReleaseError
from aoj_survey.exports import bundle_name, verify_bundle, write_bundle, write_partitions
from aoj_survey.fieldwork import finish_openings
from aoj_survey.hooks import Hooks, RegionHooks
from aoj_survey.regions import JOINT_REGION, region_hooks
from aoj_survey.releases import (
    ReleaseFacts,
    Shelf,
    list_releases,
    read_bundle,
    record_release,
    withdraw_release,
)
from aoj_survey.responses import read_joint, record_bundle
from aoj_survey.results import tables_name
from aoj_survey.reviewing import Place
from aoj_survey.statistics import ResponseTable
from aoj_survey.tracking import read_joint_table, read_overview
from aoj_survey.waves import Act, ParticipationFacts, find_participation, record_act

from .beside import audit_stack, audit_written
from .datasets import a_mapping, read_imported, tell_modules
from .door import as_json, opened, print_json
from .tables import count_beside, plan_tables, refuse_others, tables


@click.group()
def exports() -> None:
    """Bundles: protected data with codebook, reports and checksums."""


@exports.command()
@click.argument("wave")
@click.argument("region")
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Another folder than that of the setting bundle_directory, from which bundles are released.",
)
@click.option("--version", "number", type=click.IntRange(min=1), default=1, show_default=True)
@click.option(
    "--profile",
    type=click.Choice(list(POLICIES)),
    default=ONDERZOEK.profile,
    show_default=True,
    help="onderzoek (k = 5): for analysts under agreement; openbaar (k = 10): for everybody.",
)
@click.option("--open-answers", is_flag=True, help="With the open answers that two people released.")
@click.pass_obj
def write(
    instance: Path,
    wave: str,
    region: str,
    folder: Path | None,
    number: int,
    profile: str,
    open_answers: bool,
) -> None:
    """Write the bundle of an opened participation; once it is verified, the box key is destroyed.

    REGION may be `joint`: what the small boxes of the wave held together.
    """
    with opened(instance) as installation:
        with db.read() as connection:
            dataset = read_data(connection, wave, region, installation.hooks, POLICIES[profile])
            places, response = read_response_of(connection, wave, region)
            audit = audit_written(
                connection, dataset, response, bundle_name(region, wave, number), installation.hooks
            )
            desk = Place(wave=wave) if region == JOINT_REGION else Place(places[0])
            given = read_open_answers(connection, desk, places, dataset) if open_answers else None
            modules = find_modules_of(connection, region, installation.hooks)
        place = folder or installation.settings.bundles
        formats = modules.export_formats()
        bundle = write_bundle(dataset, response, place, number, audit=audit, given=given, formats=formats)
        digest = verify_bundle(bundle.folder)
        with db.write() as connection:
            for place in places:
                record_bundle(connection, place, digest)
        finish_openings(db, installation.keys, installation.now())
        click.echo(f"Wrote {bundle.folder}, read it back and found it whole. The box key is destroyed.")
        tell_modules(modules, dataset, bundle)


def find_modules_of(connection: Connection, region: str, hooks: Hooks) -> RegionHooks:
    """Return the hooks of a region; of small boxes together, which belong to no region, those of the core alone."""
    return hooks.of_region(region, ()) if region == JOINT_REGION else region_hooks(connection, hooks, region)


def read_data(
    connection: Connection, wave: str, region: str, hooks: Hooks, policy: Policy = ONDERZOEK
) -> WaveDataset:
    """Return the dataset of a region in a wave, or that of the wave's small boxes under the name `joint`."""
    if region == JOINT_REGION:
        return read_joint_dataset(connection, wave, hooks, policy)
    return read_dataset(connection, find_participation(connection, wave, region), hooks, policy)


def read_response_of(
    connection: Connection, wave: str, region: str
) -> tuple[tuple[UUID, ...], ResponseTable]:
    """Return the participations that a dataset is of, and their response."""
    if region == JOINT_REGION:
        joint = read_joint(connection, wave)
        places = joint.members if joint else ()
        return places, read_joint_table(connection, places)
    facts = find_participation(connection, wave, region)
    return (facts.id,), read_overview(connection, facts).table


@exports.command()
@click.option(
    "--of",
    "named",
    type=(str, str),
    multiple=True,
    metavar="WAVE REGION",
    help="An opened participation, or a wave and joint; give it once for each.",
)
@click.option(
    "--imported",
    type=a_mapping,
    multiple=True,
    metavar="MAPPING",
    help="The mapping file of an earlier wave; give it once for each.",
)
@click.option("--to", "folder", type=click.Path(path_type=Path, file_okay=False), required=True)
@click.pass_obj
def partitioned(
    instance: Path, named: tuple[tuple[str, str], ...], imported: tuple[Path, ...], folder: Path
) -> None:
    """Write earlier waves and opened participations as Parquet in folders wave=.../region=..., which tools read as one table."""
    earlier = [wave.dataset for wave in read_imported(instance, imported)]
    with opened(instance) as installation, db.read() as connection:
        datasets = [read_data(connection, wave, region, installation.hooks) for wave, region in named]
        audit_stack(connection, earlier, datasets, installation.hooks)
        written = write_partitions([*earlier, *datasets], folder)
    click.echo(
        f"Wrote {written.rows} rows of {written.parts} waves and regions in {folder} and read them back."
    )


@exports.command()
@click.argument("wave")
@click.argument("region")
@click.option("--version", "number", type=click.IntRange(min=1), default=1, show_default=True)
@click.option(
    "--tables", "is_tables", is_flag=True, help="The tables of figures that aoj exports tables wrote."
)
@click.pass_obj
def release(instance: Path, wave: str, region: str, number: int, *, is_tables: bool) -> None:
    """Release a written bundle: from now on analysts can pull it, and it never changes.

    REGION may be `joint`, or WAVE and REGION those of an earlier wave that aoj datasets import wrote a bundle of.
    """
    with opened(instance) as installation:
        name = tables_name(region, wave, number) if is_tables else bundle_name(region, wave, number)
        folder = installation.settings.bundles / name
        verify_bundle(folder)
        bundle, now = read_bundle(folder), installation.now()
        with db.write() as connection:
            facts = find_own(connection, wave, region)
            planned = None
            if is_tables:
                planned = plan_tables(
                    *(connection, wave, region, installation.hooks), name=name, profile=bundle.profile
                )
                refuse_others(bundle, planned)
            audited = planned.made.audited if planned else ()
            answered = {} if planned else count_beside(connection, wave, installation.hooks)
            is_new = record_release(connection, facts, bundle, now, audited, answered)
            if is_new:
                act = Act(now, "command", "released", {"name": bundle.name})
                record_act(connection, facts.id if facts else None, act)
    if is_new:
        click.echo(f"Released {bundle.name} ({bundle.profile}): {len(bundle.files)} files, {bundle.digest}.")
    else:
        click.echo(f"{bundle.name} was released before; nothing changed.")


def find_own(connection: Connection, wave: str, region: str) -> ParticipationFacts | None:
    """Return the participation of a region in a wave; None for small boxes together, and for what is not of here."""
    try:
        return None if region == JOINT_REGION else find_participation(connection, wave, region)
    except NotFoundError:
        return None


@exports.command("list")
@as_json
@click.pass_obj
def list_(instance: Path, as_json: bool) -> None:
    """List what was released and withdrawn, and whether its files still are as they were."""
    with opened(instance) as installation:
        with db.read() as connection:
            found = list_releases(connection, withdrawn=True)
        shelf = Shelf(installation.settings.bundles)
        lines = [(release, _find_fault(shelf, release)) for release in found]
    if as_json:
        print_json([asdict(release) | {"fault": fault} for release, fault in lines])
        return
    for release, fault in lines:
        state = f"withdrawn on {release.withdrawn_at:%Y-%m-%d}" if release.withdrawn_at else "released"
        click.echo(
            f"{release.name}: {state}, {release.profile}, released on {release.released_at:%Y-%m-%d}. {fault}".rstrip()
        )
    if not lines:
        click.echo("Nothing was released. Release a bundle with: aoj exports release WAVE REGION")


def _find_fault(shelf: Shelf, release: ReleaseFacts) -> str:
    """What is wrong with the files of a release; nothing is looked at of one that was withdrawn."""
    for file in () if release.withdrawn_at else release.files:
        try:
            shelf.open(release, file).close()
        except ReleaseError as error:
            return str(error)
    return ""


@exports.command()
@click.argument("name")
@click.option("--reason", required=True, help="Why, in a few words that name nobody; kept with the act.")
@click.pass_obj
def withdraw(instance: Path, name: str, reason: str) -> None:
    """Withdraw the released bundle NAME: it is handed out no more. Its files stay where they are."""
    with opened(instance) as installation, db.write() as connection:
        now = installation.now()
        found = withdraw_release(connection, name, now)
        facts = find_own(connection, found.wave, found.region) if found.origin == "box" else None
        act = Act(now, "command", "withdrawn", {"name": name, "words": reason})
        record_act(connection, facts.id if facts else None, act)
    click.echo(f"Withdrew {name}. Who pulled it before still has it: tell them why.")


exports.add_command(tables)
