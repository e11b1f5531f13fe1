"""Invitations: made from frame rows, looked up by link, used up."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, and_, insert, update

from aoj_survey.keys import KeyDirectory
from aoj_survey.waves import (
    Participation,
    ParticipationFacts,
    RoleInstrument,
    StoredCaptureClass,
    participation_facts,
    select_participations,
)

from .contacts import Contact, hash_address, hash_person, seal_contact
from .links import derive_token, hash_token
from .models import ANSWERING_ROLE, Invitation, Invitee, YouthConsent
from .places import read_keeper
from .scheduling import plan_messages
from .youth import CONSENT_COLUMNS, YOUTH_ROLES, Consent, consent_in

CHUNK = 500


@dataclass(frozen=True, slots=True)
class FrameRow:
    """One person to be asked; `sector` is the kind of organisation, where the list says it."""

    address: str
    role: str
    organisation: str
    language: str
    sector: str = ""
    municipality: str = ""
    swv: str = ""

    @property
    def contact(self) -> Contact:
        """What is kept of this person, sealed."""
        return Contact(self.address, self.organisation, self.municipality, self.swv)


@dataclass(frozen=True, slots=True)
class InvitationFacts:
    """An invitation, with what a respondent's pages need of its participation.

    `role` is the one the person answers in.
    `by_group`: of somebody who started by a group link, of whom neither address nor language is known.
    `consent`: what was recorded of the parents of a young person; None for all others.
    """

    id: UUID
    role: str
    status: str
    started: bool
    language: str
    instrument_digest: str | None
    class_code: str | None
    participation: ParticipationFacts
    by_group: bool = False
    consent: Consent | None = None


def add_invitations(
    connection: Connection,
    keys: KeyDirectory,
    participation: UUID,
    rows: Sequence[FrameRow],
    *,
    linked: bool = True,
) -> None:
    """Store invitees, each with an invitation and its three messages.

    Who may not read the link key, as the web process, stores them not `linked`: the worker makes the links.
    """
    keep = read_keeper(connection, participation)
    contact_key = keys.contact(participation)
    link_key = keys.link(participation) if linked else None
    invitations: list[dict[str, Any]] = []
    for start in range(0, len(rows), CHUNK):
        people: list[dict[str, Any]] = []
        invitations = []
        for row in rows[start : start + CHUNK]:
            person = _invitee(participation, contact_key, row)
            people.append(person)
            area = keep(row.role, row.municipality, row.swv)
            invitations.append(_invitation(participation, link_key, person["id"], row.role) | {"area": area})
        connection.execute(insert(Invitee), people)
        connection.execute(insert(Invitation), invitations)
    # A long list is not looked through for a few more people.
    plan_messages(connection, participation, [item["id"] for item in invitations if len(rows) <= CHUNK])


def _invitee(participation: UUID, contact_key: bytes, row: FrameRow) -> dict[str, Any]:
    identity = uuid4()
    return {
        "id": identity,
        "participation_id": participation,
        "address_hash": hash_address(contact_key, row.address),
        "person_hash": hash_person(contact_key, row.address, row.role, row.organisation),
        "contact": seal_contact(contact_key, identity, row.contact),
        "sector": row.sector or None,
        "language": row.language,
    }


def _invitation(participation: UUID, link_key: bytes | None, invitee: UUID, role: str) -> dict[str, Any]:
    identity = uuid4()
    place = {"id": identity, "participation_id": participation, "invitee_id": invitee, "role": role}
    if link_key is None:
        return place | {"token_hash": os.urandom(32), "relink": True}
    return place | {
        "token_hash": hash_token(derive_token(link_key, "link", identity, 0)),
        "optout_hash": hash_token(derive_token(link_key, "optout", identity, 0)),
        "bounce_hash": hash_token(derive_token(link_key, "bounce", identity, 0)),
    }


def find_invitation(
    connection: Connection, token: str, *, for_update: bool = False
) -> InvitationFacts | None:
    """Return the invitation of a personal link, or None when the link is unknown; one statement.

    With `for_update`, other transactions that want the same wait: two devices never lose an answer.
    """
    query = (
        select_participations(
            Invitation.id.label("invitation"),
            ANSWERING_ROLE.label("role"),
            Invitation.status.label("invitation_status"),
            Invitation.started,
            Invitation.group_id,
            Invitee.language,
            RoleInstrument.instrument_digest,
            StoredCaptureClass.class_code,
            *CONSENT_COLUMNS,
        )
        .join(Invitation, Invitation.participation_id == Participation.id)
        .outerjoin(Invitee, Invitee.id == Invitation.invitee_id)
        .outerjoin(RoleInstrument, _same_role(RoleInstrument))
        .outerjoin(StoredCaptureClass, _same_class())
        .outerjoin(YouthConsent, _of_young_people())
        .where(Invitation.token_hash == hash_token(token))
    )
    if for_update:
        query = query.with_for_update(of=Invitation)
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    return InvitationFacts(
        id=row.invitation,
        role=row.role,
        status=row.invitation_status,
        started=row.started,
        language=row.language or "nl",
        instrument_digest=row.instrument_digest,
        class_code=row.class_code,
        participation=participation_facts(row),
        by_group=row.group_id is not None,
        consent=consent_in(row),
    )


def _same_role(table: type[RoleInstrument] | type[StoredCaptureClass]) -> Any:
    return and_(
        table.participation_id == Invitation.participation_id,
        table.role == ANSWERING_ROLE,
    )


def _same_class() -> Any:
    return and_(_same_role(StoredCaptureClass), StoredCaptureClass.area == Invitation.area)


def _of_young_people() -> Any:
    return and_(
        YouthConsent.participation_id == Invitation.participation_id,
        ANSWERING_ROLE.in_(YOUTH_ROLES),
    )


def mark_started(connection: Connection, invitation: UUID) -> None:
    """Keep that somebody pressed Start; not when."""
    connection.execute(
        update(Invitation).where(Invitation.id == invitation, ~Invitation.started).values(started=True)
    )


def mark_done(connection: Connection, invitation: UUID) -> bool:
    """Use up the right to answer; return False when it was used or withdrawn before."""
    result = connection.execute(
        update(Invitation)
        .where(Invitation.id == invitation, Invitation.status == "open")
        .values(status="done", started=True)
    )
    return result.rowcount == 1
