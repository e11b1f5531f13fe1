"""Doing one thing for several participations, each in a transaction of its own."""

from collections.abc import Callable, Iterable

from sqlalchemy import Connection

from aoj_survey.db import Database
from aoj_survey.errors import AojError
from aoj_survey.waves import ParticipationFacts

Turn = Callable[[Connection, ParticipationFacts], object]


class TurnError(AojError):
    """One or more participations whose turn failed; the others had theirs."""


def take_turns(database: Database, places: Iterable[ParticipationFacts], turn: Turn) -> int:
    """Do something for each participation and return how many there were.

    What fails for one does not keep the others: its transaction is rolled back and tried again next time.

    Raises:
        TurnError: after the last one, naming those that failed and the kind of fault.
    """
    done, faults = 0, list[str]()
    for facts in places:
        try:
            with database.write() as connection:
                turn(connection, facts)
        except Exception as error:  # noqa: BLE001 — whatever one region meets, the others go on
            words = str(error) if isinstance(error, AojError | OSError) else type(error).__name__
            faults.append(f"{facts.wave} {facts.region}: {words}")
        else:
            done += 1
    if faults:
        raise TurnError("; ".join(faults))
    return done
