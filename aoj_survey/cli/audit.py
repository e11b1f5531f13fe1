"""`aoj audit`: what an attacker could find out."""

from pathlib import Path

import click

from aoj_survey.config import SETTINGS_FILE, Settings
from aoj_survey.db import db
from aoj_survey.relinking import (
    Means,
    Report,
    describe_report,
    find_write_ahead_log,
    relink_wave,
    write_report,
)

from .door import as_json, opened, print_json

WIDTH = len("not tried")


@click.group()
def audit() -> None:
    """Play the attacker, and tell how it went."""


@audit.command()
@click.argument("wave")
@click.option(
    "--backup",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A copy of the SQLite file, or a dump of PostgreSQL in plain text.",
)
@click.option(
    "--logs",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="The folder with the logs of the web server and of this program; those of a mail server hold addresses.",
)
@click.option(
    "--wal",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="A folder with PostgreSQL's write-ahead log, such as an archive; by default the server's own, if readable.",
)
@click.option("--with-keys", is_flag=True, help="Tell also what whoever holds the keys can do.")
@click.option(
    "--output", type=click.Path(path_type=Path, file_okay=False), help="Write the report here, HTML and JSON."
)
@as_json
@click.pass_context
def relink(
    context: click.Context,
    wave: str,
    backup: Path | None,
    logs: Path | None,
    wal: Path | None,
    with_keys: bool,
    output: Path | None,
    as_json: bool,
) -> None:
    """Try to link the answers of WAVE to people; exits with 1 when that succeeds in any way.

    Reads the live database with its log and erased parts, a backup and log files; changes nothing. The report is
    evidence of what was tried, not a promise. It holds counts only: no address, no link, no answer.
    """
    instance: Path = context.obj
    with opened(instance) as installation:
        settings = installation.settings
        own = (settings.mail_sender, settings.bounce_address)
        means = Means(
            backup,
            logs,
            wal or find_write_ahead_log(db.engine),
            _list_files(settings, output),
            own,
            with_keys,
        )
        report = relink_wave(db, installation.keys, wave, means, installation.now())
    paths = write_report(report, output) if output else ()
    if as_json:
        print_json(describe_report(report))
    else:
        _print(report)
        for path in paths:
            click.echo(f"Wrote {path}.")
    if report.succeeded:
        context.exit(1)


def _list_files(settings: Settings, output: Path | None) -> tuple[Path, ...]:
    """The files of the installation, but its settings, its keys, the mailbox of a demo, and reports of before."""
    aside = {settings.keys, *map(Path, filter(None, (settings.demo_mailbox, output)))}
    outside = {folder.resolve() for folder in aside}
    found = (*settings.instance.rglob("*"), *settings.bundles.rglob("*"))
    return tuple(
        {
            path.resolve()
            for path in found
            if path.is_file()
            and path.name != SETTINGS_FILE
            and not outside.intersection(path.resolve().parents)
        }
    )


def _print(report: Report) -> None:
    failed = len(report.succeeded)
    if failed:
        click.echo(f"LINKED: {failed} of {report.made} attempts on {report.wave} succeeded!")
    else:
        untried = len(report.attempts) - report.made
        click.echo(
            f"Nothing was linked: {report.made} attempts on {report.wave}, and {untried} could not be made."
            " No promise, but evidence."
        )
    for gap in report.gaps:
        click.echo(f"NOT LOOKED AT: {gap.en}")
    for attempt in report.attempts:
        outcome = "with keys" if attempt.by_key_holder else attempt.outcome.replace("_", " ")
        mark = outcome.upper() if attempt.succeeded else outcome
        click.echo(
            f"{mark:{WIDTH}}  {attempt.region or 'database'}: {attempt.question.en} {attempt.words.en}"
        )
