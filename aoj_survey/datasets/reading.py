"""The dataset of an opened participation, from what the opening stored."""

from sqlalchemy import Connection

from aoj_survey.errors import StateError
from aoj_survey.hooks import Hooks
from aoj_survey.invitations import read_areas
from aoj_survey.regions import JOINT_REGION, find_rule, region_hooks
from aoj_survey.responses import is_joint, read_joint, read_responses, read_strata
from aoj_survey.waves import (
    ParticipationFacts,
    list_errata,
    read_instrument,
    read_participation,
    role_digests,
)

from .derived import derive_columns
from .policies import ONDERZOEK, Policy, tighten
from .protection import OpenedResponse, WaveDataset, make_dataset


def read_dataset(
    connection: Connection,
    facts: ParticipationFacts,
    hooks: Hooks,
    policy: Policy = ONDERZOEK,
) -> WaveDataset:
    """Return the protected dataset of an opened participation.

    The strictest counts of the policy, the region's own rule and the rules of its modules in `hooks`; the columns that
    these derive come last.

    Raises:
        StateError: its box was not opened yet.
        DisclosureError: the responses cannot be protected as these ask.
        PluginError: a module of the region is not there, or its rule or a column of it cannot be used.
    """
    return _read(connection, facts, hooks, tighten(policy, find_rule(connection, hooks, facts.region)))


def read_finest(connection: Connection, facts: ParticipationFacts, hooks: Hooks) -> WaveDataset:
    """Return the dataset in the strata that the opening stored, by the core's numbers whatever the region wants.

    The ledger counts by it, so that classes keep their names when a region's rule changes. It is never published.

    Raises:
        StateError, DisclosureError: as `read_dataset`.
    """
    return _read(connection, facts, hooks, ONDERZOEK)


def _read(connection: Connection, facts: ParticipationFacts, hooks: Hooks, policy: Policy) -> WaveDataset:
    if is_joint(connection, facts.id):
        raise StateError(
            f"The small box of {facts.region} in {facts.wave} opened together with others; its answers count in the "
            f"total over all regions only: {JOINT_REGION} in the place of the region."
        )
    if facts.status != "opened":
        raise StateError(f"The box of {facts.region} in {facts.wave} was not opened yet; there are no data.")
    digests = role_digests(connection, facts.id)
    dataset = make_dataset(
        facts.wave,
        facts.region,
        read_strata(connection, facts.id),
        [
            OpenedResponse(item.stratum, item.instruments, item.answers)
            for item in read_responses(connection, facts.id)
        ],
        {digest: read_instrument(connection, digest) for digest in sorted(set(digests.values()))},
        digests,
        policy,
        kinds=hooks.kinds,
        errata=list_errata(connection, facts.id),
        areas=read_areas(connection, facts.id),
        consent=(facts.approval,),
    )
    return derive_columns(dataset, region_hooks(connection, hooks, facts.region))


def read_joint_dataset(
    connection: Connection,
    wave: str,
    hooks: Hooks,
    policy: Policy = ONDERZOEK,
) -> WaveDataset:
    """Return the protected dataset of what the small boxes of a wave held together; its region is `joint`.

    The strictest counts of the policy and the rules of every region whose box was among them.

    Raises:
        StateError: they were not opened.
        DisclosureError, PluginError: as `read_dataset`.
    """
    joint = read_joint(connection, wave)
    if joint is None:
        raise StateError(f"No small boxes of {wave} were opened together; there are no such data.")
    members = [read_participation(connection, member) for member in joint.members]
    for facts in members:
        policy = tighten(policy, find_rule(connection, hooks, facts.region))
    return make_dataset(
        wave,
        JOINT_REGION,
        (joint.stratum,),
        [OpenedResponse(item.stratum, item.instruments, item.answers) for item in joint.responses],
        {joint.digest: read_instrument(connection, joint.digest)},
        dict.fromkeys(joint.stratum.roles, joint.digest),
        policy,
        kinds=hooks.kinds,
        consent=[facts.approval for facts in members],
    )
