"""Pages of the opening and of what was released, in each state they can show."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from uuid import uuid4

from playwright.sync_api import Page
from sqlalchemy import insert

from aoj_survey.datasets import OpenAnswers
from aoj_survey.db import db
from aoj_survey.exports import bundle_name, write_bundle
from aoj_survey.invitations import write_note
from aoj_survey.releases import read_bundle, record_release
from aoj_survey.responses import (
    Ballot,
    Refusal,
    approve_opening,
    refuse_opening,
    request_opening,
)
from aoj_survey.results import make_tables, tables_name
from aoj_survey.reviewing import People, Place, ReleasedAnswer, list_progress
from aoj_survey.statistics import RoleCount, response_table
from aoj_survey.waves import find_participation
from tests.datasets.builders import JOINED, make_joined
from tests.factories import (
    make_capture_class,
    make_final_count,
    make_open_answer,
    make_open_item,
    make_opening,
    make_participation,
    make_response,
    make_stratum,
)
from tests.releases.bundles import make_opened, release
from tests.releases.bundles import write_bundle as write_fake
from tests.results.tables import make_nine, release_tables

from .states import Opening, State, log_in
from .theatre import Theatre

PLACE = "2024/vrijland/downloads"
BOTH = ("Functionaris gegevensbescherming", "coordinator")


def open_released(page: Page, theatre: Theatre) -> None:
    """Look at the downloads of a participation of which a bundle was released."""
    bundles: Path = theatre.site.installation.settings.bundles
    if not bundles.exists():
        release(make_opened("vrijland", "2024"), write_fake(bundles, "aoj_vrijland_2024_v1"))
    log_in(PLACE)(page, theatre)


GIVEN = OpenAnswers(
    tuple(ReleasedAnswer("trots", "", f"open antwoord {number}") for number in range(11)),
    {"trots": {"nl": "Waar bent u trots op?"}},
    {"released": 9, "redacted": 2, "dropped": 1, "waiting": 0, "unkept": 0},
    People(2, 1),
)


def open_whole(page: Page, theatre: Theatre) -> None:
    """Look at all files of a bundle as it is really written, with open answers that two people released."""
    bundles: Path = theatre.site.installation.settings.bundles
    dataset = make_joined("vrijstad")
    if not (bundles / bundle_name("vrijstad", dataset.wave)).exists():
        table = response_table([RoleCount(role, 20, 19, 15, done) for role, done in JOINED.items()])
        written = write_bundle(dataset, table, bundles, given=GIVEN)
        with db.write() as connection:
            place = make_participation(
                connection, wave_code=dataset.wave, region_code="vrijstad", status="opened"
            )
            for role, done in JOINED.items():
                make_final_count(connection, place, role=role, invited=20, delivered=19, done=done)
            for item in dataset.strata:
                roles = " ".join(item.roles)
                make_stratum(
                    connection, place, code=item.code, roles=roles, invited=40, answered=item.answered
                )
        with db.read() as connection:
            facts = find_participation(connection, dataset.wave, "vrijstad")
        release(facts, written.folder)
    log_in(f"{dataset.wave}/vrijstad/downloads")(page, theatre)


def open_loose(wave: str, region: str) -> Opening:
    """Look at what was released of no participation: small boxes together, or an earlier wave."""

    def go(page: Page, theatre: Theatre) -> None:
        bundles: Path = theatre.site.installation.settings.bundles
        name = f"aoj_{region}_{wave}_v1"
        if not (bundles / name).exists():
            more = {} if region == "joint" else {"reports/printed.json": b"{}"}
            place = write_fake(bundles, name, more=more)
            with db.write() as connection:
                if region == "joint":
                    small = make_participation(
                        connection, wave_code=wave, region_code="kleindal", status="opened"
                    )
                    make_opening(connection, small, responses=12, joint=True)
                    make_final_count(connection, small, done=12)
                    for _ in range(12):
                        make_response(connection, None, wave_code=wave)
                record_release(connection, None, read_bundle(place), theatre.site.installation.now())
        log_in(f"{wave}/{region}/downloads")(page, theatre)

    return go


def open_waiting(page: Page, theatre: Theatre) -> None:
    """Look at downloads beside which open answers still wait for two people."""
    open_released(page, theatre)
    with db.write() as connection:
        place = find_participation(connection, "2024", "vrijland").id
        if not list_progress(connection, Place(place)):
            make_open_item(connection, place, kept=12)
            for _ in range(12):
                make_open_answer(connection, place)
    page.reload()


def open_figures(page: Page, theatre: Theatre) -> None:
    """Look at the tables of figures that were released of a participation."""
    bundles: Path = theatre.site.installation.settings.bundles
    dataset = make_nine("vrijdal", "2017")
    if not (bundles / tables_name("vrijdal", "2017")).exists():
        release_tables(
            bundles, make_tables(dataset, others=[make_nine(one, "2017") for one in ("a", "b", "c")])
        )
    log_in(f"2017/vrijdal/downloads/{tables_name('vrijdal', '2017')}/figures")(page, theatre)


def look_at_box(
    region: str,
    ballots: int = 105,
    approvals: Sequence[str] = BOTH,
    *,
    sent: int = 105,
    asked: bool = False,
    refused: Refusal | None = None,
    sealing: str = "server",
    small: Mapping[str, int] | None = None,
) -> Opening:
    """Look at a closed box of a region of its own, with what was done to it; of `small` roles so many sent answers."""

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
            few = small or {}
            make_final_count(connection, place, invited=193, done=sent - sum(few.values()))
            for role in ("ib", *few):
                make_capture_class(connection, place, class_code=role, role=role)
            for role, done in few.items():
                make_final_count(connection, place, role=role, invited=9, done=done)
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
    show_box(
        "joined", look_at_box("iependal", small={"beleid_gem": 4, "swv": 9}), "worden samen “beleid” (13)"
    ),
    show_box("asked", look_at_box("cederdal", asked=True), "De bus wordt geopend"),
    show_box(
        "refused", look_at_box("dennedal", 104, asked=True, refused="numbers"), "niet evenveel antwoorden"
    ),
    show_box("small", look_at_box("elzendal", 7, sent=7, asked=True), "wacht op de laatste opening"),
    show_box("custodians", look_at_box("fluitdal", sealing="custodians"), "aoj responses open 2023 fluitdal"),
    State("downloads-none", "downloads.show_files", log_in("2026/rijnmeer/downloads"), "nog geen bestanden"),
    State("downloads", "downloads.show_files", open_released, "Niemand staat alleen"),
    State("downloads-whole", "downloads.show_files", open_whole, "Open antwoorden (CSV)"),
    State("downloads-waiting", "downloads.show_files", open_waiting, "12 van de 12 antwoorden wachten nog"),
    State(
        "downloads-joint", "downloads.show_files", open_loose("2019", "joint"), "Kleine bussen van 2019 samen"
    ),
    State(
        "downloads-earlier",
        "downloads.show_files",
        open_loose("2018", "vroegland"),
        "Eerdere meting: vroegland",
    ),
    State("figures", "figures.show_figures", open_figures, "te weinig antwoorden"),
)
