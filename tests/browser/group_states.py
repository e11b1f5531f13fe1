"""Pages of group links in their states, as `states.py` has those of personal links."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from playwright.sync_api import Page

from aoj_survey.db import db
from aoj_survey.invitations import GroupFacts, GroupTokens, derive_group_tokens, stop_group
from aoj_survey.web.budget import Budgets
from aoj_survey.web.groups import STARTS_A_MINUTE
from tests.invitations.groups import SCHOOL, begin, make_group, read_group

from .states import Opening, State, at, log_in, press
from .theatre import Theatre


@dataclass(frozen=True)
class Declared:
    """A group link on stage: its name, its wave and for how many people it is."""

    name: str = SCHOOL
    wave: str = "open"
    people: tuple[tuple[str, int], ...] = (("ib", 30),)


LINK = Declared()
PLANNED = Declared(wave="planned")
ROLES = Declared("school De Twee Functies", people=(("ib", 20), ("zoco", 5)))
YOUNG = Declared("school De Jonge Baken", "young", (("jongere", 30),))
WAITING = Declared("school De Brief", "waiting", (("jongere", 30),))
STOPPED, FULL, BUSY = (Declared(f"school {name}") for name in ("Gestopt", "Vol", "Druk"))


def find_group(theatre: Theatre, link: Declared) -> GroupFacts:
    """Return a link as it is now; made once."""
    facts, keys = theatre.waves[link.wave], theatre.site.installation.keys
    if (link.wave, link.name) not in theatre.groups:
        theatre.groups[link.wave, link.name] = make_group(keys, facts, dict(link.people), link.name).id
    return read_group(keys, facts, theatre.groups[link.wave, link.name])


def find_tokens(theatre: Theatre, link: Declared = LINK) -> GroupTokens:
    """Return the tokens of a link: of its poster and of its own page."""
    found = find_group(theatre, link)
    return derive_group_tokens(theatre.site.installation.keys.contact(found.participation.id), found.id)


def group(
    kind: Literal["g", "k"],
    place: str = "",
    link: Declared = LINK,
    before: Callable[[Theatre], None] | None = None,
) -> Opening:
    """Open a link (`g`), or the page of its key figure (`k`)."""

    def go(page: Page, theatre: Theatre) -> None:
        if before:
            before(theatre)
        tokens = find_tokens(theatre, link)
        page.goto(f"{theatre.site.base}/{kind}/{tokens.link if kind == 'g' else tokens.page}{place}")

    return go


def stop(theatre: Theatre) -> None:
    """Stop a link."""
    found = find_group(theatre, STOPPED)
    with db.write() as connection:
        stop_group(connection, found.participation, found.name)


def fill(theatre: Theatre) -> None:
    """Start by a link as often as it may be."""
    found = find_group(theatre, FULL)
    for _ in range(found.most_starts):
        begin(found)


def crowd(theatre: Theatre) -> None:
    """Start by a link as often as it may be in a minute."""
    budgets: Budgets = theatre.site.app.extensions["aoj_start_budgets"]
    budget = budgets.of(find_group(theatre, BUSY).id, STARTS_A_MINUTE)
    for _ in range(STARTS_A_MINUTE):
        budget.spend(theatre.site.installation.now())


def see_list(page: Page, theatre: Theatre) -> None:
    """Open the coordinator's list with a link in it."""
    find_tokens(theatre)
    log_in("2026/rijnmeer/groups")(page, theatre)


def see_poster(page: Page, theatre: Theatre) -> None:
    """Open the poster from the coordinator's list."""
    see_list(page, theatre)
    page.get_by_role("main").get_by_role("row", name=SCHOOL).get_by_role("link").click()


def see_waiting(page: Page, theatre: Theatre) -> None:
    """Open the coordinator's list with a link that waits for parents."""
    find_tokens(theatre, WAITING)
    log_in("2026/zandzee/groups")(page, theatre)


START, TO_ANSWERS = "Start de vragenlijst", "Ga verder met de vragenlijst"
WRONG: Mapping[str, str] = {"De code": "ACDE-FGHJ-KMNP"}

GROUP_STATES = (
    State("group-welcome", "groups.show_welcome", group("g"), START),
    State("group-welcome-english", "groups.show_welcome", group("g", "?lang=en"), "Start the questionnaire"),
    State("group-welcome-arabic", "groups.show_welcome", group("g", "?lang=ar"), "كل الأنواع"),
    State("group-roles", "groups.show_welcome", group("g", link=ROLES), "Welke functie past het best bij u?"),
    State("group-roles-none", "groups.start", press(group("g", link=ROLES), START), "Kies uw functie"),
    State("group-young", "groups.show_welcome", group("g", link=YOUNG), "Je kunt meedoen als je 12 jaar"),
    State("group-young-code", "codes.show_code", press(group("g", link=YOUNG), START), "kun je later"),
    State("group-parents-first", "groups.show_welcome", group("g", link=WAITING), "Je kunt nog niet meedoen"),
    State("group-not-open", "groups.show_welcome", group("g", link=PLANNED), "nog niet open"),
    State(
        "group-stopped", "groups.show_welcome", group("g", link=STOPPED, before=stop), "Deze link is gestopt"
    ),
    State(
        "group-full", "groups.start", press(group("g", link=FULL, before=fill), START), "heel vaak gebruikt"
    ),
    State(
        "group-busy", "groups.start", press(group("g", link=BUSY, before=crowd), START), "Wacht een minuut"
    ),
    State("group-code", "codes.show_code", press(group("g"), START), "Bewaar deze code"),
    State("code", "codes.ask_code", at("/code"), "Ga verder met de code"),
    State("code-none", "codes.ask_code", press(at("/code"), TO_ANSWERS), "Er ging iets mis"),
    State(
        "code-wrong", "codes.ask_code", press(at("/code"), TO_ANSWERS, **WRONG), "Deze code kennen we niet"
    ),
    State("groups", "posters.show_links", see_list, SCHOOL),
    State("groups-waiting", "posters.show_links", see_waiting, "leg eerst vast hoe ouders"),
    State("groups-none", "posters.show_links", log_in("2026/nieuwland/groups")),
    State("poster", "posters.print_poster", see_poster, SCHOOL),
    State("group-own", "posters.show_own_page", group("k"), SCHOOL),
    State("group-own-poster", "posters.print_own_poster", group("k", "/poster"), SCHOOL),
)
