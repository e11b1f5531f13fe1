"""Who supplies a part of the list: the coordinator makes a page for each, which can be used once.

A supplier is told of faults within the own file only. Who is on the list already or wants no mail is left out
without a word, so that a list cannot be asked about somebody.
"""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from aoj_survey.db import db
from aoj_survey.errors import ChangeError
from aoj_survey.invitations import (
    Upload,
    add_supplier,
    clean_token,
    delete_upload,
    find_supplier,
    find_upload_of,
    list_suppliers,
    read_upload,
    remove_supplier,
    use_supplier,
)
from aoj_survey.waves import Act, record_act

from .coordinator import find_list_place, needs_password
from .frame_columns import save_columns, show_columns
from .frame_import import Answer, may_add
from .frame_steps import (
    Desk,
    allow_file,
    save_corrections,
    send_faults,
    show_corrections,
    start,
    take_file,
)
from .language import take_language
from .visits import TurnedAwayError, installation

suppliers = Blueprint("suppliers", __name__, template_folder="templates")
suppliers.before_request(take_language)

BASE = "/coordinator/<wave>/<region>/suppliers"
PAGE = "/u/<token>"


@suppliers.url_value_preprocessor
def _allow_file(endpoint: str | None, _values: dict[str, object] | None) -> None:
    if endpoint == "suppliers.take":
        allow_file()


# For coordinators


@suppliers.get(BASE)
@needs_password
def show_suppliers(wave: str, region: str) -> str:
    """Who was given a page, and who used it."""
    return _show(wave, region)


def _show(wave: str, region: str, *, wrong: str = "", typed: str = "", address: str = "") -> str:
    with db.read() as connection:
        facts = find_list_place(connection, wave, region)
        found = list_suppliers(connection, facts.id)
    return render_template(
        "frame/suppliers.html",
        participation=facts,
        suppliers=found,
        may_add=may_add(facts),
        wrong=wrong,
        typed=typed,
        address=address,
        faulty=bool(wrong),
    )


@suppliers.post(BASE)
@needs_password
def add(wave: str, region: str) -> Answer:
    """Make a page for somebody, and show its address this once: it is stored nowhere."""
    name = request.form.get("name", "")
    try:
        with db.write() as connection:
            facts = find_list_place(connection, wave, region)
            token = add_supplier(connection, facts.id, name)
            act = Act(installation().now(), "coordinator", "supplier_added")
            record_act(connection, facts.id, act)
    except ChangeError as error:
        return _show(wave, region, wrong=_word(error), typed=name), 422
    root = installation().settings.public_url.rstrip("/")
    return _show(wave, region, typed=name, address=f"{root}/u/{token}")


def _word(error: ChangeError) -> str:
    words = {
        "name_missing": gettext("Fill in the name"),
        "name_taken": gettext(
            "There is a page for this name already. Remove it first, or choose another name"
        ),
        "too_long": gettext("Make the name shorter, at most 200 characters"),
        "control": gettext("There is an invisible character in the name. Type it again"),
        "closed": gettext("The questionnaire is closed, so the list can no longer be changed"),
    }
    return words[error.code]


@suppliers.post(f"{BASE}/<uuid:supplier>/remove")
@needs_password
def remove(wave: str, region: str, supplier: UUID) -> Answer:
    """Take a supplier's page away; who was added by it stays on the list."""
    with db.write() as connection:
        facts = find_list_place(connection, wave, region)
        if remove_supplier(connection, facts.id, supplier):
            act = Act(installation().now(), "coordinator", "supplier_removed")
            record_act(connection, facts.id, act)
    return redirect(url_for("suppliers.show_suppliers", wave=wave, region=region), 303)


# For suppliers


def _open(token: str) -> Desk:
    """The desk of a supplier; TurnedAwayError when the token is unknown, or the list is closed."""
    clean = clean_token(token)
    with db.read() as connection:
        found = find_supplier(connection, clean) if clean else None
    if found is None:
        raise TurnedAwayError("unknown")
    supplier, facts = found
    if not may_add(facts):
        raise TurnedAwayError("closed", facts)
    return Desk(
        facts,
        "frame/supplier.html",
        url_for("suppliers.ask_file", token=clean),
        url_for("suppliers.ask_columns", token=clean),
        url_for("suppliers.ask_corrections", token=clean),
        url_for("suppliers.cancel", token=clean),
        url_for("suppliers.download_faults", token=clean),
        supplier,
    )


def _find(token: str) -> tuple[Desk, Upload | None]:
    """The desk of a supplier with the list that is being put in, if there is one."""
    desk = _open(token)
    if desk.supplier is None or desk.supplier.used:
        return desk, None
    with db.read() as connection:
        upload = find_upload_of(connection, desk.supplier.id)
        if upload is None:
            return desk, None
        return desk, read_upload(connection, installation().keys, desk.facts.id, upload)


def _ask(desk: Desk, *, unfinished: bool, wrong: str = "") -> str:
    return render_template(
        "frame/own_page.html",
        participation=desk.facts,
        desk=desk,
        unfinished=unfinished,
        wrong=wrong,
        faulty=bool(wrong),
    )


@suppliers.get(PAGE)
def ask_file(token: str) -> str:
    """A supplier's own page: the file, or that it was used."""
    desk, found = _find(token)
    return _ask(desk, unfinished=found is not None)


@suppliers.post(PAGE)
def take(token: str) -> Answer:
    """Read a file; nobody is added by that."""
    desk, before = _find(token)
    if desk.supplier is None or desk.supplier.used:
        return redirect(desk.back, 303)
    found = take_file(desk)
    if isinstance(found, str):
        return _ask(desk, unfinished=before is not None, wrong=found), 422
    if before is not None:
        with db.write() as connection:
            delete_upload(connection, desk.facts.id, before.id)
    start(desk, found)
    return redirect(desk.columns, 303)


@suppliers.get(f"{PAGE}/columns")
def ask_columns(token: str) -> Answer:
    """Ask what each column says."""
    desk, found = _find(token)
    return show_columns(desk, found) if found else redirect(desk.back, 303)


@suppliers.post(f"{PAGE}/columns")
def take_columns(token: str) -> Answer:
    """Keep what each column says."""
    desk, found = _find(token)
    return save_columns(desk, found) if found else redirect(desk.back, 303)


@suppliers.get(f"{PAGE}/check")
def ask_corrections(token: str) -> Answer:
    """Show every row with a fault, and what is proposed."""
    desk, found = _find(token)
    if found is None or found.places is None:
        return redirect(desk.columns if found else desk.back, 303)
    return show_corrections(desk, found)


@suppliers.post(f"{PAGE}/check")
def take_corrections(token: str) -> Answer:
    """Keep what was typed; when nothing is wrong any more, add the good rows and use the page up."""
    desk, found = _find(token)
    if found is None or found.places is None or desk.supplier is None:
        return redirect(desk.columns if found else desk.back, 303)
    supplier = desk.supplier.id
    outcome = save_corrections(desk, found, "supplier", lambda connection: use_supplier(connection, supplier))
    return (outcome, 422) if isinstance(outcome, str) else redirect(desk.back, 303)


@suppliers.get(f"{PAGE}/faults.csv")
def download_faults(token: str) -> AnyResponse:
    """The rows with a fault as a file."""
    desk, found = _find(token)
    return send_faults(desk, found) if found and found.places else redirect(desk.back, 303)


@suppliers.post(f"{PAGE}/cancel")
def cancel(token: str) -> AnyResponse:
    """Erase a list that was not added."""
    desk, found = _find(token)
    if found is not None:
        with db.write() as connection:
            delete_upload(connection, desk.facts.id, found.id)
    return redirect(desk.back, 303)
