"""`aoj demo`: the demonstration, and the rehearsal of a whole wave."""

import json
import shutil
import socket
import tempfile
from pathlib import Path

import click

from aoj_survey.app import create_app
from aoj_survey.config import SETTINGS_FILE, Settings, load_settings
from aoj_survey.db import db
from aoj_survey.demo import (
    REGION,
    WAVE,
    FigureLine,
    Rehearsal,
    catch_mail,
    find_free_port,
    find_open_link,
    play_earlier_wave,
    play_history,
    rehearse,
)
from aoj_survey.errors import StateError
from aoj_survey.questionnaire import ROLES
from aoj_survey.waves import find_participation, list_participations
from aoj_survey.worker import run_once

from .door import as_json, opened, print_json
from .init import make_instance
from .serve import processes, wait_for_end, wait_for_web, web_command, worker_command

PASSWORD_FILE = "demo-password.txt"  # noqa: S105 — a file's name
CODES_FILE = "demo-codes.json"
WEB_PORT, SMTP_PORT = 8000, 8025


@click.group()
def demo() -> None:
    """The demonstration, with invented people and a mailbox of its own."""


@demo.command("serve")
@click.pass_obj
def serve_demo(instance: Path) -> None:
    """Make the demonstration when there is none, and run web, worker and mailbox until Ctrl-C."""
    if not (instance / SETTINGS_FILE).exists():
        click.echo("Making the demonstration: a wave that began ten days ago, with invented people …")
        _make(instance)
    settings = load_settings(instance)
    if not settings.demo_mailbox:
        raise StateError(f"The instance in {instance} is a real one; start it with: aoj serve")
    _refuse_taken_port(settings.web_port)
    _refuse_taken_port(settings.smtp_port)
    commands = [web_command(settings), worker_command(instance)]
    with catch_mail(Path(settings.demo_mailbox), settings.smtp_port):
        _play_once(instance, settings)
        with processes(commands, instance) as running:
            wait_for_web(settings, running)
            _print_addresses(instance, settings)
            wait_for_end(running)
    click.echo("\nStopped. `make run` goes on with the same data; `make demo-reset` starts over.")


def _make(instance: Path) -> None:
    web_port, smtp_port = find_free_port(WEB_PORT), find_free_port(SMTP_PORT)
    password = make_instance(
        instance,
        {
            "public_url": f"http://127.0.0.1:{web_port}",
            "web_port": web_port,
            "smtp_port": smtp_port,
            "demo_mailbox": str((instance / "mailbox").resolve()),
        },
    )
    _keep_secret(instance / PASSWORD_FILE, password)


def _keep_secret(file: Path, text: str) -> None:
    file.touch(mode=0o600)
    file.write_text(text, encoding="utf-8")


def _play_once(instance: Path, settings: Settings) -> None:
    """Play the demonstration's past, unless it was played before."""
    with opened(instance) as installation:
        with db.read() as connection:
            played = {facts.wave for facts in list_participations(connection)}
        now = installation.now()
    if not played:
        codes = play_earlier_wave(settings, create_app, run_once, now)
        _keep_secret(instance / CODES_FILE, json.dumps(codes))
    if WAVE not in played:
        play_history(settings, create_app, run_once, now)


def _refuse_taken_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            message = f"Port {port} is taken; is the demonstration running already?"
            raise StateError(message) from None


def _print_addresses(instance: Path, settings: Settings) -> None:
    with opened(instance) as installation, db.read() as connection:
        facts = find_participation(connection, WAVE, REGION)
        token = find_open_link(connection, installation.keys, facts)
    link = f"{settings.public_url}/l/{token}" if token else "(everybody has answered)"
    password = (instance / PASSWORD_FILE).read_text(encoding="utf-8")
    click.echo("The demonstration is running; Ctrl-C ends it.\n")
    click.echo(f"  A respondent's personal link   {link}")
    click.echo(f"  The coordinator's page         {settings.public_url}/coordinator/   password: {password}")
    click.echo(f"  The mailbox                    {settings.public_url}/demo/mailbox")
    for name, code in json.loads(_read_codes(instance)).items():
        click.echo(f"  {name:30} {settings.public_url}/coordinator/   code: {code}")
    click.echo()


def _read_codes(instance: Path) -> str:
    file = instance / CODES_FILE
    return file.read_text(encoding="utf-8") if file.exists() else "{}"


@demo.command()
@click.pass_obj
def reset(instance: Path) -> None:
    """Throw the demonstration away."""
    if not (instance / SETTINGS_FILE).exists():
        click.echo("There is no demonstration to throw away.")
        return
    if not load_settings(instance).demo_mailbox:
        raise StateError(f"The instance in {instance} is a real one; it was left alone.")
    shutil.rmtree(instance)
    click.echo(f"Removed {instance}. `make run` makes a new demonstration.")


@demo.command("rehearse")
@as_json
def rehearse_wave(as_json: bool) -> None:
    """Play a whole wave in a temporary folder: mail, answers over HTTP, close, open, export."""
    with tempfile.TemporaryDirectory(prefix="aoj-rehearsal-") as folder:
        played = rehearse(Path(folder), create_app, run_once, lambda line: click.echo(line, err=True))
        if as_json:
            print_json(as_data(played))
        else:
            _print_rehearsal(played)


def as_data(played: Rehearsal) -> dict[str, object]:
    """Return a rehearsal as plain data."""
    rows = [(list(row.roles), row) for row in played.response.rows]
    return {
        "mails": dict(played.mails),
        "response": [
            {"roles": roles, "invited": row.invited, "done": row.done, "rate": row.rate}
            for roles, row in [*rows, ([], played.response.total)]
        ],
        "figures": list(played.figures),
        "bundle": played.bundle.folder.name,
    }


def _print_rehearsal(played: Rehearsal) -> None:
    click.echo(f"\n{'Respons':50} {'uitgenodigd':>12} {'afgerond':>9} {'%':>4}")
    labelled = [
        (", ".join(ROLES[role].plural["nl"] for role in row.roles), row) for row in played.response.rows
    ]
    for label, row in (*labelled, ("totaal", played.response.total)):
        click.echo(f"{label[:50]:50} {row.invited:12} {row.done:9} {row.rate:4}")
    click.echo(f"\n{'Cijfer':30} {'groep':28} {'berekend':>24} {'gepubliceerd':>13}")
    for line in played.figures:
        _print_figure(line)


def _print_figure(line: FigureLine) -> None:
    click.echo(f"{line.label[:30]:30} {line.group[:28]:28} {line.shown:>24} {line.published:>13}")
