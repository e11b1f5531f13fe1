"""`aoj messages bounced`: a report of undelivered mail, piped in by a mail server."""

import sys
from pathlib import Path

import click
from sqlalchemy.exc import SQLAlchemyError

from aoj_survey.db import db
from aoj_survey.errors import AojError
from aoj_survey.invitations import LARGEST, Verdict, take_report

from .door import describe_database_error, opened

WORDS: dict[Verdict, str] = {
    "undelivered": "The mail was not delivered; that is kept.",
    "retried": "The mail was not delivered for now; it goes out again later.",
    "noted": "The mail is still under way, or arrived.",
    "ignored": "This is no report of a mail of ours; nothing was done.",
}


class TryAgain(click.ClickException):
    """Ends the command in such a way that a mail server offers the mail again later."""

    exit_code = 75  # sysexits.h, EX_TEMPFAIL


@click.command()
@click.pass_obj
def bounced(instance: Path) -> None:
    """Take a report of undelivered mail from standard input, as a mail server pipes it.

    Whatever comes in, the exit code is 0, so that nothing is sent back to anybody; it is 75 when the report could
    not be kept now, on which mail servers try again later.
    """
    content = sys.stdin.buffer.read(LARGEST + 1)
    try:
        verdict = _take(instance, content)
    except (AojError, SQLAlchemyError, OSError) as error:
        words = describe_database_error(error) if isinstance(error, SQLAlchemyError) else str(error)
        raise TryAgain(words) from error
    click.echo(WORDS[verdict])


def _take(instance: Path, content: bytes) -> Verdict:
    with opened(instance) as installation:
        address = installation.settings.bounce_address
        if not address:
            raise AojError("No bounce_address is set, so no mail comes back to us. Set it in settings.toml.")
        with db.write() as connection:
            return take_report(connection, content, address, installation.now())
