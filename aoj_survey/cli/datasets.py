"""`aoj datasets`: protected data of waves that were not held here."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import click

from aoj_survey.config import Settings
from aoj_survey.datasets import (
    ONDERZOEK,
    POLICIES,
    Policy,
    WaveDataset,
    derive_columns,
    state_facts,
    tighten,
)
from aoj_survey.errors import BundleError, HistoryError
from aoj_survey.exports import Bundle, read_digests, report_printed, verify_bundle, write_bundle
from aoj_survey.history import Comparison, ImportedWave, import_wave, read_wave_mapping
from aoj_survey.hooks import RegionHooks, StoredDataset
from aoj_survey.questionnaire import ItemKind

from .authors import gather_hooks, gather_kinds, gather_rule, read_settings
from .door import as_json, print_json

WHY = {
    "merged": "stands in one class with other roles",
    "protected": "answers are protected",
    "too_few": "too few answers to show",
}
a_mapping = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.group()
def datasets() -> None:
    """Protected data of waves that were not held here."""


@datasets.command("import")
@click.argument("mapping", type=a_mapping)
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write the bundle here; without it only the report is shown.",
)
@click.option("--version", "number", type=click.IntRange(min=1), default=1, show_default=True)
@click.option(
    "--profile",
    type=click.Choice(list(POLICIES)),
    default=ONDERZOEK.profile,
    show_default=True,
    help="onderzoek (k = 5): for analysts under agreement; openbaar (k = 10): for everybody.",
)
@click.option("--region", default="", help="With the kinds of questions of this region's modules.")
@as_json
@click.pass_obj
def import_(
    instance: Path,
    mapping: Path,
    folder: Path | None,
    number: int,
    profile: str,
    region: str,
    as_json: bool,
) -> None:
    """Read an earlier wave by its MAPPING file, protect it, and lay its printed totals beside those found.

    Nothing is stored but the bundle: the data file stays where it is. Exits with 1 when a file has faults.
    """
    settings = read_settings(instance)
    wave = _import(settings, mapping, gather_kinds(settings, region), POLICIES[profile])
    bundle = None
    if folder:
        hooks = gather_hooks(settings, wave.dataset.region)
        bundle = write_bundle(
            wave.dataset, wave.response, folder, number, imported=wave, formats=hooks.export_formats()
        )
        tell_modules(hooks, wave.dataset, bundle)
    if as_json:
        print_json(report_printed(wave) | {"bundle": str(bundle.folder) if bundle else None})
        return
    print_wave(wave)
    if bundle:
        click.echo(f"Wrote {bundle.folder} and read it back.")


def read_imported(instance: Path, mappings: tuple[Path, ...]) -> list[ImportedWave]:
    """Return the waves of these mapping files; raises HistoryError with the faults of all of them."""
    settings = read_settings(instance)
    kinds = gather_kinds(settings, "")
    waves: list[ImportedWave] = []
    faults: list[HistoryError] = []
    for mapping in mappings:
        try:
            waves.append(_import(settings, mapping, kinds))
        except HistoryError as error:
            faults.append(error)
    if faults:
        raise HistoryError([problem for error in faults for problem in error.problems])
    return waves


def _import(
    settings: Settings, mapping: Path, kinds: Mapping[str, ItemKind], policy: Policy = ONDERZOEK
) -> ImportedWave:
    region = read_wave_mapping(mapping)[0].region
    wave = import_wave(mapping, tighten(policy, gather_rule(settings, region)), kinds)
    return replace(wave, dataset=derive_columns(wave.dataset, gather_hooks(settings, region)))


def tell_modules(hooks: RegionHooks, dataset: WaveDataset, bundle: Bundle) -> None:
    """Tell modules of a bundle that was written, and the person at the command what went wrong in them.

    Raises:
        BundleError: the bundle changed while they were told of it.
    """
    digests = read_digests(bundle.folder)
    stored = StoredDataset(
        state_facts(dataset), bundle.name, bundle.version, bundle.folder, bundle.digest, digests
    )
    for fault in (*bundle.faults, *hooks.tell_stored(stored)):
        click.echo(f"Warning: {fault} The bundle is whole without it.", err=True)
    try:
        found = verify_bundle(bundle.folder)
    except BundleError as error:
        found = str(error)
    if found != bundle.digest:
        raise BundleError(
            f"{bundle.folder} changed while region modules ({', '.join(hooks.enabled)}) were told of it. Remove it, switch "
            f"off the module that does so (aoj plugins disable NAME {hooks.region}), and write it again."
        )


def print_wave(wave: ImportedWave) -> None:
    """Print what was read, and each printed total beside the one found."""
    dataset = wave.dataset
    protected = len(dataset.privacy.protected)
    click.echo(
        f"{dataset.region} in {dataset.wave}: {len(dataset.rows)} responses in {len(dataset.strata)} classes, "
        f"smallest class {dataset.privacy.smallest}; {protected} columns hold protected answers."
    )
    for code, count in wave.off_path.items():
        click.echo(f"  {code}: {count} answers left out, an earlier answer rules the question out")
    for found in wave.printed:
        click.echo(f"  {describe_comparison(found)}")
    differ = sum(found.agrees is False for found in wave.printed)
    open_ = sum(found.agrees is None for found in wave.printed)
    click.echo(
        f"{len(wave.printed)} printed totals: {len(wave.printed) - differ - open_} agree, {differ} differ, "
        f"{open_} could not be worked out."
    )


def describe_comparison(found: Comparison) -> str:
    """Return a printed total and what became of it as one line."""
    subject = " ".join(part for part in (found.item, found.answer, found.what) if part)
    roles = ", ".join(found.roles) or "all"
    verdict = {True: "agrees", False: "DIFFERS", None: "not worked out"}[found.agrees]
    shown = f", found {found.found}" if found.found is not None else ""
    why = f" ({WHY[found.reason]})" if found.reason else ""
    return f"{subject} ({roles}): printed {found.printed}{shown}: {verdict}{why}"
