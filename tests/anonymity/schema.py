"""What tables of answers may look like, read from the models and from a live database alike."""

import sqlalchemy as sa

from aoj_survey.relinking import BOX, inspect_live, inspect_models

__all__ = ["BOX", "check_live", "check_models"]


def check_models(metadata: sa.MetaData) -> None:
    """Expect that no table of answers keeps a time, a sequence or a way back to a person."""
    faults = inspect_models(metadata)
    assert not faults, faults


def check_live(connection: sa.Connection) -> None:
    """Expect the same of the tables that really are there, triggers and indexes included."""
    faults = inspect_live(connection)
    assert not faults, faults
