"""Sending: claim, commit, send, record, commit; one message at a time over one line to the mail server."""

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from aoj_survey.config import Settings
from aoj_survey.db import db
from aoj_survey.errors import AojError, MailError
from aoj_survey.hooks import Hooks, load_hooks
from aoj_survey.installation import Clock
from aoj_survey.keys import KeyDirectory

from .letters import address_letter, ask_words
from .line import Line, Outcome, Parcel
from .mail import compose
from .messages import (
    ClaimedMessage,
    await_retry,
    claim_message,
    mark_uncertain,
    put_back,
    record_refused,
    record_sent,
    record_uncertain,
)
from .notes import clear_note, read_note, write_note

MAIL_NOTE = "mail"
"""The service note that says since when mail fails, and why."""

MANY = 5
"""So many refusals for good, with no mail taken in between, say more of the server than of people."""

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SendReport:
    """What became of the messages of one round; `trouble` says in words why it stopped early."""

    sent: int
    refused: int
    failed: int
    uncertain: int
    trouble: str


def never() -> bool:
    """No reason to stop."""
    return False


def send_due(
    now: Clock,
    keys: KeyDirectory,
    settings: Settings,
    limit: int | None = None,
    stop: Callable[[], bool] = never,
    hooks: Hooks | None = None,
) -> SendReport:
    """Send every message that is due, at most `limit`, until `stop` says so; return what became of them.

    A mail server that takes nothing ends the round: the message in hand is due again in a minute, and the
    note `mail` says since when and why, until a mail gets through. Where a mail cannot be made, as when a
    module of the region fails, that participation waits for the next round and the others go on. Without
    `hooks`, the core's are asked alone.
    """
    with db.write() as connection:
        lost = mark_uncertain(connection, now())
        note = read_note(connection, MAIL_NOTE)
    line = Line(settings)
    asked = hooks or load_hooks()
    find_words = ask_words(asked)

    def write(message: ClaimedMessage) -> Parcel:
        return Parcel(compose(address_letter(message, keys, settings, find_words, asked.kinds), now()))

    going = _Round(distrusts=note is not None and note.text == line.describe_refusals())
    try:
        while going.counts.total() != limit and not stop():
            with db.write() as connection:
                message = claim_message(connection, now(), going.stuck)
            if message is None:
                break
            _send(going, line, message, now, write)
    except AojError as error:
        going.trouble = str(error)
    finally:
        line.hang_up()
    if going.trouble:
        _LOG.warning("sending stopped: %s", going.trouble)
    counts = going.counts
    _tell(now, going.trouble, answered=counts.total() > 0)
    uncertain = counts["uncertain"] + lost
    return SendReport(counts["sent"], counts["refused"], counts["failed"], uncertain, going.trouble)


@dataclass(slots=True)
class _Round:
    """What happened so far: `failed` holds the messages refused for good since the last one that was taken.

    `distrusts`: when the round began, the mail server was known to refuse everything. `stuck` holds the
    participations whose mail cannot be made.
    """

    distrusts: bool
    counts: Counter[Outcome] = field(default_factory=Counter[Outcome])
    failed: list[ClaimedMessage] = field(default_factory=list[ClaimedMessage])
    stuck: set[UUID] = field(default_factory=set[UUID])
    trouble: str = ""

    def blames_server(self, outcome: Outcome) -> bool:
        """Whether refusals for good say more of the mail server than of the people mailed to."""
        # Who is refused again, after others got their mail, has an address that does not work.
        fresh = any(message.attempts == 1 for message in self.failed)
        return self.distrusts or (fresh and (outcome == "barred" or len(self.failed) >= MANY))


def _send(
    going: _Round, line: Line, message: ClaimedMessage, now: Clock, write: Callable[[ClaimedMessage], Parcel]
) -> None:
    try:
        parcel = write(message)
    except Exception as error:  # noqa: BLE001 — whatever is wrong with one mail, others go on
        _put_back(message, now)
        going.stuck.add(message.participation.id)
        going.trouble = str(_explain(message, error))
        return
    try:
        outcome = line.deliver(parcel)
    except AojError:
        _put_back(message, now)
        raise
    # Any other error leaves the message claimed: nobody knows what the server had by then.
    _record(message, outcome, now)
    if outcome not in {"failed", "barred"}:
        going.counts[outcome] += 1
        if outcome == "sent":
            going.failed, going.distrusts = [], False
        return
    going.counts["failed"] += 1
    going.failed.append(message)
    if going.blames_server(outcome):
        for refused in going.failed:
            _put_back(refused, now, tried=True)
        going.counts["failed"] -= len(going.failed)
        raise MailError(line.describe_refusals())


def _explain(message: ClaimedMessage, error: Exception) -> MailError:
    # Of an unknown error the type only: its text may hold an address.
    reason = str(error) if isinstance(error, AojError) else type(error).__name__
    facts = message.participation
    return MailError(f"A mail of {facts.region} in {facts.wave} cannot be made, and waits: {reason}")


def _record(message: ClaimedMessage, outcome: Outcome, now: Clock) -> None:
    with db.write() as connection:
        if outcome == "sent":
            record_sent(connection, message, now())
        elif outcome == "uncertain":
            record_uncertain(connection, message, now())
        else:
            record_refused(connection, message, now(), permanent=outcome != "refused")


def _put_back(message: ClaimedMessage, now: Clock, *, tried: bool = False) -> None:
    with db.write() as connection:
        put_back(connection, message, now(), tried=tried)


def _tell(now: Clock, trouble: str, *, answered: bool) -> None:
    """Keep the note `mail` true: since when mail fails, or nothing when it does not."""
    with db.read() as connection:
        known = read_note(connection, MAIL_NOTE)
        over = known is not None and (answered or not await_retry(connection, now()))
    if trouble and (answered or known is None or known.text != trouble):
        since = now() if answered or known is None else known.at
        with db.write() as connection:
            write_note(connection, MAIL_NOTE, since, trouble)
    elif over and not trouble:
        with db.write() as connection:
            clear_note(connection, MAIL_NOTE)
