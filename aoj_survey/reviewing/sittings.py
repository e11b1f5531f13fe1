"""Sittings at the desk: what one person chooses is kept together with the line of the audit that says who chose."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from aoj_survey.waves import Act, ActCode, Value, list_acts, record_act

from .desk import Decision, Place, Proposed, ReviewError, confirm, count_decisions, propose, send_back
from .redaction import RedactionError


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What somebody proposes for an answer; `shortened` is the text that is left, where words are left out."""

    answer: UUID
    decision: Decision
    shortened: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether somebody agrees with what another proposed, or sends it back; `seal` is that of what was shown."""

    answer: UUID
    seal: str
    agrees: bool


@dataclass(frozen=True, slots=True)
class People:
    """How many people proposed something for the answers of a place, and how many decided."""

    proposed: int
    decided: int


def keep_suggestions(
    connection: Connection, place: Place, item: str, suggestions: Iterable[Suggestion], by: str, now: datetime
) -> dict[UUID, RedactionError]:
    """Keep what somebody proposes, and return what is wrong with shortened texts, by answer; those wait on.

    What somebody else decided meanwhile is passed over.
    """
    kept, wrong = 0, dict[UUID, RedactionError]()
    for one in suggestions:
        try:
            propose(connection, place, item, one.answer, one.decision, by, shortened=one.shortened)
            kept += 1
        except RedactionError as error:
            wrong[one.answer] = error
        except ReviewError:
            continue
    if kept:
        _record(connection, place, now, by, "answers_proposed", {"name": item, "number": kept})
    return wrong


def keep_verdicts(
    connection: Connection, place: Place, item: str, verdicts: Iterable[Verdict], by: str, now: datetime
) -> tuple[tuple[Proposed, ...], tuple[Proposed, ...]]:
    """Carry out what somebody agrees with and send back the rest; return both. Late ones and own ones are passed over."""
    agreed: list[Proposed] = []
    returned: list[Proposed] = []
    for one in verdicts:
        act, found = (confirm, agreed) if one.agrees else (send_back, returned)
        try:
            found.append(act(connection, place, item, one.answer, by, seal=one.seal))
        except ReviewError:
            continue
    if agreed:
        names = ", ".join(sorted({proposal.by for proposal in agreed}))
        values = {"name": item, **count_decisions(agreed), "words": names}
        _record(connection, place, now, by, "answers_decided", values)
    if returned:
        _record(connection, place, now, by, "answers_sent_back", {"name": item, "number": len(returned)})
    return tuple(agreed), tuple(returned)


def _record(
    connection: Connection, place: Place, now: datetime, by: str, code: ActCode, values: dict[str, Value]
) -> None:
    where: dict[str, Value] = {"wave": place.wave} if place.wave else {}
    record_act(connection, place.participation, Act(now, by, code, values | where))


def list_sittings(connection: Connection, place: Place) -> tuple[Act, ...]:
    """Return the lines of the audit on the open answers of a place, newest first."""
    return tuple(
        act
        for act in list_acts(connection, place.participation)
        if act.code in {"answers_proposed", "answers_decided", "answers_sent_back"}
        and act.values.get("wave") == place.wave
    )


def count_people(connection: Connection, place: Place) -> People:
    """Return how many people looked at the open answers of a place, by the audit."""
    names: dict[ActCode, set[str]] = {"answers_proposed": set(), "answers_decided": set()}
    for act in list_sittings(connection, place):
        names.setdefault(act.code, set()).add(act.made_by.casefold())
    return People(len(names["answers_proposed"]), len(names["answers_decided"]))
