"""Pages of group links in their states, as `states.py` has those of personal links."""

from typing import Literal

from playwright.sync_api import Page

from aoj_survey.invitations import derive_group_tokens
from tests.invitations.groups import SCHOOL, make_group

from .states import Opening, State, at, log_in, press
from .theatre import Theatre


def find_tokens(theatre: Theatre, wave: str) -> tuple[str, str]:
    """Return the tokens of the school's link in a wave: of its poster and of its own page; made once."""
    facts, keys = theatre.waves[wave], theatre.site.installation.keys
    if wave not in theatre.groups:
        theatre.groups[wave] = make_group(keys, facts, {"ib": 30}).id
    tokens = derive_group_tokens(keys.contact(facts.id), theatre.groups[wave])
    return tokens.link, tokens.page


def group(kind: Literal["g", "k"], place: str = "", wave: str = "open") -> Opening:
    """Open the school's link (`g`), or the page of its key figure (`k`)."""

    def go(page: Page, theatre: Theatre) -> None:
        link, own = find_tokens(theatre, wave)
        page.goto(f"{theatre.site.base}/{kind}/{link if kind == 'g' else own}{place}")

    return go


def see_poster(page: Page, theatre: Theatre) -> None:
    """Open the poster from the coordinator's list."""
    find_tokens(theatre, "open")
    log_in("2026/rijnmeer/groups")(page, theatre)
    page.get_by_role("main").get_by_role("row", name=SCHOOL).get_by_role("link").click()


def see_list(page: Page, theatre: Theatre) -> None:
    """Open the coordinator's list with a link in it."""
    find_tokens(theatre, "open")
    log_in("2026/rijnmeer/groups")(page, theatre)


GROUP_STATES = (
    State("group-welcome", "groups.show_welcome", group("g"), "Start de vragenlijst"),
    State("group-not-open", "groups.show_welcome", group("g", wave="planned"), "nog niet open"),
    State("group-code", "codes.show_code", press(group("g"), "Start de vragenlijst"), "Bewaar deze code"),
    State("code", "codes.ask_code", at("/code"), "Ga verder met de code"),
    State(
        "code-wrong", "codes.ask_code", press(at("/code"), "Ga verder met de vragenlijst"), "Er ging iets mis"
    ),
    State("groups", "posters.show_links", see_list, SCHOOL),
    State("groups-none", "posters.show_links", log_in("2026/nieuwland/groups")),
    State("poster", "posters.print_poster", see_poster, SCHOOL),
    State("group-own", "posters.show_own_page", group("k"), SCHOOL),
    State("group-own-poster", "posters.print_own_poster", group("k", "/poster"), SCHOOL),
)
