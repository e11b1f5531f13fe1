"""`aoj init`: makes an instance."""

import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from werkzeug.security import generate_password_hash

from aoj_survey.app import create_app
from aoj_survey.config import SETTINGS_FILE, make_settings
from aoj_survey.db import upgrade_database
from aoj_survey.errors import StateError
from aoj_survey.keys import KeyDirectory


@click.command()
@click.option("--public-url", default="http://127.0.0.1:8000", show_default=True, help="Address in mails.")
@click.option("--database-url", default="", help="SQLAlchemy address; empty: SQLite in the instance folder.")
@click.pass_obj
def init(instance: Path, public_url: str, database_url: str) -> None:
    """Make an instance: settings, key directory, database."""
    values = {"public_url": public_url} | ({"database_url": database_url} if database_url else {})
    password = make_instance(instance, values)
    click.echo(f"Made {instance / SETTINGS_FILE}, the keys and the database.")
    click.echo(f"Password of the coordinator page, shown only now: {password}")


def make_instance(instance: Path, values: Mapping[str, Any]) -> str:
    """Make settings, keys and database in a folder; return the coordinator's password.

    Raises:
        StateError: the folder holds an instance already.
        SettingsError: values that `make_settings` refuses.
    """
    file = instance / SETTINGS_FILE
    if file.exists():
        raise StateError(f"There is an instance in {instance} already; nothing was changed.")
    password = "-".join(secrets.token_hex(2) for _ in range(4))
    chosen = {**values, "coordinator_password_hash": generate_password_hash(password)}
    settings = make_settings(instance.resolve(), chosen)
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    instance.chmod(0o700)
    KeyDirectory(settings.keys).create()
    with create_app(settings).app_context():
        upgrade_database()
    # Last, so that a crash before this line leaves no half-made instance that looks whole.
    file.touch(mode=0o600)
    file.write_text("".join(f"{name} = {_toml(value)}\n" for name, value in chosen.items()), encoding="utf-8")
    return password


def _toml(value: str | int) -> str:
    if isinstance(value, int):
        return str(value)
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
