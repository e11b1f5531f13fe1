"""`aoj groups`: links for many people, their posters and counts, and what was recorded for young people."""

from pathlib import Path
from typing import Literal

import click

from aoj_survey.db import db
from aoj_survey.installation import Installation
from aoj_survey.invitations import (
    Consent,
    GroupFacts,
    add_group,
    derive_group_tokens,
    find_group_named,
    list_groups,
    record_consent,
    stop_group,
)
from aoj_survey.waves import find_participation

from .door import as_json, opened, print_json

NOT_TOLD = "fewer than 10 so far, or too easy to work out"


@click.group()
def groups() -> None:
    """Links for a school, an organisation or a key figure: many people, no addresses."""


def parse_people(texts: tuple[str, ...]) -> dict[str, int]:
    """Return the number of people per role from texts like `ib=20`; raises BadParameter for others."""
    people: dict[str, int] = {}
    for text in texts:
        role, _, number = text.partition("=")
        if not number.isascii() or not number.isdigit() or role.strip() in people:
            message = f"{text!r} is not a role with a number of people, such as ib=20, or the role stands there twice"
            raise click.BadParameter(message, param_hint="--people")
        people[role.strip()] = int(number)
    return people


def _write_addresses(installation: Installation, group: GroupFacts) -> str:
    root = installation.settings.public_url.rstrip("/")
    tokens = derive_group_tokens(installation.keys.contact(group.participation.id), group.id)
    return f"link:   {root}/g/{tokens.link}\npage:   {root}/k/{tokens.page}\nposter: {root}/k/{tokens.page}/poster"


@groups.command()
@click.argument("wave")
@click.argument("region")
@click.option(
    "--name", required=True, help="The school, organisation or key figure; it stands on the poster."
)
@click.option(
    "--people", multiple=True, required=True, help="ROLE=NUMBER; repeat it to have each person choose a role."
)
@click.pass_obj
def add(instance: Path, wave: str, region: str, name: str, people: tuple[str, ...]) -> None:
    """Make a group link in the participation of REGION in WAVE, for a declared number of people."""
    asked = parse_people(people)
    with opened(instance) as installation:
        with db.write() as connection:
            facts = find_participation(connection, wave, region)
            add_group(connection, installation.keys, facts, name, asked)
        with db.read() as connection:
            group = find_group_named(connection, facts, name)
        click.echo(_write_addresses(installation, group))
    click.echo("Give the page to the key figure only; it prints the poster and shows the count from 10 up.")


@groups.command("list")
@click.argument("wave")
@click.argument("region")
@as_json
@click.pass_obj
def list_(instance: Path, wave: str, region: str, as_json: bool) -> None:
    """List the group links of REGION in WAVE with what may be told of their counts."""
    with opened(instance), db.read() as connection:
        found = list_groups(connection, find_participation(connection, wave, region).id)
    if as_json:
        print_json([_describe(group) for group in found])
        return
    for group in found:
        roles = ", ".join(f"{role.role}={role.people}" for role in group.roles)
        told = f"at least {group.told} done (count of {group.told_on})" if group.told else NOT_TOLD
        click.echo(f"{group.name} ({roles}){', stopped' if group.stopped else ''}: {told}")


def _describe(group: GroupFacts) -> dict[str, object]:
    return {
        "name": group.name,
        "people": {role.role: role.people for role in group.roles},
        "stopped": group.stopped,
        "done_at_least": group.told or None,
        "counted_on": group.told_on,
    }


@groups.command()
@click.argument("wave")
@click.argument("region")
@click.option("--name", required=True)
@click.pass_obj
def poster(instance: Path, wave: str, region: str, name: str) -> None:
    """Show the addresses of a group link again: link, key figure's page, poster."""
    with opened(instance) as installation, db.read() as connection:
        group = find_group_named(connection, find_participation(connection, wave, region), name)
        click.echo(_write_addresses(installation, group))


@groups.command()
@click.argument("wave")
@click.argument("region")
@click.option("--name", required=True)
@click.pass_obj
def stop(instance: Path, wave: str, region: str, name: str) -> None:
    """Let nobody start by a group link any more; who started may go on, and its people stay in the counts."""
    with opened(instance), db.write() as connection:
        stop_group(connection, find_participation(connection, wave, region), name)
    click.echo(f"Stopped {name}.")


@groups.command()
@click.argument("wave")
@click.argument("region")
@click.option("--how", type=click.Choice(["informed", "permission"]), required=True, help="What parents did.")
@click.option("--age-from", type=int, required=True, help="Who is younger may not take part.")
@click.option("--age-to", type=int, help="Who is older may not take part; left out: no highest age.")
@click.option("--text", required=True, help="What parents were told, and how.")
@click.option("--as", "person", required=True, help="Who records it.")
@click.pass_obj
def youth(
    instance: Path,
    wave: str,
    region: str,
    how: Literal["informed", "permission"],
    age_from: int,
    age_to: int | None,
    text: str,
    person: str,
) -> None:
    """Record how parents were informed or gave permission; only then young people can take part."""
    with opened(instance) as installation, db.write() as connection:
        facts = find_participation(connection, wave, region)
        today = installation.now().astimezone(facts.zone).date()
        record_consent(connection, facts, Consent(how, age_from, text, person, today, age_to))
    ages = f"from {age_from} years" if age_to is None else f"from {age_from} to {age_to} years"
    click.echo(f"Recorded for {wave} {region}: {how}, {ages}.")
