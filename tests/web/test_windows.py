"""The last day on which people could take part, as pages say it."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from aoj_survey.waves import ParticipationFacts
from aoj_survey.web.windows import last_open_day


@pytest.mark.parametrize(
    ("closed_at", "day"),
    [
        (None, date(2026, 6, 5)),
        (datetime(2026, 5, 6, 10, 0, tzinfo=UTC), date(2026, 5, 6)),
        (datetime(2026, 5, 6, 22, 30, tzinfo=UTC), date(2026, 5, 7)),
        (datetime(2026, 6, 5, 22, 0, 30, tzinfo=UTC), date(2026, 6, 5)),
        (datetime(2026, 6, 9, 8, 0, tzinfo=UTC), date(2026, 6, 5)),
    ],
)
def test_an_early_close_ends_the_window_on_its_own_day_and_a_late_one_does_not(
    facts: ParticipationFacts, closed_at: datetime | None, day: date
) -> None:
    assert last_open_day(replace(facts, closed_at=closed_at)) == day
