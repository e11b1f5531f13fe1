"""The steps by which a list is put in, on the coordinator's pages and on a supplier's: the file and its check."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from flask import Response, render_template, request
from flask_babel import gettext
from sqlalchemy import Connection

from aoj_survey.db import db
from aoj_survey.errors import Fault, FrameError, StateError
from aoj_survey.invitations import (
    LEFT_OUT,
    MAX_FILE,
    SOLVED_BY_SAYING_SO,
    SPREAD,
    CheckedRow,
    CheckedUpload,
    SupplierFacts,
    Upload,
    add_upload,
    check_upload,
    keep_upload,
    read_table,
    start_upload,
    write_rows,
)
from aoj_survey.waves import Act, ParticipationFacts, record_act

from .frame_words import name_columns, word_file_fault, word_row_fault
from .visits import installation

SHOWN = 100
"""So many rows with a fault are shown at once."""

LONGEST = 300
BODY = 4 * MAX_FILE
"""Bytes of a request with a file in it: more than is taken, so that a file too large is told so on the page."""

SKIPPED_AT_FIRST = LEFT_OUT | {"double", "listed"}
"""Faults whose row is probably to be skipped."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a list is put in: by whom, in which frame of a page, and the addresses of the steps."""

    facts: ParticipationFacts
    layout: str
    back: str
    columns: str
    check: str
    cancel: str
    faults: str
    supplier: SupplierFacts | None = None


@dataclass(frozen=True, slots=True)
class ShownFault:
    """A fault as a row of a page: where, what it says, what is wrong, and what it becomes."""

    key: str
    column: str
    value: str
    words: str
    field: str
    becomes: str | None
    may_stay: bool


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row with its faults; `out` says that it is skipped whatever is chosen."""

    number: int
    faults: tuple[ShownFault, ...]
    skipped: bool
    confirmed: bool
    out: bool


def allow_file() -> None:
    """Let this request bring a file; all others stay as small as they are."""
    request.max_content_length = BODY


def take_file(desk: Desk) -> Upload | str:
    """Return the list that was sent, or why it cannot be read."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return word_file_fault(Fault(0, "", "", "", "no_file"))
    try:
        table = read_table(sent.stream.read(MAX_FILE + 1), windows=True)
    except FrameError as error:
        return word_file_fault(error.faults[0])
    if not table.rows:
        return word_file_fault(Fault(0, "", "", "", "empty"))
    supplier = desk.supplier.id if desk.supplier else None
    return Upload(sent.filename[-LONGEST:], table, supplier=supplier)


def start(desk: Desk, upload: Upload) -> None:
    """Keep a list that was just read."""
    today = installation().now().astimezone(desk.facts.zone).date()
    with db.write() as connection:
        start_upload(connection, installation().keys, desk.facts.id, upload, today)


def keep(desk: Desk, upload: Upload) -> bool:
    """Keep a list as far as it came; return False when it is gone."""
    with db.write() as connection:
        return keep_upload(connection, installation().keys, desk.facts.id, upload)


def show_corrections(desk: Desk, upload: Upload) -> str:
    """Return the page with every row that has a fault, and what is proposed."""
    with db.read() as connection:
        checked = check_upload(connection, installation().keys, desk.facts.id, upload)
    return show_check(desk, upload, checked)


def show_check(
    desk: Desk, upload: Upload, checked: CheckedUpload, *, tried: bool = False, trouble: str = ""
) -> str:
    """Return the same page; `tried`: some of the faults are still there after they were to be mended."""
    rows = describe_rows(upload, checked, tried=tried)
    return render_template(
        "frame/check.html",
        participation=desk.facts,
        desk=desk,
        upload=upload,
        checked=checked,
        rows=rows[:SHOWN],
        more=len(rows) - SHOWN,
        adds=checked.read - sum(row.skipped or row.out for row in rows),
        tried=tried,
        trouble=trouble,
        faulty=tried or bool(trouble),
    )


def describe_rows(upload: Upload, checked: CheckedUpload, *, tried: bool) -> list[ShownRow]:
    """Return what is shown of rows with a fault, and of those that are skipped, in the order of the file."""
    found = sorted((*checked.faulty, *checked.skipped), key=lambda item: item.number)
    return [_describe_row(item, upload, checked.roles, tried=tried) for item in found]


def _describe_row(item: CheckedRow, upload: Upload, roles: Sequence[str], *, tried: bool) -> ShownRow:
    codes = {fault.code for fault in item.faults}
    typed = upload.texts.get(item.number, {})
    names = name_columns()
    faults = tuple(
        ShownFault(
            key=fault.key,
            column=names.get(fault.key, fault.column),
            value=fault.value,
            words=word_row_fault(fault, roles),
            field=f"r{fault.row}.{fault.key}",
            becomes=fault.value
            if fault.code in SPREAD and not (tried and fault.key in typed)
            else None
            if fault.code in (SOLVED_BY_SAYING_SO - SPREAD) | LEFT_OUT
            else typed.get(fault.key, fault.proposal),
            may_stay=fault.code in SOLVED_BY_SAYING_SO,
        )
        for fault in item.faults
    )
    at_first = not (tried or upload.is_begun) and bool(codes & SKIPPED_AT_FIRST)
    return ShownRow(
        item.number,
        faults,
        item.number in upload.skipped or at_first,
        item.number in upload.confirmed,
        bool(codes & LEFT_OUT),
    )


def read_corrections(upload: Upload, checked: CheckedUpload) -> Upload:
    """Return the list with what was typed and chosen for the rows that were shown."""
    shown = {row.number for row in describe_rows(upload, checked, tried=True)[:SHOWN]}
    left_out = {
        item.number for item in checked.faulty if any(fault.code in LEFT_OUT for fault in item.faults)
    }
    texts: dict[int, Mapping[str, str]] = dict(upload.texts)
    for item in checked.faulty:
        if item.number not in shown:
            continue
        typed = {fault.key: _read_text(item.number, fault.key) for fault in item.faults if fault.key}
        full = {key: text for key, text in typed.items() if text}
        texts[item.number] = {**texts.get(item.number, {}), **full}
    return replace(
        upload,
        texts={row: typed for row, typed in texts.items() if typed},
        skipped=(upload.skipped - shown) | (_read_numbers("skip") & shown) | left_out,
        confirmed=(upload.confirmed - shown) | (_read_numbers("sure") & shown),
    )


def _read_text(row: int, key: str) -> str:
    return request.form.get(f"r{row}.{key}", "").strip()[:LONGEST]


def _read_numbers(field: str) -> frozenset[int]:
    texts = request.form.getlist(field)
    return frozenset(int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 10)  # noqa: PLR2004 — digits of a row number


def send_faults(desk: Desk, upload: Upload) -> Response:
    """Return the rows with a fault as a file, as they stand, with what is wrong."""
    with db.read() as connection:
        checked = check_upload(connection, installation().keys, desk.facts.id, upload)
    cells = dict(upload.table.rows)
    lines = [
        [
            str(item.number),
            *cells[item.number],
            *[""] * (len(upload.table.header) - len(cells[item.number])),
            " ".join(word_row_fault(fault, checked.roles) for fault in item.faults),
        ]
        for item in checked.faulty
    ]
    content = write_rows([["", *upload.table.header, ""], *lines])
    return send_list(content, "rows")


def send_list(content: bytes, name: str) -> Response:
    """Return a CSV file to keep under a name."""
    response = Response(content, mimetype="text/csv")
    response.headers["Content-Disposition"] = f"attachment; filename={name}.csv"
    return response


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a list: how many people were added, and how many rows were not."""

    added: int
    left: int


def save_corrections(
    desk: Desk, upload: Upload, made_by: str, claim: Callable[[Connection], bool]
) -> str | Added | None:
    """Keep what was typed; when no fault is left, add all good rows in one transaction.

    `claim` is asked in that transaction whether they may still be added. Return the page to show when faults
    are left, None when the list is gone, as when a button was pressed twice.
    """
    keys, facts = installation().keys, desk.facts
    with db.read() as connection:
        corrected = read_corrections(upload, check_upload(connection, keys, facts.id, upload))
        checked = check_upload(connection, keys, facts.id, corrected)
    if checked.faulty:
        return _show_again(desk, corrected, checked) if keep(desk, corrected) else None
    try:
        with db.write() as connection:
            if not claim(connection):
                return None
            added = add_upload(connection, keys, facts.id, corrected, checked)
            if added is None:
                return None
            values = {"rows": checked.read, "people": added}
            record_act(connection, facts.id, Act(installation().now(), made_by, "list_put_in", values))
    except StateError:
        keep(desk, corrected)
        words = gettext("Somebody else changed the list just now. Nobody was added. Try again.")
        return _show_again(desk, corrected, checked, words)
    return Added(added, checked.read - added)


def _show_again(desk: Desk, upload: Upload, checked: CheckedUpload, trouble: str = "") -> str:
    return show_check(desk, upload, checked, tried=True, trouble=trouble)
