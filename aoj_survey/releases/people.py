"""How many people stand in the finest classes of a wave: of its regions, and of its small boxes together."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from aoj_survey.regions import JOINT_REGION
from aoj_survey.responses import count_joint, is_joint, read_strata
from aoj_survey.waves import FinalCount, list_participations

STRATA, INVITED, DONE = "strata", "invited", "done"
"""Measures of a bundle: who answered by stratum, who was invited and who is done by role."""


@dataclass(frozen=True, slots=True)
class Counted:
    """How many people stand in the classes of a wave, by `name_class`: answered by stratum, invited and done by role.

    `joint` holds the regions whose small boxes opened together: they have roles of their own and one stratum for all.
    """

    strata: Mapping[str, int]
    invited: Mapping[str, int]
    done: Mapping[str, int]
    joint: tuple[str, ...] = ()


def name_class(region: str, code: str) -> str:
    """Return the name that a stratum or a role of a region has in the ledger of a wave, as rijnmeer/ib.

    The stratum of small boxes is that of the region `joint`; their roles are those of their own regions.
    """
    return f"{region}/{code}"


def count_people(connection: Connection, wave: str) -> Counted:
    """Return the numbers behind all that can be released of a wave that was held here."""
    strata: dict[str, int] = {}
    invited: dict[str, int] = {}
    done: dict[str, int] = {}
    joint: list[str] = []
    for facts in list_participations(connection, "opened"):
        if facts.wave == wave:
            joint += [facts.region] if is_joint(connection, facts.id) else []
            for item in read_strata(connection, facts.id):
                strata[name_class(facts.region, item.code)] = item.answered
            for row in connection.execute(
                select(FinalCount.role, FinalCount.invited, FinalCount.done).where(
                    FinalCount.participation_id == facts.id
                )
            ):
                invited[name_class(facts.region, row.role)] = row.invited
                done[name_class(facts.region, row.role)] = row.done
    for code, answered in count_joint(connection, wave).items():
        strata[name_class(JOINT_REGION, code)] = answered
    return Counted(strata, invited, done, tuple(joint))
