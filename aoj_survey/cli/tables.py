"""`aoj exports tables`: tables of figures of a region, written to be released."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Connection

from aoj_survey.datasets import read_dataset, read_finest, read_joint_dataset
from aoj_survey.db import db
from aoj_survey.disclosure import BESLOTEN, OPENBAAR, add_release
from aoj_survey.errors import ReleaseError
from aoj_survey.exports import verify_bundle
from aoj_survey.hooks import Hooks
from aoj_survey.regions import JOINT_REGION
from aoj_survey.releases import STRATA, BundleFacts, list_releases, read_ledger, report_audit
from aoj_survey.responses import has_joint, is_joint
from aoj_survey.results import (
    Book,
    TableSet,
    count_answers,
    make_closed_tables,
    make_files,
    make_tables,
    tables_name,
    write_tables,
)
from aoj_survey.waves import ParticipationFacts, find_participation, list_participations

from .door import opened


@dataclass(frozen=True, slots=True)
class Planned:
    """Tables as they can be released now, and what their privacy report says of the audit."""

    made: TableSet
    audit: Mapping[str, Any]


@click.command()
@click.argument("wave")
@click.argument("region")
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Another folder than that of the setting bundle_directory, from which tables are released.",
)
@click.option("--version", "number", type=click.IntRange(min=1), default=1, show_default=True)
@click.option(
    "--profile",
    type=click.Choice([OPENBAAR.profile, BESLOTEN.profile]),
    default=OPENBAAR.profile,
    show_default=True,
    help="openbaar: for everybody; besloten: groups from five answers in four bands, for named readers under agreement.",
)
@click.pass_obj
def tables(instance: Path, wave: str, region: str, folder: Path | None, number: int, profile: str) -> None:
    """Write the tables of figures of an opened participation. Nothing is released: aoj exports release --tables does that.

    REGION may be `joint`: what the small boxes of the wave held together.
    """
    with opened(instance) as installation:
        with db.read() as connection:
            planned = plan_tables(
                *(connection, wave, region, installation.hooks),
                name=tables_name(region, wave, number),
                profile=profile,
            )
        place = folder or installation.settings.bundles
        written = write_tables(planned.made, place, number, audit=planned.audit)
        verify_bundle(written.folder)
    click.echo(
        f"Wrote {written.folder}: {len(planned.made.tables)} tables. Release them with aoj exports release --tables."
    )


def plan_tables(
    connection: Connection, wave: str, region: str, hooks: Hooks, *, name: str, profile: str
) -> Planned:
    """Return the tables of a profile that can be released under a name, audited beside all released before it.

    Raises:
        DisclosureError: beside that they give a small group away.
        ReleaseError: bands of what small boxes held together.
    """
    if region == JOINT_REGION:
        if profile == BESLOTEN.profile:
            raise ReleaseError("What small boxes held together has tables for everybody only.")
        dataset = read_joint_dataset(connection, wave, hooks)
    else:
        dataset = read_dataset(connection, find_participation(connection, wave, region), hooks)
    ledger = read_ledger(connection, wave, before=name)
    book = Book(ledger, count_wave(connection, wave, hooks), STRATA)
    if profile == BESLOTEN.profile:
        made = make_closed_tables(dataset, book)
    else:
        # What small boxes held together is of no region, and stands beside none.
        beside = [one for one in list_opened(connection, wave) if region not in {JOINT_REGION, one.region}]
        made = make_tables(dataset, book, [read_dataset(connection, one, hooks) for one in beside])
    after = add_release(ledger, f"{name}/figures", made.audited)
    return Planned(made, report_audit(after, len(ledger.releases)))


def count_beside(connection: Connection, wave: str, hooks: Hooks) -> dict[str, dict[str, int]]:
    """Return what `count_wave` does where tables of the wave were released, else nothing."""
    told = any(release.kind == "tables" for release in list_releases(connection, wave, withdrawn=True))
    return count_wave(connection, wave, hooks) if told else {}


def count_wave(connection: Connection, wave: str, hooks: Hooks) -> dict[str, dict[str, int]]:
    """Return how many answered each column in the classes of a wave: of its opened regions, and of its small boxes."""
    datasets = [read_finest(connection, facts, hooks) for facts in list_opened(connection, wave)]
    datasets += [read_joint_dataset(connection, wave, hooks)] if has_joint(connection, wave) else []
    return count_answers(datasets)


def list_opened(connection: Connection, wave: str) -> list[ParticipationFacts]:
    """Return the participations of a wave whose box was opened by itself, by region."""
    found = [facts for facts in list_participations(connection, "opened") if facts.wave == wave]
    return sorted(
        (facts for facts in found if not is_joint(connection, facts.id)), key=lambda facts: facts.region
    )


def refuse_others(bundle: BundleFacts, planned: Planned) -> None:
    """Hold written tables against those that can be released now, byte for byte.

    Raises:
        ReleaseError: they differ.
    """
    files = make_files(planned.made, bundle.name, planned.audit)
    written = {file.path: file.sha256 for file in bundle.files}
    differ = [path for path, content in files.items() if written.get(path) != sha256(content).hexdigest()]
    if differ:
        raise ReleaseError(
            f"{bundle.name} is not what can be released now ({', '.join(sorted(differ))} differ): something was released or"
            f" opened since it was written, or a rule changed. Write and release version {bundle.version + 1}."
        )
