"""Released open answers, for a file of their own beside a wave dataset."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection

from aoj_survey.questionnaire import Text
from aoj_survey.reviewing import (
    People,
    Place,
    ReleasedAnswer,
    count_people,
    list_progress,
    read_released,
)
from aoj_survey.waves import read_instrument, role_digests

from .protection import WaveDataset


@dataclass(frozen=True, slots=True)
class OpenAnswers:
    """What two people released, in the order of random ids, with the words of each item and counts for the report.

    `people` looked at them. `unsought` are the items in whose answers no names of organisations were looked for.
    """

    answers: tuple[ReleasedAnswer, ...]
    labels: Mapping[str, Text]
    counts: Mapping[str, int]
    people: People
    unsought: tuple[str, ...] = ()


def read_open_answers(
    connection: Connection, place: Place, participations: Iterable[UUID], dataset: WaveDataset
) -> OpenAnswers:
    """Return the released open answers that belong with a dataset; `participations` are those it is of."""
    answers = read_released(connection, place, dict(dataset.privacy.merged))
    labels: dict[str, Text] = {}
    for participation in participations:
        for digest in sorted(set(role_digests(connection, participation).values())):
            for item in read_instrument(connection, digest).items():
                labels.setdefault(item.code, item.text)
    progress = list_progress(connection, place)
    counts = {
        "released": sum(item.released for item in progress),
        "redacted": sum(item.redacted for item in progress),
        "dropped": sum(item.dropped for item in progress),
        "waiting": sum(item.waiting + item.proposed for item in progress),
        "unkept": sum(item.unkept for item in progress),
    }
    return OpenAnswers(
        answers,
        {item.item: labels.get(item.item, {"nl": item.item}) for item in progress},
        counts,
        count_people(connection, place),
        tuple(item.item for item in progress if item.total and not item.names_sought),
    )
