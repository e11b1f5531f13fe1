"""A participation that keeps answers by area, on stage."""

from collections.abc import Mapping
from dataclasses import replace

from aoj_survey.db import db
from aoj_survey.installation import Clock
from aoj_survey.invitations import FrameRow, add_invitations
from aoj_survey.keys import KeyDirectory
from aoj_survey.regions import add_region
from aoj_survey.waves import ParticipationFacts, plan_participation, read_participation
from tests.staging import make_plan

HAVENDAM, RIJNMEER = ("Havendam", "swv PO Rijnmeer"), ("gemeente Rijnmeer", "swv PO Rijnmeer")
LISTED = {("ib", *HAVENDAM): 11, ("ib", *RIJNMEER): 13, ("zoco", *HAVENDAM): 9, ("zoco", *RIJNMEER): 3}


def make_row(role: str, municipality: str, swv: str, name: str) -> FrameRow:
    return FrameRow(f"{name}@school.example", role, f"school {name}", "nl", "", municipality, swv)


def plan_areas(
    keys: KeyDirectory,
    clock: Clock,
    region: str = "rijnmeer",
    listed: Mapping[tuple[str, str, str], int] = LISTED,
) -> ParticipationFacts:
    """Twenty-four ib'ers and twelve zoco's of two municipalities on a list, or as `listed`, before the start."""
    plan = replace(make_plan(clock(), {"ib": 0, "zoco": 0}, region=region), by_area=True)
    rows = [
        make_row(*place, f"{place[0]}-{place[1][0]}{number}".lower())
        for place, size in listed.items()
        for number in range(size)
    ]
    with db.write() as connection:
        add_region(connection, plan.region, plan.region.title())
        identity = plan_participation(connection, keys, plan)
        add_invitations(connection, keys, identity, rows)
        return read_participation(connection, identity)
