"""Pages of the opening and of what was released, in each state they can show."""

from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

from playwright.sync_api import Page
from sqlalchemy import insert

from aoj_survey.db import db
from aoj_survey.invitations import write_note
from aoj_survey.responses import (
    Ballot,
    Refusal,
    approve_opening,
    refuse_opening,
    request_opening,
)
from aoj_survey.results import make_tables, tables_name
from aoj_survey.waves import find_participation
from tests.factories import make_final_count, make_participation
from tests.releases.bundles import make_opened, release, write_bundle
from tests.results.tables import make_nine, release_tables

from .states import Opening, State, log_in
from .theatre import Theatre

PLACE = "2024/vrijland/downloads"
BOTH = ("Functionaris gegevensbescherming", "coordinator")


def open_released(page: Page, theatre: Theatre) -> None:
    """Look at the downloads of a participation of which a bundle was released."""
    bundles: Path = theatre.site.installation.settings.bundles
    if not bundles.exists():
        release(make_opened("vrijland", "2024"), write_bundle(bundles, "aoj_vrijland_2024_v1"))
    log_in(PLACE)(page, theatre)


def open_figures(page: Page, theatre: Theatre) -> None:
    """Look at the tables of figures that were released of a participation."""
    bundles: Path = theatre.site.installation.settings.bundles
    dataset = make_nine("vrijdal", "2024")
    if not (bundles / tables_name("vrijdal", "2024")).exists():
        release_tables(bundles, make_tables(dataset))
    log_in(f"2024/vrijdal/downloads/{tables_name('vrijdal', '2024')}/figures")(page, theatre)


def look_at_box(
    region: str,
    ballots: int = 105,
    approvals: Sequence[str] = BOTH,
    *,
    sent: int = 105,
    asked: bool = False,
    refused: Refusal | None = None,
    sealing: str = "server",
) -> Opening:
    """Look at a closed box of a region of its own, with what was done to it."""

    def go(page: Page, theatre: Theatre) -> None:
        now = theatre.site.installation.now()
        with db.write() as connection:
            place = make_participation(
                connection,
                wave_code="2023",
                region_code=region,
                status="closed",
                closed_at=now,
                sealing=sealing,
            )
            make_final_count(connection, place, invited=193, done=sent)
            rows = [{"id": uuid4(), "participation_id": place, "ciphertext": b"x"} for _ in range(ballots)]
            connection.execute(insert(Ballot), rows)
            for person in approvals:
                approve_opening(connection, place, person)
            if asked:
                write_note(connection, "worker", now)
                facts = find_participation(connection, "2023", region)
                request_opening(connection, facts, approvals[0], now)
            if refused:
                refuse_opening(connection, place, refused)
        log_in(f"2023/{region}/opening")(page, theatre)

    return go


def show_box(name: str, opening: Opening, says: str) -> State:
    """The page of an opening in a state."""
    return State(f"opening-{name}", "opening.show_opening", opening, says)


RELEASE_STATES = (
    State("opening", "opening.show_opening", log_in("2025/oudeland/opening"), "Twee mensen geven akkoord"),
    State(
        "opening-early", "opening.show_opening", log_in("2026/rijnmeer/opening"), "na de sluiting vergeleken"
    ),
    show_box("second", look_at_box("aardal", approvals=BOTH[:1]), "Geef akkoord en open de bus"),
    show_box("approved", look_at_box("berkdal"), "Openen kan maar"),
    show_box("asked", look_at_box("cederdal", asked=True), "De bus wordt geopend"),
    show_box(
        "refused", look_at_box("dennedal", 104, asked=True, refused="numbers"), "niet evenveel antwoorden"
    ),
    show_box("small", look_at_box("elzendal", 7, sent=7, asked=True), "wacht op de laatste opening"),
    show_box("custodians", look_at_box("fluitdal", sealing="custodians"), "aoj responses open 2023 fluitdal"),
    State("downloads-none", "downloads.show_files", log_in("2026/rijnmeer/downloads"), "nog geen bestanden"),
    State("downloads", "downloads.show_files", open_released, "Niemand staat alleen"),
    State("figures", "figures.show_figures", open_figures, "te weinig antwoorden"),
)
