"""Attempt: which response an answer in own words came with, by an id, by the text, or by who could have written it."""

from uuid import UUID

from sqlalchemy import Connection, select

from aoj_survey.open_answers import FEWEST, Gathered, OpenAnswer, find_open_items
from aoj_survey.questionnaire import find_context
from aoj_survey.responses import OpenedResponse, Response, read_responses, read_strata
from aoj_survey.waves import ParticipationFacts, read_instrument

from .attempts import Attempt, conclude, pass_over
from .order import are_random


def try_open_answers(connection: Connection, facts: ParticipationFacts) -> Attempt:
    """Seek ids and texts of open answers among responses, and count texts that few people could have written."""
    here = OpenAnswer.participation_id == facts.id
    rows = connection.execute(select(OpenAnswer.id, OpenAnswer.item, OpenAnswer.text).where(here)).all()
    if not rows:
        return pass_over("open_answers", facts.region, "no_open_answers")
    responses = read_responses(connection, facts.id)
    could = _count_who_could(connection, facts, responses)
    measure = {
        "rows": len(rows),
        "shared": len({row.id for row in rows} & _read_ids(connection, facts.id)),
        "not_random": 0 if are_random([row.id for row in rows]) else len(rows),
        "in_responses": _count_texts({(row.item, row.text) for row in rows}, responses),
        "few": sum(could.could[row.item] < FEWEST for row in rows),
    }
    linked = any(measure[name] for name in ("shared", "not_random", "in_responses", "few"))
    return conclude("open_answers", facts.region, measure, linked=linked)


def _read_ids(connection: Connection, participation: UUID) -> set[UUID]:
    return set(
        connection.execute(select(Response.id).where(Response.participation_id == participation)).scalars()
    )


def _count_texts(texts: set[tuple[str, str]], responses: tuple[OpenedResponse, ...]) -> int:
    return sum(pair in texts for response in responses for pair in response.answers.items())


def _count_who_could(
    connection: Connection, facts: ParticipationFacts, responses: tuple[OpenedResponse, ...]
) -> Gathered:
    """By item, how many responses lead to it; those damaged beyond reading lead nowhere."""
    roles = {stratum.code: stratum.roles[0] for stratum in read_strata(connection, facts.id)}
    digests = {digest for response in responses for digest in response.instruments[:1]}
    instruments = {digest: read_instrument(connection, digest) for digest in digests}
    gathered = Gathered()
    for response in responses:
        for digest in response.instruments[:1]:
            instrument = instruments[digest]
            context = find_context(roles.get(response.stratum, ""), facts.region)
            codes = [item.code for item in instrument.items()]
            gathered.gather(response.answers, response.stratum, find_open_items(instrument, context, codes))
    return gathered
