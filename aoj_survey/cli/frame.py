"""`aoj frame`: the list of people to be asked."""

import os
from pathlib import Path

import click

from aoj_survey.db import db
from aoj_survey.errors import StateError
from aoj_survey.installation import Installation
from aoj_survey.invitations import (
    COLUMNS,
    LANGUAGES,
    FrameReading,
    add_supplier,
    import_frame,
    list_people,
    list_suppliers,
    load_frame,
    write_list,
)
from aoj_survey.questionnaire import ROLES
from aoj_survey.regions import find_members
from aoj_survey.waves import Act, ParticipationFacts, find_participation, record_act

from .door import opened


@click.group()
def frame() -> None:
    """The list of people to be asked."""


def parse_columns(texts: tuple[str, ...]) -> dict[str, str]:
    """Return the name of each column in the file from texts like `address=Mail`; raises BadParameter for others."""
    chosen: dict[str, str] = {}
    for text in texts:
        key, _, name = text.partition("=")
        if key.strip() not in COLUMNS or not name.strip():
            message = (
                f"{text!r} is not one of {', '.join(COLUMNS)} with a column's name, such as address=Mail"
            )
            raise click.BadParameter(message, param_hint="--column")
        chosen[key.strip()] = name.strip()
    return chosen


@frame.command("import")
@click.argument("wave")
@click.argument("region")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--column", multiple=True, help="KEY=NAME, such as address=Mail; repeat it. Others are not read."
)
@click.option(
    "--shared", is_flag=True, help="One address with several roles or organisations is several people."
)
@click.option(
    "--spread", is_flag=True, help="An organisation may lie in several municipalities or school partnerships."
)
@click.option("--windows", is_flag=True, help="The file is in Windows-1252, the encoding of older programs.")
@click.option("--as", "made_by", default="command", show_default=True, help="Your name, for the log.")
@click.pass_obj
def import_(
    instance: Path,
    wave: str,
    region: str,
    file: Path,
    column: tuple[str, ...],
    shared: bool,
    spread: bool,
    windows: bool,
    made_by: str,
) -> None:
    """Import a CSV, XLSX or ODS FILE, as a whole or not at all.

    It needs columns for e-mail, role and organisation; language, sector, municipality and swv may be there too.
    """
    reading = FrameReading(parse_columns(column), shared, windows, spread)
    with opened(instance) as installation, db.write() as connection:
        read = load_frame(file, ROLES, LANGUAGES, reading, find_members(connection, region))
        facts = find_participation(connection, wave, region)
        if facts.sender == "region":
            raise StateError(
                f"{region} mails itself in {wave}, so it needs no list. Make links with: aoj invitations links"
            )
        count = import_frame(connection, installation.keys, facts.id, read, shared=shared, spread=spread)
        act = Act(installation.now(), made_by, "list_imported", {"people": count})
        record_act(connection, facts.id, act)
    for name in read.ignored:
        click.echo(f"Column {name!r} was ignored: names of people are not stored.")
    for name in read.unread:
        click.echo(f"Column {name!r} was not read.")
    if skipped := len(read.rows) - count:
        click.echo(f"Skipped {skipped} people who want no more mail.")
    click.echo(f"Added {count} people to {wave} {region}.")


@frame.command()
@click.argument("wave")
@click.argument("region")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--as", "made_by", default="command", show_default=True, help="Your name, for the log.")
@click.pass_obj
def export(instance: Path, wave: str, region: str, file: Path, made_by: str) -> None:
    """Write the corrected list to a CSV FILE, to take along to a next wave; it tells nothing of who took part.

    Until the purge. The file holds addresses: keep it as you keep the list itself.
    """
    with opened(instance) as installation:
        with db.read() as connection:
            facts = find_participation(connection, wave, region)
            _require_list(installation, facts)
            people = list_people(connection, installation.keys, facts.id)
        _write_private(file, write_list(people))
        with db.write() as connection:
            act = Act(installation.now(), made_by, "list_taken_along")
            record_act(connection, facts.id, act)
    click.echo(f"Wrote {sum(not person.opted_out for person in people)} people to {file}.")


@frame.command("supplier")
@click.argument("wave")
@click.argument("region")
@click.argument("name")
@click.option("--as", "made_by", default="command", show_default=True, help="Your name, for the log.")
@click.pass_obj
def supplier(instance: Path, wave: str, region: str, name: str, made_by: str) -> None:
    """Make a page by which NAME, as a swv or municipality, puts a part of the list in, once.

    Its address is shown this once: it is stored nowhere.
    """
    with opened(instance) as installation, db.write() as connection:
        facts = find_participation(connection, wave, region)
        token = add_supplier(connection, facts.id, name)
        record_act(connection, facts.id, Act(installation.now(), made_by, "supplier_added"))
        root = installation.settings.public_url.rstrip("/")
    click.echo(f"{root}/u/{token}")


@frame.command("suppliers")
@click.argument("wave")
@click.argument("region")
@click.pass_obj
def suppliers(instance: Path, wave: str, region: str) -> None:
    """List who supplies a part of the list of REGION in WAVE, and whether it has arrived."""
    with opened(instance), db.read() as connection:
        for known in list_suppliers(connection, find_participation(connection, wave, region).id):
            click.echo(f"{known.name}: {'has arrived' if known.used else 'not yet'}")


def _require_list(installation: Installation, facts: ParticipationFacts) -> None:
    over = facts.status in {"closed", "opened", "lapsed"}
    if over and not installation.keys.has(facts.id, "contact"):
        raise StateError(
            f"The list of {facts.region} in {facts.wave} was destroyed, as was promised; there is none to take along."
        )


def _write_private(file: Path, content: bytes) -> None:
    # Made anew: an existing file is never overwritten, and only its owner can read it.
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as target:
        target.write(content)
