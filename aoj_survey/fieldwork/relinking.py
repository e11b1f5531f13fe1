"""Making links that the web process may not make: for people added on a page, or whose address changed.

Only the worker holds the key of the links. What was filled in under the former link is carried over to the new
one. Each invitation also gets the hash by which mail that comes back is matched.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Select, or_, select, update

from aoj_survey.db import Database
from aoj_survey.invitations import Invitation, derive_token, hash_token
from aoj_survey.keys import KeyDirectory
from aoj_survey.responses import delete_draft, keep_draft, read_draft
from aoj_survey.waves import ParticipationFacts, list_participations

from .turns import take_turns

CHUNK = 200
"""Links made in one transaction: nobody waits long to write, and a crash loses none."""


def renew_links(database: Database, keys: KeyDirectory) -> int:
    """Make every link that is waited for; return how many. Harmless when run twice, or twice at once.

    Raises:
        TurnError: one or more participations of which the links could not be made; the others are.
    """
    made = 0

    def renew(connection: Connection, facts: ParticipationFacts) -> None:
        nonlocal made
        made += _renew_some(connection, facts, keys)

    before = -1
    # What another worker has in hand is passed over, so a go that makes none is the last.
    while made > before and (places := _find_places(database)):
        before = made
        take_turns(database, places, renew)
    return made


def _find_places(database: Database) -> list[ParticipationFacts]:
    with database.read() as connection:
        facts = list_participations(connection, "planned", "running")
        return [place for place in facts if connection.execute(_waiting(place.id).limit(1)).first()]


def _waiting(participation: UUID) -> Select[*tuple[Any, ...]]:
    # Whoever waits for a link has no hash of this kind, and there is an index on it.
    return select(Invitation.id, Invitation.generation, Invitation.relink, Invitation.optout_hash).where(
        Invitation.bounce_hash.is_(None),
        Invitation.participation_id == participation,
        or_(Invitation.relink, Invitation.invitee_id.is_not(None)),
    )


def _renew_some(connection: Connection, facts: ParticipationFacts, keys: KeyDirectory) -> int:
    link_key = keys.link(facts.id)
    rows = connection.execute(_waiting(facts.id).limit(CHUNK).with_for_update(skip_locked=True)).all()
    for row in rows:
        if row.relink:
            _carry_draft(connection, facts.id, link_key, row)
        connection.execute(
            update(Invitation).where(Invitation.id == row.id).values(_make_hashes(link_key, row))
        )
    return len(rows)


def _make_hashes(link_key: bytes, row: Row[*tuple[Any, ...]]) -> dict[str, Any]:
    hashes = {
        "bounce_hash": hash_token(derive_token(link_key, "bounce", row.id, row.generation)),
        "relink": False,
    }
    if row.relink:
        hashes["token_hash"] = hash_token(derive_token(link_key, "link", row.id, row.generation))
    if row.optout_hash is None:
        hashes["optout_hash"] = hash_token(derive_token(link_key, "optout", row.id, row.generation))
    return hashes


def _carry_draft(
    connection: Connection, participation: UUID, link_key: bytes, row: Row[*tuple[Any, ...]]
) -> None:
    """Encrypt what was filled in under a former link anew under the new one; the address may have changed twice."""
    new = derive_token(link_key, "link", row.id, row.generation)
    for generation in range(row.generation):
        former = derive_token(link_key, "link", row.id, generation)
        draft = read_draft(connection, former, participation)
        if draft is not None:
            keep_draft(connection, new, participation, draft)
            delete_draft(connection, former)
