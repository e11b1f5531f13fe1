"""The list of people as coordinators see it: what was asked of whom, never who took part."""

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias
from uuid import UUID

from sqlalchemy import Connection, Row, select
from sqlalchemy.orm import aliased

from aoj_survey.errors import ChangeError
from aoj_survey.keys import KeyDirectory

from .contacts import Contact, open_contact
from .models import Invitation, Invitee, Message
from .records import FrameRow

MailState: TypeAlias = Literal["waiting", "sent", "failed", "undelivered", "uncertain"]
"""What became of the mail with the invitation, or of that with the link sent again."""

MAIL_STATES: dict[str, MailState] = {
    "due": "waiting",
    "claimed": "waiting",
    "sent": "sent",
    "failed": "failed",
    "undelivered": "undelivered",
    "uncertain": "uncertain",
}

GONE = "This person is no longer on the list."


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """Somebody on the list as coordinators see it: never whether this person started or is done.

    `again` is what became of the link when it was last sent again, which is the same for everybody; None when
    it never was.
    """

    id: UUID
    address: str
    organisation: str
    role: str
    sector: str
    language: str
    mail: MailState
    opted_out: bool
    municipality: str = ""
    swv: str = ""
    again: MailState | None = None

    @property
    def row(self) -> FrameRow:
        """The person as a row of a list."""
        return FrameRow(
            self.address,
            self.role,
            self.organisation,
            self.language,
            self.sector,
            self.municipality,
            self.swv,
        )


def list_people(connection: Connection, keys: KeyDirectory, participation: UUID) -> tuple[ListedPerson, ...]:
    """Return everybody on the list by organisation and address; those taken off are left out.

    Raises:
        KeyFileError: the contact key is gone, as after the purge.
    """
    key = keys.contact(participation)
    rows = connection.execute(_select_people(participation))
    people = [_listed(row, open_contact(key, row.id, row.contact)) for row in rows]
    return tuple(
        sorted(people, key=lambda item: (item.organisation.casefold(), item.address.casefold(), item.role))
    )


def find_person(
    connection: Connection, keys: KeyDirectory, participation: UUID, invitee: UUID
) -> ListedPerson:
    """Return somebody on the list.

    Raises:
        ChangeError: `gone`: there is no such person on it, or not any more.
    """
    row = connection.execute(_select_people(participation).where(Invitee.id == invitee)).one_or_none()
    if row is None:
        raise ChangeError("gone", GONE)
    return _listed(row, open_contact(keys.contact(participation), row.id, row.contact))


def _select_people(participation: UUID) -> Any:
    later = aliased(Message)
    again = (
        select(later.state)
        .where(later.invitation_id == Invitation.id, later.kind == "link_again")
        .order_by(later.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    return (
        select(
            Invitee.id,
            Invitee.contact,
            Invitee.sector,
            Invitee.language,
            Invitee.opted_out,
            Invitation.role,
            Message.state,
            again.label("again"),
        )
        .join(Invitation, Invitation.invitee_id == Invitee.id)
        .outerjoin(Message, (Message.invitation_id == Invitation.id) & (Message.kind == "invitation"))
        .where(Invitee.participation_id == participation, Invitee.withdrawn.is_(None))
    )


def _listed(row: Row[Any], contact: Contact) -> ListedPerson:
    return ListedPerson(
        id=row.id,
        address=contact.address,
        organisation=contact.organisation,
        role=row.role,
        sector=row.sector or "",
        language=row.language,
        mail=MAIL_STATES[row.state or "due"],
        opted_out=row.opted_out,
        municipality=contact.municipality,
        swv=contact.swv,
        again=MAIL_STATES[row.again] if row.again else None,
    )
