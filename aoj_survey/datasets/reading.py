"""The dataset of an opened participation, from what the opening stored."""

from sqlalchemy import Connection

from aoj_survey.errors import StateError
from aoj_survey.responses import read_responses, read_strata
from aoj_survey.waves import ParticipationFacts, read_instrument, role_digests

from .protection import OpenedResponse, Policy, WaveDataset, make_dataset


def read_dataset(
    connection: Connection, facts: ParticipationFacts, policy: Policy | None = None
) -> WaveDataset:
    """Return the protected dataset of an opened participation.

    Raises:
        StateError: its box was not opened yet.
        DisclosureError: the responses cannot be protected as the policy asks.
    """
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
    )
