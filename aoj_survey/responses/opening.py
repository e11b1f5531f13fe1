"""Opening the ballot box of a closed participation: all at once, in random order, once.

Between the sealed box and readable rows lie: two people's approval or the announced delay, equal numbers in
box and list, at least ten ballots, and the merging of capture classes. A crash leaves the box as it was.
"""

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import Connection, delete, func, insert, select, update

from aoj_survey.disclosure import AREA_SIGN, CaptureClass, find_asked, merge_classes
from aoj_survey.errors import AojError
from aoj_survey.keys import KeyDirectory
from aoj_survey.waves import (
    FinalClassCount,
    FinalCount,
    Participation,
    ParticipationFacts,
    StoredCaptureClass,
    Stratum,
    read_instrument,
    role_digests,
)

from .envelope import Payload, open_ballot
from .models import Approval, Ballot, Opening, Response

FORMAT = 1
MINIMUM = 10
APPROVERS = 2
DELAY = timedelta(hours=72)


class OpeningRefusedError(AojError):
    """A box that may not be opened now; nothing was changed."""


def approve_opening(connection: Connection, participation: UUID, person: str) -> int:
    """Keep somebody's consent, once per person; return how many people have given it."""
    known = set(connection.execute(_approvals(participation)).scalars())
    name = " ".join(person.split())
    if not name:
        raise OpeningRefusedError("An approval needs the name of who gives it.")
    if name.casefold() not in {other.casefold() for other in known}:
        connection.execute(insert(Approval).values(participation_id=participation, person=name))
        known.add(name)
    return len(known)


def list_approvals(connection: Connection, participation: UUID) -> tuple[str, ...]:
    """Return who approved the opening, by name."""
    return tuple(sorted(connection.execute(_approvals(participation)).scalars()))


def _approvals(participation: UUID) -> Any:
    return select(Approval.person).where(Approval.participation_id == participation)


def open_box(
    connection: Connection,
    keys: KeyDirectory,
    facts: ParticipationFacts,
    now: datetime,
    custodians: X25519PrivateKey | None = None,
) -> int:
    """Turn sealed ballots into responses, inside the caller's one write transaction; return how many.

    `custodians` is their private key, where they sealed the ballots too.

    Raises:
        OpeningRefusedError: not closed, not approved, fewer than ten ballots, numbers that differ, or no key
            of the custodians.
        BallotError: a ballot that does not fit the key; KeyFileError: no key.
    """
    _claim_opening(connection, facts)
    _check_approval(connection, facts, now)
    _check_custodians(facts, custodians)
    counts = {row.role: row for row in connection.execute(_counts(facts.id))}
    ballots = connection.execute(
        select(Ballot.ciphertext).where(Ballot.participation_id == facts.id)
    ).scalars()
    key = keys.box(facts.id)
    payloads = [open_ballot(key, facts.id, ballot, custodians) for ballot in ballots]
    _check_numbers(len(payloads), sum(row.done for row in counts.values()))
    # A role that only people have whom the list named wrongly may be done with nobody invited.
    invited = {role: row.invited for role, row in counts.items() if row.invited or row.done}
    strata = _merge(connection, facts.id, invited, payloads)
    _store_strata(connection, facts.id, strata)
    instruments = _instruments_of(connection, facts.id, strata)
    rows = [_response(facts.id, strata[item.class_code], instruments, item) for item in payloads]
    # New random ids, inserted in their order: nothing of the order in the box remains.
    connection.execute(insert(Response), sorted(rows, key=lambda row: row["id"].bytes))
    connection.execute(delete(Ballot).where(Ballot.participation_id == facts.id))
    connection.execute(insert(Opening).values(participation_id=facts.id, opened_at=now, responses=len(rows)))
    return len(rows)


def _claim_opening(connection: Connection, facts: ParticipationFacts) -> None:
    claimed = connection.execute(
        update(Participation)
        .where(Participation.id == facts.id, Participation.status == "closed")
        .values(status="opened")
    )
    if claimed.rowcount != 1:
        message = f"The box of {facts.region} in {facts.wave} is not closed, or was opened before."
        raise OpeningRefusedError(message)


def _check_approval(connection: Connection, facts: ParticipationFacts, now: datetime) -> None:
    if facts.approval == "delay":
        if facts.closed_at is None or now < facts.closed_at + DELAY:
            raise OpeningRefusedError("The announced 72 hours since the close are not over yet.")
        return
    given = len(connection.execute(_approvals(facts.id)).all())
    if given < APPROVERS:
        raise OpeningRefusedError(f"Two people must approve the opening; {given} did so far.")


def _check_custodians(facts: ParticipationFacts, custodians: X25519PrivateKey | None) -> None:
    if (facts.sealing == "custodians") != (custodians is not None):
        raise OpeningRefusedError(
            f"The box of {facts.region} in {facts.wave} is opened with the passphrases of two custodians: "
            "aoj responses open asks for them."
            if custodians is None
            else f"The box of {facts.region} in {facts.wave} was not sealed by custodians."
        )


def _counts(participation: UUID) -> Any:
    return select(FinalCount.role, FinalCount.invited, FinalCount.done).where(
        FinalCount.participation_id == participation
    )


def _check_numbers(in_box: int, done: int) -> None:
    if in_box != done:
        message = f"The box holds {in_box} ballots, but {done} people are done. Nothing was opened."
        raise OpeningRefusedError(message)
    if in_box < MINIMUM:
        message = (
            f"The box holds {in_box} ballots; with fewer than {MINIMUM} it stays closed. "
            "It is destroyed 90 days after the close."
        )
        raise OpeningRefusedError(message)


def _merge(
    connection: Connection, participation: UUID, invited: Mapping[str, int], payloads: Sequence[Payload]
) -> dict[str, CaptureClass]:
    rows = connection.execute(
        select(StoredCaptureClass.class_code, StoredCaptureClass.role, StoredCaptureClass.area)
        .where(StoredCaptureClass.participation_id == participation)
        .order_by(StoredCaptureClass.class_code, StoredCaptureClass.role)
    ).all()
    answered = Counter(item.class_code for item in payloads)
    # Roles that nobody has had are left out: their questionnaire must not take items from the others.
    roles: dict[str, tuple[str, ...]] = {
        code: tuple(dict.fromkeys(row.role for row in rows if row.class_code == code and row.role in invited))
        for code in dict.fromkeys(row.class_code for row in rows)
    }
    sizes = _count_classes(
        connection, participation, roles, invited, {row.class_code for row in rows if not row.area}
    )
    # So is the class of who has no place, where everybody has one.
    classes = [
        CaptureClass(code, found, sizes[code])
        for code, found in roles.items()
        if found and (sizes[code] or answered[code] or AREA_SIGN not in code)
    ]
    return merge_classes(classes, answered)


def _count_classes(
    connection: Connection,
    participation: UUID,
    roles: Mapping[str, Sequence[str]],
    invited: Mapping[str, int],
    remainders: Collection[str],
) -> dict[str, int]:
    """How many were invited in each class at the close; of a role's classes, one is what the areas leave of it."""
    rows = connection.execute(
        select(FinalClassCount.class_code, FinalClassCount.invited).where(
            FinalClassCount.participation_id == participation
        )
    )
    sizes: dict[str, int] = dict.fromkeys(roles, 0) | {row.class_code: row.invited for row in rows}
    for code in remainders:
        beside = [
            other
            for other in roles
            if other != code and other.partition(AREA_SIGN)[0] == code.partition(AREA_SIGN)[0]
        ]
        total = sum(invited[role] for role in roles[code])
        sizes[code] = max(0, total - sum(sizes[other] for other in beside))
    return sizes


def _store_strata(connection: Connection, participation: UUID, strata: Mapping[str, CaptureClass]) -> None:
    merged = {stratum.code: stratum for stratum in strata.values()}
    connection.execute(
        insert(Stratum),
        [
            {
                "participation_id": participation,
                "code": stratum.code,
                "roles": " ".join(stratum.roles),
                "invited": max(stratum.invited, stratum.answered),
                "answered": stratum.answered,
            }
            for stratum in merged.values()
        ],
    )


@dataclass(frozen=True, slots=True)
class _Shown:
    """What responses of one stratum may show: its instruments, and the items asked of all its roles in one way."""

    digests: tuple[str, ...]
    items: frozenset[str]


def _instruments_of(
    connection: Connection, participation: UUID, strata: Mapping[str, CaptureClass]
) -> dict[str, _Shown]:
    digests = role_digests(connection, participation)
    instruments = {digest: read_instrument(connection, digest) for digest in set(digests.values())}
    shown: dict[str, _Shown] = {}
    for stratum in strata.values():
        known = replace(stratum, roles=tuple(role for role in stratum.roles if role in digests))
        # Any other item, and a condition that differs, would tell the role.
        asked = find_asked(known, digests, instruments)
        shown[stratum.code] = _Shown(tuple(sorted(asked.digests)), asked.shared)
    return shown


def _response(
    participation: UUID, stratum: CaptureClass, shown: Mapping[str, _Shown], payload: Payload
) -> dict[str, Any]:
    allowed = shown[stratum.code]
    answers = {code: value for code, value in payload.answers.items() if code in allowed.items}
    document = {"format": FORMAT, "instruments": allowed.digests, "answers": answers}
    content = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return {"id": uuid4(), "participation_id": participation, "stratum": stratum.code, "content": content}


def count_ballots(connection: Connection, participation: UUID) -> int:
    """Return how many ballots lie in the box."""
    query = select(func.count()).select_from(Ballot).where(Ballot.participation_id == participation)
    return connection.execute(query).scalar_one()
