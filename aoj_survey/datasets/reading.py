"""The dataset of an opened participation, from what the opening stored."""

from collections.abc import Mapping

from sqlalchemy import Connection

from aoj_survey.disclosure import name_area
from aoj_survey.errors import StateError
from aoj_survey.invitations import read_areas
from aoj_survey.questionnaire import KINDS, ItemKind
from aoj_survey.regions import JOINT_REGION
from aoj_survey.responses import is_joint, read_joint, read_responses, read_strata
from aoj_survey.waves import ParticipationFacts, list_errata, read_instrument, role_digests

from .protection import OpenedResponse, Policy, WaveDataset, make_dataset


def read_dataset(
    connection: Connection,
    facts: ParticipationFacts,
    policy: Policy | None = None,
    kinds: Mapping[str, ItemKind] = KINDS,
) -> WaveDataset:
    """Return the protected dataset of an opened participation.

    `kinds` are the kinds of questions there are, those of modules included.

    Raises:
        StateError: its box was not opened yet.
        DisclosureError: the responses cannot be protected as the policy asks.
    """
    if is_joint(connection, facts.id):
        raise StateError(
            f"The small box of {facts.region} in {facts.wave} opened together with others; its answers count in the "
            f"total over all regions only: {JOINT_REGION} in the place of the region."
        )
    if facts.status != "opened":
        raise StateError(f"The box of {facts.region} in {facts.wave} was not opened yet; there are no data.")
    digests = role_digests(connection, facts.id)
    return make_dataset(
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
        kinds=kinds,
        errata=list_errata(connection, facts.id),
        areas={area.code: name_area(area) for area in read_areas(connection, facts.id)},
    )


def read_joint_dataset(
    connection: Connection,
    wave: str,
    policy: Policy | None = None,
    kinds: Mapping[str, ItemKind] = KINDS,
) -> WaveDataset:
    """Return the protected dataset of what the small boxes of a wave held together; its region is `joint`.

    Raises:
        StateError: they were not opened.
        DisclosureError: the responses cannot be protected as the policy asks.
    """
    joint = read_joint(connection, wave)
    if joint is None:
        raise StateError(f"No small boxes of {wave} were opened together; there are no such data.")
    return make_dataset(
        wave,
        JOINT_REGION,
        (joint.stratum,),
        [OpenedResponse(item.stratum, item.instruments, item.answers) for item in joint.responses],
        {joint.digest: read_instrument(connection, joint.digest)},
        dict.fromkeys(joint.stratum.roles, joint.digest),
        policy,
        kinds=kinds,
    )
