"""`aoj responses`: approving and opening the ballot box."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

import click

from aoj_survey.db import db
from aoj_survey.fieldwork import finish_openings
from aoj_survey.installation import Installation
from aoj_survey.regions import find_rule
from aoj_survey.responses import (
    approve_opening,
    count_ballots,
    list_approvals,
    list_small_boxes,
    open_box,
    open_together,
)
from aoj_survey.waves import Act, find_participation, record_act

from .custodians import unlock
from .door import opened
from .people import ask_person


@click.group()
def responses() -> None:
    """The ballot box and its opening."""


@responses.command()
@click.argument("wave")
@click.argument("region")
@click.pass_obj
def approve(instance: Path, wave: str, region: str) -> None:
    """Approve the opening of the box of REGION in WAVE. It asks for your code; two different people are needed."""
    with opened(instance) as installation:
        with db.read() as connection:
            who = ask_person(connection, installation.settings, "approve", region)
        with db.write() as connection:
            facts = find_participation(connection, wave, region)
            known = len(list_approvals(connection, facts.id))
            given = approve_opening(connection, facts.id, who.name)
            if given > known:
                record_act(connection, facts.id, Act(installation.now(), who.name, "opening_approved"))
    click.echo(f"{given} of 2 people approved the opening of {wave} {region}.")


@responses.command("open")
@click.argument("wave")
@click.argument("region")
@click.pass_obj
def open_(instance: Path, wave: str, region: str) -> None:
    """Open the box of REGION in WAVE: once, after its close, all answers together."""
    with opened(instance) as installation:
        with db.read() as connection:
            facts = find_participation(connection, wave, region)
            key = unlock(connection, facts)
            ballots = count_ballots(connection, facts.id)
        with progress(ballots) as tell, db.write() as connection:
            facts = find_participation(connection, wave, region)
            rule = find_rule(connection, installation.hooks, region)
            count = open_box(connection, installation.keys, facts, installation.now(), key, rule, tell=tell)
        click.echo(f"Opened {count} responses of {wave} {region}, in random order.")
        finish(installation)


@responses.command("open-together")
@click.argument("wave")
@click.pass_obj
def open_small(instance: Path, wave: str) -> None:
    """Open the small boxes of WAVE, each with fewer than ten ballots, together: after all its other boxes."""
    with opened(instance) as installation:
        with db.read() as connection:
            boxes = list_small_boxes(connection, wave)
            unlocked = {facts.id: unlock(connection, facts) for facts in boxes}
            ballots = sum(count_ballots(connection, facts.id) for facts in boxes)
        keys = {place: key for place, key in unlocked.items() if key}
        with progress(ballots) as tell, db.write() as connection:
            count = open_together(connection, installation.keys, wave, installation.now(), keys, tell=tell)
        click.echo(
            f"Opened {count} responses of {len(boxes)} small boxes of {wave}, as answers of no region."
        )
        finish(installation)


@contextmanager
def progress(ballots: int) -> Generator[Callable[[int], None]]:
    """Show a bar while ballots are unsealed and written; yields what is to be told how many more were."""
    with click.progressbar(length=2 * ballots, label="Opening") as bar:
        yield bar.update


def finish(installation: Installation) -> None:
    """Erase what is left of emptied boxes, and say whether that was done."""
    if finish_openings(db, installation.keys, installation.now()):
        click.echo("The emptied box was erased from the database files.")
    else:
        click.echo("Erasing the emptied box waits for readers; the worker tries again.")
