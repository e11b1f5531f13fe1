"""The chart on the overview: a line of daily totals, the goal, reminders, and the same numbers as a table."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask_babel import force_locale
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from aoj_survey.db import db
from aoj_survey.fieldwork import close_participation
from aoj_survey.keys import KeyDirectory
from aoj_survey.tracking import DayTotal, count_day, read_overview, read_series
from aoj_survey.waves import Participation, ParticipationFacts, read_participation
from aoj_survey.web.chart import HEIGHT, LEFT, TOP, UNITS, WIDTH, Chart, choose_step, draw_chart, expect_on
from tests.conftest import FixedClock
from tests.factories import make_daily_count
from tests.responses.boxes import fill_box
from tests.staging import start_wave
from tests.web.browsing import log_in
from tests.web.conftest import PASSWORD

OVERVIEW = "/coordinator/2026/rijnmeer"
FIRST = date(2026, 5, 4)
MOMENTS = {
    "invitation": datetime(2026, 5, 4, 7, tzinfo=UTC),
    "first_reminder": datetime(2026, 5, 12, 7, tzinfo=UTC),
    "second_reminder": datetime(2026, 5, 26, 7, tzinfo=UTC),
}


def draw(
    facts: ParticipationFacts, done: list[int], invited: int = 205, day: int = 17, language: str = "nl"
) -> Chart:
    series = [DayTotal(FIRST + timedelta(days=place), number) for place, number in enumerate(done)]
    now = datetime(2026, 5, 4, 12, tzinfo=UTC) + timedelta(days=day)
    with force_locale(language):
        chart = draw_chart(facts, series, invited, MOMENTS, now)
    assert chart is not None
    return chart


@pytest.fixture
def facts(sqlite_app: Flask, keys_of_sqlite: KeyDirectory, clock: FixedClock) -> ParticipationFacts:
    return start_wave(keys_of_sqlite, clock(), {"ib": 12, "zoco": 12, "jeugdhulp": 4})


@pytest.fixture
def keys_of_sqlite(sqlite_app: Flask) -> KeyDirectory:
    found: KeyDirectory = sqlite_app.extensions["aoj"].keys
    return found


def aim(facts: ParticipationFacts, goal: int) -> ParticipationFacts:
    with db.write() as connection:
        connection.execute(update(Participation).values(goal=goal))
        return read_participation(connection, facts.id)


# Where things stand


def test_a_line_runs_from_the_first_day_to_the_newest(sqlite_app: Flask, facts: ParticipationFacts) -> None:
    with sqlite_app.test_request_context():
        chart = draw(facts, [0, 30, 60])
    points = [tuple(map(float, point.split(","))) for point in chart.line.split()]
    step = UNITS / 32
    assert [round(x / step) for x, _ in points] == [0, 1, 2]
    assert [y for _, y in points] == [HEIGHT, HEIGHT / 2, 0]
    assert chart.area == f"0.0,{HEIGHT} {chart.line} {points[-1][0]},{HEIGHT}"
    assert (chart.last.text, chart.last_y) == ("60", TOP)
    assert [tick.text for tick in chart.ticks] == ["0", "20", "40", "60"]
    assert chart.days == (("4 mei", 0), ("5 mei", 30), ("6 mei", 60))


def test_without_counts_there_is_no_chart(facts: ParticipationFacts) -> None:
    assert draw_chart(facts, [], 0, MOMENTS, MOMENTS["invitation"]) is None


def test_dates_stand_a_week_apart_and_phones_show_three(sqlite_app: Flask, facts: ParticipationFacts) -> None:
    with sqlite_app.test_request_context():
        chart = draw(facts, [1])
    assert [mark.text for mark in chart.dates] == ["4 mei", "11 mei", "18 mei", "25 mei", "1 jun", "5 jun"]
    assert [mark.text for mark in chart.dates if not mark.tone] == ["4 mei", "18 mei", "5 jun"]
    assert (chart.dates[0].at, chart.dates[-1].at) == (LEFT, LEFT + WIDTH)


def test_reminders_are_sent_or_planned(sqlite_app: Flask, facts: ParticipationFacts) -> None:
    with sqlite_app.test_request_context():
        chart = draw(facts, [1])
    assert [(mark.text, mark.tone) for mark in chart.reminders] == [
        ("1e herinnering", "sent"),
        ("2e herinnering", "planned"),
    ]
    assert chart.reminders[0].at == pytest.approx(LEFT + WIDTH * 8 / 32, abs=0.01)


@given(st.integers(0, 1_000_000))
def test_three_round_steps_reach_any_number_and_not_far_beyond(largest: int) -> None:
    step = choose_step(largest)
    assert 3 * step >= largest
    assert step == 1 or 3 * step <= 3.2 * largest
    assert str(step).rstrip("0") in {"1", "2", "4", "5", "25"}


# The goal


@pytest.mark.parametrize(
    ("done", "words"),
    [
        (75, "U ligt voor op het doel: 75 in plaats van 55 op dag 18."),
        (55, "U ligt voor op het doel: 55 in plaats van 55 op dag 18."),
        (54, "U ligt achter op het doel: 54 in plaats van 55 op dag 18."),
    ],
)
def test_the_sentence_says_ahead_or_behind_in_numbers(
    sqlite_app: Flask, facts: ParticipationFacts, done: int, words: str
) -> None:
    with sqlite_app.test_request_context():
        chart = draw(aim(facts, 50), [*range(17), done])
    assert (chart.goal, chart.sentence) == (103, words)


def test_without_a_goal_there_is_no_sentence_and_no_line(
    sqlite_app: Flask, facts: ParticipationFacts
) -> None:
    with sqlite_app.test_request_context():
        chart = draw(facts, [3])
    assert (chart.goal, chart.sentence) == (None, "")


def test_the_goal_is_a_straight_line_from_nothing(facts: ParticipationFacts) -> None:
    assert [expect_on(facts, FIRST + timedelta(days=days), 64) for days in (0, 8, 16, 32, 99)] == [
        0,
        16,
        32,
        64,
        64,
    ]


# The series


def test_the_series_is_the_total_of_each_day(facts: ParticipationFacts) -> None:
    with db.write() as connection:
        for day, done in ((0, 2), (1, 5)):
            for roles in ("ib", "zoco jeugdhulp"):
                make_daily_count(
                    connection, facts.id, day=FIRST + timedelta(days=day), roles=roles, done=done
                )
        found = read_series(connection, facts, read_overview(connection, facts))
    assert found == (DayTotal(FIRST, 4), DayTotal(FIRST + timedelta(days=1), 10))


def test_after_the_close_the_final_total_ends_the_series(
    facts: ParticipationFacts, keys_of_sqlite: KeyDirectory, clock: FixedClock
) -> None:
    with db.write() as connection:
        count_day(connection, facts.id, FIRST)
    fill_box(keys_of_sqlite, facts, clock(), 5)
    clock.pass_time(days=2)
    with db.write() as connection:
        close_participation(connection, facts, clock())
        closed = read_participation(connection, facts.id)
        found = read_series(connection, closed, read_overview(connection, closed))
    assert found == (DayTotal(FIRST, 0), DayTotal(FIRST + timedelta(days=2), 5))


def test_where_two_people_are_done_in_all_the_series_is_empty_after_the_close(
    facts: ParticipationFacts, keys_of_sqlite: KeyDirectory, clock: FixedClock
) -> None:
    fill_box(keys_of_sqlite, facts, clock(), 2)
    with db.write() as connection:
        count_day(connection, facts.id, FIRST)
        close_participation(connection, facts, clock())
        closed = read_participation(connection, facts.id)
        assert read_series(connection, closed, read_overview(connection, closed)) == ()


# The page


def test_the_overview_shows_chart_table_and_goal(
    sqlite_app: Flask, facts: ParticipationFacts, keys_of_sqlite: KeyDirectory, clock: FixedClock
) -> None:
    aim(facts, 50)
    fill_box(keys_of_sqlite, facts, clock(), 12)
    clock.pass_time(days=8)
    with db.write() as connection:
        count_day(connection, facts.id, clock().date())
    page = log_in(sqlite_app, PASSWORD).get(OVERVIEW).text
    assert 'role="img" aria-labelledby="plot-title plot-words"' in page
    assert "U ligt voor op het doel: 12 in plaats van 4 op dag 9." in page
    assert "43% van 28 · doel 50%" in page
    assert "doel: 14" in page
    assert page.count('class="tag">nog niet<') + page.count('class="tag ok">doel gehaald<') >= 1
    table = page.partition("Bekijk de cijfers als tabel")[2].partition("</table>")[0]
    assert re.findall(r'<th scope="row">([^<]+)</th><td>(\d+)</td>', table) == [("12 mei", "12")]
    assert "style=" not in page


def test_rates_stand_there_after_the_close_only(
    sqlite_app: Flask, facts: ParticipationFacts, keys_of_sqlite: KeyDirectory, clock: FixedClock
) -> None:
    fill_box(keys_of_sqlite, facts, clock(), 20)
    with db.write() as connection:
        count_day(connection, facts.id, clock().date())
    browser = log_in(sqlite_app, PASSWORD)
    assert "AAPOR" not in browser.get(OVERVIEW).text
    with db.write() as connection:
        close_participation(connection, facts, clock())
    page = browser.get(OVERVIEW).text
    rates = page.partition("Respons volgens AAPOR")[2].partition("</table>")[0]
    assert "per functie" in rates
    assert "professionals" in rates
    assert "per soort organisatie" not in rates
    assert re.search(r"totaal</th>.*?>28<.*?>20<.*?>20<.*?>71%<.*?>100%<", rates, re.DOTALL)
