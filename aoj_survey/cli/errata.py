"""`aoj errata`: texts mended while a questionnaire is being answered."""

from pathlib import Path

import click

from aoj_survey.db import db
from aoj_survey.questionnaire import Erratum, list_texts
from aoj_survey.waves import (
    find_participation,
    list_errata,
    make_erratum,
    read_shown_instrument,
    role_digests,
)

from .door import as_json, opened, print_json


@click.group()
def errata() -> None:
    """Mend a text after the start. Codes, order and answers stay as they are; the codebook tells of it."""


@errata.command()
@click.argument("wave")
@click.argument("region")
@click.argument("questionnaire")
@click.argument("name")
@click.argument("text")
@click.option("--language", default="nl", show_default=True)
@click.option("--reason", required=True, help="Why; analysts read it in the codebook.")
@click.option("--as", "person", required=True, help="Who mends it.")
@click.pass_obj
def add(
    instance: Path,
    wave: str,
    region: str,
    questionnaire: str,
    name: str,
    text: str,
    language: str,
    reason: str,
    person: str,
) -> None:
    """Show TEXT from now on where QUESTIONNAIRE (name@edition) shows the text called NAME.

    For the names see: aoj errata texts
    """
    erratum = Erratum(name, language, text, reason)
    with opened(instance) as installation, db.write() as connection:
        facts = find_participation(connection, wave, region)
        today = installation.now().astimezone(facts.zone).date()
        made = make_erratum(connection, facts, questionnaire, erratum, person, today)
    click.echo(f"Was:    {made.before}\nIs now: {made.erratum.text.strip()}")


@errata.command("list")
@click.argument("wave")
@click.argument("region")
@as_json
@click.pass_obj
def list_(instance: Path, wave: str, region: str, as_json: bool) -> None:
    """List what was mended for REGION in WAVE: when, by whom and why."""
    with opened(instance), db.read() as connection:
        made = list_errata(connection, find_participation(connection, wave, region).id)
    if as_json:
        print_json(made)
        return
    for one in made:
        click.echo(
            f"{one.made_on} {one.questionnaire} {one.erratum.name} ({one.erratum.language}), {one.made_by}"
        )
        click.echo(
            f"    was:    {one.before}\n    is:     {one.erratum.text}\n    reason: {one.erratum.reason}"
        )


@errata.command()
@click.argument("wave")
@click.argument("region")
@click.pass_obj
def texts(instance: Path, wave: str, region: str) -> None:
    """List the texts that REGION shows in WAVE, with the names to mend them by."""
    with opened(instance), db.read() as connection:
        facts = find_participation(connection, wave, region)
        for digest in sorted(set(role_digests(connection, facts.id).values())):
            instrument = read_shown_instrument(connection, facts.id, digest)
            click.echo(f"{instrument.questionnaire}@{instrument.edition}")
            for name, text in list_texts(instrument).items():
                for language, words in text.items():
                    click.echo(f"    {name} ({language}): {words}")
