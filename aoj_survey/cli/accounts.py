"""`aoj accounts`: people with rights, each with a secret code."""

from collections.abc import Collection
from pathlib import Path

import click
from sqlalchemy import Connection

from aoj_survey.accounts import (
    RIGHTS,
    AccountFacts,
    add_account,
    list_accounts,
    remove_account,
    renew_token,
)
from aoj_survey.db import db
from aoj_survey.errors import AccountError
from aoj_survey.installation import Installation
from aoj_survey.regions import JOINT_REGION, list_regions
from aoj_survey.releases import list_releases
from aoj_survey.waves import Act, ActCode, Value, list_acts, record_act

from .acts import say_act
from .door import as_json, opened, print_json

PROFILES = ("openbaar", "onderzoek", "besloten")
ONCE = "Give this code to {name} and to nobody else. It is shown this once; only its hash is kept:"


@click.group()
def accounts() -> None:
    """People who approve, review or download, each with a secret code."""


def _record(connection: Connection, installation: Installation, code: ActCode, facts: AccountFacts) -> None:
    values: dict[str, Value] = {"person": facts.name}
    if code == "account_added":
        values["rights"] = _say_rights(facts)
    record_act(connection, None, Act(installation.now(), "command", code, values))


def _require_known(connection: Connection, regions: Collection[str]) -> None:
    known = {
        JOINT_REGION,
        *list_regions(connection),
        *(release.region for release in list_releases(connection)),
    }
    if unknown := sorted(set(regions) - known):
        raise AccountError(
            f"There is no region {', '.join(unknown)}. Known: {', '.join(sorted(known))}; {JOINT_REGION} stands for"
            " small ballot boxes that were opened together."
        )


def _say_rights(facts: AccountFacts) -> str:
    limits = [", ".join(sorted(limit)) for limit in (facts.regions, facts.profiles) if limit]
    return ", ".join(sorted(facts.rights)) + (f" ({'; '.join(limits)})" if limits else "")


@accounts.command()
@click.argument("name")
@click.option(
    "--right", "rights", multiple=True, required=True, type=click.Choice(RIGHTS), help="Repeat it for more."
)
@click.option("--region", "regions", multiple=True, help="Only of this region; repeat it for more.")
@click.option(
    "--profile",
    "profiles",
    multiple=True,
    type=click.Choice(PROFILES),
    help="Only files released for these readers; repeat it for more.",
)
@click.pass_obj
def add(
    instance: Path, name: str, rights: tuple[str, ...], regions: tuple[str, ...], profiles: tuple[str, ...]
) -> None:
    """Make an account for the person NAME and print its code, this once."""
    with opened(instance) as installation, db.write() as connection:
        _require_known(connection, regions)
        facts, token = add_account(connection, name, rights, regions, profiles)
        _record(connection, installation, "account_added", facts)
    click.echo(f"{ONCE.format(name=facts.name)}\n{token}")


@accounts.command("list")
@as_json
@click.pass_obj
def list_(instance: Path, as_json: bool) -> None:
    """List the accounts and their rights."""
    with opened(instance), db.read() as connection:
        found = list_accounts(connection)
    if as_json:
        print_json(
            [
                {"name": one.name}
                | {key: sorted(getattr(one, key)) for key in ("rights", "regions", "profiles")}
                for one in found
            ]
        )
        return
    for one in found:
        click.echo(f"{one.name}: {_say_rights(one)}")
    if not found:
        click.echo("There are no accounts. Make one with: aoj accounts add NAME --right RIGHT")


@accounts.command()
@click.argument("name")
@click.pass_obj
def renew(instance: Path, name: str) -> None:
    """Give NAME a new code and print it, this once; the former code ends now."""
    with opened(instance) as installation, db.write() as connection:
        facts, token = renew_token(connection, name)
        _record(connection, installation, "account_renewed", facts)
    click.echo(f"{ONCE.format(name=facts.name)}\n{token}")


@accounts.command()
@click.argument("name")
@click.pass_obj
def remove(instance: Path, name: str) -> None:
    """Take the account of NAME away; its code ends now."""
    with opened(instance) as installation, db.write() as connection:
        facts = remove_account(connection, name)
        _record(connection, installation, "account_removed", facts)
    click.echo(f"Removed the account of {facts.name}. What was approved by it stays approved.")


@accounts.command("log")
@click.pass_obj
def show_log(instance: Path) -> None:
    """Print what was done to accounts, and to releases and open answers of no participation, and when; newest first."""
    with opened(instance), db.read() as connection:
        acts = list_acts(connection, None)
    for act in acts:
        click.echo(say_act(act))
