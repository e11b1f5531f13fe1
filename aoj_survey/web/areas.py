"""Areas on the page of respondents: which there are, and which are expected to stand apart in the data."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext
from sqlalchemy import Connection

from aoj_survey.disclosure import AREA_SIGN, REST, AreaForecast, name_area
from aoj_survey.fieldwork import forecast_areas
from aoj_survey.questionnaire import GROUPS
from aoj_survey.waves import ParticipationFacts

from .coordinator import Status
from .naming import list_roles, name_group
from .visits import installation


@dataclass(frozen=True, slots=True)
class AreaLine:
    """What is expected of the people of a role in some areas, and how their answers will be kept."""

    name: str
    areas: str
    invited: int
    expected: int
    fate: Status


@dataclass(frozen=True, slots=True)
class AreaTable:
    """The areas of a participation, each by its number and its places, and a line for each class."""

    areas: tuple[tuple[str, str], ...]
    lines: tuple[AreaLine, ...]


def describe_areas(connection: Connection, facts: ParticipationFacts) -> AreaTable | None:
    """Return the forecast by area in words, from the list alone; None where answers are not kept by area."""
    if not facts.by_area:
        return None
    areas, classes = forecast_areas(connection, installation().keys, facts)
    return AreaTable(
        tuple((_name_areas([area.code]), name_area(area)) for area in areas),
        tuple(_describe(item) for item in classes) if areas else (),
    )


def _describe(item: AreaForecast) -> AreaLine:
    code, areas = _split(item.code)
    name = name_group(code) if code in GROUPS else list_roles(code.split("+"))
    return AreaLine(name, _name_areas(areas), item.invited, item.expected, _describe_fate(item))


def _describe_fate(item: AreaForecast) -> Status:
    own, (_, areas) = _split(item.code)[1], _split(item.opened_in)
    if not areas:
        return Status(gettext("not by area"), "warn")
    if item.apart:
        return Status(gettext("apart"), "ok")
    others = [area for area in areas if area not in own]
    return Status(gettext("together with area %(areas)s", areas=_name_areas(others)), "warn")


def _split(code: str) -> tuple[str, list[str]]:
    role, _, areas = code.partition(AREA_SIGN)
    return role, [area for area in areas.split("+") if area]


def _name_areas(areas: Sequence[str]) -> str:
    """Numbers of areas; `-` where there is none."""
    names = [gettext("place not known") if area == REST else area.removeprefix("a") for area in areas]
    return ", ".join(names) or "-"
