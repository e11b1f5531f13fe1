"""What must be in order before a process starts."""

from sqlalchemy import Connection

from aoj_survey.keys import KeyDirectory
from aoj_survey.waves import list_participations


def require_worker_keys(connection: Connection, keys: KeyDirectory) -> None:
    """Check the keys that sending needs, of every participation that still sends.

    Raises:
        KeyFileError: a key is missing, or the key or its folder can be read by others.
    """
    keys.check()
    for facts in list_participations(connection, "planned", "running"):
        keys.link(facts.id)
        keys.contact(facts.id)
