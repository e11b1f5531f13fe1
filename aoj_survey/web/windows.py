"""When people could take part, as pages say it."""

from datetime import date

from aoj_survey.waves import ParticipationFacts


def last_open_day(facts: ParticipationFacts) -> date:
    """Return the last day on which people could take part: that of an early close, else the planned one."""
    if facts.closed_at is not None and facts.closed_at < facts.closes_at:
        return facts.closed_at.astimezone(facts.zone).date()
    return facts.last_day
