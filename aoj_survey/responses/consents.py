"""Who may open a box, and who asked for it: two people's approval, or the delay that was announced."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, TypeAlias
from uuid import UUID

from sqlalchemy import Connection, insert, select, update

from aoj_survey.errors import AojError
from aoj_survey.waves import Act, Participation, ParticipationFacts, record_act

from .models import Approval, OpeningRequest

APPROVERS = 2
LONGEST_NAME = 200
DELAY = timedelta(hours=72)

Refusal: TypeAlias = Literal[
    "no_name", "not_closed", "not_approved", "too_early", "custodians", "numbers", "too_small", "not_alike"
]


class OpeningRefusedError(AojError):
    """A box that may not be opened now; nothing was changed. `code` is for doors with words of their own."""

    def __init__(self, code: Refusal, what: str) -> None:
        self.code: Refusal = code
        super().__init__(what)


def hold_box(connection: Connection, participation: UUID) -> str:
    """Let nobody else approve, ask for or open a box until this transaction ends; return its status."""
    row = select(Participation.status).where(Participation.id == participation).with_for_update()
    return connection.execute(row).scalar_one()


def approve_opening(connection: Connection, participation: UUID, person: str) -> int:
    """Keep somebody's consent to opening a closed box, once per person; return how many people have given it.

    Raises:
        OpeningRefusedError: no name of a person, or a box that is not closed.
    """
    name = clean_name(person)
    if hold_box(connection, participation) != "closed":
        raise OpeningRefusedError(
            "not_closed",
            "This box is not closed, or was opened before. Approve it between close and opening.",
        )
    known = list_approvals(connection, participation)
    if name.casefold() in {other.casefold() for other in known}:
        return len(known)
    connection.execute(insert(Approval).values(participation_id=participation, person=name))
    return len(known) + 1


def clean_name(person: str) -> str:
    """Return a name as it is meant, so that one that looks the same is the same.

    Raises:
        OpeningRefusedError: no name, a longer one than there is room for, or one with invisible characters.
    """
    name = " ".join(unicodedata.normalize("NFKC", person).split())
    if not name or not name.isprintable() or len(name) > LONGEST_NAME:
        raise OpeningRefusedError(
            "no_name",
            f"An approval needs the name of who gives it: at most {LONGEST_NAME} characters, none of them invisible.",
        )
    return name


def list_approvals(connection: Connection, participation: UUID) -> tuple[str, ...]:
    """Return the names of who approved the opening of a box, in order of the alphabet."""
    query = select(Approval.person).where(Approval.participation_id == participation)
    return tuple(sorted(connection.execute(query).scalars()))


def require_approval(connection: Connection, facts: ParticipationFacts, now: datetime) -> None:
    """Raise OpeningRefusedError unless two people approved, or the announced 72 hours are over."""
    if facts.approval == "delay":
        if facts.closed_at is None or now < facts.closed_at + DELAY:
            raise OpeningRefusedError("too_early", "The announced 72 hours since the close are not over yet.")
        return
    given = len(list_approvals(connection, facts.id))
    if given < APPROVERS:
        raise OpeningRefusedError("not_approved", f"Two people must approve the opening; {given} did so far.")


def is_approved(connection: Connection, facts: ParticipationFacts, now: datetime) -> bool:
    """Return whether two people approved, or the announced 72 hours are over."""
    try:
        require_approval(connection, facts, now)
    except OpeningRefusedError:
        return False
    return True


def describe_consent(connection: Connection, facts: ParticipationFacts) -> dict[str, Any]:
    """Return code and values of the act that an opening is, by what it was allowed by."""
    if facts.approval == "delay":
        return {"code": "box_opened_late"}
    return {"code": "box_opened", "values": {"words": ", ".join(list_approvals(connection, facts.id))}}


@dataclass(frozen=True, slots=True)
class AskedOpening:
    """A box that somebody asked the worker to open; `refused` says why it could not, empty while it is due.

    `fault` stands for a key or a ballot that does not fit: the command `aoj responses open` tells more.
    """

    participation: UUID
    person: str
    refused: Refusal | Literal["", "fault"]


def request_opening(connection: Connection, facts: ParticipationFacts, person: str, now: datetime) -> None:
    """Ask the worker to open a box once it is closed and approved; asking again makes it try again.

    Raises:
        OpeningRefusedError: it was opened before, or custodians have to open it themselves.
    """
    where = f"{facts.region} in {facts.wave}"
    if hold_box(connection, facts.id) == "opened":
        raise OpeningRefusedError("not_closed", f"The box of {where} was opened before.")
    if facts.sealing == "custodians":
        raise OpeningRefusedError(
            "custodians", f"The custodians of {where} open it themselves: aoj responses open"
        )
    asked = OpeningRequest.participation_id == facts.id
    if connection.execute(update(OpeningRequest).where(asked).values(refused="")).rowcount == 0:
        connection.execute(
            insert(OpeningRequest).values(participation_id=facts.id, person=person, refused="")
        )
        record_act(connection, facts.id, Act(now, person, "opening_asked"))


_ASKED = select(OpeningRequest.participation_id, OpeningRequest.person, OpeningRequest.refused)


def list_asked_openings(connection: Connection) -> tuple[AskedOpening, ...]:
    """Return the boxes that somebody asked to open and that are not open yet."""
    rows = connection.execute(_ASKED.order_by(OpeningRequest.participation_id))
    return tuple(AskedOpening(*row) for row in rows)


def find_asked_opening(connection: Connection, participation: UUID) -> AskedOpening | None:
    """Return what became of asking for a box to be opened; None when nobody asked, or it is open."""
    row = connection.execute(_ASKED.where(OpeningRequest.participation_id == participation)).one_or_none()
    return AskedOpening(*row) if row else None


def refuse_opening(connection: Connection, participation: UUID, why: Refusal | Literal["fault"]) -> None:
    """Keep why an asked opening could not be done; it is tried again when somebody asks again."""
    connection.execute(
        update(OpeningRequest).where(OpeningRequest.participation_id == participation).values(refused=why)
    )
