"""A wave with daily counts, a goal and final dispositions, for the overview to show."""

from datetime import timedelta

from playwright.sync_api import Page
from sqlalchemy import delete, insert, update

from aoj_survey.db import db
from aoj_survey.tracking import DailyCount
from aoj_survey.waves import FinalDisposition, Participation

from .theatre import PASSWORD, Theatre

DONE = (9, 17, 22, 25, 27, 27, 28, 31, 46, 54, 55, 58, 58, 59, 64, 68, 71, 75)
ROWS = (("ib", 138, 0.66), ("zoco", 29, 0.15), ("jgz", 12, 0.05), ("jeugdhulp beleid_gem swv", 26, 0.14))
ENDS = {
    ("ib", "po"): {"1.1": 49, "2.12": 12, "2.20": 74, "3.30": 3},
    ("zoco", "vo"): {"1.1": 11, "2.20": 18},
    ("jeugdhulp", "jeugdhulp"): {"1.1": 4, "2.20": 8},
    ("swv", ""): {"1.1": 11, "2.20": 14, "3.30": 1},
}


def count_wave(theatre: Theatre, wave: str, goal: int = 50) -> None:
    """Store counts of eighteen days and what everybody ended in."""
    facts = theatre.waves[wave]
    with db.write() as connection:
        connection.execute(update(Participation).where(Participation.id == facts.id).values(goal=goal))
        for table in (DailyCount, FinalDisposition):
            connection.execute(delete(table).where(table.participation_id == facts.id))
        for number, done in enumerate(DONE):
            for roles, invited, share in ROWS:
                counted = {"invited": invited, "delivered": invited - 1, "started": round(done * share) + 4}
                connection.execute(
                    insert(DailyCount).values(
                        participation_id=facts.id,
                        day=facts.first_day + timedelta(days=number),
                        roles=roles,
                        done=round(done * share),
                        **counted,
                    )
                )
        for (role, sector), people in ENDS.items():
            for disposition, number in people.items():
                connection.execute(
                    insert(FinalDisposition).values(
                        participation_id=facts.id,
                        role=role,
                        sector=sector,
                        disposition=disposition,
                        people=number,
                    )
                )


def open_counted(page: Page, theatre: Theatre) -> None:
    """Look at the overview of a wave that has been counted."""
    count_wave(theatre, "closed")
    page.goto(f"{theatre.site.base}/coordinator/login")
    page.locator("input[type=password]").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button").click()
    page.goto(f"{theatre.site.base}/coordinator/2025/oudeland")
