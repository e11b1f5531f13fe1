"""From a closed box to a written bundle, as in a real wave: two approve, the box opens, its key is destroyed."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from aoj_survey.datasets import WaveDataset, read_dataset
from aoj_survey.db import db
from aoj_survey.exports import Bundle, verify_bundle, write_bundle
from aoj_survey.fieldwork import finish_openings
from aoj_survey.installation import Installation
from aoj_survey.regions import find_rule
from aoj_survey.responses import approve_opening, open_box, record_bundle
from aoj_survey.statistics import ResponseTable
from aoj_survey.tracking import read_overview
from aoj_survey.waves import find_participation


@dataclass(frozen=True, slots=True)
class OpenedWave:
    """How many responses were opened, and what was made of them."""

    responses: int
    dataset: WaveDataset
    response: ResponseTable
    bundle: Bundle


def open_and_write(
    installation: Installation, wave: str, region: str, people: Sequence[str], bundles: Path
) -> OpenedWave:
    """Open a closed box that these people approve, write and read back its bundle, and destroy its key.

    Raises:
        OpeningRefusedError: the box may not be opened.
        ExportError: the bundle is not as it should be.
    """
    keys, now = installation.keys, installation.now()
    with db.write() as connection:
        facts = find_participation(connection, wave, region)
        for person in people:
            approve_opening(connection, facts.id, person)
    with db.write() as connection:
        facts = find_participation(connection, wave, region)
        rule = find_rule(connection, installation.hooks, region)
        opened = open_box(connection, keys, facts, now, rule=rule)
    finish_openings(db, keys, now)
    with db.read() as connection:
        facts = find_participation(connection, wave, region)
        dataset = read_dataset(connection, facts, installation.hooks)
        response = read_overview(connection, facts).table
    bundle = write_bundle(dataset, response, bundles)
    with db.write() as connection:
        record_bundle(connection, facts.id, verify_bundle(bundle.folder))
    finish_openings(db, keys, now)
    return OpenedWave(opened, dataset, response, bundle)
