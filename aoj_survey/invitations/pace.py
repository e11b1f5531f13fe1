"""The pace of mail: how many may go out in one minute, to all and to one domain, whoever sends them.

The counts stand in the database, so that all workers together keep to the limits. Minutes are those of the
clock: around the turn of one, twice the limit may go out within sixty seconds.
"""

import hmac
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection, bindparam, delete, text, update

from aoj_survey.config import Settings
from aoj_survey.db import UtcDateTime
from aoj_survey.keys import KeyDirectory, derive

from .models import MailPace

EVERYBODY = "all"
MINUTE = timedelta(minutes=1)

# Plain SQL that both databases know. It answers with no row when the minute is full.
_TAKE = text(
    "INSERT INTO mail_pace (name, minute, sent) VALUES (:name, :minute, 1)"
    " ON CONFLICT (name) DO UPDATE SET minute = excluded.minute,"
    " sent = CASE WHEN mail_pace.minute = excluded.minute THEN mail_pace.sent + 1 ELSE 1 END"
    " WHERE mail_pace.minute <> excluded.minute OR mail_pace.sent < :most"
    " RETURNING sent"
).bindparams(bindparam("minute", type_=UtcDateTime))


@dataclass(slots=True)
class Pace:
    """The limits of an installation; 0 is none. Domains are hashed under the key.

    `full`: this minute nobody may be mailed any more. `ahead` counts who waits for a domain.
    """

    most: int
    most_to_domain: int
    key: bytes
    full: bool = False
    ahead: Counter[str] = field(default_factory=Counter[str])

    def take_place(self, connection: Connection, address: str, now: datetime) -> datetime | None:
        """Count one mail in this minute; when it is full, count none and return until when this one has to wait.

        Who waits for a domain is spread over the minutes to come, so that few have to wait twice.
        """
        if self.most and not _take(connection, EVERYBODY, now, self.most):
            self.full = True
            return _minute_of(now) + MINUTE
        name = self.name_domain(address) if self.most_to_domain else ""
        if not name or _take(connection, name, now, self.most_to_domain):
            return None
        if self.most:
            _give_back(connection, EVERYBODY, now)
        minutes = 1 + self.ahead[name] // self.most_to_domain
        self.ahead[name] += 1
        return _minute_of(now) + minutes * MINUTE

    def name_domain(self, address: str) -> str:
        """Return what the database holds of the domain of an address: a keyed hash."""
        domain = address.rpartition("@")[2].casefold()
        return hmac.digest(self.key, domain.encode(), sha256).hex()


def make_pace(settings: Settings, keys: KeyDirectory) -> Pace:
    """Return the limits of the settings; without one to domains no key is read."""
    most_to_domain = settings.mails_per_minute_to_domain
    key = derive(keys.secret(), "mail pace") if most_to_domain else b""
    return Pace(settings.mails_per_minute, most_to_domain, key)


def forget_pace(connection: Connection, now: datetime) -> None:
    """Remove the counts of minutes that are over: to which domains mail went is nobody's business later."""
    connection.execute(delete(MailPace).where(MailPace.minute < _minute_of(now)))


def _take(connection: Connection, name: str, now: datetime, most: int) -> bool:
    values = {"name": name, "minute": _minute_of(now), "most": most}
    return connection.execute(_TAKE, values).first() is not None


def _give_back(connection: Connection, name: str, now: datetime) -> None:
    here = (MailPace.name == name, MailPace.minute == _minute_of(now), MailPace.sent > 0)
    connection.execute(update(MailPace).where(*here).values(sent=MailPace.sent - 1))


def _minute_of(now: datetime) -> datetime:
    return now.replace(second=0, microsecond=0)
