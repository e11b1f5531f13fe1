"""Opened responses, as plain values."""

import json
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, select

from aoj_survey.disclosure import CaptureClass
from aoj_survey.questionnaire import Answers
from aoj_survey.waves import Stratum

from .envelope import read_answers_document
from .models import Response


@dataclass(frozen=True, slots=True)
class OpenedResponse:
    """One person's answers after the opening, with the stratum and the instruments used in it."""

    stratum: str
    instruments: tuple[str, ...]
    answers: Answers


def read_responses(connection: Connection, participation: UUID) -> tuple[OpenedResponse, ...]:
    """Return the responses of an opened participation, in order of their random ids."""
    rows = connection.execute(
        select(Response.stratum, Response.content)
        .where(Response.participation_id == participation)
        .order_by(Response.id)
    )
    return tuple(read_response(row.stratum, row.content) for row in rows)


def read_response(stratum: str, content: str) -> OpenedResponse:
    """Return a stored response as a value; `tests/samples/` keeps one of each format for ever."""
    document = json.loads(content)
    answers = read_answers_document(document["answers"])
    return OpenedResponse(stratum, tuple(document["instruments"]), answers)


def read_strata(connection: Connection, participation: UUID) -> tuple[CaptureClass, ...]:
    """Return the classes of an opened participation with invited (N) and answered (n)."""
    return tuple(
        CaptureClass(row.code, tuple(row.roles.split()), row.invited, row.answered)
        for row in connection.execute(
            select(Stratum.code, Stratum.roles, Stratum.invited, Stratum.answered)
            .where(Stratum.participation_id == participation)
            .order_by(Stratum.code)
        )
    )
