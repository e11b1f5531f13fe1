"""`aoj custodians`: the three people of whom two open a box that was sealed twice."""

from pathlib import Path

import click
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import Connection

from aoj_survey.db import db
from aoj_survey.responses import (
    LOSS,
    KnownCustodian,
    hold_test,
    list_custodians,
    list_untested,
    set_custodians,
    unlock_key,
)
from aoj_survey.waves import ParticipationFacts, find_participation

from .door import opened

FEWEST, ALL = 2, 3


@click.group()
def custodians() -> None:
    """Three people, of whom two together open a ballot box with their passphrases."""


@custodians.command("set")
@click.argument("wave")
@click.argument("region")
@click.option("--name", "names", multiple=True, required=True, help="Of a custodian; give it three times.")
@click.pass_obj
def set_(instance: Path, wave: str, region: str, names: tuple[str, ...]) -> None:
    """Let the custodians of REGION in WAVE choose their passphrases; all three sit at this machine in turn."""
    if len(names) != ALL:
        message = f"give it exactly three times; here it stands {len(names)} time(s)"
        raise click.BadParameter(message, param_hint="--name")
    with opened(instance) as installation:
        click.echo(f"{LOSS} Write it down and keep it in a place of your own. What you type is not shown.")
        chosen = [(name, _ask_new(name)) for name in names]
        with db.write() as connection:
            set_custodians(
                connection, find_participation(connection, wave, region), chosen, installation.now()
            )
    click.echo(f"Set three custodians of {wave} {region}. Next, each two of them: aoj custodians test")


def _ask_new(name: str) -> str:
    words: str = click.prompt(f"Passphrase of {name}", hide_input=True, confirmation_prompt="Once more")
    return words


@custodians.command()
@click.argument("wave")
@click.argument("region")
@click.pass_obj
def test(instance: Path, wave: str, region: str) -> None:
    """Open a test ballot of REGION in WAVE with two custodians, or with all three: then by each two of them.

    Without it the participation does not start. It may be repeated whenever somebody is in doubt.
    """
    with opened(instance) as installation:
        with db.read() as connection:
            facts = find_participation(connection, wave, region)
            passphrases = _ask_present(list_custodians(connection, facts.id), ALL)
        with db.write() as connection:
            left = hold_test(connection, installation.keys, facts, passphrases, installation.now())
    click.echo(f"The test ballot of {wave} {region} opened.")
    for pair in left:
        click.echo(f"Still to be tested: {pair}.")


@custodians.command()
@click.argument("wave")
@click.argument("region")
@click.pass_obj
def show(instance: Path, wave: str, region: str) -> None:
    """Show the custodians of REGION in WAVE, and which two have not opened a test ballot yet."""
    with opened(instance), db.read() as connection:
        facts = find_participation(connection, wave, region)
        people = list_custodians(connection, facts.id)
        untested = list_untested(connection, facts.id)
    for person in people:
        click.echo(f"{person.number}. {person.name}")
    if not people:
        click.echo(f"{wave} {region} has no custodians.")
    for pair in untested:
        click.echo(f"Not tested yet: {pair}.")


def unlock(connection: Connection, facts: ParticipationFacts) -> X25519PrivateKey | None:
    """Ask two custodians for their passphrases and return their key; None where the server seals alone.

    Raises:
        CustodianError: a passphrase that was typed differently.
    """
    if facts.sealing != "custodians":
        return None
    people = list_custodians(connection, facts.id)
    click.echo(f"Two custodians of {facts.wave} {facts.region} open this box. What you type is not shown.")
    return unlock_key(connection, facts, _ask_present(people, FEWEST))


def _ask_present(people: tuple[KnownCustodian, ...], most: int) -> dict[int, str]:
    """The passphrases of who is here, up to `most` of them, by number; an empty line is somebody who is not."""
    typed: dict[int, str] = {}
    for person in people:
        if len(typed) < most:
            words: str = click.prompt(
                f"Passphrase of {person.name} (only Enter: not here)",
                hide_input=True,
                default="",
                show_default=False,
            )
            typed |= {person.number: words} if words.strip() else {}
    return typed
