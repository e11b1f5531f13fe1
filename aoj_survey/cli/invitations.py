"""`aoj invitations`: the response table, and links for a region that mails itself."""

import csv
import io
import os
from collections.abc import Sequence
from pathlib import Path

import click

from aoj_survey.db import db
from aoj_survey.errors import StateError
from aoj_survey.invitations import HandoutLink, make_handout
from aoj_survey.questionnaire import GROUPS, ROLES
from aoj_survey.statistics import RateRow, Rates, ResponseRow
from aoj_survey.tracking import read_overview, read_rates, read_wave_rates, sum_dispositions
from aoj_survey.waves import Act, find_participation, record_act

from .door import as_json, opened, print_json
from .groups import parse_people

NOT_YET = "There is no count yet; the worker makes one each day, after 6.00."
TOO_SMALL = (
    "There is nothing to show: the group is too small. "
    "While people can answer it takes ten people on the list, after the close three who are done."
)


@click.group()
def invitations() -> None:
    """Who was invited and how many answered, per role; never a person."""


@invitations.command()
@click.argument("wave")
@click.argument("region")
@as_json
@click.pass_obj
def counts(instance: Path, wave: str, region: str, as_json: bool) -> None:
    """Show the response table of REGION in WAVE: the daily count, or the final one after the close.

    Groups too small to be shown are joined; when all together are too few, that is said instead.
    """
    with opened(instance), db.read() as connection:
        overview = read_overview(connection, find_participation(connection, wave, region))
    if as_json:
        print_json(
            {
                "day": overview.day,
                "too_small": overview.too_small,
                "rows": [_row(row) for row in overview.rows],
                "total": _row(overview.total) if overview.rows else None,
            }
        )
        return
    if not overview.rows:
        click.echo(TOO_SMALL if overview.too_small else NOT_YET)
        return
    click.echo(f"{'role':44} {'invited':>8} {'delivered':>9} {'started':>8} {'done':>6} {'%':>4}")
    labelled = [(", ".join(ROLES[role].plural["en"] for role in row.roles), row) for row in overview.rows]
    for label, row in (*labelled, ("total", overview.total)):
        click.echo(
            f"{_indent(label)} {row.invited:8} {row.delivered:9} {row.started:8} {row.done:6} {row.rate:4}{' estimated' if row.estimated else ''}"
        )


def _indent(label: str) -> str:
    """Fill a label up to the numbers; a longer one, as of joined roles, stays whole on a line of its own."""
    return f"{label:44}" if len(label) <= 44 else f"{label}\n{'':44}"  # noqa: PLR2004 — as the head of the table


def _row(row: ResponseRow) -> dict[str, object]:
    return {
        "roles": list(row.roles),
        "invited": row.invited,
        "delivered": row.delivered,
        "started": row.started,
        "done": row.done,
        "rate": row.rate,
        "estimated": row.estimated,
    }


@invitations.command()
@click.argument("wave")
@click.argument("region")
@click.argument("people", nargs=-1, required=True, metavar="ROLE=NUMBER...")
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="A new file, as links.csv.",
)
@click.option("--as", "made_by", default="command", show_default=True, help="Your name, for the log.")
@click.pass_obj
def links(
    instance: Path, wave: str, region: str, people: tuple[str, ...], output: Path, made_by: str
) -> None:
    """Make unnamed personal links for REGION in WAVE, which mails them itself; they are written once.

    The file holds a number, the role and the link of each, for a mail merge. Whoever holds it can answer by
    every link and see which were used: give it to who mails, and destroy it after that.
    """
    wanted = parse_people(people)
    with opened(instance) as installation:
        root = installation.settings.public_url.rstrip("/")
        try:
            with db.write() as connection:
                facts = find_participation(connection, wave, region)
                made = make_handout(connection, installation.keys, facts, wanted)
                roles = ", ".join(f"{role}: {number}" for role, number in wanted.items())
                act = Act(installation.now(), made_by, "links_made", {"words": roles})
                record_act(connection, facts.id, act)
                # Within the transaction: no link counts that was not written.
                write_links(output, made, root)
        except FileExistsError:
            raise StateError(f"{output} is there already; nothing was made. Name a new file.") from None
    click.echo(f"Wrote {len(made)} links to {output}. They cannot be shown again.")


def write_links(path: Path, made: Sequence[HandoutLink], root: str) -> None:
    """Write links as CSV to a new file that only its owner can read; raises FileExistsError when it is there."""
    lines = io.StringIO(newline="")
    table = csv.writer(lines, lineterminator="\r\n")
    table.writerow(["number", "role", "link"])
    table.writerows([link.number, link.role, f"{root}/l/{link.token}"] for link in made)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
        file.write(lines.getvalue())
        file.flush()
        os.fsync(file.fileno())


NO_RATES = (
    "There are no rates: nothing was closed here yet, or the group is too small. "
    "It takes three people who are done."
)


@invitations.command()
@click.argument("wave")
@click.argument("region", required=False)
@as_json
@click.pass_obj
def rates(instance: Path, wave: str, region: str | None, as_json: bool) -> None:
    """Show the response rates of REGION in WAVE after the close, or over all closed regions of WAVE.

    RR1 and RR5 as AAPOR defines them, per role, group of roles, kind of organisation and in total. Groups of
    one or two people are joined with others, also where they could be worked out. A region that may show
    nothing is left out of the wave.
    """
    with opened(instance), db.read() as connection:
        if region is None:
            found = read_wave_rates(connection, wave)
        else:
            found = read_rates(connection, find_participation(connection, wave, region).id)
    if as_json:
        print_json(_rates(found))
    elif found.total is None:
        click.echo(NO_RATES)
    else:
        click.echo(f"{'':44} {'invited':>8} {'reached':>8} {'done':>6} {'RR1':>5} {'RR5':>5}")
        for part, rows in _list_parts(found):
            if rows:
                click.echo(f"per {part}")
            for row in rows:
                _print_rate(", ".join(_name(name) for name in row.names), row)
        _print_rate("total", found.total)


def _list_parts(found: Rates) -> list[tuple[str, Sequence[RateRow]]]:
    return [
        ("region", found.regions),
        ("role", found.roles),
        ("group", found.groups),
        ("kind of organisation", found.kinds),
    ]


def _name(name: str) -> str:
    if name in ROLES:
        return ROLES[name].plural["en"]
    return GROUPS[name].label["en"] if name in GROUPS else name or "kind not known"


def _print_rate(name: str, row: RateRow) -> None:
    mark = " estimated" if row.estimated else ""
    click.echo(
        f"{_indent(name)} {row.invited:8} {row.reached:8} {row.done:6} {row.rr1:4}% {row.rr5:4}%{mark}"
    )


def _rates(found: Rates) -> dict[str, object]:
    return {
        "regions": [_rate(row) for row in found.regions],
        "roles": [_rate(row) for row in found.roles],
        "groups": [_rate(row) for row in found.groups],
        "kinds": [_rate(row) for row in found.kinds],
        "total": _rate(found.total) if found.total else None,
    }


def _rate(row: RateRow) -> dict[str, object]:
    return {
        "names": list(row.names),
        "invited": row.invited,
        "reached": row.reached,
        "done": row.done,
        "rr1": row.rr1,
        "rr5": row.rr5,
        "estimated": row.estimated,
    }


@invitations.command()
@click.argument("wave")
@click.argument("region")
@as_json
@click.pass_obj
def dispositions(instance: Path, wave: str, region: str, as_json: bool) -> None:
    """Show how many people of REGION in WAVE ended in which final disposition of AAPOR, after the close.

    For administrators only: who knows whose mail came back, or who wanted no mail, could see from a small
    number whether that person took part. Do not pass small numbers on.
    """
    with opened(instance), db.read() as connection:
        found = sum_dispositions(connection, find_participation(connection, wave, region))
    if as_json:
        print_json([{"disposition": code, "people": people} for code, people in found.items()])
        return
    for code, people in found.items():
        click.echo(f"{code:6} {DISPOSITIONS[code]:50} {people:6}")


DISPOSITIONS = {
    "1.1": "complete",
    "2.11": "refusal: wants no mail, or off the list by request",
    "2.12": "break-off: started, not sent",
    "2.20": "non-contact: asked, nothing returned",
    "3.11": "no invitation sent",
    "3.19": "nothing returned, invitation perhaps not sent",
    "3.30": "invitation not delivered",
    "4.10": "not eligible: the list was wrong",
}
"""AAPOR's final dispositions that occur here, in words."""
