"""The frame: the list of people to be asked, read from a CSV file and stored, whole or not at all."""

import csv
import io
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import Connection, select

from aoj_survey.errors import Fault, FrameError, StateError
from aoj_survey.keys import KeyDirectory
from aoj_survey.questionnaire import ROLES
from aoj_survey.waves import RoleInstrument, read_participation

from .contacts import hash_address
from .models import Invitee
from .records import FrameRow, add_invitations

MAX_BYTES = 5 * 1024 * 1024
MAX_ORGANISATION = 200

COLUMNS: dict[str, tuple[str, ...]] = {
    "address": ("e-mail", "email", "mail", "e-mailadres", "mailadres", "emailadres"),
    "role": ("rol", "role", "functie"),
    "organisation": ("organisatie", "organisation", "school"),
    "language": ("taal", "language"),
}
"""The columns that are read, with the names they may have."""

NAME_COLUMNS = (
    "naam",
    "name",
    "voornaam",
    "achternaam",
    "tussenvoegsel",
    "first name",
    "last name",
    "surname",
)
"""Columns that are passed over: names of people are not stored at all."""

LANGUAGE_NAMES = {"nederlands": "nl", "dutch": "nl", "engels": "en", "english": "en"}


@dataclass(frozen=True, slots=True)
class FrameFile:
    """A frame file without faults: its people, the file's row of each, and the columns passed over."""

    rows: tuple[FrameRow, ...]
    ignored: tuple[str, ...]
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Layout:
    """How to read a row: the header, the place of each column, and the words it may hold."""

    header: Sequence[str]
    places: Mapping[str, int]
    roles: Mapping[str, str]
    languages: Sequence[str]

    def read(self, cells: Sequence[str], column: str) -> str:
        """The text of a cell; empty when the row or the file has no such cell."""
        place = self.places.get(column)
        return cells[place].strip() if place is not None and place < len(cells) else ""


def load_frame(path: Path, roles: Collection[str], languages: Sequence[str]) -> FrameFile:
    """Return the people on a frame file as `read_frame` does, reading no more than it takes; raises OSError too."""
    with path.open("rb") as file:
        return read_frame(file.read(MAX_BYTES + 1), roles, languages)


def read_frame(content: bytes, roles: Collection[str], languages: Sequence[str]) -> FrameFile:
    """Return the people on a frame file.

    Args:
        content: the CSV file, in UTF-8, separated by commas or semicolons.
        roles: the codes of the roles that have a questionnaire.
        languages: the codes mails can be written in; the first is meant where the file says nothing.

    Raises:
        FrameError: the file has faults; all of them are named, by row and column.
    """
    table = _split(_decode(content))
    header = next(table, (1, []))[1]
    places, ignored = _read_header(header)
    layout = _Layout(header, places, _role_words(roles), languages)
    faults: list[Fault] = []
    rows: list[FrameRow] = []
    numbers: list[int] = []
    for number, cells in table:
        if not any(cell.strip() for cell in cells):
            continue
        row, found = _check_row(number, cells, layout)
        faults.extend(found)
        rows.append(row)
        numbers.append(number)
    faults.extend(_find_doubles(rows, numbers))
    if not rows:
        faults.append(Fault(1, "", "", "The file holds no people. Put one on each row below the header."))
    if faults:
        raise FrameError(sorted(faults, key=lambda fault: fault.row))
    return FrameFile(tuple(rows), ignored, tuple(numbers))


def import_frame(connection: Connection, keys: KeyDirectory, participation: UUID, frame: FrameFile) -> int:
    """Put the people of a frame file on the list and return how many there were.

    Raises:
        FrameError: an address is on the list already, or a role has no questionnaire in this wave; every such
            row is named, and nobody is added.
        StateError: the participation is closed.
    """
    facts = read_participation(connection, participation)
    if facts.status not in {"planned", "running"}:
        raise StateError(
            f"Wave {facts.wave} is {facts.status} in {facts.region}: nobody can be added any more."
        )
    asked = set(
        connection.execute(
            select(RoleInstrument.role).where(RoleInstrument.participation_id == participation)
        ).scalars()
    )
    contact_key = keys.contact(participation)
    known = set(
        connection.execute(
            select(Invitee.address_hash).where(Invitee.participation_id == participation)
        ).scalars()
    )
    faults = [
        Fault(number, "e-mail", row.address, "This address is on the list already. Take the row out.")
        for number, row in zip(frame.numbers, frame.rows, strict=True)
        if hash_address(contact_key, row.address) in known
    ]
    faults += [
        Fault(
            number,
            "role",
            row.role,
            "This role has no questionnaire in this wave. Plan one, or take the row out.",
        )
        for number, row in zip(frame.numbers, frame.rows, strict=True)
        if row.role not in asked
    ]
    if faults:
        raise FrameError(sorted(faults, key=lambda fault: fault.row))
    add_invitations(connection, keys, participation, frame.rows)
    return len(frame.rows)


def _refuse_file(what: str, row: int = 1, value: str = "") -> FrameError:
    return FrameError([Fault(row, "", value, what)])


def _decode(content: bytes) -> str:
    if len(content) > MAX_BYTES:
        raise _refuse_file(f"The file is larger than {MAX_BYTES // 1024 // 1024} MiB. Split it.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start)
        shown = content.splitlines()[line].decode("cp1252", "replace")[:80]
        raise _refuse_file(
            "The file is not UTF-8; it looks like Windows-1252. Save it again as: CSV UTF-8.", line + 1, shown
        ) from None
    if "\0" in text:
        raise _refuse_file("The file is not a CSV text file. Save the list as: CSV UTF-8.")
    return text


def _split(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of a file with their numbers, as a spreadsheet counts them (1 = header)."""
    first = text.split("\n", 1)[0]
    separator = ";" if first.count(";") > first.count(",") else ","
    number = 0
    try:
        for number, cells in enumerate(
            csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True), 1
        ):
            yield number, cells
    except csv.Error as error:
        raise _refuse_file(
            f"From this row on the file is not CSV ({error}). Check its quotes.", number + 1
        ) from None


def _read_header(header: Sequence[str]) -> tuple[dict[str, int], tuple[str, ...]]:
    """Where each column stands, and the names of those passed over."""
    places: dict[str, int] = {}
    ignored: list[str] = []
    faults: list[Fault] = []
    for place, cell in enumerate(header):
        name = " ".join(cell.split()).casefold()
        column = next((column for column, names in COLUMNS.items() if name in names), None)
        if name in NAME_COLUMNS:
            ignored.append(cell.strip())
        elif column is None:
            faults.append(Fault(1, cell, cell, f"This column is not known. Known: {_known_columns()}."))
        elif column in places:
            faults.append(Fault(1, cell, cell, "This column is there twice. Keep one."))
        else:
            places[column] = place
    faults.extend(
        Fault(1, COLUMNS[column][0], "", "This column is missing. The first row must name the columns.")
        for column in ("address", "role", "organisation")
        if column not in places
    )
    if faults:
        raise FrameError(sorted(faults, key=lambda fault: fault.row))
    return places, tuple(ignored)


def _known_columns() -> str:
    return ", ".join(names[0] for names in COLUMNS.values()) + "; a name column is passed over"


def _role_words(roles: Collection[str]) -> dict[str, str]:
    """The code of each role by everything it may be called in a file."""
    words: dict[str, str] = {}
    for code in sorted(roles):
        for word in (code, *ROLES[code].label.values(), *ROLES[code].plural.values()):
            words[word.casefold()] = code
    return words


def _check_row(number: int, cells: Sequence[str], layout: _Layout) -> tuple[FrameRow, list[Fault]]:
    """A row as it would be stored, and what is wrong with it."""
    values = {column: layout.read(cells, column) for column in COLUMNS}
    address, address_fault = _check_address(values["address"])
    role = layout.roles.get(" ".join(values["role"].split()).casefold(), "")
    language = _find_language(values["language"], layout.languages)
    found = {
        "address": address_fault,
        "role": None if role else _refuse_word("role", sorted(set(layout.roles.values()))),
        "organisation": _check_organisation(values["organisation"]),
        "language": None if language else _refuse_word("language", layout.languages),
    }
    faults = [
        Fault(number, layout.header[place], values[column], what)
        for column, place in layout.places.items()
        if (what := _find_control(values[column]) or found[column])
    ]
    if len(cells) > len(layout.header):
        surplus = cells[len(layout.header)]
        faults.append(
            Fault(number, "", surplus, "This row has more cells than the header. Check its quotes.")
        )
    return FrameRow(address, role, values["organisation"], language), faults


def _refuse_word(noun: str, known: Sequence[str]) -> str:
    return f"This {noun} is not known here. Known: {', '.join(known)}."


def _find_control(value: str) -> str | None:
    # A line break would let a cell add headers to a mail; other control characters have no business here.
    if any(unicodedata.category(character) in {"Cc", "Cf", "Zl", "Zp", "Cs"} for character in value):
        return "There is a line break or an invisible character in this cell. Type it again."
    return None


def _check_address(value: str) -> tuple[str, str | None]:
    """The address to write to, and what is wrong with it."""
    if not value:
        return value, "The address is missing."
    try:
        checked = validate_email(value, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        return value, f"This is not an address we can mail: {error}"
    return checked.ascii_email or checked.normalized, None


def _check_organisation(value: str) -> str | None:
    if not value:
        return "The organisation is missing. It stands in the greeting of the mail."
    if len(value) > MAX_ORGANISATION:
        return f"The organisation is longer than {MAX_ORGANISATION} characters."
    return None


def _find_language(value: str, languages: Sequence[str]) -> str:
    if not value:
        return languages[0]
    code = LANGUAGE_NAMES.get(value.casefold(), value.casefold())
    return code if code in languages else ""


def _find_doubles(rows: Sequence[FrameRow], numbers: Sequence[int]) -> Iterator[Fault]:
    first: dict[str, int] = {}
    for number, row in zip(numbers, rows, strict=True):
        other = first.setdefault(row.address.casefold(), number)
        if row.address and other != number:
            what = f"This address is there twice, also in row {other}. Keep one."
            yield Fault(number, "e-mail", row.address, what)
