"""Who is at the keyboard: known by the code of an account or by the coordinator's password, as on the pages."""

import click
from sqlalchemy import Connection

from aoj_survey.accounts import AccountFacts, identify, may
from aoj_survey.config import Settings
from aoj_survey.errors import AccountError


def ask_person(connection: Connection, settings: Settings, right: str, region: str) -> AccountFacts:
    """Ask for a code and return whose it is, so that no two names come from one person.

    Raises:
        AccountError: nobody's code, or of somebody without this right in this region.
    """
    given: str = click.prompt("Your code, or the coordinator's password (it is not shown)", hide_input=True)
    who = identify(connection, given, settings.coordinator_password_hash)
    if who is None:
        raise AccountError(
            "This is nobody's code. Your administrator makes or renews one: aoj accounts --help"
        )
    if not may(who, right, region):
        raise AccountError(f"The account of {who.name} has no right to {right} in {region}.")
    return who
