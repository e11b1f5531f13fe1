"""Small boxes: those with fewer than ten ballots open together, once the other boxes of their wave are open.

Their answers count in the total over all regions only: they belong to the wave, in one stratum of all roles,
with the items that every role of every one of these regions was asked in one way. Nothing tells the region.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import Connection, func, insert, select

from aoj_survey.disclosure import REGION, CaptureClass, join_instruments
from aoj_survey.keys import KeyDirectory
from aoj_survey.open_answers import find_open_items, read_names
from aoj_survey.questionnaire import Instrument, digest_instrument, dump_instrument, find_context
from aoj_survey.regions import JOINT_REGION
from aoj_survey.waves import (
    Act,
    FinalCount,
    Participation,
    ParticipationFacts,
    StoredInstrument,
    list_participations,
    read_instrument,
    record_act,
    role_digests,
)

from .consents import OpeningRefusedError, require_approval
from .models import Opening, Response
from .opening import (
    MINIMUM,
    check_custodians,
    check_equal,
    claim_opening,
    count_ballots,
    count_done,
    empty_box,
    is_small,
    unseal_box,
)
from .records import OpenedResponse, read_response
from .writing import Shown, Tell, Unsealed, say_nothing, write_responses

NO_CUSTODIANS: Mapping[UUID, X25519PrivateKey] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class JointResponses:
    """What small boxes held together: responses of a wave and of no region, their one stratum, and their instrument."""

    stratum: CaptureClass
    responses: tuple[OpenedResponse, ...]
    digest: str
    members: tuple[UUID, ...]


def list_small_boxes(connection: Connection, wave: str) -> tuple[ParticipationFacts, ...]:
    """Return the closed participations of a wave whose box is too small to open by itself, and not empty."""
    return tuple(
        facts
        for facts in list_participations(connection, "closed")
        if facts.wave == wave
        and facts.box_destroyed_at is None
        and is_small(connection, facts.id)
        and (count_ballots(connection, facts.id) or count_done(connection, facts.id))
    )


def list_to_open_first(connection: Connection, wave: str, now: datetime) -> tuple[ParticipationFacts, ...]:
    """Return the participations of a wave for which its small boxes wait: not closed, or not opened yet."""
    return tuple(
        facts
        for facts in list_participations(connection, "planned", "running", "closed")
        if facts.wave == wave and _must_open_first(connection, facts, now)
    )


def _must_open_first(connection: Connection, facts: ParticipationFacts, now: datetime) -> bool:
    if facts.status == "closed":
        return not is_small(connection, facts.id)
    # Who never started before the window was over holds nobody up.
    return facts.status == "running" or facts.phase(now) != "closed"


def open_together(
    connection: Connection,
    keys: KeyDirectory,
    wave: str,
    now: datetime,
    custodians: Mapping[UUID, X25519PrivateKey] = NO_CUSTODIANS,
    *,
    by: str = "command",
    tell: Tell = say_nothing,
) -> int:
    """Open all small boxes of a wave in the caller's one write transaction; return how many ballots they held.

    `custodians` are the private keys of those who sealed a box too, by participation.

    Raises:
        OpeningRefusedError: a box of the wave that must open first, one that is not approved, numbers that
            differ, fewer than ten ballots together, or small boxes of this wave that were opened before.
        DisclosureError: nothing that all were asked in one way.
        BallotError: a ballot that does not fit the key; KeyFileError: no key.
    """
    small = list_small_boxes(connection, wave)
    _check_last(connection, wave, now)
    for facts in small:
        claim_opening(connection, facts)
        require_approval(connection, facts, now)
        check_custodians(facts, custodians.get(facts.id))
        check_equal(count_ballots(connection, facts.id), count_done(connection, facts.id))
    _check_total(wave, sum(count_ballots(connection, facts.id) for facts in small))
    shown = _store_instrument(connection, small)
    rows: list[tuple[Unsealed, Shown]] = []
    for facts in small:
        unsealed = unseal_box(connection, keys, facts, custodians.get(facts.id), tell)
        rows += [(item, shown) for item in unsealed]
        empty_box(connection, facts, len(unsealed), now, joint=True)
        record_act(connection, facts.id, Act(now, by, "box_opened_together"))
    names = read_names(connection, keys, [facts.id for facts in small])
    write_responses(connection, rows, {"wave_code": wave}, names, tell)
    return len(rows)


def _check_last(connection: Connection, wave: str, now: datetime) -> None:
    if waiting := list_to_open_first(connection, wave, now):
        names = ", ".join(facts.region for facts in waiting)
        raise OpeningRefusedError("too_early", f"Small boxes of {wave} open last; first come: {names}.")
    if has_joint(connection, wave):
        raise OpeningRefusedError("not_closed", f"The small boxes of {wave} were opened before.")


def _check_total(wave: str, ballots: int) -> None:
    if ballots < MINIMUM:
        message = (
            f"The small boxes of {wave} hold {ballots} ballots together; with fewer than {MINIMUM} they stay "
            "closed. They are destroyed 90 days after their close."
        )
        raise OpeningRefusedError("too_small", message)


def _store_instrument(connection: Connection, small: Sequence[ParticipationFacts]) -> Shown:
    """Keep the instrument of what all were asked in one way; return what responses may show of it."""
    instrument = join_instruments(_list_asking(connection, small), JOINT_REGION)
    document = dump_instrument(instrument)
    digest = digest_instrument(document)
    known = select(StoredInstrument.digest).where(StoredInstrument.digest == digest)
    if connection.execute(known).first() is None:
        connection.execute(insert(StoredInstrument).values(digest=digest, document=document))
    shared = frozenset(item.code for item in instrument.items())
    # Over items asked of all in one way, any of the roles is as good as another.
    context = find_context(instrument.roles[0], JOINT_REGION)
    return Shown(REGION, (digest,), shared, find_open_items(instrument, context, shared))


def _list_asking(connection: Connection, small: Sequence[ParticipationFacts]) -> list[tuple[Instrument, str]]:
    asking: list[tuple[Instrument, str]] = []
    for facts in small:
        digests = role_digests(connection, facts.id)
        asking += [
            (read_instrument(connection, digests[role]), role)
            for role in _list_roles(connection, (facts.id,))
            if role in digests
        ]
    return asking


def _list_roles(connection: Connection, members: Sequence[UUID]) -> tuple[str, ...]:
    """Roles that somebody has, on the list or by correction."""
    somebody = (FinalCount.invited > 0) | (FinalCount.done > 0)
    query = select(FinalCount.role).where(FinalCount.participation_id.in_(members), somebody)
    return tuple(sorted(set(connection.execute(query).scalars())))


def has_joint(connection: Connection, wave: str) -> bool:
    """Return whether the small boxes of a wave are open."""
    return (
        connection.execute(select(Response.id).where(Response.wave_code == wave).limit(1)).first() is not None
    )


def count_joint(connection: Connection, wave: str) -> dict[str, int]:
    """Return by stratum how many responses the small boxes of a wave held together; nothing while they are not open."""
    rows = connection.execute(
        select(Response.stratum, func.count()).where(Response.wave_code == wave).group_by(Response.stratum)
    )
    return {row[0]: row[1] for row in rows}


def read_joint(connection: Connection, wave: str) -> JointResponses | None:
    """Return what the small boxes of a wave held together, or None while they are not open."""
    rows = connection.execute(
        select(Response.stratum, Response.content).where(Response.wave_code == wave).order_by(Response.id)
    )
    responses = tuple(read_response(row.stratum, row.content) for row in rows)
    if not responses:
        return None
    members = list_joint_members(connection, wave)
    [digest] = {digest for item in responses for digest in item.instruments}
    invited = connection.execute(
        select(func.sum(FinalCount.invited)).where(FinalCount.participation_id.in_(members))
    ).scalar_one()
    roles = read_instrument(connection, digest).roles
    stratum = CaptureClass(REGION, roles, max(invited, len(responses)), len(responses))
    return JointResponses(stratum, responses, digest, members)


def list_joint_members(connection: Connection, wave: str) -> tuple[UUID, ...]:
    """Return the participations of a wave whose small boxes opened together."""
    return tuple(
        connection.execute(
            select(Opening.participation_id)
            .join(Participation, Participation.id == Opening.participation_id)
            .where(Opening.joint, Participation.wave_code == wave)
            .order_by(Opening.participation_id)
        ).scalars()
    )


def is_joint(connection: Connection, participation: UUID) -> bool:
    """Return whether a box opened together with others, so that its answers are of no region."""
    query = select(Opening.joint).where(Opening.participation_id == participation)
    return bool(connection.execute(query).scalar_one_or_none())
