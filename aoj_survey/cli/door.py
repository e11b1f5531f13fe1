"""What all commands share: how errors reach people, and the installation of an instance."""

import json
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Any

import click
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError

from aoj_survey.app import create_app
from aoj_survey.config import load_settings
from aoj_survey.errors import AojError
from aoj_survey.installation import Installation


class Door(click.Group):
    """A command group that shows errors of ours, the database and the machine as plain lines; exits with 1."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; an error that a person can mend is printed, not traced."""
        try:
            return super().invoke(ctx)
        except AojError as error:
            raise click.ClickException(str(error)) from error
        except SQLAlchemyError as error:
            raise click.ClickException(describe_database_error(error)) from error
        except BrokenPipeError:
            # Whoever read our output stopped reading; click ends quietly.
            raise
        except OSError as error:
            raise click.ClickException(describe_machine_error(error)) from error


def describe_database_error(error: SQLAlchemyError) -> str:
    """Return one line for people about what the database refused: no values, no address with a password."""
    # Only what a driver says of connections and files holds no data: `no such table`, `connection refused`.
    told = str(error.orig).partition("\n")[0] if isinstance(error, OperationalError) else ""
    kind = type(error.orig if isinstance(error, DBAPIError) and error.orig else error).__name__
    what = f"{kind}: {told}" if told else kind
    return (
        f"The database does not do what was asked ({what})."
        " Check that it runs, that database_url in settings.toml is right, and that aoj init made it."
    )


def describe_machine_error(error: OSError) -> str:
    """Return one line for people about a file, folder or connection that did not work."""
    place = f"{error.filename}: " if error.filename else ""
    return f"{place}{error.strerror or type(error).__name__}. Check the path, its rights and the free space."


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
