"""Sending: claim, commit, send, record, commit; one message at a time over one line to the mail server.

What the mail server took is recorded in the transaction that claims the next one: one commit a message.
"""

import logging
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Connection

from aoj_survey.config import Settings
from aoj_survey.db import db
from aoj_survey.errors import AojError, MailError
from aoj_survey.hooks import Hooks, load_hooks
from aoj_survey.installation import Clock
from aoj_survey.keys import KeyDirectory
from aoj_survey.waves import KINDS

from .due import FOR_ALL, ORDER, Candidate, await_retry, find_due
from .letters import address_letter, ask_words, read_address
from .line import Line, Outcome, Parcel
from .mail import write_letter
from .messages import (
    ClaimedMessage,
    claim_message,
    forget_former,
    hold_back,
    mark_uncertain,
    put_back,
    record_refused,
    record_sent,
    record_uncertain,
)
from .notes import clear_note, read_note, write_note
from .pace import Pace, forget_pace, make_pace

MAIL_NOTE = "mail"
"""The service note that says since when mail that goes to everybody fails, and why. Pages may tell of it."""

REMINDERS_NOTE = "reminders"
"""The same of reminders. No page tells of it: a reminder that fails shows that somebody was not done."""

STREAMS = {MAIL_NOTE: FOR_ALL, REMINDERS_NOTE: KINDS[1:]}
"""Kinds of mail by the note on them. Each stream judges the mail server by its own mail alone: else what became of
an invitation, which pages show, could depend on whether somebody was still to be reminded."""

MANY = 5
"""So many refusals for good, with no mail taken in between, say more of the server than of people."""

LOOKS = 20
"""So many messages at most are looked at in one transaction, so that nobody else waits long to write."""

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

    A mail server that takes nothing ends the stream: the message in hand is due again in a minute, and the
    stream's note says since when and why, until a mail of it gets through. Where a mail cannot be made, as when
    a module of the region fails, that participation waits for the next round and the others go on. Without
    `hooks`, the core's are asked alone.
    """
    lost = _begin(now)
    line, pace = Line(settings), make_pace(settings, keys)
    asked = hooks or load_hooks()
    find_words = ask_words(asked)

    def write(message: ClaimedMessage) -> Parcel:
        return Parcel(write_letter(address_letter(message, keys, settings, find_words, asked.kinds), now()))

    counts, troubles = Counter[Outcome](), list[str]()
    try:
        for note, kinds in STREAMS.items():
            going = _Round(now, keys, pace, kinds, distrusts=_distrusts(line, note))
            _run(going, line, write, None if limit is None else limit - counts.total(), stop)
            _tell(now, note, going)
            counts += going.counts
            troubles += [going.trouble] if going.trouble not in {"", *troubles} else []
    finally:
        line.hang_up()
    uncertain = counts["uncertain"] + lost
    return SendReport(counts["sent"], counts["refused"], counts["failed"], uncertain, " ".join(troubles))


def _begin(now: Clock) -> int:
    """Settle what former rounds left; return how many messages became uncertain."""
    with db.write() as connection:
        forget_former(connection)
        forget_pace(connection, now())
        return mark_uncertain(connection, now())


def _distrusts(line: Line, name: str) -> bool:
    """Whether the mail server was known to refuse all mail of a stream."""
    with db.read() as connection:
        note = read_note(connection, name)
    return note is not None and note.text == line.describe_refusals()


@dataclass(slots=True)
class _Round:
    """What happened so far in one stream: `failed` holds the messages refused for good since the last one that was taken.

    `distrusts`: when the round began, the mail server was known to refuse everything. `stuck` holds the
    participations whose mail cannot be made. `waiting` is what is left of the batch, of which `useful` tells
    whether any could be claimed. `taken`: the mail server took it, and that has still to be recorded.
    """

    now: Clock
    keys: KeyDirectory
    pace: Pace
    kinds: Sequence[str]
    distrusts: bool
    counts: Counter[Outcome] = field(default_factory=Counter[Outcome])
    failed: list[ClaimedMessage] = field(default_factory=list[ClaimedMessage])
    stuck: set[UUID] = field(default_factory=set[UUID])
    waiting: list[Candidate] = field(default_factory=list[Candidate])
    useful: bool = True
    taken: ClaimedMessage | None = None
    trouble: str = ""

    def blames_server(self, outcome: Outcome) -> bool:
        """Whether refusals for good say more of the mail server than of the people mailed to."""
        # Who is refused again, after others got their mail, has an address that does not work.
        fresh = any(message.attempts == 1 for message in self.failed)
        return self.distrusts or (fresh and (outcome == "barred" or len(self.failed) >= MANY))

    def take_next(self) -> ClaimedMessage | None:
        """Record what was taken and claim the next message that is due; return None when there is none."""
        while self._look():
            with db.write() as connection:
                if self.taken:
                    record_sent(connection, self.taken, self.now())
                message = self._claim_one(connection)
            self.taken = None
            if message is not None:
                return message
        return None

    def record_taken(self) -> None:
        """Record what was taken, when no message follows."""
        if self.taken:
            with db.write() as connection:
                record_sent(connection, self.taken, self.now())
            self.taken = None

    def _look(self) -> bool:
        """Whether there are messages that may be due; a batch of which none could be claimed is the last."""
        if self.pace.full:
            return False
        if not self.waiting and self.useful:
            with db.read() as connection:
                self.waiting = find_due(connection, self.now(), self.stuck, kinds=self.kinds)
            # Workers that go through the same batch in the same order would be in each other's way.
            random.shuffle(self.waiting)
            self.waiting.sort(key=lambda candidate: ORDER.index(candidate.kind), reverse=True)
            self.useful = False
        return bool(self.waiting)

    def _claim_one(self, connection: Connection) -> ClaimedMessage | None:
        for _ in range(min(LOOKS, len(self.waiting))):
            candidate = self.waiting.pop()
            if candidate.participation in self.stuck:
                continue
            message = claim_message(connection, candidate, self.now())
            if message is None:
                continue
            address = read_address(message, self.keys) if self.pace.most_to_domain else ""
            until = self.pace.take_place(connection, address, self.now())
            if until is None:
                self.useful = True
                return message
            hold_back(connection, message, until)
            if self.pace.full:
                break
        return None


def _run(
    going: _Round,
    line: Line,
    write: Callable[[ClaimedMessage], Parcel],
    limit: int | None,
    stop: Callable[[], bool],
) -> None:
    """Send what is due of one stream, and keep why that stopped early."""
    try:
        while going.counts.total() != limit and not stop():
            message = going.take_next()
            if message is None:
                break
            _send(going, line, message, write)
    except AojError as error:
        going.trouble = str(error)
    finally:
        going.record_taken()
    if going.trouble:
        _LOG.warning("sending stopped: %s", going.trouble)


def _send(
    going: _Round, line: Line, message: ClaimedMessage, write: Callable[[ClaimedMessage], Parcel]
) -> None:
    now = going.now
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
    if outcome == "sent":
        going.taken = message
        going.failed, going.distrusts = [], False
    else:
        _record(message, outcome, now)
    going.counts["failed" if outcome == "barred" else outcome] += 1
    if outcome not in {"failed", "barred"}:
        return
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
        if outcome == "uncertain":
            record_uncertain(connection, message, now())
        else:
            record_refused(connection, message, now(), permanent=outcome != "refused")


def _put_back(message: ClaimedMessage, now: Clock, *, tried: bool = False) -> None:
    with db.write() as connection:
        put_back(connection, message, now(), tried=tried)


def _tell(now: Clock, name: str, going: _Round) -> None:
    """Keep the note of a stream true: since when its mail fails, or nothing when it does not."""
    answered, trouble = going.counts.total() > 0, going.trouble
    with db.read() as connection:
        known = read_note(connection, name)
        over = known is not None and (answered or not await_retry(connection, now(), going.kinds))
    if trouble and (answered or known is None or known.text != trouble):
        since = now() if answered or known is None else known.at
        with db.write() as connection:
            write_note(connection, name, since, trouble)
    elif over and not trouble:
        with db.write() as connection:
            clear_note(connection, name)
