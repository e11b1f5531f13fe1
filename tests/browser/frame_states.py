"""The pages of lists of people and of who supplies them, each in its states."""

from playwright.sync_api import Page

from aoj_survey.db import db
from aoj_survey.invitations import add_supplier, list_suppliers

from .states import Opening, State, at, log_in, press
from .theatre import Theatre

HEADER = "Mailadres;Functie;School"
FAULTY = f"""{HEADER}
een@vuurtoren.example;intern begeleider;De Vuurtoren
ib.haven@scholen,example;ib;De Haven
drie@vuurtoren.example;IB-er;De Vuurtoren
een@vuurtoren.example;ib;De Vuurtoren
een@vuurtoren.example;zorgcoördinator;De Vuurtoren
zes@vuurtoren.example;ib;
"""
GOOD = f"{HEADER}\nzeven@vuurtoren.example;ib;De Vuurtoren\n"
OLD = f"{HEADER};naam\nacht@vuurtoren.example;ib;De Zeeën;Verzonnen\n".encode("cp1252")
IMPORT = log_in("2026/rijnmeer/import")
SUPPLIERS = log_in("2026/rijnmeer/suppliers")


def put_in(opening: Opening, content: str | bytes) -> Opening:
    """Choose a file on a page and have it checked."""

    def go(page: Page, theatre: Theatre) -> None:
        opening(page, theatre)
        buffer = content.encode() if isinstance(content, str) else content
        page.locator("#file").set_input_files(
            [{"name": "adressen-mei.csv", "mimeType": "text/csv", "buffer": buffer}]
        )
        page.get_by_role("button", name="Controleer deze lijst").click()

    return go


def check(opening: Opening, content: str | bytes) -> Opening:
    """Put a list in and confirm its columns."""
    return press(put_in(opening, content), "Controleer de rijen")


def supplier(name: str) -> Opening:
    """Open the page of a supplier made for this."""

    def go(page: Page, theatre: Theatre) -> None:
        with theatre.site.app.app_context(), db.write() as connection:
            facts = theatre.waves["open"]
            known = len(list_suppliers(connection, facts.id))
            token = add_supplier(connection, facts.id, f"gemeente {name} {known}")
        page.goto(f"{theatre.site.base}/u/{token}")

    return go


def take_back(opening: Opening) -> Opening:
    """Get somewhere and go back to where a list is put in."""

    def go(page: Page, theatre: Theatre) -> None:
        opening(page, theatre)
        page.goto(f"{theatre.site.base}/coordinator/2026/rijnmeer/import")

    return go


FRAME_STATES = (
    State("import", "frame_import.ask_file", IMPORT, "Wat staat er in de lijst"),
    State(
        "import-none",
        "frame_import.ask_file",
        press(IMPORT, "Controleer deze lijst"),
        "Kies eerst een bestand",
    ),
    State(
        "import-unfinished",
        "frame_import.ask_file",
        take_back(put_in(IMPORT, GOOD)),
        "Een lijst is nog niet af",
    ),
    State("import-closed", "frame_import.ask_file", log_in("2025/oudeland/import"), "gesloten"),
    State("columns", "frame_import.ask_columns", put_in(IMPORT, FAULTY), "Wat staat in welke kolom?"),
    State("columns-old", "frame_import.ask_columns", put_in(IMPORT, OLD), "Windows-1252"),
    State(
        "columns-wrong",
        "frame_import.ask_columns",
        check(IMPORT, "a;b;c\nx@y.example;q;r\n"),
        "Kies de kolommen met het mailadres",
    ),
    State("check-list", "frame_import.ask_corrections", check(IMPORT, FAULTY), "5 van de 6 rijen hebben"),
    State(
        "check-list-again",
        "frame_import.ask_corrections",
        press(check(IMPORT, FAULTY), "Voeg 5 adressen toe"),
        "rijen hebben nog een fout",
    ),
    State("check-list-good", "frame_import.ask_corrections", check(IMPORT, GOOD), "Alle rijen zijn goed"),
    State(
        "import-added",
        "frame_import.ask_file",
        log_in("2026/rijnmeer/import?added=141&left=1"),
        "141 mensen zijn toegevoegd",
    ),
    State("suppliers", "suppliers.show_suppliers", SUPPLIERS, "Een pagina maken"),
    State(
        "suppliers-wrong", "suppliers.show_suppliers", press(SUPPLIERS, "Maak de pagina"), "Vul de naam in"
    ),
    State(
        "suppliers-made",
        "suppliers.show_suppliers",
        press(SUPPLIERS, "Maak de pagina", Naam="swv Rijnmeer"),
        "Kopieer dit adres nu",
    ),
    State("supply", "suppliers.ask_file", supplier("Rijnstad"), "Op deze pagina komen de mailadressen"),
    State("supply-columns", "suppliers.ask_columns", put_in(supplier("Meerdam"), FAULTY), "Eerste cellen"),
    State("supply-check", "suppliers.ask_corrections", check(supplier("Zandwijk"), FAULTY), "(leeg)"),
    State(
        "supply-done",
        "suppliers.ask_file",
        press(check(supplier("Duinoord"), GOOD), "Voeg 1 adres toe"),
        "Uw lijst is aangekomen",
    ),
    State("supply-unknown", "suppliers.ask_file", at(f"/u/{'a' * 26}"), "We kennen deze link niet"),
)
