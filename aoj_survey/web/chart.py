"""The chart of people who are done, day by day: positions for an SVG that needs no style and no script.

The plot is stretched to the width of the page; texts stand outside it, so that they are not. Positions from
start to end are percentages of the whole width, those from top to bottom are pixels.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from babel.dates import format_date
from flask_babel import gettext

from aoj_survey.statistics import round_half_away
from aoj_survey.tracking import DayTotal
from aoj_survey.waves import ParticipationFacts

from .language import current_language

LEFT, WIDTH = 9.0, 89.5
TOP, HEIGHT = 40.0, 180.0
UNITS = 1000
"""Width of the plot in units of its own."""

STEPS = (1, 2, 4, 5, 10, 20, 25, 40, 50)
INTERVALS = 3
WEEK = 7


@dataclass(frozen=True, slots=True)
class Mark:
    """A text or line: where, what, and `tone` (for a date: whether phones leave it out)."""

    at: float
    text: str
    tone: str = ""
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Chart:
    """All that the page draws; `line` and `area` are in units of the plot."""

    sentence: str
    line: str
    area: str
    last: Mark
    last_y: float
    ticks: tuple[Mark, ...]
    dates: tuple[Mark, ...]
    reminders: tuple[Mark, ...]
    goal: int | None
    goal_y: float
    days: tuple[tuple[str, int], ...]


def draw_chart(
    facts: ParticipationFacts,
    series: Sequence[DayTotal],
    invited: int,
    moments: Mapping[str, datetime],
    now: datetime,
) -> Chart | None:
    """Return the chart of a series, with goal and reminders; None without any count."""
    if not series:
        return None
    goal = None if facts.goal is None else int(round_half_away(Fraction(facts.goal * invited, 100)))
    top = choose_step(max([goal or 0, *(total.done for total in series)])) * INTERVALS
    places = [(float(_share(facts, total.day) * UNITS), _height(total.done, top)) for total in series]
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    (first_x, _), (last_x, last_y) = places[0], places[-1]
    return Chart(
        sentence=describe_goal(facts, series[-1], goal),
        line=points,
        area=f"{first_x:.1f},{HEIGHT:.1f} {points} {last_x:.1f},{HEIGHT:.1f}",
        last=Mark(_across(last_x / UNITS), str(series[-1].done), anchor=_anchor(last_x / UNITS)),
        last_y=TOP + last_y,
        ticks=tuple(
            Mark(TOP + _height(value, top), str(value)) for value in range(0, top + 1, top // INTERVALS)
        ),
        dates=tuple(_list_dates(facts)),
        reminders=tuple(_list_reminders(facts, moments, now)),
        goal=goal,
        goal_y=TOP + _height(goal or 0, top),
        days=tuple((_write_day(total.day), total.done) for total in series),
    )


def choose_step(largest: int) -> int:
    """Return the distance between lines so that three of them reach `largest`: a round number."""
    scale = 1
    while True:
        for step in STEPS:
            if step * scale * INTERVALS >= largest:
                return step * scale
        scale *= 10


def describe_goal(facts: ParticipationFacts, newest: DayTotal, goal: int | None) -> str:
    """Return whether the response is ahead of the goal or behind, in numbers; empty without a goal."""
    if goal is None:
        return ""
    if facts.status in {"closed", "opened"}:
        if newest.done >= goal:
            return gettext(
                "The goal was reached: %(done)s people are done, the goal was %(goal)s.",
                done=newest.done,
                goal=goal,
            )
        return gettext(
            "The goal was not reached: %(done)s people are done, the goal was %(goal)s.",
            done=newest.done,
            goal=goal,
        )
    day = (newest.day - facts.first_day).days + 1
    values = {"done": newest.done, "expected": expect_on(facts, newest.day, goal), "day": day}
    if newest.done >= values["expected"]:
        return gettext(
            "You are ahead of the goal: %(done)s instead of %(expected)s on day %(day)s.", **values
        )
    return gettext("You are behind the goal: %(done)s instead of %(expected)s on day %(day)s.", **values)


def expect_on(facts: ParticipationFacts, day: date, goal: int) -> int:
    """Return how many should be done on a day, on a straight line from 0 on the first day to the goal."""
    return int(round_half_away(goal * _share(facts, day)))


def _share(facts: ParticipationFacts, day: date) -> Fraction:
    """How far a day is between the first and the last, from 0 to 1."""
    whole = max(1, (facts.last_day - facts.first_day).days)
    return min(Fraction(1), max(Fraction(0), Fraction((day - facts.first_day).days, whole)))


def _across(share: float | Fraction) -> float:
    return round(LEFT + WIDTH * float(share), 2)


def _height(value: int, top: int) -> float:
    return HEIGHT * (1 - value / top)


def _anchor(share: float | Fraction) -> str:
    edge = 0.12
    return "start" if share < edge else "end" if share > 1 - edge else "middle"


def _list_dates(facts: ParticipationFacts) -> Iterable[Mark]:
    """The first and the last day, and weeks between; phones show one of those only."""
    whole = (facts.last_day - facts.first_day).days
    weeks = list(range(WEEK, whole - WEEK // 2, WEEK))
    middle = min(weeks, key=lambda days: abs(2 * days - whole), default=None)
    yield Mark(LEFT, _write_day(facts.first_day), anchor="start")
    for days in weeks:
        day = facts.first_day + timedelta(days=days)
        tone = "" if days == middle else "roomy"
        yield Mark(_across(days / whole), _write_day(day), tone)
    if whole:
        yield Mark(_across(1), _write_day(facts.last_day), anchor="end")


def _list_reminders(
    facts: ParticipationFacts, moments: Mapping[str, datetime], now: datetime
) -> Iterable[Mark]:
    names = {
        "first_reminder": gettext("1st reminder"),
        "second_reminder": gettext("2nd reminder"),
    }
    for kind, name in names.items():
        # A region that mails itself reminds as it likes.
        if kind in moments and facts.sender == "installation":
            day = moments[kind].astimezone(facts.zone).date()
            share = _share(facts, day)
            yield Mark(_across(share), name, "sent" if moments[kind] <= now else "planned", _anchor(share))


def _write_day(day: date) -> str:
    return format_date(day, "d MMM", locale=current_language())
