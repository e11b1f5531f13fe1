"""Opening the ballot box of a closed participation: all at once, in random order, once.

Between the sealed box and readable rows lie: two people's approval or the announced delay, equal numbers in
box and list, at least ten ballots, and the merging of capture classes. A crash leaves the box as it was.

What ballots hold is kept in memory as short JSON between unsealing and merging, never in a file; so a box of
100,000 ballots takes little more than the answers themselves.
"""

import json
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import Connection, delete, func, insert, select, update

from aoj_survey.disclosure import CORE_RULE, CaptureClass, DisclosureRule, find_asked
from aoj_survey.keys import KeyDirectory
from aoj_survey.open_answers import find_open_items, read_names
from aoj_survey.statistics import RoleCount, list_printed
from aoj_survey.waves import (
    Act,
    FinalCount,
    Participation,
    ParticipationFacts,
    read_instrument,
    record_act,
    role_digests,
)

from .consents import OpeningRefusedError, describe_consent, require_approval
from .envelope import open_ballot
from .models import Ballot, Opening, OpeningRequest
from .strata import merge_strata, store_strata
from .writing import AT_ONCE, Shown, Tell, Unsealed, say_nothing, write_responses

MINIMUM = 10


def open_box(  # noqa: PLR0913 what an opening takes; the last are told by name
    connection: Connection,
    keys: KeyDirectory,
    facts: ParticipationFacts,
    now: datetime,
    custodians: X25519PrivateKey | None = None,
    rule: DisclosureRule = CORE_RULE,
    *,
    by: str = "command",
    tell: Tell = say_nothing,
) -> int:
    """Turn sealed ballots into responses, inside the caller's one write transaction; return how many.

    `custodians` is their private key, where they sealed the ballots too; `by` stands in the audit line. Capture
    classes merge until each has the `k` answers of the region's `rule`.

    Raises:
        OpeningRefusedError: not closed, not approved, fewer than ten ballots, numbers that differ, or no key
            of the custodians.
        BallotError: a ballot that does not fit the key; KeyFileError: no key.
    """
    claim_opening(connection, facts)
    require_approval(connection, facts, now)
    check_custodians(facts, custodians)
    counts = {row.role: row for row in connection.execute(_counts(facts.id))}
    _check_numbers(count_ballots(connection, facts.id), sum(row.done for row in counts.values()))
    unsealed = unseal_box(connection, keys, facts, custodians, tell)
    # A role that only people have whom the list named wrongly may be done with nobody invited.
    invited = {role: row.invited for role, row in counts.items() if row.invited or row.done}
    answered = Counter(item.class_code for item in unsealed)
    printed = list_printed(RoleCount(*row) for row in counts.values())
    strata = merge_strata(connection, facts.id, invited, answered, rule.k, printed)
    store_strata(connection, facts.id, strata)
    shown = _find_shown(connection, facts.id, strata)
    rows = [(item, shown[item.class_code]) for item in unsealed]
    names = read_names(connection, keys, (facts.id,))
    write_responses(connection, rows, {"participation_id": facts.id}, names, tell)
    empty_box(connection, facts, len(rows), now)
    record_act(connection, facts.id, Act(now, by, **describe_consent(connection, facts)))
    return len(rows)


def claim_opening(connection: Connection, facts: ParticipationFacts) -> None:
    """Make a closed participation an opened one, or raise OpeningRefusedError; of two at once, one does."""
    claimed = connection.execute(
        update(Participation)
        .where(Participation.id == facts.id, Participation.status == "closed")
        .values(status="opened")
    )
    if claimed.rowcount != 1:
        message = f"The box of {facts.region} in {facts.wave} is not closed, or was opened before."
        raise OpeningRefusedError("not_closed", message)


def check_custodians(facts: ParticipationFacts, custodians: X25519PrivateKey | None) -> None:
    """Raise OpeningRefusedError when custodians are missing, or are there for a box they did not seal."""
    where = f"The box of {facts.region} in {facts.wave}"
    if facts.sealing == "custodians" and custodians is None:
        message = (
            f"{where} is opened with the passphrases of two custodians: aoj responses open asks for them."
        )
        raise OpeningRefusedError("custodians", message)
    if facts.sealing != "custodians" and custodians is not None:
        raise OpeningRefusedError("custodians", f"{where} was not sealed by custodians.")


def _counts(participation: UUID) -> Any:
    return select(
        FinalCount.role, FinalCount.invited, FinalCount.delivered, FinalCount.started, FinalCount.done
    ).where(FinalCount.participation_id == participation)


def check_equal(in_box: int, done: int) -> None:
    """Raise OpeningRefusedError when the box holds more or fewer ballots than people are done."""
    if in_box != done:
        message = f"The box holds {in_box} ballots, but {done} people are done. Nothing was opened."
        raise OpeningRefusedError("numbers", message)


def _check_numbers(in_box: int, done: int) -> None:
    check_equal(in_box, done)
    if in_box < MINIMUM:
        message = (
            f"The box holds {in_box} ballots; with fewer than {MINIMUM} it stays closed until the other boxes of "
            "the wave are open, and then opens together with the other small ones: aoj responses open-together. "
            "What is not open by then is destroyed 90 days after the close."
        )
        raise OpeningRefusedError("too_small", message)


def unseal_box(
    connection: Connection,
    keys: KeyDirectory,
    facts: ParticipationFacts,
    custodians: X25519PrivateKey | None,
    tell: Tell,
) -> list[Unsealed]:
    """Return what the ballots of a box hold, without changing it.

    Raises:
        BallotError: a ballot that does not fit the key; KeyFileError: no key.
    """
    key = keys.box(facts.id)
    # A few at a time, since each has the size of the longest answers there can be.
    query = select(Ballot.ciphertext).where(Ballot.participation_id == facts.id)
    unsealed: list[Unsealed] = []
    with connection.execute(query.execution_options(yield_per=AT_ONCE)) as ballots:
        for batch in ballots.scalars().partitions(AT_ONCE):
            for ballot in batch:
                payload = open_ballot(key, facts.id, ballot, custodians)
                answers = json.dumps(payload.answers, ensure_ascii=False, separators=(",", ":")).encode()
                unsealed.append(Unsealed(sys.intern(payload.class_code), answers))
            tell(len(batch))
    return unsealed


def _find_shown(
    connection: Connection, participation: UUID, strata: Mapping[str, CaptureClass]
) -> dict[str, Shown]:
    """What may be shown of each class at the start, by its code."""
    digests = role_digests(connection, participation)
    instruments = {digest: read_instrument(connection, digest) for digest in set(digests.values())}
    shown: dict[str, Shown] = {}
    for stratum in set(strata.values()):
        known = replace(stratum, roles=tuple(role for role in stratum.roles if role in digests))
        # Any other item, and a condition that differs, would tell the role.
        asked = find_asked(known, digests, instruments)
        open_items = find_open_items(asked.instrument, asked.context, asked.shared)
        shown[stratum.code] = Shown(stratum.code, tuple(sorted(asked.digests)), asked.shared, open_items)
    return {code: shown[stratum.code] for code, stratum in strata.items()}


def empty_box(
    connection: Connection, facts: ParticipationFacts, responses: int, now: datetime, *, joint: bool = False
) -> None:
    """Remove the ballots of an opened box and what was asked, and record the opening with what is left to do."""
    for table in (Ballot, OpeningRequest):
        connection.execute(delete(table).where(table.participation_id == facts.id))
    connection.execute(
        insert(Opening).values(participation_id=facts.id, opened_at=now, responses=responses, joint=joint)
    )


def is_small(connection: Connection, participation: UUID) -> bool:
    """Return whether the box of a closed participation is too small to open by itself.

    By the people who are done too: a box that lost ballots is not small, and must not open or end as one.
    """
    return max(count_ballots(connection, participation), count_done(connection, participation)) < MINIMUM


def count_done(connection: Connection, participation: UUID) -> int:
    """Return how many people were done at the close."""
    query = select(func.coalesce(func.sum(FinalCount.done), 0)).where(
        FinalCount.participation_id == participation
    )
    return connection.execute(query).scalar_one()


def count_ballots(connection: Connection, participation: UUID) -> int:
    """Return how many ballots lie in the box."""
    query = select(func.count()).select_from(Ballot).where(Ballot.participation_id == participation)
    return connection.execute(query).scalar_one()
