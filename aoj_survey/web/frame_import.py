"""The coordinator's pages to put a list of people in: file, columns, check; and to take the list along."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from aoj_survey.db import db
from aoj_survey.errors import KeyFileError
from aoj_survey.invitations import (
    Upload,
    delete_upload,
    list_people,
    list_uploads,
    read_upload,
    write_list,
)
from aoj_survey.waves import ParticipationFacts

from .coordinator import find_list_place, needs_password
from .frame_columns import save_columns, show_columns
from .frame_steps import (
    Desk,
    allow_file,
    save_corrections,
    send_faults,
    send_list,
    show_corrections,
    start,
    take_file,
)
from .visits import installation

frame_import = Blueprint("frame_import", __name__, template_folder="templates")

BASE = "/coordinator/<wave>/<region>/import"
Answer = AnyResponse | str | tuple[str, int]


@frame_import.url_value_preprocessor
def _allow_file(endpoint: str | None, _values: dict[str, object] | None) -> None:
    # Before the form's token is looked for, since that reads the form.
    if endpoint == "frame_import.take":
        allow_file()


def _find_place(wave: str, region: str) -> ParticipationFacts:
    with db.read() as connection:
        return find_list_place(connection, wave, region)


def _make_desk(facts: ParticipationFacts, upload: UUID | None = None) -> Desk:
    place: dict[str, Any] = {"wave": facts.wave, "region": facts.region}
    back = url_for("frame_import.ask_file", **place)
    if upload is None:
        return Desk(facts, "coordinator/frame.html", back, "", "", "", "")
    return Desk(
        facts,
        "coordinator/frame.html",
        back,
        url_for("frame_import.ask_columns", upload=upload, **place),
        url_for("frame_import.ask_corrections", upload=upload, **place),
        url_for("frame_import.cancel", upload=upload, **place),
        url_for("frame_import.download_faults", upload=upload, **place),
    )


def _find(wave: str, region: str, upload: UUID) -> tuple[Desk, Upload | None]:
    """The list that is being put in; None when it is gone: added, erased, or with the key of the addresses."""
    facts = _find_place(wave, region)
    desk = _make_desk(facts, upload)
    if not _has_key(facts):
        return desk, None
    with db.read() as connection:
        return desk, read_upload(connection, installation().keys, facts.id, upload)


@frame_import.get(BASE)
@needs_password
def ask_file(wave: str, region: str) -> str:
    """Ask for a file, and offer to go on with one that was not finished."""
    return _ask_file(_find_place(wave, region))


def _ask_file(facts: ParticipationFacts, wrong: str = "") -> str:
    with db.read() as connection:
        unfinished = list_uploads(connection, facts.id)
    added = request.args.get("added", "")
    left = request.args.get("left", "")
    return render_template(
        "frame/upload.html",
        participation=facts,
        desk=_make_desk(facts),
        unfinished=unfinished,
        may_add=may_add(facts),
        may_take=_has_key(facts),
        added=int(added) if added.isascii() and added.isdigit() else None,
        left=int(left) if left.isascii() and left.isdigit() else 0,
        wrong=wrong,
        faulty=bool(wrong),
    )


def may_add(facts: ParticipationFacts) -> bool:
    """Return whether people can still be put on a list."""
    return facts.phase(installation().now()) != "closed"


def _has_key(facts: ParticipationFacts) -> bool:
    return installation().keys.has(facts.id, "contact")


@frame_import.post(BASE)
@needs_password
def take(wave: str, region: str) -> Answer:
    """Read a file; nobody is added by that."""
    facts = _find_place(wave, region)
    if not may_add(facts):
        return _ask_file(facts), 422
    desk = _make_desk(facts)
    found = take_file(desk)
    if isinstance(found, str):
        return _ask_file(facts, found), 422
    start(desk, found)
    return redirect(_make_desk(facts, found.id).columns, 303)


@frame_import.get(f"{BASE}/<uuid:upload>/columns")
@needs_password
def ask_columns(wave: str, region: str, upload: UUID) -> Answer:
    """Ask what each column says."""
    desk, found = _find(wave, region, upload)
    return show_columns(desk, found) if found else redirect(desk.back, 303)


@frame_import.post(f"{BASE}/<uuid:upload>/columns")
@needs_password
def take_columns(wave: str, region: str, upload: UUID) -> Answer:
    """Keep what each column says."""
    desk, found = _find(wave, region, upload)
    return save_columns(desk, found) if found else redirect(desk.back, 303)


@frame_import.get(f"{BASE}/<uuid:upload>")
@needs_password
def ask_corrections(wave: str, region: str, upload: UUID) -> Answer:
    """Show every row with a fault, and what is proposed."""
    desk, found = _find(wave, region, upload)
    if found is None or found.places is None:
        return redirect(desk.columns if found else desk.back, 303)
    return show_corrections(desk, found)


@frame_import.post(f"{BASE}/<uuid:upload>")
@needs_password
def take_corrections(wave: str, region: str, upload: UUID) -> Answer:
    """Keep what was typed; when nothing is wrong any more, add all good rows in one transaction."""
    desk, found = _find(wave, region, upload)
    if found is None or found.places is None or not may_add(desk.facts):
        return redirect(desk.columns if found and may_add(desk.facts) else desk.back, 303)
    outcome = save_corrections(desk, found, "coordinator", lambda _connection: True)
    if isinstance(outcome, str):
        return outcome, 422
    numbers = asdict(outcome) if outcome else {}
    return redirect(url_for("frame_import.ask_file", wave=wave, region=region, **numbers), 303)


@frame_import.get(f"{BASE}/<uuid:upload>/faults.csv")
@needs_password
def download_faults(wave: str, region: str, upload: UUID) -> Answer:
    """The rows with a fault as a file."""
    desk, found = _find(wave, region, upload)
    return send_faults(desk, found) if found and found.places else redirect(desk.back, 303)


@frame_import.post(f"{BASE}/<uuid:upload>/cancel")
@needs_password
def cancel(wave: str, region: str, upload: UUID) -> Answer:
    """Erase a list that was not added."""
    facts = _find_place(wave, region)
    with db.write() as connection:
        delete_upload(connection, facts.id, upload)
    return redirect(_make_desk(facts).back, 303)


@frame_import.get("/coordinator/<wave>/<region>/list.csv")
@needs_password
def download_list(wave: str, region: str) -> Answer:
    """The corrected list to take along to a next wave; it tells nothing of who took part."""
    facts = _find_place(wave, region)
    try:
        with db.read() as connection:
            content = write_list(list_people(connection, installation().keys, facts.id))
    except KeyFileError:
        abort(404)
    return send_list(content, f"list-{facts.wave}-{facts.region}")
