"""What must be in order before a process starts."""

from datetime import datetime

from sqlalchemy import Connection

from aoj_survey.keys import KeyDirectory
from aoj_survey.waves import list_participations


def require_worker_keys(connection: Connection, keys: KeyDirectory, now: datetime) -> None:
    """Check the keys that sending needs, of every participation that still sends.

    What was planned and never started sends no more once its window is over, and its keys are destroyed then.

    Raises:
        KeyFileError: a key is missing, or the key or its folder can be read by others.
    """
    keys.check()
    for facts in list_participations(connection, "planned", "running"):
        if facts.status == "running" or facts.phase(now) != "closed":
            keys.link(facts.id)
            keys.contact(facts.id)
