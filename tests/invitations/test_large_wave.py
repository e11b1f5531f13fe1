"""A wave much larger than that of any region: mailed in part, answered, reminded, closed and opened."""

from collections import Counter

import pytest
from flask import Flask

from aoj_survey.db import db
from aoj_survey.installation import Installation
from aoj_survey.invitations import count_messages, count_progress, send_due
from aoj_survey.responses import count_ballots, read_responses, read_strata
from aoj_survey.waves import ParticipationFacts
from tests.conftest import FixedClock
from tests.responses.boxes import close_and_open, fill_box
from tests.smtp_server import Mailbox
from tests.staging import start_wave

INVITED = {"ib": 3000, "zoco": 1500, "jeugdhulp": 495, "swv": 5}
PEOPLE, MAILED_FIRST, ANSWERED = 5000, 1500, 500


def count_states(facts: ParticipationFacts) -> Counter[tuple[str, str]]:
    with db.read() as connection:
        return Counter(count_messages(connection, facts.id))


@pytest.mark.long
def test_five_thousand_people_are_each_mailed_once_and_five_hundred_answers_come_out(
    app: Flask, installation: Installation, clock: FixedClock, mailbox: Mailbox
) -> None:
    keys, settings = installation.keys, installation.settings
    facts = start_wave(keys, clock(), INVITED)
    assert send_due(clock, keys, settings, limit=MAILED_FIRST).sent == MAILED_FIRST
    assert count_states(facts)["invitation", "due"] == PEOPLE - MAILED_FIRST
    fill_box(keys, facts, clock(), ANSWERED)
    with db.read() as connection:
        assert count_ballots(connection, facts.id) == ANSWERED
        progress = count_progress(connection, facts.id)
    assert sum(row.done for row in progress) == ANSWERED

    clock.pass_time(days=8)
    report = send_due(clock, keys, settings)
    assert (report.refused, report.failed, report.uncertain, report.trouble) == (0, 0, 0, "")
    states = count_states(facts)
    # Whoever answered gets no mail any more: not the invitation that still waited, and no reminder.
    invited, reminded = states["invitation", "sent"], states["first_reminder", "sent"]
    unneeded = states["invitation", "due"]
    assert invited + unneeded == PEOPLE
    assert reminded == MAILED_FIRST - (ANSWERED - unneeded)
    assert MAILED_FIRST + report.sent == invited + reminded
    assert set(mailbox.ids().values()) == {1}
    assert len(mailbox.taken) == invited + reminded

    opened = close_and_open(keys, facts, clock())
    with db.read() as connection:
        assert len(read_responses(connection, opened.id)) == ANSWERED
        strata = read_strata(connection, opened.id)
    assert sum(stratum.invited for stratum in strata) == PEOPLE
    assert sum(stratum.answered for stratum in strata) == ANSWERED
