"""Pages of a respondent while another process goes on writing, as during a long opening."""

import sqlite3

from playwright.sync_api import Page

from .states import QUESTION, Opening, State, answered, press, visit
from .theatre import Theatre


def while_busy(opening: Opening, button: str) -> Opening:
    """Get somewhere and press a button while nothing can be written."""

    def go(page: Page, theatre: Theatre) -> None:
        opening(page, theatre)
        site = theatre.site
        writer = sqlite3.connect(site.installation.settings.instance / "aoj.sqlite3", isolation_level=None)
        site.app.extensions["aoj_patience"] = 0.1
        writer.execute("BEGIN IMMEDIATE")
        try:
            press(lambda *_: None, button)(page, theatre)
        finally:
            writer.close()
            del site.app.extensions["aoj_patience"]

    return go


BUSY_STATES = (
    State(
        "question-busy",
        QUESTION,
        while_busy(visit("patient", "p/waar"), "Volgende"),
        "Deze pagina is nog niet bewaard",
    ),
    State(
        "check-busy",
        "respondent.send",
        while_busy(visit("awaiting", "check", before=answered("awaiting")), "Verstuur mijn antwoorden"),
        "Deze antwoorden zijn nog niet verstuurd",
    ),
)
