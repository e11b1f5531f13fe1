"""The questionnaire `kinds`, with every kind of question, asked for real; and answers to all of it."""

from pathlib import Path
from typing import Any

from aoj_survey.db import db
from aoj_survey.fieldwork import start_participation
from aoj_survey.keys import KeyDirectory
from aoj_survey.waves import ParticipationFacts, read_participation
from tests.conftest import FixedClock
from tests.staging import make_plan, plan_wave
from tests.web.browsing import Browser

FOLDER = Path(__file__).parent / "questionnaires"
INVITED = {"ib": 12, "zoco": 12}

STEPS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("uitleg", {}),
    ("waar", {"waar": "anders", "waar_anders_tekst": "thuis"}),
    ("samen", {"samen": ["beleid", "anders"], "samen_anders_tekst": "<b>eten</b>"}),
    ("factoren", {"factoren": ["tijd", "visie"]}),
    ("kennen", {"taken": "ja", "mensen": "weet_niet"}),
    ("cijfer", {"cijfer": "6"}),
    ("hoger", {"hoger": "meer *tijd*"}),
    ("jaren", {"jaren": "10"}),
    ("laatste", {"laatste": ["3", "5", "2026"]}),
    ("sinds", {"sinds": ["12", "1999"]}),
)
"""Every page for an `ib`, in order, with what a browser sends."""


def start_kinds(
    keys: KeyDirectory, clock: FixedClock, folder: Path = FOLDER, name: str = "kinds"
) -> ParticipationFacts:
    """Start a wave with this questionnaire."""
    plan = make_plan(clock(), INVITED, questionnaire=(name, "1"))
    with db.write() as connection:
        facts = plan_wave(connection, keys, plan, INVITED)
        start_participation(connection, facts, folder, clock())
        return read_participation(connection, facts.id)


def answer_until(browser: Browser, page: str) -> None:
    """Answer every page before this one."""
    for code, data in STEPS:
        if code == page:
            return
        response = browser.answer(code, **data)
        assert response.status_code == 303, (code, response.text)
