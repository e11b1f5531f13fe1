"""The review desk: one person proposes what becomes of an open answer, another one confirms it or sends it back."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal, TypeAlias, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, delete, func, select, update

from aoj_survey.errors import AojError
from aoj_survey.open_answers import Mark, OpenAnswer, OpenItem, dump_marks, load_marks
from aoj_survey.responses import ask_rewrite

from .redaction import redact

Decision: TypeAlias = Literal["release", "redact", "drop"]
DECISIONS: tuple[Decision, ...] = ("release", "redact", "drop")


class ReviewError(AojError):
    """A decision that cannot be taken: somebody else was first, or it is not for this person to take."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where open answers belong: to a participation, or to a wave when they come from its small boxes."""

    participation: UUID | None = None
    wave: str | None = None

    def of(self, table: type[OpenAnswer] | type[OpenItem]) -> ColumnElement[bool]:
        """Return the condition that rows of a table are of this place."""
        if self.participation is not None:
            return table.participation_id == self.participation
        return table.wave_code == self.wave


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the answers to an item are: numbers of answers.

    `unkept` were erased at the opening, since too few people could have written them. `names_sought` tells
    whether names of organisations were looked for in them.
    """

    item: str
    waiting: int
    proposed: int
    released: int
    redacted: int
    dropped: int
    unkept: int
    names_sought: bool

    @property
    def total(self) -> int:
        """All answers that the opening kept."""
        return self.waiting + self.proposed + self.released + self.redacted + self.dropped

    @property
    def decided(self) -> int:
        """Those of which two people said what becomes of them."""
        return self.released + self.redacted + self.dropped


@dataclass(frozen=True, slots=True)
class Waiting:
    """An open answer nobody proposed anything for yet."""

    id: UUID
    text: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Proposed:
    """An open answer with what somebody proposes; `result` is the text as it would be released, empty to drop it."""

    id: UUID
    text: str
    decision: Decision
    result: str
    by: str
    marks: tuple[Mark, ...] = ()

    @property
    def seal(self) -> str:
        """What a page carries along, so that nobody confirms another proposal than was shown."""
        return sha256(f"{self.decision}\0{self.result}\0{self.by}".encode()).hexdigest()[:16]


def list_progress(connection: Connection, place: Place) -> tuple[Progress, ...]:
    """Return how far each item is, by code."""
    query = (
        select(OpenAnswer.item, OpenAnswer.proposal, OpenAnswer.outcome, func.count())
        .where(place.of(OpenAnswer))
        .group_by(OpenAnswer.item, OpenAnswer.proposal, OpenAnswer.outcome)
    )
    counts: dict[str, Counter[str]] = {}
    for item, proposal, outcome, number in connection.execute(query):
        counts.setdefault(item, Counter())[outcome or (proposal and "proposed") or "waiting"] += number
    items = connection.execute(
        select(OpenItem.item, OpenItem.kept, OpenItem.unkept, OpenItem.names_sought)
        .where(place.of(OpenItem))
        .order_by(OpenItem.item)
    )
    return tuple(_tell(row, counts.get(row.item, Counter())) for row in items)


def _tell(row: Any, count: Counter[str]) -> Progress:
    return Progress(
        row.item,
        count["waiting"],
        count["proposed"],
        count["release"],
        count["redact"],
        row.kept - count.total(),
        row.unkept,
        row.names_sought,
    )


def list_waiting(
    connection: Connection, place: Place, item: str, most: int, after: UUID | None = None
) -> tuple[Waiting, ...]:
    """Return answers that wait for a proposal, by their random ids, those `after` one of them."""
    rows = connection.execute(
        select(OpenAnswer.id, OpenAnswer.text, OpenAnswer.marks)
        .where(
            place.of(OpenAnswer),
            OpenAnswer.item == item,
            OpenAnswer.proposal == "",
            OpenAnswer.outcome == "",
            *_follow(after),
        )
        .order_by(OpenAnswer.id)
        .limit(most)
    )
    return tuple(Waiting(row.id, row.text, load_marks(row.marks)) for row in rows)


def _follow(after: UUID | None) -> tuple[ColumnElement[bool], ...]:
    return () if after is None else (OpenAnswer.id > after,)


def list_proposed(
    connection: Connection,
    place: Place,
    item: str,
    by_others_than: str,
    most: int,
    after: UUID | None = None,
) -> tuple[Proposed, ...]:
    """Return what others proposed, by the random ids of the answers, those `after` one of them."""
    rows = connection.execute(
        _select_proposed(place, item)
        .where(func.lower(OpenAnswer.proposed_by) != by_others_than.lower(), *_follow(after))
        .order_by(OpenAnswer.id)
        .limit(most)
    )
    return tuple(found for row in rows if not is_same_person((found := _read(row)).by, by_others_than))


def _select_proposed(place: Place, item: str) -> Any:
    return select(
        OpenAnswer.id,
        OpenAnswer.text,
        OpenAnswer.proposal,
        OpenAnswer.proposed_text,
        OpenAnswer.proposed_by,
        OpenAnswer.marks,
    ).where(place.of(OpenAnswer), OpenAnswer.item == item, OpenAnswer.proposal != "")


def _read(row: Any) -> Proposed:
    decision, marks = cast(Decision, row.proposal), load_marks(row.marks)
    return Proposed(row.id, row.text, decision, row.proposed_text, row.proposed_by, marks)


def is_same_person(one: str, other: str) -> bool:
    """Return whether two names are of one person: capitals and spaces make no difference."""
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def propose(
    connection: Connection,
    place: Place,
    item: str,
    identity: UUID,
    decision: Decision,
    by: str,
    *,
    shortened: str = "",
) -> None:
    """Keep what somebody proposes for an answer; nothing is released or erased by that.

    Raises:
        ReviewError: it does not wait any more, or the person has no name.
        RedactionError: a shortened text with words that do not stand in the answer, or none left out.
    """
    if not by.strip():
        raise ReviewError("A proposal needs the name of who makes it.")
    waits = (
        place.of(OpenAnswer),
        OpenAnswer.item == item,
        OpenAnswer.id == identity,
        OpenAnswer.proposal == "",
        OpenAnswer.outcome == "",
    )
    text = connection.execute(select(OpenAnswer.text).where(*waits)).scalar_one_or_none()
    if text is None:
        raise _was_late()
    result = {"release": text, "drop": ""}.get(decision)
    kept = connection.execute(
        update(OpenAnswer)
        .where(*waits)
        .values(
            proposal=decision,
            proposed_text=redact(text, shortened) if result is None else result,
            proposed_by=" ".join(by.split()),
        )
    )
    if kept.rowcount != 1:
        raise _was_late()


def _was_late() -> ReviewError:
    return ReviewError("Somebody else decided on this answer meanwhile. Look at what is left.")


def confirm(
    connection: Connection, place: Place, item: str, identity: UUID, by: str, *, seal: str
) -> Proposed:
    """Carry out what another person proposed, and return that: the answer is released, or erased for good.

    What is erased leaves the table at once; the files follow by the recorded rewrite of the tables. `seal` is
    that of the proposal that was shown.

    Raises:
        ReviewError: somebody else decided meanwhile, or the one who proposed it is the one who confirms.
    """
    found = _claim(connection, place, item, identity, by, seal)
    row = (place.of(OpenAnswer), OpenAnswer.id == identity)
    if found.decision == "drop":
        connection.execute(delete(OpenAnswer).where(*row))
    else:
        released = {"text": found.result, "marks": dump_marks(()), "outcome": found.decision}
        connection.execute(update(OpenAnswer).where(*row).values(**released))
    if found.decision != "release":
        ask_rewrite(connection, participation=place.participation, wave=place.wave)
    return found


def send_back(
    connection: Connection, place: Place, item: str, identity: UUID, by: str, *, seal: str
) -> Proposed:
    """Let an answer wait again, for another proposal, and return the one it had.

    Raises:
        ReviewError: as `confirm`.
    """
    return _claim(connection, place, item, identity, by, seal)


def _claim(connection: Connection, place: Place, item: str, identity: UUID, by: str, seal: str) -> Proposed:
    """Take a proposal away and return it; of two at once, one gets it."""
    row = connection.execute(_select_proposed(place, item).where(OpenAnswer.id == identity)).one_or_none()
    if row is None or (found := _read(row)).seal != seal:
        raise _was_late()
    refuse_same_person(found.by, by)
    taken = connection.execute(
        update(OpenAnswer)
        .where(
            place.of(OpenAnswer),
            OpenAnswer.id == identity,
            OpenAnswer.proposal == found.decision,
            OpenAnswer.proposed_text == found.result,
            OpenAnswer.proposed_by == found.by,
        )
        .values(proposal="", proposed_text="", proposed_by="")
    )
    if taken.rowcount != 1:
        raise _was_late()
    return found


def refuse_same_person(proposed_by: str, by: str) -> None:
    """Raise ReviewError when both are one person, or nobody: two people look at each answer (`anonymity`, point 11)."""
    if not by.strip() or is_same_person(proposed_by, by):
        raise ReviewError("Another person has to look at what you proposed.")


def count_decisions(found: Sequence[Proposed]) -> dict[str, int]:
    """Return how many were released as they were, shortened and dropped, for the audit."""
    counts = Counter(item.decision for item in found)
    return {"released": counts["release"], "redacted": counts["redact"], "dropped": counts["drop"]}
