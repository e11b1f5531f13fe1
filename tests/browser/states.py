"""The table of every page of the website and every state it can be in, each with how a person gets there."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

from playwright.sync_api import Page

from tests.web.asking import STEPS

from .counted import open_counted
from .theatre import MAIL, PASSWORD, Theatre, answer_everything

Opening: TypeAlias = Callable[[Page, Theatre], None]

WITHOUT_PAGE = {
    "static_files.send_static": "style, script, pictures and fonts",
    "pages.show_health": "for machines, JSON",
    "mailbox.show_html": "a mail as it is; shown in the frame of mailbox.show_mail",
    "respondent.open_link": "leads on to the welcome page",
    "respondent.start": "leads on to a question",
    "respondent.send": "leads on to the thanks; while nothing can be written it shows respondent.show_check",
    "respondent.leave_check": "leads on to what is saved",
    "respondent.switch_language": "leads back to where it was pressed",
    "coordinator.log_in": "leads on to the list; a wrong password shows coordinator.ask_password",
    "coordinator.log_out": "leads on to coordinator.ask_password",
    "respondent.save_page": "leads on; with errors, or while nothing can be written, it shows respondent.show_page",
    "respondent.keep_page": "for the script, JSON",
    "stopping.erase": "leads on to what was erased",
    "codes.use_code": "leads on to the answers; a wrong code shows codes.ask_code",
    "posters.download_links": "a file",
    "youth.save_consent": "leads back to youth.show_consent; with errors it shows that",
    "respondents.search_people": "leads back to the list",
    "respondents.save_new": "leads back to the list; with errors it shows respondents.ask_person",
    "respondents.send_link": "leads back to respondents.show_person; with errors it shows that",
    "respondents.save_correction": "leads back to respondents.show_person; with errors it shows that",
    "respondents.withdraw": "leads back to the list; with errors it shows respondents.ask_withdrawal",
    "roles.save_role": "leads on to the welcome page; another function shows roles.show_roles",
    "planning.show_mail": "an example of a mail as it is; shown in the frame of planning.show_schedule",
    "answers.take_proposals": "leads on to the next answers; with errors it shows answers.look_through",
    "answers.decide": "leads on to the next proposals",
    "rescheduling.move": "leads back to the schedule; with errors it shows rescheduling.ask_move",
    "rescheduling.extend": "leads back to the schedule; with errors it shows rescheduling.ask_extension",
    "rescheduling.pause": "leads back to the schedule",
    "rescheduling.save_goal": "leads back to the schedule, which it shows with errors",
    "proving.send_test": "leads back to the schedule, which it shows with errors",
    "proving.allow": "leads back to the schedule, which it shows with errors",
    "proving.confirm": "leads back to the schedule; with faults it shows proving.ask_confirmation",
    "optout.end_mail": "shows optout.ask, done",
    "frame_import.take": "leads on to frame_import.ask_columns; with errors it shows frame_import.ask_file",
    "frame_import.take_columns": "leads on to frame_import.ask_corrections; with errors it shows ask_columns",
    "frame_import.take_corrections": "leads back to ask_file; with errors it shows ask_corrections",
    "frame_import.cancel": "leads back to frame_import.ask_file",
    "frame_import.download_faults": "a file",
    "frame_import.download_list": "a file",
    "suppliers.add": "shows suppliers.show_suppliers",
    "suppliers.remove": "leads back to suppliers.show_suppliers",
    "suppliers.take": "leads on to suppliers.ask_columns; with errors it shows suppliers.ask_file",
    "suppliers.take_columns": "leads on to suppliers.ask_corrections; with errors it shows ask_columns",
    "suppliers.take_corrections": "leads back to ask_file; with errors it shows ask_corrections",
    "suppliers.cancel": "leads back to suppliers.ask_file",
    "suppliers.download_faults": "a file",
    "opening.approve": "leads back to opening.show_opening",
    "downloads.send_file": "a file; the reports and the codebook are looked at in their own tests",
    **dict.fromkeys(
        (
            "api.list_released",
            "api.show_release",
            "api.send_file",
            "api.show_response_table",
            "api.send_response_table",
            "api.show_figures",
            "api.send_figures",
            "api.show_description",
        ),
        "for programs",
    ),
}
"""Addresses that show no page of their own, each with the reason."""


@dataclass(frozen=True)
class State:
    """A page in a state: the route whose address the window ends at, how it gets there, and what it says then."""

    name: str
    route: str
    open: Opening
    says: str = ""


# Ways to get somewhere


def at(path: str) -> Opening:
    """Open an address of the website."""

    def go(page: Page, theatre: Theatre) -> None:
        page.goto(theatre.site.base + path)

    return go


def visit(
    name: str, place: str = "", *, wave: str = "open", before: Callable[[Theatre], None] | None = None
) -> Opening:
    """Let somebody open their link, and then a page under it."""

    def go(page: Page, theatre: Theatre) -> None:
        if before:
            before(theatre)
        page.goto(theatre.site.link(theatre.cast_person(name, wave)))
        if place:
            page.goto(page.url + place)

    return go


def press(opening: Opening, button: str, **typed: str) -> Opening:
    """Get somewhere, type in fields by their name, and press a button."""

    def go(page: Page, theatre: Theatre) -> None:
        opening(page, theatre)
        for label, text in typed.items():
            page.get_by_role("textbox", name=label).first.fill(text)
        page.get_by_role("button", name=button).click()

    return go


def log_in(place: str = "") -> Opening:
    """Log in as the coordinator and open a page."""

    def go(page: Page, theatre: Theatre) -> None:
        page.goto(f"{theatre.site.base}/coordinator/login")
        page.locator("input[type=password]").fill(PASSWORD)
        page.get_by_role("main").get_by_role("button").click()
        if place:
            page.goto(f"{theatre.site.base}/coordinator/{place}")

    return go


def follow(opening: Opening, link: str) -> Opening:
    """Get somewhere and follow the first link of this name in the page."""

    def go(page: Page, theatre: Theatre) -> None:
        opening(page, theatre)
        page.get_by_role("main").get_by_role("link", name=link).first.click()

    return go


def forget_password(page: Page, theatre: Theatre) -> None:
    """Open the page to log in where no password was ever set."""
    extensions, installed = theatre.site.app.extensions, theatre.site.installation
    settings = replace(installed.settings, coordinator_password_hash="")
    extensions["aoj"] = replace(installed, settings=settings)
    try:
        page.goto(f"{theatre.site.base}/coordinator/login")
    finally:
        extensions["aoj"] = installed


def opt_out(wave: str = "open") -> Opening:
    """Open somebody's link to get no more mail."""

    def go(page: Page, theatre: Theatre) -> None:
        page.goto(f"{theatre.site.base}/o/{theatre.find_opt_out('weary', wave)}")

    return go


def answered(name: str, *, skip: bool = False, send: bool = False) -> Callable[[Theatre], None]:
    """Everything answered (or skipped) before the page is opened."""
    return lambda theatre: answer_everything(theatre, name, skip=skip, send=send)


def type_wrong(place: str, text: str) -> Opening:
    """Type something in the first field of a question page and go on."""

    def go(page: Page, theatre: Theatre) -> None:
        visit("mistaken", f"p/{place}")(page, theatre)
        page.get_by_role("main").get_by_role("textbox").first.fill(text)
        page.get_by_role("button", name="Volgende").click()

    return go


def choose_other() -> Opening:
    """Say that one's function is not in the list."""

    def go(page: Page, theatre: Theatre) -> None:
        visit("unsure", "role")(page, theatre)
        page.get_by_role("radio", name="een andere functie").check()
        page.get_by_role("button", name="Bewaar en ga verder").click()

    return go


# The table

QUESTION = "respondent.show_page"
WELCOME = "respondent.show_welcome"

RESPONDENT = (
    State("welcome", WELCOME, visit("fresh"), "Start de vragenlijst"),
    State("welcome-english", WELCOME, visit("fresh", "language/en"), "Start the questionnaire"),
    State("welcome-arabic", WELCOME, visit("fresh", "language/ar"), "العربية"),
    State(
        "welcome-again",
        WELCOME,
        visit("back", before=answered("back", skip=True)),
        "Ga verder met de vragenlijst",
    ),
    *(State(f"question-{code}", QUESTION, visit("fresh", f"p/{code}")) for code, _ in STEPS),
    *(
        State(f"answered-{code}", QUESTION, visit("full", f"p/{code}", before=answered("full")))
        for code in ("waar", "samen", "factoren", "kennen", "cijfer", "laatste")
    ),
    State("question-english", QUESTION, visit("fresh", "language/en?next=p/samen"), "Next"),
    State("question-arabic", QUESTION, visit("fresh", "language/ar?next=p/samen"), "ماذا تفعلون معا؟"),
    State("error-number", QUESTION, type_wrong("jaren", "veel"), "Er ging iets mis"),
    State("error-too-long", QUESTION, type_wrong("hoger", "lang " * 30), "Er ging iets mis"),
    State("error-date", QUESTION, type_wrong("laatste", "99"), "Er ging iets mis"),
    State(
        "prompt-choice", QUESTION, press(visit("silent", "p/waar"), "Volgende"), "U heeft nog niets gekozen"
    ),
    State(
        "prompt-statements",
        QUESTION,
        press(visit("silent", "p/kennen"), "Volgende"),
        "2 zinnen nog niet beantwoord",
    ),
    State("prompt-ranking", QUESTION, press(visit("silent", "p/factoren"), "Volgende"), "U heeft nog niets"),
    State("welcome-back", QUESTION, visit("fresh", "p/waar?resumed=1"), "Welkom terug"),
    State(
        "change",
        QUESTION,
        visit("full", "p/waar?to=check", before=answered("full")),
        "Terug naar al uw antwoorden",
    ),
    State(
        "saved",
        "respondent.show_saved",
        press(visit("later", "p/waar"), "Later verdergaan"),
        "nog niet verstuurd",
    ),
    State(
        "stop",
        "stopping.ask",
        visit("regrets", "stop", before=answered("regrets")),
        "Stoppen en uw antwoorden wissen?",
    ),
    State(
        "erased",
        "stopping.show_erased",
        press(visit("gone", "stop", before=answered("gone")), "Stop en wis mijn antwoorden"),
        "Uw antwoorden zijn gewist",
    ),
    State(
        "check",
        "respondent.show_check",
        visit("full", "check", before=answered("full")),
        "Verstuur mijn antwoorden",
    ),
    State(
        "check-empty",
        "respondent.show_check",
        visit("empty", "check", before=answered("empty", skip=True)),
        "nog niet ingevuld",
    ),
    State(
        "thanks",
        "respondent.show_thanks",
        press(visit("sender", "check", before=answered("sender")), "Verstuur mijn antwoorden"),
        "Bedankt!",
    ),
    State("already", WELCOME, visit("done", before=answered("done", send=True)), "al ingevuld"),
    State("not-open", WELCOME, visit("early", wave="planned"), "nog niet open"),
    State("closed", WELCOME, visit("late", wave="closed"), "is gesloten"),
    State("parents-first", WELCOME, visit("young", wave="waiting"), "Je kunt nog niet meedoen"),
    State("welcome-young", WELCOME, visit("young", wave="young"), "Je kunt meedoen als je 12 jaar"),
    State("welcome-handout", WELCOME, visit("given", wave="handout"), "Uw regio stuurde u deze link zelf"),
    State("unknown", "respondent.open_link", at(f"/l/{'a' * 26}"), "We kennen deze link niet"),
    State("lost-cookie", WELCOME, at(f"/v/{'a' * 16}/"), "Open de link"),
    State("roles", "roles.show_roles", visit("fresh", "role"), "Welke functie past het best bij u?"),
    State("roles-other", "roles.show_roles", choose_other(), "staat er niet bij"),
    State("abbreviations-own", "respondent.show_abbreviations", visit("fresh", "abbreviations")),
)
PEOPLE = log_in("2026/rijnmeer/people")
WITHDRAWAL = follow(follow(PEOPLE, "Wijzig"), "Haal deze persoon van de lijst")
OTHERS = (
    State("home", "pages.show_home", at("/")),
    State("privacy", "pages.show_privacy", at("/privacy")),
    State("accessibility", "pages.show_accessibility", at("/accessibility"), "Toegankelijkheidsverklaring"),
    State("abbreviations", "pages.show_abbreviations", at("/abbreviations")),
    State("opt-out", "optout.ask", opt_out(), "Ja, stuur mij geen mail meer"),
    State(
        "opt-out-done",
        "optout.ask",
        press(opt_out(), "Ja, stuur mij geen mail meer"),
        "U krijgt geen mail meer",
    ),
    State("opt-out-closed", "optout.ask", opt_out("closed")),
    State("opt-out-unknown", "optout.ask", at(f"/o/{'a' * 26}"), "We kennen deze link niet"),
    State("login", "coordinator.ask_password", at("/coordinator/login")),
    State(
        "login-wrong",
        "coordinator.ask_password",
        press(at("/coordinator/login"), "Inloggen"),
        "Vul het juiste wachtwoord of de juiste persoonlijke code in",
    ),
    State("login-closed", "coordinator.ask_password", forget_password, "er is geen wachtwoord ingesteld"),
    State("list", "coordinator.show_list", log_in(), "Oudeland"),
    State("overview", "coordinator.show_overview", log_in("2026/rijnmeer"), "Rijnmeer"),
    State("overview-closed", "coordinator.show_overview", log_in("2025/oudeland"), "Gesloten op"),
    State("overview-counted", "coordinator.show_overview", open_counted, "Respons volgens AAPOR"),
    State(
        "overview-waiting", "coordinator.show_overview", log_in("2026/zandzee"), "Uitnodigingen aan jongeren"
    ),
    State("overview-handout", "coordinator.show_overview", log_in("2026/heideveld"), "mailt de links zelf"),
    State("overview-planned", "coordinator.show_overview", log_in("2026/nieuwland"), "Concept"),
    State("people", "respondents.show_people", PEOPLE, "Vooruitblik"),
    State(
        "people-none",
        "respondents.show_people",
        log_in("2026/rijnmeer/people?mail=uncertain"),
        "Niemand op de lijst past hierbij",
    ),
    State("person", "respondents.show_person", follow(PEOPLE, "Wijzig"), "Stuur de link opnieuw"),
    State(
        "person-wrong",
        "respondents.save_address",
        press(follow(PEOPLE, "Wijzig"), "Verander het adres"),
        "Vul een mailadres in",
    ),
    State(
        "person-new", "respondents.ask_person", follow(PEOPLE, "Persoon toevoegen"), "Voeg deze persoon toe"
    ),
    State(
        "person-new-wrong",
        "respondents.ask_person",
        press(follow(PEOPLE, "Persoon toevoegen"), "Voeg deze persoon toe"),
        "Er ging iets mis",
    ),
    State("withdrawal", "respondents.ask_withdrawal", WITHDRAWAL, "Haal van de lijst en wis"),
    State(
        "withdrawal-wrong",
        "respondents.ask_withdrawal",
        press(WITHDRAWAL, "Haal van de lijst en wis"),
        "Kies waarom",
    ),
    State("parents", "youth.show_consent", log_in("2026/zandzee/youth"), "Leg het vast"),
    State(
        "parents-wrong",
        "youth.show_consent",
        press(log_in("2026/zandzee/youth"), "Leg vast"),
        "Vul een laagste leeftijd in",
    ),
    State("parents-recorded", "youth.show_consent", log_in("2026/duinen/youth"), "Leg het opnieuw vast"),
    State("parents-closed", "youth.show_consent", log_in("2025/oudeland/youth"), "Er is niets vastgelegd"),
    State("schedule", "planning.show_schedule", log_in("2026/rijnmeer/schedule"), "Uitnodigen en herinneren"),
    State("schedule-planned", "planning.show_schedule", log_in("2026/nieuwland/schedule"), "gepland"),
    State("schedule-closed", "planning.show_schedule", log_in("2025/oudeland/schedule"), "Vragenlijst sluit"),
    State(
        "schedule-wrong",
        "proving.send_test",
        press(log_in("2026/rijnmeer/schedule"), "Stuur een test naar mijzelf"),
        "Vul uw eigen mailadres in",
    ),
    State(
        "move",
        "rescheduling.ask_move",
        log_in("2026/rijnmeer/schedule/move/second_reminder"),
        "Datum wijzigen",
    ),
    State(
        "move-day-off",
        "rescheduling.ask_move",
        press(log_in("2026/rijnmeer/schedule/move/second_reminder"), "Datum wijzigen", Dag="28-6-2026"),
        "Toch op deze dag versturen",
    ),
    State("extend", "rescheduling.ask_extension", log_in("2026/rijnmeer/schedule/extend"), "Sluitdatum"),
    State("pause", "rescheduling.ask_pause", log_in("2026/rijnmeer/schedule/pause"), "Pauzeer alle mail"),
    State(
        "proof-unknown",
        "proving.ask_confirmation",
        log_in(f"2026/rijnmeer/proof/{'a' * 26}"),
        "werkt niet meer",
    ),
    State("mailbox", "mailbox.show_mails", at("/demo/mailbox"), "Uitnodiging"),
    State("mail", "mailbox.show_mail", at(f"/demo/mailbox/{MAIL}"), "Uitnodiging"),
    *(State(f"error-{code}", "refused", at(f"/refused/{code}")) for code in (400, 404, 405, 413, 429)),
    State("server-error", "broken", at("/broken"), "Er is"),
)
STATES = RESPONDENT + OTHERS


def find_forgotten(endpoints: set[str], states: tuple[State, ...] = STATES) -> set[str]:
    """Return the routes that neither show a state of the table nor are said to show no page."""
    return endpoints - {state.route for state in states} - set(WITHOUT_PAGE)
