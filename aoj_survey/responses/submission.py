"""Sending: answers become a sealed ballot, the invitation is used up and the draft goes, all or nothing."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal
from uuid import uuid4

from sqlalchemy import Connection, insert

from aoj_survey.errors import StateError
from aoj_survey.interview import check_answers
from aoj_survey.invitations import InvitationFacts, mark_done
from aoj_survey.questionnaire import KINDS, Answers, ItemKind, find_context
from aoj_survey.waves import hold_running, read_instrument

from .drafts import delete_draft
from .envelope import Payload, seal_for
from .models import Ballot

Outcome = Literal["sent", "already", "closed"]


def submit(
    connection: Connection,
    token: str,
    invitation: InvitationFacts,
    answers: Answers,
    now: datetime,
    kinds: Mapping[str, ItemKind] = KINDS,
) -> Outcome:
    """Put answers in the ballot box, exactly once per invitation; call it in a write transaction of its own.

    `kinds` are the kinds of questions there are, those of modules included.

    Returns:
        `sent`; `already` when this invitation was used before (nothing is written then); `closed` when the
        window is over.

    Raises:
        StateError: the role has no instrument or class, which the start of a participation excludes.
        AnswersError: answers that do not fit the instrument.
    """
    participation = invitation.participation
    # Held, for a close between finding the invitation and here would count without this ballot.
    if participation.phase(now) != "open" or not hold_running(connection, participation.id):
        return "closed"
    digest, size = invitation.instrument_digest, participation.ballot_size
    if digest is None or invitation.class_code is None or size is None:
        raise StateError(f"The role {invitation.role} has no questionnaire in this participation.")
    context = find_context(invitation.role, participation.region)
    kept = check_answers(read_instrument(connection, digest), answers, context, kinds)
    ballot = seal_for(participation, Payload(digest, invitation.class_code, kept), size)
    if not mark_done(connection, invitation.id):
        return "already"
    connection.execute(
        insert(Ballot).values(id=uuid4(), participation_id=participation.id, ciphertext=ballot)
    )
    delete_draft(connection, token)
    return "sent"
