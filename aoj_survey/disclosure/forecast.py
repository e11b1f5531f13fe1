"""Before and during the fieldwork: which roles can stand apart in figures, if as many answer as expected."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from aoj_survey.questionnaire import GROUPS

from .classes import REGION, CaptureClass, merge_classes
from .tables import ReportingGroup, reporting_groups

EXPECTED_PERCENT = 45
"""The response that is expected, of who is invited (the design's privacy forecast)."""

Fate: TypeAlias = Literal["apart", "group", "joined", "total", "too_small"]
"""How a role will be shown: by itself, as its group, with other roles, only in the total, or not at all."""


@dataclass(frozen=True, slots=True)
class RoleForecast:
    """What is expected of a role; `together` are the other roles it is shown with, `group` their group."""

    role: str
    invited: int
    expected: int
    fate: Fate
    together: tuple[str, ...] = ()
    group: str = ""


def forecast_roles(
    classes: Sequence[CaptureClass], invited: dict[str, int], percent: int = EXPECTED_PERCENT
) -> tuple[RoleForecast, ...]:
    """Return a forecast per role of capture classes, from the number invited per role.

    The opening merges classes by what is expected of each, and figures merge them further; so does this.
    """
    if not classes:
        return ()
    answered = {
        item.code: sum(expect(invited.get(role, 0), percent) for role in item.roles) for item in classes
    }
    strata = list(dict.fromkeys(merge_classes(classes, answered).values()))
    groups = reporting_groups(strata)
    return tuple(
        _forecast(role, invited, expect(invited[role], percent), groups)
        for item in classes
        for role in item.roles
        if invited.get(role)
    )


@dataclass(frozen=True, slots=True)
class AreaForecast:
    """What is expected of a class: how many were invited and will answer, and the class it is opened in."""

    code: str
    invited: int
    expected: int
    opened_in: str

    @property
    def apart(self) -> bool:
        """Whether it will stand by itself."""
        return self.code == self.opened_in


def forecast_division(
    classes: Sequence[CaptureClass], percent: int = EXPECTED_PERCENT
) -> tuple[AreaForecast, ...]:
    """Return a forecast for each class with people in it, areas among them, in the order given."""
    filled = [item for item in classes if item.invited]
    expected = {item.code: expect(item.invited, percent) for item in filled}
    merged = merge_classes(filled, expected)
    return tuple(
        AreaForecast(item.code, item.invited, expected[item.code], merged[item.code].code) for item in filled
    )


def expect(invited: int, percent: int = EXPECTED_PERCENT) -> int:
    """Return how many of so many invited are expected to answer, half rounded up."""
    return (2 * percent * invited + 100) // 200


def _forecast(
    role: str, invited: dict[str, int], expected: int, groups: Sequence[ReportingGroup]
) -> RoleForecast:
    holding = [group for group in groups if role in group.roles]
    if not holding:
        return RoleForecast(role, invited[role], expected, "too_small")
    nearest = min(holding, key=lambda group: (len(group.roles), group.answered))
    # A class may be for roles too in which nobody was invited.
    others = tuple(other for other in nearest.roles if other != role and invited.get(other))
    if not others:
        return RoleForecast(role, invited[role], expected, "apart")
    if nearest.code in GROUPS:
        return RoleForecast(role, invited[role], expected, "group", others, nearest.code)
    fate: Fate = "total" if nearest.code == REGION else "joined"
    return RoleForecast(role, invited[role], expected, fate, others)
