"""What all commands share: how errors reach people, and the installation of an instance."""

import json
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Any

import click

from aoj_survey.app import create_app
from aoj_survey.config import load_settings
from aoj_survey.errors import AojError
from aoj_survey.installation import Installation


class Door(click.Group):
    """A command group that shows our own errors as plain lines and exits with 1."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; an error written for people is printed, not traced."""
        try:
            return super().invoke(ctx)
        except AojError as error:
            raise click.ClickException(str(error)) from error


@contextmanager
def opened(instance: Path) -> Generator[Installation]:
    """The installation of an instance folder, inside its application's context."""
    app = create_app(load_settings(instance))
    with app.app_context():
        installation: Installation = app.extensions["aoj"]
        yield installation


as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")


def print_json(value: Any) -> None:
    """Print plain data or dataclasses as JSON."""
    click.echo(json.dumps(value, default=_plain, ensure_ascii=False, indent=2))


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return str(value)
