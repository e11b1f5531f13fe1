"""`aoj invitations`: the response table."""

from pathlib import Path

import click

from aoj_survey.db import db
from aoj_survey.questionnaire import ROLES
from aoj_survey.statistics import ResponseRow
from aoj_survey.tracking import read_overview
from aoj_survey.waves import find_participation

from .door import as_json, opened, print_json

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
            f"{label[:44]:44} {row.invited:8} {row.delivered:9} {row.started:8} {row.done:6} {row.rate:4}{' estimated' if row.estimated else ''}"
        )


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
