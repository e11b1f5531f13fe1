"""Pages of a region that keeps answers by municipality and school partnership, in their states."""

from playwright.sync_api import Page

from aoj_survey.db import db
from aoj_survey.fieldwork import start_participation
from aoj_survey.regions import set_members
from aoj_survey.waves import ParticipationFacts, read_participation
from tests.by_area import HAVENDAM, RIJNMEER, plan_areas
from tests.staging import QUESTIONNAIRES

from .states import Opening, State, log_in, press
from .theatre import Theatre

FEW = {("ib", *HAVENDAM): 12}
SEVERAL = {
    ("ib", *HAVENDAM): 14,
    ("ib", *RIJNMEER): 12,
    ("ib", "Oudeland", "swv PO Rijnmeer"): 7,
    ("zoco", *RIJNMEER): 8,
}
"""Havendam and Oudeland are an area together only."""


def plan(theatre: Theatre, region: str) -> ParticipationFacts:
    """Return a wave by area on stage: of `baken` running, `haven` planned, `zand` planned with too few people; made once."""
    if region not in theatre.waves:
        installation = theatre.site.installation
        listed = FEW if region == "zand" else SEVERAL
        facts = plan_areas(installation.keys, installation.now, region, listed)
        with db.write() as connection:
            set_members(connection, region, ["Havendam", "Rijnmeer", "Oudeland", "swv PO Rijnmeer"])
            if region == "baken":
                start_participation(
                    connection, facts, QUESTIONNAIRES, installation.now(), keys=installation.keys
                )
            theatre.waves[region] = read_participation(connection, facts.id)
    return theatre.waves[region]


def see(region: str, place: str) -> Opening:
    """Open a page of the coordinator of a wave by area."""

    def go(page: Page, theatre: Theatre) -> None:
        plan(theatre, region)
        log_in(f"2026/{region}/{place}")(page, theatre)

    return go


def see_person(page: Page, theatre: Theatre) -> None:
    """Open the page of the first person on the list."""
    see("baken", "people")(page, theatre)
    page.get_by_role("main").locator("a[href*='/people/']:not([href$='/new'])").first.click()


AREA_STATES = (
    State("areas-planned", "respondents.show_people", see("haven", "people"), "welke gebieden kunnen straks"),
    State("areas-running", "respondents.show_people", see("baken", "people"), "De gebieden liggen vast"),
    State("areas-few", "respondents.show_people", see("zand", "people"), "te weinig mensen"),
    State(
        "areas-person-new",
        "respondents.ask_person",
        see("baken", "people/new"),
        "wij nemen over waar die organisatie ligt",
    ),
    State(
        "areas-person-new-wrong",
        "respondents.ask_person",
        press(see("baken", "people/new"), "Voeg deze persoon toe"),
        "Er ging iets mis",
    ),
    State("areas-person", "respondents.show_person", see_person, "Gemeente"),
    State("areas-schedule", "planning.show_schedule", see("baken", "schedule"), "ook per gemeente"),
)
