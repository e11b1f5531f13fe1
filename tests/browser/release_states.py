"""Pages of the opening and of what was released, in each state they can show."""

from pathlib import Path

from playwright.sync_api import Page

from tests.releases.bundles import make_opened, release, write_bundle

from .states import State, log_in
from .theatre import Theatre

PLACE = "2024/vrijland/downloads"


def open_released(page: Page, theatre: Theatre) -> None:
    """Look at the downloads of a participation of which a bundle was released."""
    bundles: Path = theatre.site.installation.settings.bundles
    if not bundles.exists():
        release(make_opened("vrijland", "2024"), write_bundle(bundles, "aoj_vrijland_2024_v1"))
    log_in(PLACE)(page, theatre)


RELEASE_STATES = (
    State("opening", "opening.show_opening", log_in("2025/oudeland/opening"), "Twee mensen geven akkoord"),
    State(
        "opening-early", "opening.show_opening", log_in("2026/rijnmeer/opening"), "na de sluiting vergeleken"
    ),
    State("downloads-none", "downloads.show_files", log_in("2026/rijnmeer/downloads"), "nog geen bestanden"),
    State("downloads", "downloads.show_files", open_released, "Niemand staat alleen"),
)
