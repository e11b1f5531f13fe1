"""All attempts on a wave, one after the other, as somebody would make them who has everything but the keys."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Connection

from aoj_survey.db import Database
from aoj_survey.errors import NotFoundError
from aoj_survey.keys import KeyDirectory
from aoj_survey.responses import has_joint
from aoj_survey.waves import ParticipationFacts, list_participations

from .attempts import Attempt
from .key_holder import try_with_keys
from .leftovers import try_drafts, try_leftovers, try_old_backup, try_purge
from .loot import Loot, carry_off
from .marks import gather_marks
from .open_answers import try_open_answers
from .order import try_joint_order, try_order, try_pairing
from .schema import try_schema
from .sealing import try_lengths, try_reading
from .searching import try_backup, try_database, try_files, try_logs
from .sizes import try_classes, try_counts, try_joint_classes
from .statements import try_statements
from .transactions import try_joint_transactions, try_transactions
from .values import try_shared_values, try_traces
from .words import Text
from .write_ahead import try_write_ahead_log


@dataclass(frozen=True, slots=True)
class Report:
    """What came of all attempts on the regions of a wave, on one day and one kind of database."""

    wave: str
    made_on: date
    database: str
    regions: tuple[str, ...]
    attempts: tuple[Attempt, ...]

    @property
    def succeeded(self) -> tuple[Attempt, ...]:
        """The attempts in which an attacker without keys got what no attacker may get."""
        return tuple(attempt for attempt in self.attempts if attempt.succeeded)

    @property
    def made(self) -> int:
        """How many attempts were made; the others could not be, and say why."""
        return sum(attempt.outcome != "not_tried" for attempt in self.attempts)

    @property
    def gaps(self) -> tuple[Text, ...]:
        """What was not looked at, each once."""
        return tuple(dict.fromkeys(gap for attempt in self.attempts for gap in attempt.gaps))


@dataclass(frozen=True, slots=True)
class Means:
    """What the attacker has besides the database. `own` are addresses that may stand anywhere.

    `wal` is a folder with PostgreSQL's write-ahead log, `others` are the files of the installation but its keys.
    """

    backup: Path | None = None
    logs: Path | None = None
    wal: Path | None = None
    others: tuple[Path, ...] | None = None
    own: tuple[str, ...] = ()
    with_keys: bool = False


def relink_wave(database: Database, keys: KeyDirectory, wave: str, means: Means, now: datetime) -> Report:
    """Try to link answers of a wave to people, in every way there is here; nothing is written or changed.

    The keys tell what to look for; they are no help in the attempts themselves.

    Raises:
        NotFoundError: there is no such wave. LootError: a backup or log that cannot be read.
    """
    with database.read() as connection:
        everywhere = list_participations(connection)
        places = [facts for facts in everywhere if facts.wave == wave]
        if not places:
            known = sorted({facts.wave for facts in everywhere})
            raise NotFoundError(f"There is no wave {wave}. Known: {', '.join(known) or 'none yet'}.")
    # Before the reading transaction below, for the files are those of now.
    loot = carry_off(database.engine, means.backup, means.logs, means.wal, means.others)
    places.sort(key=lambda facts: facts.region)
    own = (*means.own, *(facts.contact_mail for facts in everywhere))
    with database.read() as connection:
        attempts = [try_schema(connection), try_statements(connection), try_traces(connection, places)]
        for facts in places:
            today = now.astimezone(facts.zone).date()
            attempts += _try_region(connection, keys, facts, loot, replace(means, own=own), today)
        if has_joint(connection, wave):
            files = [part.content for part in loot.database if part.kind == "file"]
            attempts += [
                try_joint_transactions(connection, wave),
                try_joint_order(connection, wave, files),
                try_joint_classes(connection, wave),
            ]
        dialect = connection.dialect.name
    return Report(wave, now.date(), dialect, tuple(facts.region for facts in places), tuple(attempts))


def _try_region(
    connection: Connection,
    keys: KeyDirectory,
    facts: ParticipationFacts,
    loot: Loot,
    means: Means,
    today: date,
) -> Iterable[Attempt]:
    marks = gather_marks(connection, keys, facts, means.own)
    files = [part.content for part in loot.database if part.kind == "file"]
    yield try_shared_values(connection, facts)
    yield try_reading(connection, facts)
    yield try_lengths(connection, facts)
    yield try_transactions(connection, facts)
    yield try_order(connection, facts, files)
    yield try_pairing(connection, facts)
    yield try_open_answers(connection, facts)
    yield try_database(loot, marks, facts.region)
    yield try_write_ahead_log(connection, facts, loot, marks)
    yield try_backup(loot, marks, facts.region, facts.id)
    yield try_logs(loot, marks, facts.region)
    yield try_files(loot, marks, facts.region)
    yield try_drafts(connection, facts)
    yield try_leftovers(connection, facts, loot)
    yield try_old_backup(connection, facts, keys, loot)
    yield try_purge(connection, facts, keys, loot, today)
    yield try_classes(connection, facts)
    yield try_counts(connection, facts)
    if means.with_keys:
        yield try_with_keys(connection, keys, facts)
